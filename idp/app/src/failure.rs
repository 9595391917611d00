//! Two families of errors: a refusal is expected and typed, a fault is ours and opaque.

use std::fmt;

use idp_domain::Fault;

/// What a use case answers.
pub type Outcome<T, R> = Result<T, Failure<R>>;

/// Why a use case did not do what it was asked.
#[derive(Debug)]
pub enum Failure<R> {
    /// Expected: the use case's own closed set of reasons.
    Refused(R),
    /// Ours: shown as a reference, logged once.
    Fault(Fault),
}

impl<R> Failure<R> {
    /// The same failure with another reason.
    pub fn map_refusal<S>(self, map: impl FnOnce(R) -> S) -> Failure<S> {
        match self {
            Self::Refused(refusal) => Failure::Refused(map(refusal)),
            Self::Fault(fault) => Failure::Fault(fault),
        }
    }
}

impl<R> From<Fault> for Failure<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R: fmt::Debug> fmt::Display for Failure<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {refusal:?}"),
            Self::Fault(fault) => write!(f, "fault: {fault}"),
        }
    }
}

/// Refuses.
pub const fn refuse<T, R>(refusal: R) -> Outcome<T, R> {
    Err(Failure::Refused(refusal))
}

/// Turns an absent value into a refusal.
pub trait OrRefuse<T> {
    /// The value, or the refusal.
    fn or_refuse<R>(self, refusal: R) -> Outcome<T, R>;
}
impl<T> OrRefuse<T> for Option<T> {
    fn or_refuse<R>(self, refusal: R) -> Outcome<T, R> {
        self.ok_or(Failure::Refused(refusal))
    }
}
