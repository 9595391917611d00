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

/// How a stand-in begins, and how many hexadecimal digits follow.
const STAND_IN: &str = "x-";
const STAND_IN_DIGITS: usize = 15;

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
    /// Parses the username somebody chooses: one that looks like a stand-in is reserved.
    pub fn choose(text: &str) -> Result<Self, InvalidUsername> {
        let chosen = Self::parse(text)?;
        if chosen.is_stand_in() { Err(InvalidUsername::Reserved) } else { Ok(chosen) }
    }
    /// Stands in for a username that was freed until its person chooses another: 60 random bits, so that nobody has it and
    /// nobody wants it.
    pub fn stand_in(bits: u64) -> Self {
        Self(format!("{STAND_IN}{:0STAND_IN_DIGITS$x}", bits >> 4))
    }
    /// Whether it only stands in for a username: nobody is shown it, and no service sees it.
    pub fn is_stand_in(&self) -> bool {
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        self.0.strip_prefix(STAND_IN).is_some_and(|digits| digits.len() == STAND_IN_DIGITS && digits.bytes().all(hexadecimal))
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

    #[test]
    fn a_stand_in_is_known_by_its_form_and_nobody_chooses_one() {
        for bits in [0, 0xcbb3_3c19_ff6a_90b1, u64::MAX] {
            let stand_in = Username::stand_in(bits);
            assert!(stand_in.is_stand_in(), "{stand_in}");
            assert_eq!(Username::parse(stand_in.as_str()).as_ref(), Ok(&stand_in), "it is stored like any other");
            assert_eq!(Username::choose(stand_in.as_str()), Err(InvalidUsername::Reserved));
        }
        for name in ["maria", "x-cbb33c19ff6a90", "x-cbb33c19ff6a90bb", "x-cbb33c19ff6a9zz"] {
            assert!(Username::choose(name).is_ok_and(|name| !name.is_stand_in()), "{name}");
        }
    }
}
