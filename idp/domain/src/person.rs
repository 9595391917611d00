//! People: one account each, possibly under a pseudonym, with any number of addresses.

use crate::{email::EmailAddress, id::PersonId, locale::Locale, name::DisplayName, time::Timestamp, username::Username};

/// Where an account is in its life: pending → awaiting validation → active ⇄ suspended → closing → erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonState {
    /// The address is not verified yet.
    Pending,
    /// A collective has not validated the person yet.
    AwaitingValidation,
    /// Signs in.
    Active,
    /// Stopped by the stewards.
    Suspended,
    /// Closed by the person; erased after a grace period.
    Closing,
    /// Only tombstones are left.
    Erased,
}

impl PersonState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Pending, Self::AwaitingValidation, Self::Active, Self::Suspended, Self::Closing, Self::Erased];
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::AwaitingValidation => "awaiting_validation",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closing => "closing",
            Self::Erased => "erased",
        }
    }
    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
    /// Whether the person may hold a session: everybody whose address is proven and whose account is not stopped.
    /// An account without any active membership keeps its portal (DOMAIN rule 8).
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::AwaitingValidation | Self::Active)
    }
}

/// A person with what tokens and pages show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The row.
    pub id: PersonId,
    /// The login name.
    pub username: Username,
    /// The name shown to others; may be a pseudonym.
    pub display_name: DisplayName,
    /// Given name, when the person told it.
    pub given_name: Option<String>,
    /// Family name, when the person told it.
    pub family_name: Option<String>,
    /// The verified address that signs in and is released; absent for who has no e-mail.
    pub email: Option<EmailAddress>,
    /// Language of pages and mails.
    pub locale: Locale,
    /// Time zone name (`zoneinfo`), when told.
    pub zoneinfo: Option<String>,
    /// Where the account is in its life.
    pub state: PersonState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the profile last changed (`updated_at`).
    pub updated_at: Timestamp,
    /// Row version for `If-Match`.
    pub version: i64,
}

impl Person {
    /// The login name as people are shown it: none while another only stands in for it.
    pub fn username_shown(&self) -> Option<&Username> {
        Some(&self.username).filter(|username| !username.is_stand_in())
    }
}
