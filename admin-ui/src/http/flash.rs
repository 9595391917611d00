//! What just happened, told once on the next page.

use idp_api::{ActOutcome, BackChannel, ClosedNote};
use keys::Ttl;
use serde::{Deserialize, Serialize};

/// Names of services that are told one by one; the rest is counted.
const NAMED: usize = 24;

/// What just happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flash {
    /// The message, `done-…`.
    pub key: String,
    /// Whom it concerns: `$person`.
    #[serde(default)]
    pub person: String,
    /// The service or other name it concerns: `$what`.
    #[serde(default)]
    pub what: String,
    /// What it did at the services.
    #[serde(default)]
    pub effects: Effects,
}

/// What an act did at the services, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Effects {
    /// Doors that closed, and what becomes of sessions there.
    pub closed: Vec<(String, ClosedNote)>,
    /// Services that are being told.
    pub told: Vec<String>,
    /// Services that see something new at the next sign-in only.
    pub later: Vec<String>,
    /// How many names are left out of each list, together.
    pub more: usize,
    /// Until when tokens issued before may still be accepted, ms.
    pub until: Option<i64>,
    /// Whether something new was opened.
    pub opened: bool,
}

impl Flash {
    /// How long the browser keeps it when it does not follow to the next page.
    pub(crate) const LIFETIME: Ttl = Ttl::minutes(5);

    /// A sentence.
    pub(crate) fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), person: String::new(), what: String::new(), effects: Effects::default() }
    }
    /// Whom it concerns.
    pub(crate) fn person(self, name: impl Into<String>) -> Self {
        Self { person: name.into(), ..self }
    }
    /// What it concerns.
    pub(crate) fn what(self, name: impl Into<String>) -> Self {
        Self { what: name.into(), ..self }
    }
    /// What it did at the services.
    pub(crate) fn effects(self, effects: Effects) -> Self {
        Self { effects, ..self }
    }
}

impl Effects {
    /// What the API answered.
    pub(crate) fn of(outcome: &ActOutcome) -> Self {
        let closed = |slug: &str| outcome.closed.iter().any(|door| door.service.slug == slug);
        // where the person had no session there is no token either
        let had_session = outcome.closed.iter().any(|door| door.note != ClosedNote::NoSession);
        let mut effects = Self {
            closed: outcome.closed.iter().map(|door| (door.service.name.clone(), door.note)).collect(),
            until: outcome.access_tokens_live_until_ms.filter(|_| had_session),
            ..Self::default()
        };
        for told in outcome.told.iter().filter(|told| !closed(&told.service.slug)) {
            match told.backchannel {
                BackChannel::Queued => effects.told.push(told.service.name.clone()),
                BackChannel::None => effects.later.push(told.service.name.clone()),
            }
        }
        effects.shortened()
    }

    /// The same when a door was opened: it shows after signing in again.
    pub(crate) fn opening(outcome: &ActOutcome) -> Self {
        Self { opened: true, ..Self::of(outcome) }
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.closed.is_empty() && self.told.is_empty() && self.later.is_empty() && self.more == 0 && self.until.is_none() && !self.opened
    }

    /// The same with numbers instead of names, for a cookie that would be too long.
    pub(crate) fn counted(&self) -> Self {
        let more = self.more + self.closed.len() + self.told.len() + self.later.len();
        Self { more, until: self.until, opened: self.opened, ..Self::default() }
    }

    fn shortened(mut self) -> Self {
        let all = self.closed.len() + self.told.len() + self.later.len();
        self.closed.truncate(NAMED);
        self.told.truncate(NAMED - self.closed.len());
        self.later.truncate(NAMED - self.closed.len() - self.told.len());
        self.more = all - self.closed.len() - self.told.len() - self.later.len();
        self
    }
}

#[cfg(test)]
mod tests {
    use idp_api::{ClosedDoor, ServiceRef, Told};

    use super::*;

    fn service(n: usize) -> ServiceRef {
        ServiceRef { id: format!("svc_{n}"), slug: format!("s{n}"), name: format!("Servei {n}") }
    }

    #[test]
    fn a_closed_door_is_told_once_and_long_lists_are_counted() {
        let outcome = ActOutcome {
            closed: (0..20).map(|n| ClosedDoor { service: service(n), still_runs: false, note: ClosedNote::BeingTold }).collect(),
            told: (15..35).map(|n| Told { service: service(n), backchannel: BackChannel::Queued }).collect(),
            access_tokens_live_until_ms: Some(1),
        };
        let effects = Effects::of(&outcome);
        assert_eq!((effects.closed.len(), effects.told.len(), effects.more), (20, 4, 11));
        assert!(!effects.is_empty() && Effects::default().is_empty());
        assert_eq!(effects.counted(), Effects { more: 35, until: Some(1), ..Effects::default() });
    }

    #[test]
    fn nothing_is_said_of_tokens_where_there_was_no_session() {
        let closed = |note| ActOutcome {
            closed: vec![ClosedDoor { service: service(1), still_runs: false, note }],
            access_tokens_live_until_ms: Some(1),
            ..ActOutcome::default()
        };
        let until = [ClosedNote::NoSession, ClosedNote::BeingTold, ClosedNote::CannotBeTold].map(|note| Effects::of(&closed(note)).until);
        assert_eq!(until, [None, Some(1), Some(1)]);
    }
}
