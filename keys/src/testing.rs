//! A ring over the public TEST keys of `fixtures/`. Whoever reads the repository can sign with them.

use idp_domain::{Timestamp, profile::SigningAlg};

use crate::{
    pem,
    purpose::Purpose,
    ring::KeyRing,
    rotate::{PlannedKey, Policy},
    seal::MasterKey,
    stored::StoredKey,
};

/// The private TEST key of an algorithm: PKCS#8 PEM.
pub const fn private_pem(alg: SigningAlg) -> &'static str {
    match alg {
        SigningAlg::Rs256 => include_str!("../fixtures/rs256.pem"),
        SigningAlg::Es256 => include_str!("../fixtures/es256.pem"),
        SigningAlg::EdDsa => include_str!("../fixtures/eddsa.pem"),
    }
}

/// The `kid` of the active test key of a purpose and an algorithm.
pub fn kid(purpose: Purpose, alg: SigningAlg) -> String {
    format!("test-{purpose}-{}", alg.as_str())
}

/// The bytes of [`master_key`], for a file.
pub const MASTER_KEY: [u8; 32] = [0x5a; 32];

/// A master key for tests.
pub const fn master_key() -> MasterKey {
    MasterKey::from_bytes(MASTER_KEY)
}

/// One row per pair of the default policy, active since `now`, sealed under [`master_key`].
pub fn stored_keys(now: Timestamp) -> Vec<StoredKey> {
    let pairs = Policy::default().pairs.into_iter();
    pairs.map(|(purpose, alg)| stored_key(PlannedKey { purpose, alg, activates_at: now }, &kid(purpose, alg), now)).collect()
}

/// One row with a test key and a `kid` of your choice.
pub fn stored_key(planned: PlannedKey, kid: &str, now: Timestamp) -> StoredKey {
    let pkcs8 = pem::decode(private_pem(planned.alg)).expect("the fixtures are PEM");
    StoredKey::seal(planned.times(kid.to_owned(), now), &pkcs8, [0; 24], &master_key()).expect("the fixtures are keys")
}

/// A ring with an active key for ID, access and logout tokens in every algorithm.
pub fn ring(now: Timestamp) -> KeyRing {
    KeyRing::open(&stored_keys(now), &master_key(), now).expect("the fixtures open")
}
