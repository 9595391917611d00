//! Collectives and what is offered to them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{MembershipState, ServiceRef};

/// A language with a complete set of texts: its BCP 47 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Català.
    Ca,
    /// Castellano.
    Es,
    /// English.
    En,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::Ca, Self::Es, Self::En];
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Es => "es",
            Self::En => "en",
        }
    }
    /// The language of a tag as [`Language::tag`] writes it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// Where a collective is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectiveState {
    /// Waits for stewards of other collectives.
    Proposed,
    /// Looks after its people.
    Active,
    /// Stopped by the stewards.
    Suspended,
    /// Handing its people over.
    Closing,
    /// Gone.
    Closed,
}

/// A collective in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CollectiveItem {
    /// `col_…`.
    pub id: String,
    /// What services key on.
    pub slug: String,
    /// Shown.
    pub name: String,
    /// Where it is in its life.
    pub state: CollectiveState,
    /// Requests waiting for its managers.
    pub open_requests: u32,
}

/// A collective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Collective {
    /// `col_…`.
    pub id: String,
    /// What services key on.
    pub slug: String,
    /// Shown.
    pub name: String,
    /// The language of its mails to people who chose none.
    pub locale: Language,
    /// Whether the picker and the cluster's page show it.
    pub listed: bool,
    /// Where it is in its life.
    pub state: CollectiveState,
    /// For `If-Match`.
    pub version: i64,
    /// Its numbers.
    pub counts: CollectiveCounts,
    /// Where people ask to join it.
    pub join_link: String,
}

/// The numbers of a collective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CollectiveCounts {
    /// Memberships in each state that occurs; an active one past its end date counts as lapsed.
    pub members_by_state: Vec<StateCount>,
    /// Requests waiting for its managers.
    pub open_requests: u32,
    /// Managers whose mandate stands now. Two or more are recommended.
    pub managers: u32,
}

impl CollectiveCounts {
    /// Memberships in one state.
    pub fn members(&self, state: MembershipState) -> u32 {
        self.members_by_state.iter().find(|count| count.state == state).map_or(0, |count| count.count)
    }
}

/// How many memberships are in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StateCount {
    /// The state.
    pub state: MembershipState,
    /// How many.
    pub count: u32,
}

/// A change of a collective. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCollective {
    /// 1 to 120 characters on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language of its mails to people who chose none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
    /// Whether the picker and the cluster's page show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<bool>,
}

/// A service offered to the collective.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferItem {
    /// `off_…`.
    pub offer_id: String,
    /// What is offered.
    pub service: ServiceRef,
    /// One sentence about the service, possibly empty.
    pub description: String,
    /// Where people go to use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Roles its managers may give, weakest first; empty: the service has none.
    pub roles: Vec<String>,
    /// The role a grant gets when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_role: Option<String>,
    /// The most its managers may give one person, bytes; absent: no ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_ceiling: Option<i64>,
    /// Whether new members get it at validation.
    pub automatic: bool,
    /// How many doors the collective holds open now.
    pub granted_count: u32,
    /// Whether the doors lead anywhere now.
    pub state: OfferState,
}

/// Whether an offer opens doors now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Yes.
    Active,
    /// The service is paused or not open yet.
    ServicePaused,
    /// The offer was withdrawn or the service is gone.
    Withdrawn,
}
