//! Usernames: lowercase ASCII, at most 30 characters, unique in the cluster, never reissued once a service has seen one.

use std::fmt;

/// Characters in a username, at most.
pub const USERNAME_MAX: usize = 30;

/// Names that would pass for somebody in charge or for a system account.
const RESERVED: [&str; 26] = [
    "admin",
    "administrator",
    "administrador",
    "administradora",
    "aplec",
    "cluster",
    "everyone",
    "gestora",
    "guest",
    "guests",
    "help",
    "hostmaster",
    "info",
    "me",
    "nobody",
    "noreply",
    "null",
    "operator",
    "postmaster",
    "root",
    "security",
    "steward",
    "support",
    "suport",
    "system",
    "webmaster",
];

/// A person's login name: `^[a-z0-9][a-z0-9._-]{1,28}[a-z0-9]$`, not reserved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username(String);

/// Why a text is no username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUsername {
    /// Fewer than three characters.
    #[error("a username has at least 3 characters")]
    TooShort,
    /// More than [`USERNAME_MAX`] characters.
    #[error("a username has at most {USERNAME_MAX} characters")]
    TooLong,
    /// Other characters than `a-z 0-9 . _ -`, or one of the signs at an end.
    #[error("a username is made of letters a-z, digits, and . _ - between them")]
    Characters,
    /// On the reserved list.
    #[error("this username is reserved")]
    Reserved,
}

impl Username {
    /// Parses a username; upper case is lowered, since people type it.
    pub fn parse(text: &str) -> Result<Self, InvalidUsername> {
        let name = text.trim().to_ascii_lowercase();
        if name.len() > USERNAME_MAX {
            return Err(InvalidUsername::TooLong);
        }
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = name.as_bytes();
        if bytes.len() < 3 {
            return Err(InvalidUsername::TooShort);
        }
        let ends = [bytes.first(), bytes.last()].into_iter().flatten().all(|&byte| inner(byte));
        if !ends || !bytes.iter().all(|&byte| inner(byte) || matches!(byte, b'.' | b'_' | b'-')) {
            return Err(InvalidUsername::Characters);
        }
        if RESERVED.contains(&name.as_str()) {
            return Err(InvalidUsername::Reserved);
        }
        Ok(Self(name))
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_lowered_and_checked() {
        assert_eq!(Username::parse(" Maria.Puig ").map(|name| name.to_string()), Ok("maria.puig".to_owned()));
        for (text, why) in [
            ("ab", InvalidUsername::TooShort),
            ("maría", InvalidUsername::Characters),
            (".maria", InvalidUsername::Characters),
            ("maria-", InvalidUsername::Characters),
            ("ma ria", InvalidUsername::Characters),
            ("Admin", InvalidUsername::Reserved),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", InvalidUsername::TooLong),
        ] {
            assert_eq!(Username::parse(text), Err(why), "{text}");
        }
    }
}
