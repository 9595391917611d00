//! What may go wrong with our own keys and tokens.

use idp_domain::{Fault, profile::SigningAlg};

use crate::{purpose::Purpose, seal::SealError};

/// Something is wrong with our own keys. Never caused by what a client sent.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// aws-lc could not make a key.
    #[error("could not generate a key for {}", .0.as_str())]
    Generate(SigningAlg),
    /// The private key of a row could not be unsealed.
    #[error("signing key {kid}: {source}")]
    Sealed {
        /// The row.
        kid: String,
        /// Why.
        source: SealError,
    },
    /// The bytes are no private key of the algorithm they are stored under.
    #[error("signing key {kid} is no {} key", .alg.as_str())]
    Unreadable {
        /// The row.
        kid: String,
        /// What it should be.
        alg: SigningAlg,
    },
    /// The stored public key does not belong to the private one: the row was tampered with.
    #[error("the stored public half of signing key {kid} does not belong to its private half")]
    PublicKeyDiffers {
        /// The row.
        kid: String,
    },
    /// Two keys carry one `kid`.
    #[error("two signing keys are called {kid}")]
    DuplicateKid {
        /// The name.
        kid: String,
    },
    /// No key may sign this now: rotation has not run.
    #[error("no active key signs {purpose} tokens with {}: run `idp keys rotate`", .alg.as_str())]
    NoActiveKey {
        /// What should be signed.
        purpose: Purpose,
        /// With what.
        alg: SigningAlg,
    },
    /// The claims are not serialisable.
    #[error("claims do not serialise: {0}")]
    Claims(#[from] serde_json::Error),
    /// aws-lc refused to sign.
    #[error("signing failed")]
    Sign,
    /// A private key in text form is no PKCS#8 PEM of a supported kind.
    #[error("expected a PKCS#8 PEM private key (`-----BEGIN PRIVATE KEY-----`): Ed25519, P-256 or RSA of 2048 to 8192 bits")]
    Pem,
    /// A public key has no JWK form.
    #[error("a public key has no JWK form: {0}")]
    Jwk(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        Self::broken("keys", error)
    }
}

/// Why a token is none of ours. Says nothing about its times: the caller compares them with its own `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// More bytes than [`idp_domain::limits::JWT`].
    #[error("the token is too long")]
    TooLong,
    /// Not three base64url parts with a header of exactly `typ`, `alg` and `kid`. A header with `jwk`, `jku`, `x5u` or
    /// `crit` is none of ours either (RFC 8725 §3.10).
    #[error("the token is no compact JWS of ours")]
    Malformed,
    /// No published key has this `kid`.
    #[error("the token's key is unknown or withdrawn")]
    UnknownKey,
    /// The key exists for another purpose.
    #[error("the token's key is for another purpose")]
    WrongPurpose,
    /// The header names another algorithm than the key's.
    #[error("the token's algorithm is not its key's")]
    WrongAlgorithm,
    /// The header names another `typ` than the purpose's.
    #[error("the token has another type")]
    WrongType,
    /// The signature does not verify.
    #[error("the token's signature does not verify")]
    BadSignature,
    /// Signed by us, but the claims have another shape.
    #[error("the token's claims have another shape")]
    Claims,
}
