//! Services, offers and grants.

use crate::{
    id::{CollectiveId, GrantId, MembershipId, OfferId, PersonId, ServiceId},
    name::DisplayName,
    quota::Quota,
    slug::Slug,
    time::Timestamp,
};

/// Where a service is in its life: draft → active ⇄ paused → retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceState {
    /// Not open yet.
    Draft,
    /// Signs people in.
    Active,
    /// Closed for now.
    Paused,
    /// Gone.
    Retired,
}

impl ServiceState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Active, Self::Paused, Self::Retired];
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
        }
    }
    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A role inside a service: `^[a-z0-9]+([_-][a-z0-9]+)*$`, at most 40 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleName(String);

/// The text is no role name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is made of at most 40 lowercase letters a-z, digits, hyphens and underscores")]
pub struct InvalidRoleName;

impl RoleName {
    /// Parses a role name.
    pub fn parse(text: &str) -> Result<Self, InvalidRoleName> {
        let clean = !text.is_empty()
            && text.len() <= 40
            && text.split(['-', '_']).all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if clean { Ok(Self(text.to_owned())) } else { Err(InvalidRoleName) }
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Display for RoleName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a service admits people who belong to none of its owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outsiders {
    /// Its managers may admit anybody as a guest.
    Admitted,
    /// Members of the collectives it is offered to only.
    Refused,
}

/// Something people sign in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The row.
    pub id: ServiceId,
    /// Unique among services.
    pub slug: Slug,
    /// Shown.
    pub name: DisplayName,
    /// One sentence for people.
    pub description: String,
    /// Where people go to use it.
    pub url: Option<String>,
    /// Where it is in its life.
    pub state: ServiceState,
    /// Roles, weakest first: the declared order that decides which of several grants wins.
    pub roles: Vec<RoleName>,
    /// Whether guests are admitted.
    pub outsiders: Outsiders,
    /// When it was made.
    pub created_at: Timestamp,
    /// Row version for `If-Match`.
    pub version: i64,
}

/// A service made available to a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The row.
    pub id: OfferId,
    /// What.
    pub service: ServiceId,
    /// To whom.
    pub collective: CollectiveId,
    /// Roles its managers may give, out of the service's.
    pub roles: Vec<RoleName>,
    /// The role a grant gets when none is named.
    pub default_role: Option<RoleName>,
    /// The most its managers may give one person.
    pub quota_ceiling: Option<Quota>,
    /// Whether new members get it at once.
    pub automatic: Automatic,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Row version for `If-Match`.
    pub version: i64,
}

/// Whether new members of a collective get an offered service without anybody deciding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// With the default role, at validation.
    Yes,
    /// A manager decides for each person.
    No,
}

/// Through which door a grant came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantVia {
    /// A collective's offer to one of its members.
    Membership {
        /// The offer.
        offer: OfferId,
        /// The membership.
        membership: MembershipId,
        /// The collective of both.
        collective: CollectiveId,
    },
    /// As a guest of the service.
    Guest {
        /// Who answers for the guest.
        sponsor: PersonId,
        /// The owner in whose name the guest was admitted.
        owner: CollectiveId,
    },
}

/// A person's access to a service. Withdrawn, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The row.
    pub id: GrantId,
    /// Who.
    pub person: PersonId,
    /// To what.
    pub service: ServiceId,
    /// Through which door.
    pub via: GrantVia,
    /// As what.
    pub role: Option<RoleName>,
    /// With how much room.
    pub quota: Option<Quota>,
    /// Until when; a guest's always ends.
    pub ends_at: Option<Timestamp>,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// Row version for `If-Match`.
    pub version: i64,
}
