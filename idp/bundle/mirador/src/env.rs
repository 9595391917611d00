//! The clock and the randomness of this service; the only ambient things it uses.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// What time it is, in milliseconds since the epoch.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    System,
    /// Stands still until a test moves it.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[expect(clippy::disallowed_methods, reason = "the one place of this service that reads the clock")]
    pub fn now(&self) -> i64 {
        match self {
            Self::System => {
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Manual(millis) => millis.load(Ordering::SeqCst),
        }
    }
}

/// 256 random bits in base64url, 43 characters: session ids, `state`, `nonce`, PKCE verifiers.
#[expect(clippy::disallowed_methods, reason = "the one place of this service that asks for randomness")]
pub(crate) fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
