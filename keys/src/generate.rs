//! New private keys, as PKCS#8 DER.

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair},
};
use idp_domain::profile::SigningAlg;
use zeroize::Zeroizing;

use crate::error::KeyError;

/// Generates a private key: RSA of 2048 bits, P-256 or Ed25519. PKCS#8 version 1, which everything reads; version 2 of
/// Ed25519 is refused by OpenSSL's and jsonwebtoken's parsers.
pub fn generate(alg: SigningAlg) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let failed = |_| KeyError::Generate(alg);
    let ignored = SystemRandom::new();
    Ok(Zeroizing::new(match alg {
        SigningAlg::Rs256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            pair.as_der().map_err(failed)?.as_ref().to_vec()
        }
        SigningAlg::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &ignored).map_err(failed)?.as_ref().to_vec(),
        SigningAlg::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&ignored).map_err(failed)?.as_ref().to_vec(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pair::Pair;

    #[test]
    fn a_generated_key_is_read_back_for_its_own_algorithm_only() {
        for alg in SigningAlg::ALL {
            let pkcs8 = generate(alg).expect("generates");
            for other in SigningAlg::ALL {
                assert_eq!(Pair::from_pkcs8(other, &pkcs8).is_some(), other == alg, "{alg:?} read as {other:?}");
            }
        }
    }

    #[test]
    fn a_generated_rsa_key_has_2048_bits() {
        let pkcs8 = generate(SigningAlg::Rs256).expect("generates");
        assert_eq!(RsaKeyPair::from_pkcs8(&pkcs8).expect("RSA").public_modulus_len() * 8, 2048);
    }

    #[test]
    fn two_generated_keys_differ() {
        assert_ne!(*generate(SigningAlg::EdDsa).expect("generates"), *generate(SigningAlg::EdDsa).expect("generates"));
    }
}
