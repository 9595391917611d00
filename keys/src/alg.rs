//! What an algorithm is to aws-lc and to JOSE. The algorithms themselves are [`SigningAlg`], a client's choice.

use aws_lc_rs::{
    digest,
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::profile::SigningAlg;

/// How aws-lc verifies.
pub(crate) fn verification(alg: SigningAlg) -> &'static dyn VerificationAlgorithm {
    match alg {
        SigningAlg::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        SigningAlg::Es256 => &ECDSA_P256_SHA256_FIXED,
        SigningAlg::EdDsa => &ED25519,
    }
}

/// The name in jsonwebtoken.
pub(crate) const fn to_jwt(alg: SigningAlg) -> jsonwebtoken::Algorithm {
    match alg {
        SigningAlg::Rs256 => jsonwebtoken::Algorithm::RS256,
        SigningAlg::Es256 => jsonwebtoken::Algorithm::ES256,
        SigningAlg::EdDsa => jsonwebtoken::Algorithm::EdDSA,
    }
}

/// The algorithm of a jsonwebtoken name; `None` for all that is not on our list, `HS*` first of all.
pub(crate) fn from_jwt(alg: jsonwebtoken::Algorithm) -> Option<SigningAlg> {
    SigningAlg::ALL.into_iter().find(|ours| to_jwt(*ours) == alg)
}

/// `at_hash` and `c_hash` (OIDC Core §3.1.3.6): base64url of the left half of the hash that belongs to the ID token's
/// algorithm. EdDSA names none; with Ed25519 it is SHA-512, the hash inside the signature.
pub fn left_half_hash(alg: SigningAlg, token: &str) -> String {
    let hash = match alg {
        SigningAlg::Rs256 | SigningAlg::Es256 => &digest::SHA256,
        SigningAlg::EdDsa => &digest::SHA512,
    };
    let whole = digest::digest(hash, token.as_bytes());
    let (left, _) = whole.as_ref().split_at(whole.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_one_name_in_jose_and_hmac_has_none() {
        for alg in SigningAlg::ALL {
            assert_eq!(from_jwt(to_jwt(alg)), Some(alg));
            assert_eq!(format!("{:?}", to_jwt(alg)), alg.as_str());
        }
        assert_eq!(from_jwt(jsonwebtoken::Algorithm::HS256), None);
        assert_eq!(from_jwt(jsonwebtoken::Algorithm::PS256), None);
    }

    #[test]
    fn the_half_hash_is_that_of_the_example_in_openid_connect_core_a_3() {
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(left_half_hash(SigningAlg::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(left_half_hash(SigningAlg::Es256, token), "77QmUPtjPfzWtF2AnpK9RQ");
        // 32 bytes of SHA-512
        assert_eq!(left_half_hash(SigningAlg::EdDsa, token).len(), 43);
    }
}
