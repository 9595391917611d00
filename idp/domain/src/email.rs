//! E-mail addresses: the text people gave, and the key that decides whether two are the same.

use std::fmt;

use crate::limits;

/// An address as typed, with its lower-cased form used for comparison and release.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

/// The text is not an address we can send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this does not look like an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Parses `local@domain`; the whole address is lower-cased (services compare it as a whole). Quoted local parts
    /// and address literals are refused: nobody in a cooperative has one and parsers disagree about them.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        if text.len() > limits::EMAIL {
            return Err(InvalidEmail);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let atom = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || (c.is_ascii() && "!#$%&'*+-/=?^_`{|}~".contains(c)))
        };
        let label = |part: &str| {
            !part.is_empty()
                && part.len() <= 63
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let host_is_name = domain == "localhost" || domain.contains('.');
        if local.len() > 64 || !local.split('.').all(atom) || !domain.split('.').all(label) || !host_is_name {
            return Err(InvalidEmail);
        }
        Ok(Self(text.to_lowercase()))
    }
    /// The lower-cased address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lowered_and_checked() {
        assert_eq!(EmailAddress::parse(" Maria@Ateneu.CAT ").map(|e| e.to_string()), Ok("maria@ateneu.cat".to_owned()));
        for bad in
            ["", "maria", "@x.cat", "a@", "a@b", "a b@x.cat", "a@x..cat", "a@-x.cat", "\"a\"@x.cat", "a@[127.0.0.1]", "a\r\nBcc: b@x.cat"]
        {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
