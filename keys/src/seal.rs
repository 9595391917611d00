//! The master key, what is sealed under it and what is derived from it.
//!
//! A sealed value is `key id (1 byte) ‖ nonce (24 bytes) ‖ ciphertext ‖ tag (16 bytes)`, XChaCha20-Poly1305. The key id and
//! a text that says where the value lives are authenticated with it, so that no value can be moved to another row.

use std::{fmt, path::Path};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use idp_domain::Fault;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::secret_file::{self, SecretFileError};

const KEY: usize = 32;
const NONCE: usize = 24;

/// The one secret outside the database: 256 bits in a file of mode 0600, as a line of base64.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; KEY]);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file is missing, too open, or there already.
    #[error("master key {0}")]
    File(#[from] SecretFileError),
    /// The file is private but holds something else.
    #[error("master key {}: expected one line of base64 holding 32 bytes (44 characters)", .path.display())]
    Malformed {
        /// Where.
        path: std::path::PathBuf,
    },
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Too short to be a sealed value.
    #[error("the sealed value is truncated")]
    Truncated,
    /// Sealed under another master key.
    #[error("sealed under master key {found:02x}, but the one at hand is {expected:02x}: use the master key this database was made with")]
    OtherMasterKey {
        /// The id of the key at hand.
        expected: u8,
        /// The id in the sealed value.
        found: u8,
    },
    /// Changed, or copied from another row.
    #[error("the sealed value was changed or moved")]
    Forged,
    /// More than the cipher takes: 256 GiB.
    #[error("the value is too long to seal")]
    TooLong,
}

impl From<SealError> for Fault {
    fn from(error: SealError) -> Self {
        Self::broken("keys.seal", error)
    }
}

impl MasterKey {
    /// From 32 random bytes.
    pub const fn from_bytes(bytes: [u8; KEY]) -> Self {
        Self(bytes)
    }

    /// Reads a master key file; refused unless its mode is 0600 or 0400.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let malformed = || MasterKeyError::Malformed { path: path.to_owned() };
        let text = secret_file::read(path)?;
        let bytes = Zeroizing::new(STANDARD.decode(text.trim_ascii()).map_err(|_| malformed())?);
        Ok(Self(bytes.as_slice().try_into().map_err(|_| malformed())?))
    }

    /// Makes a master key of 32 random bytes and writes it to a new file of mode 0600 (its directory with mode 0700 when
    /// missing). An existing file is never overwritten.
    pub fn create(path: &Path, bytes: [u8; KEY]) -> Result<Self, MasterKeyError> {
        let key = Self(bytes);
        let mut text = Zeroizing::new(STANDARD.encode(key.0));
        text.push('\n');
        secret_file::create(path, &text)?;
        Ok(key)
    }

    /// A subkey for one use, such as `"pepper.v1"` or `"csrf"`: HKDF-Expand with SHA-256 (RFC 5869 §2.3; the master key is
    /// uniform, so nothing needs extracting), of which one block is exactly 32 bytes.
    pub fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &self.0));
        context.update(label.as_bytes());
        context.update(&[1]);
        let mut subkey = Zeroizing::new([0; 32]);
        subkey.copy_from_slice(context.sign().as_ref());
        subkey
    }

    /// Seals a value for the place that `aad` names as `table/row/column`. The nonce must be random; with 192 bits no
    /// counter is needed.
    pub fn seal(&self, aad: &str, nonce: [u8; NONCE], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        let id = self.id();
        let payload = Payload { msg: plaintext, aad: &authenticated(id, aad) };
        let ciphertext = self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::TooLong)?;
        let mut sealed = Vec::with_capacity(1 + NONCE + ciphertext.len());
        sealed.push(id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] sealed for the same place.
    pub fn open(&self, aad: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let expected = self.id();
        let (&found, rest) = sealed.split_first().ok_or(SealError::Truncated)?;
        if found != expected {
            return Err(SealError::OtherMasterKey { expected, found });
        }
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Truncated)?;
        let payload = Payload { msg: ciphertext, aad: &authenticated(found, aad) };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| SealError::Forged)
    }

    /// Tells master keys apart; says nothing about the key.
    fn id(&self) -> u8 {
        self.derive("key-id")[0]
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.derive("seal")).into())
    }
}

fn authenticated(id: u8, aad: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + aad.len());
    bytes.push(id);
    bytes.extend_from_slice(aad.as_bytes());
    bytes
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hkdf;
    use proptest::prelude::*;

    use super::*;

    const PLACE: &str = "signing_keys/k1/private";

    #[test]
    fn a_master_key_file_is_read_back_and_is_one_line_of_base64() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("local/master.key");
        let made = MasterKey::create(&path, [7; 32]).expect("creates");
        let read = MasterKey::load(&path).expect("reads");
        assert_eq!(made.0, read.0);
        assert_eq!(std::fs::read_to_string(&path).expect("reads").len(), 45);
        assert!(matches!(MasterKey::create(&path, [8; 32]), Err(MasterKeyError::File(SecretFileError::Exists { .. }))));
    }

    #[test]
    fn a_key_of_another_length_and_a_missing_one_are_refused_clearly() {
        let home = tempfile::tempdir().expect("a directory");
        for (name, text) in
            [("short", STANDARD.encode([1; 31])), ("long", STANDARD.encode([1; 33])), ("words", "hola!".into()), ("empty", String::new())]
        {
            let path = home.path().join(name);
            secret_file::create(&path, &text).expect("creates");
            let error = MasterKey::load(&path).expect_err("refused");
            assert!(matches!(error, MasterKeyError::Malformed { .. }), "{error}");
            assert!(error.to_string().contains("32 bytes"));
        }
        let error = MasterKey::load(&home.path().join("none")).expect_err("refused");
        assert!(matches!(error, MasterKeyError::File(SecretFileError::Missing { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_master_key_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("master.key");
        MasterKey::create(&path, [7; 32]).expect("creates");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changes mode");
        let error = MasterKey::load(&path).expect_err("refused").to_string();
        assert!(error.contains("expected mode 0600, found 0644: chmod 600 "), "{error}");
    }

    #[test]
    fn derivation_is_hkdf_expand_and_labels_separate() {
        let master = MasterKey([3; 32]);
        let mut expected = [0; 32];
        hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, &[3; 32])
            .expand(&[b"pepper.v1"], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut expected))
            .expect("32 bytes");
        assert_eq!(*master.derive("pepper.v1"), expected);
        assert_ne!(*master.derive("pepper.v1"), *master.derive("csrf"));
        assert_ne!(*master.derive("csrf"), *MasterKey([4; 32]).derive("csrf"));
    }

    #[test]
    fn a_value_sealed_under_another_master_key_is_named_as_such() {
        let ours = MasterKey([1; 32]);
        let other = (2..=255).map(|byte| MasterKey([byte; 32])).find(|other| other.id() != ours.id()).expect("ids differ");
        let sealed = other.seal(PLACE, [0; 24], b"x").expect("seals");
        assert_eq!(ours.open(PLACE, &sealed).err(), Some(SealError::OtherMasterKey { expected: ours.id(), found: other.id() }));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", MasterKey([1; 32])), "MasterKey(…)");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(key: [u8; 32], nonce: [u8; 24], value: Vec<u8>) {
            let master = MasterKey(key);
            let sealed = master.seal(PLACE, nonce, &value).expect("seals");
            prop_assert_eq!(sealed.len(), 1 + 24 + value.len() + 16);
            prop_assert_eq!(&*master.open(PLACE, &sealed).expect("opens"), &value);
            prop_assert_eq!(master.open("signing_keys/k2/private", &sealed).err(), Some(SealError::Forged));
        }

        #[test]
        fn a_changed_or_cut_value_never_opens(key: [u8; 32], at: prop::sample::Index, flip in 1u8..) {
            let master = MasterKey(key);
            let mut sealed = master.seal(PLACE, [5; 24], b"private").expect("seals");
            let cut = at.index(sealed.len());
            prop_assert!(master.open(PLACE, &sealed[..cut]).is_err());
            sealed[cut] ^= flip;
            prop_assert!(master.open(PLACE, &sealed).is_err());
        }
    }
}
