//! What a browser keeps for us and may neither read nor change: XChaCha20-Poly1305 under a key derived from the client's
//! own key, with the cookie's purpose as associated data, so that none can stand in for another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::env::Entropy;

const NONCE: usize = 24;

/// Seals and opens values, and makes tokens for forms.
#[derive(Clone)]
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    tokens: [u8; 32],
}

/// What a sealed value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Who is signed in.
    Session,
    /// A sign-in under way.
    Transaction,
    /// What somebody wrote and could not send.
    Draft,
    /// What just happened.
    Flash,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"aplec desk session 1",
            Self::Transaction => b"aplec desk transaction 1",
            Self::Draft => b"aplec desk draft 1",
            Self::Flash => b"aplec desk flash 1",
        }
    }
}

impl Sealer {
    /// Keys derived from a secret of at least 256 bits: the PEM of the client's private key.
    pub(crate) fn derived_from(secret: &str) -> Self {
        let cookies = mac(secret.as_bytes(), &[b"aplec desk cookies 1"]);
        Self { cipher: XChaCha20Poly1305::new(&Key::from(cookies)), tokens: mac(secret.as_bytes(), &[b"aplec desk forms 1"]) }
    }

    /// A value as text `[A-Za-z0-9_-]`. `None` only when it cannot be written as JSON.
    pub(crate) fn seal(&self, purpose: Purpose, value: &impl Serialize, entropy: &Entropy) -> Option<String> {
        let nonce: [u8; NONCE] = entropy.bytes();
        let plain = serde_json::to_vec(value).ok()?;
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: purpose.label() }).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// The value of a sealed text. `None` for anything else than what [`Self::seal`] wrote for this purpose.
    pub(crate) fn open<T: DeserializeOwned>(&self, purpose: Purpose, text: &str) -> Option<T> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let plain = self.cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: purpose.label() }).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// A token that only this program can make: of a session's seed and a form's address.
    pub(crate) fn token(&self, seed: &str, form: &str) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.tokens, &[seed.as_bytes(), b"\0", form.as_bytes()]))
    }
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_for_its_own_purpose_and_key_only() {
        let (ours, theirs) = (Sealer::derived_from("one"), Sealer::derived_from("two"));
        let sealed = ours.seal(Purpose::Session, &"Núria", &Entropy::seeded(1)).expect("seals");
        assert_eq!(ours.open::<String>(Purpose::Session, &sealed).as_deref(), Some("Núria"));
        assert_eq!(ours.open::<String>(Purpose::Draft, &sealed), None);
        assert_eq!(theirs.open::<String>(Purpose::Session, &sealed), None);
    }

    #[test]
    fn one_changed_character_anywhere_is_noticed() {
        let sealer = Sealer::derived_from("one");
        let sealed = sealer.seal(Purpose::Session, &"Núria", &Entropy::seeded(1)).expect("seals");
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            assert_eq!(sealer.open::<String>(Purpose::Session, &changed), None, "{at}");
        }
        for bad in ["", "AAAA", "%%%", &sealed[..20]] {
            assert_eq!(sealer.open::<String>(Purpose::Session, bad), None, "{bad}");
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_alike_twice() {
        let (sealer, entropy) = (Sealer::derived_from("one"), Entropy::seeded(1));
        let seal = || sealer.seal(Purpose::Session, &"Núria", &entropy);
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_token_belongs_to_one_session_and_one_form() {
        let sealer = Sealer::derived_from("one");
        let token = sealer.token("seed", "/c/col_1/settings");
        assert_eq!(token, sealer.token("seed", "/c/col_1/settings"));
        assert_ne!(token, sealer.token("seed", "/c/col_2/settings"));
        assert_ne!(token, sealer.token("dees", "/c/col_1/settings"));
        assert_ne!(token, Sealer::derived_from("two").token("seed", "/c/col_1/settings"));
    }
}
