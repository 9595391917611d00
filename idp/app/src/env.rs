//! Time and randomness: the two places where this package touches the world. Read once per request at the edge.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use idp_domain::{
    id::Id,
    secret::{Secret, SecretKind},
    time::{Timestamp, Ttl},
};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};
use uuid::{Builder, Uuid};

/// Where time comes from. An enum, not a trait: a closed set that spreads no generics.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's.
    System,
    /// A test's, in milliseconds since the epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that moves only when told.
    pub fn manual(start: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.millis())))
    }
    /// This instant.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }
    /// Moves a manual clock; a system clock moves by itself.
    pub fn advance(&self, by: Ttl) {
        if let Self::Manual(millis) = self {
            millis.fetch_add(by.as_millis(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Where randomness comes from.
#[derive(Debug, Clone)]
pub enum Entropy {
    /// The operating system's.
    Os,
    /// A test's, repeatable.
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Entropy {
    /// Repeatable randomness for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A new identifier that sorts by time (UUID v7).
    pub fn id<K>(&self, now: Timestamp) -> Id<K> {
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        Id::from_uuid(Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }

    /// A random UUID v4, which tells nothing about when it was made.
    pub fn random_uuid(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A new opaque secret.
    pub fn secret(&self, kind: SecretKind) -> Secret {
        Secret::from_entropy(kind, self.bytes())
    }

    /// A number in `0..bound`, for jitter; not for secrets.
    pub fn below(&self, bound: u32) -> u32 {
        u32::from_le_bytes(self.bytes()).checked_rem(bound).unwrap_or(0)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        match self {
            // a system without randomness cannot run an identity provider: stopping is the only safe answer
            Self::Os => getrandom::fill(bytes).expect("the operating system provides randomness"),
            Self::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes),
        }
    }
}
