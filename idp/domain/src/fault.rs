//! Everything unexpected becomes a [`Fault`]: opaque outside, with a place and a source for the log.

use std::{error::Error, fmt};

/// Something of ours went wrong. Shown to people as a reference only; logged once with its source.
pub struct Fault {
    place: &'static str,
    kind: FaultKind,
    source: Option<Box<dyn Error + Send + Sync + 'static>>,
}

/// What a caller may do about a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Trying again later may help: answered with 503 and `Retry-After`.
    Unavailable,
    /// A bug or damaged data: answered with 500.
    Broken,
}

impl Fault {
    /// A bug, damaged data or an impossible state, met at `place`.
    pub fn broken(place: &'static str, source: impl Into<Box<dyn Error + Send + Sync + 'static>>) -> Self {
        Self { place, kind: FaultKind::Broken, source: Some(source.into()) }
    }
    /// Something we depend on does not answer now, met at `place`.
    pub fn unavailable(place: &'static str, source: impl Into<Box<dyn Error + Send + Sync + 'static>>) -> Self {
        Self { place, kind: FaultKind::Unavailable, source: Some(source.into()) }
    }
    /// Where it was met.
    pub const fn place(&self) -> &'static str {
        self.place
    }
    /// What a caller may do about it.
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault").field("place", &self.place).field("kind", &self.kind).field("source", &self.source).finish()
    }
}
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.place),
            None => f.write_str(self.place),
        }
    }
}
impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
