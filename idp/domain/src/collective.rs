//! Collectives and their working groups.

use crate::{
    id::{CollectiveId, WorkingGroupId},
    locale::Locale,
    name::DisplayName,
    slug::{Slug, WorkingGroupSlug},
    time::Timestamp,
};

/// Where a collective is in its life: proposed → active ⇄ suspended → closing → closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CollectiveState {
    /// Waits for stewards of other collectives.
    Proposed,
    /// Looks after its people.
    Active,
    /// Stopped by the stewards.
    Suspended,
    /// Handing its people over.
    Closing,
    /// Gone; the slug stays taken.
    Closed,
}

impl CollectiveState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Active, Self::Suspended, Self::Closing, Self::Closed];
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }
    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Whether a collective shows itself in the picker (DOMAIN rule 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// In the picker and on the cluster's page.
    Listed,
    /// Reached by its link only.
    Unlisted,
}

/// A stored collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collective {
    /// The row.
    pub id: CollectiveId,
    /// Never changes once a service has seen it.
    pub slug: Slug,
    /// Shown.
    pub name: DisplayName,
    /// Language of its mails when a person has none.
    pub locale: Locale,
    /// Whether the picker shows it.
    pub listing: Listing,
    /// Where it is in its life.
    pub state: CollectiveState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Row version for `If-Match`.
    pub version: i64,
}

/// A working group of a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingGroup {
    /// The row.
    pub id: WorkingGroupId,
    /// Whose.
    pub collective: CollectiveId,
    /// Unique in its collective.
    pub slug: WorkingGroupSlug,
    /// Shown.
    pub name: DisplayName,
}
