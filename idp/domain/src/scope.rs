//! Scopes (RFC 6749 §3.3): a closed set, since every scope is a promise with a consent text.

use std::fmt;

/// One scope this provider knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Makes it an OpenID Connect request (OIDC Core §3.1.2.1).
    OpenId,
    /// Name, username, language (OIDC Core §5.4).
    Profile,
    /// The verified address (OIDC Core §5.4).
    Email,
    /// The groups that matter to this client.
    Groups,
    /// Every collective of the person, for clients allowed to ask.
    Collectives,
    /// Every allowed service of the person, for clients allowed to ask.
    Services,
    /// A refresh token that outlives the browser session (OIDC Core §11).
    OfflineAccess,
    /// Manage collectives through the management API.
    Manage,
}

/// A set of known scopes, in canonical order. Unknown words are dropped (OIDC Core §3.1.2.1: "should be ignored").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeSet(u16);

impl Scope {
    /// Every scope, in the order they are printed.
    pub const ALL: [Self; 8] =
        [Self::OpenId, Self::Profile, Self::Email, Self::Groups, Self::Collectives, Self::Services, Self::OfflineAccess, Self::Manage];
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Groups => "groups",
            Self::Collectives => "collectives",
            Self::Services => "services",
            Self::OfflineAccess => "offline_access",
            Self::Manage => "manage",
        }
    }
    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
    const fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl ScopeSet {
    /// No scope.
    pub const EMPTY: Self = Self(0);

    /// Reads a space-separated list.
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter_map(Scope::from_word).collect()
    }
    /// Whether the scope is in the set.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
    /// What both sets hold: scope only ever shrinks.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// Both sets together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether every scope of this set is in the other.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & other.0 == self.0
    }
    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The scopes in canonical order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }
    /// The set without one scope.
    pub const fn without(self, scope: Scope) -> Self {
        Self(self.0 & !scope.bit())
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}
impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ScopeSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for ScopeSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&<std::borrow::Cow<'de, str>>::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_dropped_and_order_is_canonical() {
        let set = ScopeSet::parse("groups  openid foo openid");
        assert_eq!(set.to_string(), "openid groups");
        assert!(set.is_subset(ScopeSet::parse("openid groups email")));
        assert!(!ScopeSet::parse("email").is_subset(set));
    }
}
