//! Signing keys: generated, sealed, rotated; the only place that signs and verifies.
//!
//! This package owns algorithms, key material and JSON Web Signatures. It knows neither storage nor HTTP: rows and bytes
//! come in, bytes go out; time and randomness are passed in. Only aws-lc's own generator is ambient, inside key
//! generation and ECDSA. **Invariant:** a private key leaves this package sealed under the [`MasterKey`] or, for a
//! relying party's own key, into a file of mode 0600.
//!
//! Start reading at [`KeyRing`] (what signs and verifies our tokens), then [`rotate`] (which key does so when),
//! [`ClientJwks`] (what clients sign) and [`AssertionSigner`] (what we sign as a client).

pub mod alg;
pub mod assertion;
pub mod client_jwks;
pub mod error;
#[cfg(test)]
mod forge;
pub mod generate;
mod jwk;
mod jws;
mod pair;
mod pem;
pub mod purpose;
mod recognised;
pub mod ring;
pub mod rotate;
pub mod seal;
pub mod secret_file;
pub mod stored;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod verify;

pub use alg::left_half_hash;
pub use assertion::{Assertion, AssertionSigner, KeyFileError};
pub use client_jwks::{ClientJwks, JwksError};
pub use error::{KeyError, VerifyError};
pub use generate::generate;
// for packages that sign but do not know the domain, such as a relying party
pub use idp_domain::{Timestamp, Ttl, profile::SigningAlg};
pub use purpose::Purpose;
pub use ring::{KeyRing, Verified};
pub use rotate::{KeyState, KeyTimes, PlannedKey, Policy, RotationPlan, plan};
pub use seal::{MasterKey, MasterKeyError, SealError};
pub use secret_file::SecretFileError;
pub use stored::StoredKey;
pub use verify::{AssertionError, Audience, ClientAssertion, claimed_client};
