//! A signing key as storage keeps it.

use std::fmt;

use idp_domain::Timestamp;

use crate::{
    error::KeyError,
    generate::generate,
    jwk,
    pair::Pair,
    rotate::{KeyTimes, PlannedKey},
    seal::MasterKey,
};

/// A row of signing keys: which key and when ([`KeyTimes`]), the private half sealed, the public half readable.
///
/// The public half is for people and tools that read the database; the ring takes public keys only from the sealed
/// private ones and refuses a row whose halves differ, so that writing to the database does not suffice to have a foreign
/// key trusted.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Which key, for what, and when.
    pub times: KeyTimes,
    /// PKCS#8 DER, sealed under the master key for [`StoredKey::place`].
    pub sealed_private: Vec<u8>,
    /// The public JWK in JSON, with `kid`, `alg` and `use`.
    pub public_jwk: String,
}

impl StoredKey {
    /// The place a private key is sealed for.
    pub fn place(kid: &str) -> String {
        format!("signing_keys/{kid}/private")
    }

    /// A `kid` of 64 random bits: 16 hexadecimal digits, opaque, safe in URLs and on command lines.
    pub fn kid(random: [u8; 8]) -> String {
        format!("{:016x}", u64::from_be_bytes(random))
    }

    /// Generates the key a rotation planned. It is published as soon as the row is.
    pub fn generate(planned: &PlannedKey, kid: String, nonce: [u8; 24], master: &MasterKey, now: Timestamp) -> Result<Self, KeyError> {
        let pkcs8 = generate(planned.alg)?;
        Self::seal(planned.times(kid, now), &pkcs8, nonce, master)
    }

    /// Seals a private key in PKCS#8 DER as a row.
    pub(crate) fn seal(times: KeyTimes, pkcs8: &[u8], nonce: [u8; 24], master: &MasterKey) -> Result<Self, KeyError> {
        let kid = &times.kid;
        let pair = Pair::from_pkcs8(times.alg, pkcs8).ok_or_else(|| KeyError::Unreadable { kid: kid.clone(), alg: times.alg })?;
        let public_jwk = jwk::to_json(&pair, kid)?;
        let sealed_private =
            master.seal(&Self::place(kid), nonce, pkcs8).map_err(|source| KeyError::Sealed { kid: kid.clone(), source })?;
        Ok(Self { times, sealed_private, public_jwk })
    }

    /// The private key, unsealed and parsed, if it belongs to the public half of the row.
    pub(crate) fn open(&self, master: &MasterKey) -> Result<Pair, KeyError> {
        let KeyTimes { kid, alg, .. } = &self.times;
        let pkcs8 = master.open(&Self::place(kid), &self.sealed_private).map_err(|source| KeyError::Sealed { kid: kid.clone(), source })?;
        let pair = Pair::from_pkcs8(*alg, &pkcs8).ok_or_else(|| KeyError::Unreadable { kid: kid.clone(), alg: *alg })?;
        if jwk::is_of(&pair, &self.public_jwk)? { Ok(pair) } else { Err(KeyError::PublicKeyDiffers { kid: kid.clone() }) }
    }
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredKey").field("times", &self.times).finish_non_exhaustive()
    }
}
