//! The desk's own key: the private half in a file that stays here, the public half in one to register at the issuer.

use std::path::{Path, PathBuf};

use keys::{AssertionSigner, KeyError, KeyFileError, SecretFileError, SigningAlg};

/// Where the two halves are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFiles {
    /// `admin-ui.pem`, mode 0600: what [`crate::Settings`] calls the key file.
    pub private: PathBuf,
    /// `admin-ui.jwks.json`: what `idp client create --admin-ui --jwks` reads.
    pub public: PathBuf,
}

/// Why the key was not made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyFilesError {
    /// The key itself.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The private half was not written.
    #[error("{0}")]
    Write(#[from] SecretFileError),
    /// The private half was not read.
    #[error("{0}")]
    Read(#[from] KeyFileError),
    /// The public half was not written.
    #[error("{} cannot be written: {source}", .path.display())]
    Public {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl KeyFiles {
    /// Both files by their usual names.
    pub fn in_directory(directory: &Path) -> Self {
        Self { private: directory.join("admin-ui.pem"), public: directory.join("admin-ui.jwks.json") }
    }

    /// Makes a key and writes both halves. An existing private half is never overwritten.
    pub fn create(&self) -> Result<(), KeyFilesError> {
        let signer = AssertionSigner::generate(SigningAlg::EdDsa)?;
        let jwks = signer.public_jwks()?;
        signer.save(&self.private)?;
        std::fs::write(&self.public, jwks).map_err(|source| KeyFilesError::Public { path: self.public.clone(), source })
    }

    /// The public half as a JWK set, taken from the private one.
    pub fn public_jwks(&self) -> Result<String, KeyFilesError> {
        Ok(AssertionSigner::load(&self.private)?.public_jwks()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_half_is_the_one_of_the_private_half_and_nothing_is_overwritten() {
        let home = tempfile::tempdir().expect("a directory");
        let files = KeyFiles::in_directory(&home.path().join("keys"));
        files.create().expect("made");
        let public = std::fs::read_to_string(&files.public).expect("written");
        assert_eq!(files.public_jwks().expect("read"), public);
        assert!(!public.contains("\"d\""), "{public}");
        assert!(matches!(files.create(), Err(KeyFilesError::Write(SecretFileError::Exists { .. }))));
    }
}
