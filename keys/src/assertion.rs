//! A relying party's own key: signs its client assertions (RFC 7523 §2.2) and nothing else.

use std::{fmt, path::Path};

use idp_domain::{Timestamp, Ttl, profile::SigningAlg};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    generate::generate,
    jwk,
    jws::Signer,
    pair::Pair,
    pem,
    purpose::Purpose,
    secret_file::{self, SecretFileError},
};

/// The private key of a client. Its `kid` is the thumbprint of its public half (RFC 7638), so the PEM is all there is to
/// keep.
pub struct AssertionSigner {
    signer: Signer,
    kid: String,
    pem: Zeroizing<String>,
}

/// Why a client's key file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file is missing, too open, or there already.
    #[error("client key {0}")]
    File(#[from] SecretFileError),
    /// The file is private but holds something else.
    #[error("client key {}: {source}", .path.display())]
    Malformed {
        /// Where.
        path: std::path::PathBuf,
        /// What was expected.
        source: KeyError,
    },
}

/// What a client asserts about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion<'a> {
    /// `iss` and `sub`.
    pub client_id: &'a str,
    /// `aud`: the issuer identifier of the authorization server, alone (RFC 10070).
    pub issuer: &'a str,
    /// `jti`: never used twice.
    pub jti: &'a str,
    /// `iat`.
    pub now: Timestamp,
    /// `exp` less `iat`: a minute is plenty.
    pub lifetime: Ttl,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
}

impl AssertionSigner {
    /// A new key; EdDSA unless the server cannot, then ES256.
    pub fn generate(alg: SigningAlg) -> Result<Self, KeyError> {
        Self::from_pem(&pem::encode(&generate(alg)?))
    }

    /// Reads a private key in PKCS#8 PEM, as [`Self::to_pem`] or OpenSSL write it.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let pkcs8 = pem::decode(text).ok_or(KeyError::Pem)?;
        let pair = Pair::detect(&pkcs8).ok_or(KeyError::Pem)?;
        let kid = jwk::thumbprint(&pair)?;
        let signer = Signer::new(pair, Purpose::ClientAssertion, &kid)?;
        Ok(Self { signer, kid, pem: pem::encode(&pkcs8) })
    }

    /// The private key in PKCS#8 PEM.
    pub fn to_pem(&self) -> &str {
        &self.pem
    }

    /// Reads a key file; refused unless its mode is 0600 or 0400.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let text = secret_file::read(path)?;
        Self::from_pem(&text).map_err(|source| KeyFileError::Malformed { path: path.to_owned(), source })
    }

    /// Writes the key to a new file of mode 0600. An existing file is never overwritten.
    pub fn save(&self, path: &Path) -> Result<(), SecretFileError> {
        secret_file::create(path, &self.pem)
    }

    /// How it signs.
    pub const fn alg(&self) -> SigningAlg {
        self.signer.pair.alg()
    }

    /// The name of the key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JWK set in JSON, to register at the server.
    pub fn public_jwks(&self) -> Result<String, KeyError> {
        Ok(jwk::set(&[jwk::to_json(&self.signer.pair, &self.kid)?]))
    }

    /// A client assertion with `typ` `client-authentication+jwt`.
    pub fn sign(&self, assertion: &Assertion<'_>) -> Result<String, KeyError> {
        let Assertion { client_id, issuer, jti, now, lifetime } = *assertion;
        let claims = Claims { iss: client_id, sub: client_id, aud: issuer, iat: now.seconds(), exp: (now + lifetime).seconds(), jti };
        self.signer.sign(&claims)
    }
}

impl fmt::Debug for AssertionSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssertionSigner").field("kid", &self.kid).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client_jwks::ClientJwks, testing, verify::Audience};

    const ASSERTION: Assertion<'static> = Assertion {
        client_id: "admin-ui",
        issuer: "https://id.example.cat",
        jti: "j1",
        now: Timestamp::from_seconds(1_700_000_000),
        lifetime: Ttl::minutes(1),
    };

    #[test]
    fn an_assertion_is_verified_by_its_own_registered_public_half() {
        for alg in SigningAlg::ALL {
            let signer = AssertionSigner::from_pem(testing::private_pem(alg)).expect("a fixture");
            assert_eq!(signer.alg(), alg);
            let registered = ClientJwks::parse(&signer.public_jwks().expect("exports")).expect("registers");
            let verified = registered.verify(&signer.sign(&ASSERTION).expect("signs")).expect("verifies");
            assert_eq!(verified.typ.as_deref(), Some("client-authentication+jwt"));
            assert_eq!((verified.iss.as_str(), verified.sub.as_str()), ("admin-ui", "admin-ui"));
            assert_eq!(verified.aud, Audience::One("https://id.example.cat".into()));
            assert_eq!(verified.iat, Some(Timestamp::from_seconds(1_700_000_000)));
            assert_eq!(verified.exp, Timestamp::from_seconds(1_700_000_060));
            assert_eq!(verified.jti.as_deref(), Some("j1"));
        }
    }

    #[test]
    fn a_saved_key_is_loaded_back_and_keeps_its_name() {
        let home = tempfile::tempdir().expect("a directory");
        for (alg, name) in [(SigningAlg::EdDsa, "a.pem"), (SigningAlg::Es256, "b.pem")] {
            let path = home.path().join(name);
            let made = AssertionSigner::generate(alg).expect("generates");
            made.save(&path).expect("saves");
            let loaded = AssertionSigner::load(&path).expect("loads");
            assert_eq!((loaded.kid(), loaded.alg(), loaded.to_pem()), (made.kid(), alg, made.to_pem()));
            assert!(matches!(made.save(&path), Err(SecretFileError::Exists { .. })));
        }
    }

    #[test]
    fn another_clients_key_does_not_verify_it() {
        let ours = AssertionSigner::generate(SigningAlg::EdDsa).expect("generates");
        let other = AssertionSigner::generate(SigningAlg::EdDsa).expect("generates");
        let registered = ClientJwks::parse(&other.public_jwks().expect("exports")).expect("registers");
        assert!(registered.verify(&ours.sign(&ASSERTION).expect("signs")).is_err());
    }

    #[test]
    fn the_exported_set_holds_no_private_member_and_debug_shows_no_key() {
        for alg in SigningAlg::ALL {
            let signer = AssertionSigner::from_pem(testing::private_pem(alg)).expect("a fixture");
            let jwks: serde_json::Value = serde_json::from_str(&signer.public_jwks().expect("exports")).expect("is JSON");
            for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(jwks["keys"][0].get(member).is_none(), "{member}");
            }
            assert!(!format!("{signer:?}").contains("PRIVATE"));
        }
    }

    #[test]
    fn a_file_with_something_else_is_refused_with_what_was_expected() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("client.pem");
        secret_file::create(&path, "hola").expect("creates");
        let error = AssertionSigner::load(&path).expect_err("refused").to_string();
        assert!(error.contains("PKCS#8 PEM"), "{error}");
    }
}
