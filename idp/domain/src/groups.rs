//! Group identifiers as services see them (DOMAIN, claim `groups`). Slugs contain no underscore, so the underscore
//! separates unambiguously and no slug can imitate another collective's group.

use crate::slug::{Slug, WorkingGroupSlug};

/// Bytes in a whole group identifier, at most: longer ones make Nextcloud add and remove people at each sign-in.
pub const GROUP_MAX: usize = 64;

/// The cluster's prefix of every group identifier, frozen at first use: 1 to 8 characters `[a-z0-9]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPrefix(String);

/// The text is no prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a group prefix has 1 to 8 lowercase letters a-z or digits")]
pub struct InvalidGroupPrefix;

impl GroupPrefix {
    /// Parses a prefix.
    pub fn parse(text: &str) -> Result<Self, InvalidGroupPrefix> {
        let clean = (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if clean { Ok(Self(text.to_owned())) } else { Err(InvalidGroupPrefix) }
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for GroupPrefix {
    fn default() -> Self {
        Self("cc".to_owned())
    }
}

/// A group of people as a service sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Everybody in the collective.
    Members(Slug),
    /// Its managers.
    Managers(Slug),
    /// The coordinators of its working groups.
    Coordinators(Slug),
    /// One working group.
    WorkingGroup(Slug, WorkingGroupSlug),
    /// Guests admitted in the owner's name.
    Guests(Slug),
}

impl Group {
    /// `<prefix>_<slug>`, `<prefix>_<slug>_managers`, `…_coordinators`, `…_<working-group>`, `…_guests`.
    pub fn id(&self, prefix: &GroupPrefix) -> String {
        let prefix = prefix.as_str();
        match self {
            Self::Members(slug) => format!("{prefix}_{slug}"),
            Self::Managers(slug) => format!("{prefix}_{slug}_managers"),
            Self::Coordinators(slug) => format!("{prefix}_{slug}_coordinators"),
            Self::WorkingGroup(slug, group) => format!("{prefix}_{slug}_{group}"),
            Self::Guests(slug) => format!("{prefix}_{slug}_guests"),
        }
    }

    /// Which part of its collective it is. In Catalan, the reference language, whoever asks: a service shows one name to
    /// everybody. `None` for the whole collective, and for a working group, which has a name of its own.
    pub const fn part(&self) -> Option<&'static str> {
        match self {
            Self::Managers(_) => Some("gestores"),
            Self::Coordinators(_) => Some("coordinadores"),
            Self::Guests(_) => Some("convidades"),
            Self::Members(_) | Self::WorkingGroup(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slug() -> impl Strategy<Value = Slug> {
        "[a-z0-9]{1,10}(-[a-z0-9]{1,8}){0,2}".prop_filter_map("reserved or long", |text| Slug::parse(&text).ok())
    }
    fn group() -> impl Strategy<Value = Group> {
        let working = "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,1}".prop_filter_map("reserved", |text| WorkingGroupSlug::parse(&text).ok());
        prop_oneof![
            slug().prop_map(Group::Members),
            slug().prop_map(Group::Managers),
            slug().prop_map(Group::Coordinators),
            slug().prop_map(Group::Guests),
            (slug(), working).prop_map(|(slug, group)| Group::WorkingGroup(slug, group)),
        ]
    }

    proptest! {
        #[test]
        fn two_groups_never_share_an_identifier(a in group(), b in group()) {
            let prefix = GroupPrefix::default();
            prop_assert_eq!(a.id(&prefix) == b.id(&prefix), a == b);
        }

        #[test]
        fn an_identifier_fits(group in group()) {
            let id = group.id(&GroupPrefix::parse("aaaaaaaa").expect("valid"));
            prop_assert!(id.len() <= GROUP_MAX && id.is_ascii());
        }
    }
}
