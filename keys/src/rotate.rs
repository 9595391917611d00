//! Which key signs when: a pure plan, from the keys there are to the keys there should be.
//!
//! A key is *next* (published, does not sign yet), *active* (signs), *retiring* (published, signs no more), then gone. A
//! successor is created when the active key has [`Policy::publish_ahead`] left; its activation and the predecessor's
//! retirement are one instant, written in one transaction, so that every pair of purpose and algorithm has exactly one
//! active key at any time, also while no process runs.

use idp_domain::{Timestamp, Ttl, profile::SigningAlg};

use crate::purpose::Purpose;

/// Which key, for what, and when: everything about a stored key that is no key material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTimes {
    /// The opaque name, unique in the cluster.
    pub kid: String,
    /// What it signs.
    pub purpose: Purpose,
    /// How it signs.
    pub alg: SigningAlg,
    /// Published from here on.
    pub created_at: Timestamp,
    /// Signs from here on.
    pub activates_at: Timestamp,
    /// Signs until here; set when a successor is known.
    pub retires_at: Option<Timestamp>,
    /// Published and trusted until here; set with `retires_at`.
    pub removed_at: Option<Timestamp>,
    /// From here on nothing of it counts, whatever the other times say.
    pub revoked_at: Option<Timestamp>,
}

/// What a key is at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// Published, does not sign yet.
    Next,
    /// Signs.
    Active,
    /// Published, signs no more.
    Retiring,
    /// Neither published nor trusted.
    Removed,
    /// Withdrawn in an emergency: neither published nor trusted.
    Revoked,
}

impl KeyState {
    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Removed => "removed",
            Self::Revoked => "revoked",
        }
    }
}

impl KeyTimes {
    /// What the key is at an instant.
    pub fn state(&self, now: Timestamp) -> KeyState {
        let passed = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if passed(self.revoked_at) {
            KeyState::Revoked
        } else if passed(self.removed_at) {
            KeyState::Removed
        } else if passed(self.retires_at) {
            KeyState::Retiring
        } else if self.activates_at <= now {
            KeyState::Active
        } else {
            KeyState::Next
        }
    }

    /// Whether the key stands in the JWK set and verifies at an instant.
    pub fn is_published(&self, now: Timestamp) -> bool {
        matches!(self.state(now), KeyState::Next | KeyState::Active | KeyState::Retiring)
    }

    /// When the state changes next, if times alone decide.
    pub(crate) fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let times = [Some(self.activates_at), self.retires_at, self.removed_at, self.revoked_at];
        if self.is_published(now) { times.into_iter().flatten().filter(|at| *at > now).min() } else { None }
    }

    fn is(&self, purpose: Purpose, alg: SigningAlg) -> bool {
        self.purpose == purpose && self.alg == alg
    }
}

/// How keys rotate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which keys there must be.
    pub pairs: Vec<(Purpose, SigningAlg)>,
    /// How long a key signs.
    pub rotate_every: Ttl,
    /// How long a key is published before it signs: relying parties cache the JWK set.
    pub publish_ahead: Ttl,
    /// How long a key stays published after its last token has expired.
    pub keep_after: Ttl,
    /// The longest life of anything signed.
    pub longest_token: Ttl,
}

impl Default for Policy {
    /// Every algorithm for ID, access and logout tokens; 30 days, 48 hours ahead, 48 hours after tokens of at most one day.
    fn default() -> Self {
        let purposes = [Purpose::IdToken, Purpose::AccessToken, Purpose::LogoutToken];
        Self {
            pairs: purposes.into_iter().flat_map(|purpose| SigningAlg::ALL.map(|alg| (purpose, alg))).collect(),
            rotate_every: Ttl::days(30),
            publish_ahead: Ttl::hours(48),
            keep_after: Ttl::hours(48),
            longest_token: Ttl::days(1),
        }
    }
}

impl Policy {
    /// The same policy, but every key is due now (`idp keys rotate`): successors are published at once and sign after the
    /// usual time. A pair that has a successor already gets no second one.
    pub fn due_now(self) -> Self {
        Self { rotate_every: Ttl::default(), ..self }
    }
}

/// A key to be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedKey {
    /// What it will sign.
    pub purpose: Purpose,
    /// How.
    pub alg: SigningAlg,
    /// From when on.
    pub activates_at: Timestamp,
}

impl PlannedKey {
    /// The times of the key once it has a name.
    pub(crate) const fn times(&self, kid: String, created_at: Timestamp) -> KeyTimes {
        let Self { purpose, alg, activates_at } = *self;
        KeyTimes { kid, purpose, alg, created_at, activates_at, retires_at: None, removed_at: None, revoked_at: None }
    }
}

/// What to write, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RotationPlan {
    /// Keys to generate and insert.
    pub create: Vec<PlannedKey>,
    /// Rows whose times change, with their new times.
    pub update: Vec<KeyTimes>,
}

impl RotationPlan {
    /// Whether nothing needs doing.
    pub const fn is_empty(&self) -> bool {
        self.create.is_empty() && self.update.is_empty()
    }
}

/// What rotation has to do at `now`. Idempotent: the plan for keys to which a plan was applied is empty.
///
/// To revoke a key, set its `revoked_at` and apply the plan for the result in the same transaction: the successor signs
/// at once, without the usual time ahead, or a fresh key does.
pub fn plan(keys: &[KeyTimes], now: Timestamp, policy: &Policy) -> RotationPlan {
    let mut plan = RotationPlan::default();
    for &(purpose, alg) in &policy.pairs {
        let of_pair = || keys.iter().filter(move |key| key.is(purpose, alg));
        let mut active: Vec<&KeyTimes> = of_pair().filter(|key| key.state(now) == KeyState::Active).collect();
        active.sort_by_key(|key| (key.activates_at, key.kid.as_str()));
        let successor = of_pair().filter(|key| key.state(now) == KeyState::Next).min_by_key(|key| (key.activates_at, key.kid.as_str()));

        let Some(current) = active.pop() else {
            // the first start, or the active key was revoked: whatever is published already signs from now on
            match successor {
                Some(next) => plan.update.push(KeyTimes { activates_at: now, ..next.clone() }),
                None => plan.create.push(PlannedKey { purpose, alg, activates_at: now }),
            }
            continue;
        };
        // two processes that both saw an empty table: the younger key stays
        plan.update.extend(active.into_iter().map(|key| retired(key, now, policy)));

        if let Some(next) = successor {
            if current.retires_at != Some(next.activates_at) {
                plan.update.push(retired(current, next.activates_at, policy));
            }
            continue;
        }
        let end = current.retires_at.unwrap_or(current.activates_at + policy.rotate_every);
        // a retirement without a successor: the successor was revoked
        if current.retires_at.is_some() || end - policy.publish_ahead <= now {
            let activates_at = end.max(now + policy.publish_ahead);
            plan.create.push(PlannedKey { purpose, alg, activates_at });
            if current.retires_at != Some(activates_at) {
                plan.update.push(retired(current, activates_at, policy));
            }
        }
    }
    plan
}

/// The key's times when it signs until `at`.
fn retired(key: &KeyTimes, at: Timestamp, policy: &Policy) -> KeyTimes {
    KeyTimes { retires_at: Some(at), removed_at: Some(at + policy.longest_token + policy.keep_after), ..key.clone() }
}

#[cfg(test)]
mod tests;
