//! What a key may sign: one key, one algorithm, one purpose (RFC 8725 §3.11, §3.12).

use std::fmt;

/// What a key is for. The purpose fixes the `typ` of everything the key signs, so that no token passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// ID tokens (OIDC Core §2).
    IdToken,
    /// Access tokens (RFC 9068).
    AccessToken,
    /// Logout tokens (OIDC Back-Channel Logout §2.4).
    LogoutToken,
    /// Client assertions, when we are the client (RFC 7523).
    ClientAssertion,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::IdToken, Self::AccessToken, Self::LogoutToken, Self::ClientAssertion];
    /// The name in storage and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "id",
            Self::AccessToken => "at",
            Self::LogoutToken => "logout",
            Self::ClientAssertion => "assertion",
        }
    }
    /// The purpose of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
    /// The `typ` header of what the key signs.
    pub const fn typ(self) -> &'static str {
        match self {
            Self::IdToken => "JWT",
            // RFC 9068 §2.1
            Self::AccessToken => "at+jwt",
            // OIDC Back-Channel Logout §2.4
            Self::LogoutToken => "logout+jwt",
            // RFC 10070
            Self::ClientAssertion => "client-authentication+jwt",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_types_are_unique_and_names_parse_back() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::from_name(purpose.as_str()), Some(purpose));
        }
        assert_eq!(Purpose::ALL.iter().map(|purpose| purpose.typ()).collect::<BTreeSet<_>>().len(), Purpose::ALL.len());
        assert_eq!(Purpose::from_name("ID"), None);
    }
}
