//! Proof Key for Code Exchange (RFC 7636). `S256` is the only method; `plain` does not exist here.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// `code_challenge` of method `S256`: the SHA-256 of the verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge([u8; 32]);

/// `code_verifier`: 43 to 128 unreserved characters (RFC 7636 §4.1).
#[derive(Clone)]
pub struct Verifier(String);

impl Challenge {
    /// From the decoded 32 bytes of the parameter.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// Whether the verifier hashes to this challenge (RFC 7636 §4.6), in constant time.
    pub fn answered_by(&self, verifier: &Verifier) -> bool {
        self.0.ct_eq(&<[u8; 32]>::from(Sha256::digest(verifier.0.as_bytes()))).into()
    }
}

impl Verifier {
    /// Parses the parameter; `None` when its length or characters are wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (43..=128).contains(&text.len());
        let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'));
        (fits && clean).then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Verifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let verifier = Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").expect("valid");
        let challenge = Challenge::from_bytes([
            19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68, 86, 110, 225, 137, 74,
            203, 112, 249, 195,
        ]);
        assert!(challenge.answered_by(&verifier));
        assert!(!challenge.answered_by(&Verifier::parse(&"a".repeat(43)).expect("valid")));
    }

    #[test]
    fn short_long_and_strange_verifiers_are_refused() {
        for bad in ["a".repeat(42), "a".repeat(129), format!("{}+", "a".repeat(43))] {
            assert!(Verifier::parse(&bad).is_none());
        }
    }
}
