//! Memberships and the mandates they carry.

use crate::{
    id::{CollectiveId, MandateId, MembershipId, PersonId, ServiceId, WorkingGroupId},
    time::Timestamp,
};

/// Where a membership is in its life: requested → active ⇄ suspended/lapsed → ended; or invited → accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MembershipState {
    /// Waits for a manager.
    Requested,
    /// Waits for the person.
    Invited,
    /// Stands.
    Active,
    /// Paused by a manager.
    Suspended,
    /// Dues unpaid.
    Lapsed,
    /// Over; a new request starts it again.
    Ended,
    /// Refused by a manager, with a reason.
    Refused,
}

impl MembershipState {
    /// Every state.
    pub const ALL: [Self; 7] = [Self::Requested, Self::Invited, Self::Active, Self::Suspended, Self::Lapsed, Self::Ended, Self::Refused];
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }
    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
    /// Whether a membership may go from here to there.
    pub fn may_become(self, next: Self) -> bool {
        use MembershipState::{Active, Ended, Invited, Lapsed, Refused, Requested, Suspended};
        match self {
            Requested => matches!(next, Active | Refused | Ended),
            Invited => matches!(next, Active | Ended),
            Active => matches!(next, Suspended | Lapsed | Ended),
            Suspended => matches!(next, Active | Lapsed | Ended),
            Lapsed => matches!(next, Active | Ended),
            Ended | Refused => matches!(next, Requested | Invited),
        }
    }
}

/// A person in a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The row.
    pub id: MembershipId,
    /// Where.
    pub collective: CollectiveId,
    /// Who.
    pub person: PersonId,
    /// Where it is in its life.
    pub state: MembershipState,
    /// Since when this is the person's home (who vouches).
    pub home_at: Option<Timestamp>,
    /// Who brought the person in.
    pub sponsor: Option<PersonId>,
    /// When it began to stand.
    pub starts_at: Option<Timestamp>,
    /// When it lapses by itself.
    pub ends_at: Option<Timestamp>,
    /// When the person first said yes to it: asked for it, or accepted the invitation. It stays when the membership ends.
    pub accepted_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// Row version for `If-Match`.
    pub version: i64,
}

impl Membership {
    /// Whether it counts now: active and not past its end date.
    pub fn is_active(&self, now: Timestamp) -> bool {
        is_active(self.state, self.ends_at, now)
    }
    /// Whether the collective's managers may see who it is. Of somebody they invited they know the address they typed and
    /// learn nothing else before the person says yes, nor afterwards if that never happens (DOMAIN rule 2).
    pub fn shows_person(&self) -> bool {
        match self.state {
            MembershipState::Invited => false,
            MembershipState::Ended => self.accepted_at.is_some(),
            MembershipState::Requested
            | MembershipState::Active
            | MembershipState::Suspended
            | MembershipState::Lapsed
            | MembershipState::Refused => true,
        }
    }
}

/// Whether a membership in this state with this end date counts now.
pub fn is_active(state: MembershipState, ends_at: Option<Timestamp>, now: Timestamp) -> bool {
    state == MembershipState::Active && ends_at.is_none_or(|end| now < end)
}

/// What a mandate empowers its holder to do, and over what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MandateKind {
    /// Manages the collective of the membership.
    Manager,
    /// Coordinates one working group of that collective.
    Coordinator(WorkingGroupId),
    /// Manages one service on behalf of that collective.
    ServiceManager(ServiceId),
    /// Steward at the community desk: collectives, escalated support.
    CommunitySteward,
    /// Steward of operations: services, keys, jobs; reads no person.
    OperationsSteward,
}

impl MandateKind {
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Coordinator(_) => "coordinator",
            Self::ServiceManager(_) => "service_manager",
            Self::CommunitySteward => "community_steward",
            Self::OperationsSteward => "operations_steward",
        }
    }
    /// Whether it is one of the two duties of a steward.
    pub const fn is_steward(self) -> bool {
        matches!(self, Self::CommunitySteward | Self::OperationsSteward)
    }
}

/// A membership's power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// The row.
    pub id: MandateId,
    /// In which collective.
    pub collective: CollectiveId,
    /// Which membership carries it.
    pub membership: MembershipId,
    /// Power over what.
    pub kind: MandateKind,
    /// When it begins.
    pub starts_at: Timestamp,
    /// Its term, when limited.
    pub ends_at: Option<Timestamp>,
    /// When the holder accepted: promotion must be accepted (DOMAIN rule 4).
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back or laid down.
    pub ended_at: Option<Timestamp>,
}

impl Mandate {
    /// Whether it counts now. The membership must be active too; that is the caller's to check.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.accepted_at.is_some() && self.ended_at.is_none() && now >= self.starts_at && self.ends_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_from_an_end_straight_to_active() {
        use MembershipState::{Active, Ended, Refused, Requested, Suspended};
        assert!(Requested.may_become(Active) && Active.may_become(Suspended) && Suspended.may_become(Active));
        assert!(!Ended.may_become(Active) && !Refused.may_become(Active) && !Ended.may_become(Suspended));
        for state in MembershipState::ALL {
            assert!(!state.may_become(state));
            assert_eq!(MembershipState::from_name(state.as_str()), Some(state));
        }
    }

    #[test]
    fn who_was_invited_is_shown_from_the_yes_on() {
        let at = Timestamp::from_seconds(100);
        for state in MembershipState::ALL {
            for accepted_at in [None, Some(at)] {
                let membership = Membership {
                    id: MembershipId::from_uuid(uuid::Uuid::nil()),
                    collective: CollectiveId::from_uuid(uuid::Uuid::nil()),
                    person: PersonId::from_uuid(uuid::Uuid::nil()),
                    state,
                    home_at: None,
                    sponsor: None,
                    starts_at: None,
                    ends_at: None,
                    accepted_at,
                    created_at: at,
                    version: 1,
                };
                let hidden = state == MembershipState::Invited || (state == MembershipState::Ended && accepted_at.is_none());
                assert_eq!(membership.shows_person(), !hidden, "{state:?} {accepted_at:?}");
            }
        }
    }

    #[test]
    fn an_end_date_in_the_past_ends_it_without_anybody_acting() {
        let now = Timestamp::from_seconds(100);
        assert!(is_active(MembershipState::Active, None, now));
        assert!(!is_active(MembershipState::Active, Some(now), now));
        assert!(!is_active(MembershipState::Lapsed, None, now));
    }
}
