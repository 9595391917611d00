//! Time and randomness: the two places where this program touches the world. Read once per request at the edge.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use keys::Timestamp;
use sha2::{Digest, Sha256};

/// Where time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's.
    System,
    /// A test's, in milliseconds since the epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// This instant.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Manual(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
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
    /// A test's, repeatable: a seed and how often it was asked.
    Seeded(u64, Arc<AtomicU64>),
}

impl Entropy {
    /// Repeatable randomness for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(seed, Arc::default())
    }

    /// Random bytes, at most 32.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        const { assert!(N <= 32, "one hash fills at most 32 bytes") }
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// 22 characters `[A-Za-z0-9_-]` that carry 128 random bits.
    pub fn word(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<16>())
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    fn fill(&self, bytes: &mut [u8]) {
        match self {
            // a system without randomness cannot protect a session: stopping is the only safe answer
            Self::Os => getrandom::fill(bytes).expect("the operating system provides randomness"),
            Self::Seeded(seed, asked) => {
                let block = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(asked.fetch_add(1, Ordering::SeqCst).to_le_bytes());
                bytes.iter_mut().zip(block.finalize()).for_each(|(byte, random)| *byte = random);
            }
        }
    }
}
