//! Tokens whose signature need not be computed again.

use std::{
    num::NonZero,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{SHA256, digest};
use lru::LruCache;

/// How many are recognised, those seen last. Full, it takes less than a megabyte.
const MOST: NonZero<usize> = NonZero::new(8192).expect("more than none");

/// The tokens one ring signed or verified last, as SHA-256 digests: what lies here can be presented to nobody.
///
/// What was signed by one of the ring's keys stays so for as long as there is the ring: nothing here can become wrong, and all of it may
/// be forgotten.
pub(crate) struct Recognised(Mutex<LruCache<[u8; 32], ()>>);

impl Recognised {
    pub(crate) fn nothing() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }

    pub(crate) fn note(&self, token: &str) {
        let digest = digest_of(token);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(digest, ());
    }

    pub(crate) fn knows(&self, token: &str) -> bool {
        let digest = digest_of(token);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).is_some()
    }
}

fn digest_of(token: &str) -> [u8; 32] {
    digest(&SHA256, token.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_known_until_many_others_came_after_it() {
        let recognised = Recognised::nothing();
        recognised.note("used");
        recognised.note("left alone");
        for number in 2..=MOST.get() {
            assert!(recognised.knows("used"));
            recognised.note(&number.to_string());
        }
        assert!(recognised.knows("used") && recognised.knows(&MOST.to_string()));
        assert!(!recognised.knows("left alone") && !recognised.knows("never seen") && !recognised.knows(""));
    }
}
