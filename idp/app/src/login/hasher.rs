//! Password hashing under an admission limit: as many hashes at once as cores allow.

use std::{num::NonZero, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use idp_domain::{Fault, credential::PasswordScheme, secret::Typed};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{
    argon::{self, Arena},
    hashing_threads::HashingThreads,
};

/// Which pepper new hashes use.
pub const PEPPER_VERSION: i64 = 1;

/// Hashes passwords for the whole process.
#[derive(Clone)]
pub struct Hasher {
    inner: Arc<HasherInner>,
}

struct HasherInner {
    pepper: Zeroizing<[u8; 32]>,
    /// A real hash that nobody's password matches: unknown accounts cost the same work.
    dummy: String,
    threads: HashingThreads,
}

/// A password as stored.
#[derive(Debug, Clone)]
pub struct StoredPassword {
    /// How it was made.
    pub scheme: PasswordScheme,
    /// The PHC string.
    pub phc: String,
}

/// What verifying told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// The password is right and its hash is as we make them.
    Right,
    /// The password is right; its hash should be made again.
    RightButOutdated,
    /// The password is wrong, or there is no such account.
    Wrong,
}

impl Hasher {
    /// A hasher with as many threads as cores allow: one on up to two cores, one fewer than there are above.
    pub fn new(pepper: Zeroizing<[u8; 32]>, dummy_salt: [u8; 16]) -> Result<Self, Fault> {
        if !argon::implementations_agree(&dummy_salt, dummy_salt) {
            return Err(Fault::broken("hasher.new", "this processor computes Argon2 in another way than the reference"));
        }
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let dummy = argon::hash(&mut Arena::default(), &dummy_salt, dummy_salt).map_err(|error| Fault::broken("hasher.new", error))?;
        let threads = HashingThreads::start(cores.saturating_sub(1).max(1)).map_err(|error| Fault::broken("hasher.new", error))?;
        Ok(Self { inner: Arc::new(HasherInner { pepper, dummy, threads }) })
    }

    /// Hashes a new password.
    pub async fn hash(&self, password: &Typed, salt: [u8; 16]) -> Result<StoredPassword, Fault> {
        let input = self.inner.peppered(password);
        let phc = self
            .inner
            .threads
            .run(move |arena| argon::hash(arena, &*input, salt))
            .await?
            .map_err(|error| Fault::broken("hasher.hash", error))?;
        Ok(StoredPassword { scheme: PasswordScheme::Argon2idPeppered, phc })
    }

    /// Verifies a password; without a stored one the same work is done and the answer is [`Verified::Wrong`].
    pub async fn verify(&self, password: &Typed, stored: Option<StoredPassword>) -> Result<Verified, Fault> {
        let peppered = stored.as_ref().is_none_or(|stored| stored.scheme == PasswordScheme::Argon2idPeppered);
        let input: Zeroizing<Vec<u8>> = if peppered {
            Zeroizing::new(self.inner.peppered(password).to_vec())
        } else {
            Zeroizing::new(password.expose().as_bytes().to_vec())
        };
        let known = stored.is_some();
        let phc = stored.map_or_else(|| self.inner.dummy.clone(), |stored| stored.phc);
        let outdated = !peppered || argon::needs_rehash(&phc);
        let right = self
            .inner
            .threads
            .run(move |arena| argon::verify(arena, &input, &phc))
            .await?
            .map_err(|error| Fault::broken("hasher.verify", error))?;
        Ok(match (right && known, outdated) {
            (true, false) => Verified::Right,
            (true, true) => Verified::RightButOutdated,
            (false, _) => Verified::Wrong,
        })
    }
}

impl HasherInner {
    /// HMAC-SHA-256 of the NFC-normalised password under the pepper: a leaked database alone cannot be searched (D20).
    fn peppered(&self, password: &Typed) -> Zeroizing<[u8; 32]> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&*self.pepper).expect("HMAC takes keys of any length");
        mac.update(password.expose().as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher() -> Hasher {
        Hasher::new(Zeroizing::new([1; 32]), [2; 16]).expect("hasher")
    }

    #[tokio::test]
    async fn a_password_verifies_under_its_own_pepper_only() {
        let password = Typed::new("quatre gats fan un aplec".into());
        let stored = hasher().hash(&password, [3; 16]).await.expect("hashed");
        assert_eq!(hasher().verify(&password, Some(stored.clone())).await.expect("verified"), Verified::Right);
        let other = Hasher::new(Zeroizing::new([9; 32]), [2; 16]).expect("hasher");
        assert_eq!(other.verify(&password, Some(stored)).await.expect("verified"), Verified::Wrong);
    }

    #[tokio::test]
    async fn nobody_matches_the_dummy() {
        for password in ["", "\u{2}\u{2}\u{2}"] {
            let typed = Typed::new(password.into());
            assert_eq!(hasher().verify(&typed, None).await.expect("verified"), Verified::Wrong);
        }
    }

    #[tokio::test]
    async fn an_imported_hash_is_right_but_outdated() {
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc".to_owned();
        let stored = StoredPassword { scheme: PasswordScheme::Argon2id, phc };
        let verified = hasher().verify(&Typed::new("password".into()), Some(stored)).await.expect("verified");
        assert_eq!(verified, Verified::RightButOutdated);
    }
}
