//! A private key, parsed once.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::profile::SigningAlg;

use crate::alg;

/// A key pair inside aws-lc. Parsing costs more than an Ed25519 signature, so it happens once per key, not per token.
pub(crate) enum Pair {
    Rs256(RsaKeyPair),
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl Pair {
    /// Reads PKCS#8; `None` when it is no key of this algorithm.
    pub(crate) fn from_pkcs8(alg: SigningAlg, pkcs8: &[u8]) -> Option<Self> {
        match alg {
            SigningAlg::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).ok().map(Self::Rs256),
            SigningAlg::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).ok().map(Self::Es256),
            SigningAlg::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).ok().map(Self::EdDsa),
        }
    }

    /// Reads PKCS#8 of any supported kind.
    pub(crate) fn detect(pkcs8: &[u8]) -> Option<Self> {
        SigningAlg::ALL.into_iter().find_map(|alg| Self::from_pkcs8(alg, pkcs8))
    }

    pub(crate) const fn alg(&self) -> SigningAlg {
        match self {
            Self::Rs256(_) => SigningAlg::Rs256,
            Self::Es256(_) => SigningAlg::Es256,
            Self::EdDsa(_) => SigningAlg::EdDsa,
        }
    }

    /// The public key in the form its algorithm's verifiers read: PKCS#1 DER, an uncompressed point, or 32 bytes.
    pub(crate) fn public_bytes(&self) -> &[u8] {
        match self {
            Self::Rs256(pair) => pair.public_key().as_ref(),
            Self::Es256(pair) => pair.public_key().as_ref(),
            Self::EdDsa(pair) => pair.public_key().as_ref(),
        }
    }

    /// The public half, parsed once.
    pub(crate) fn verifying_key(&self) -> Option<ParsedPublicKey> {
        ParsedPublicKey::new(alg::verification(self.alg()), self.public_bytes()).ok()
    }

    /// Characters of a base64url signature.
    fn encoded_len(&self) -> usize {
        match self {
            Self::Rs256(pair) => (pair.public_modulus_len() * 4).div_ceil(3),
            // 64 bytes
            Self::Es256(_) | Self::EdDsa(_) => 86,
        }
    }

    /// Room to reserve for `.` and the signature.
    pub(crate) fn signature_room(&self) -> usize {
        1 + self.encoded_len()
    }

    /// Signs what `text` holds and appends `.` and the signature in base64url (RFC 7515 §7.1).
    pub(crate) fn append_signature(&self, text: &mut String) -> Option<()> {
        // aws-lc ignores the generator it is handed and uses its own
        match self {
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
                append(text, &signature);
            }
            Self::Es256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).ok()?;
                append(text, signature.as_ref());
            }
            Self::EdDsa(pair) => {
                let signature = pair.try_sign(text.as_bytes()).ok()?;
                append(text, signature.as_ref());
            }
        }
        Some(())
    }
}

fn append(text: &mut String, signature: &[u8]) {
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, text);
}
