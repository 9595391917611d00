//! Names and texts of people: free, but bounded and without control characters.

use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::limits;

/// A display name of 1 to 120 characters on one line, NFC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DisplayName(String);

/// A text of at most 2,000 characters, possibly empty, with line breaks, NFC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FreeText(String);

/// Why a name or a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but blanks.
    #[error("it cannot be empty")]
    Empty,
    /// Too many characters.
    #[error("it has at most {0} characters")]
    TooLong(usize),
    /// Control or direction-changing characters.
    #[error("it contains characters that cannot be shown")]
    Control,
}

fn invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Trimmed, inner blanks joined to one space, NFC. What was stored is so already and need not be made so again.
fn tidy(text: &str) -> String {
    let words = text.split_whitespace();
    let apart = words.clone().map(str::len).sum::<usize>() + words.clone().count().saturating_sub(1);
    let is_tidy = apart == text.len() && text.chars().all(|character| character == ' ' || !character.is_whitespace());
    if is_tidy && is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text.to_owned();
    }
    words.collect::<Vec<_>>().join(" ").nfc().collect()
}

impl DisplayName {
    /// Parses a name: trimmed, inner blanks joined to one space.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let name = tidy(text);
        if name.is_empty() {
            return Err(InvalidName::Empty);
        }
        if name.chars().count() > limits::NAME_CHARS {
            return Err(InvalidName::TooLong(limits::NAME_CHARS));
        }
        if name.chars().any(invisible) {
            return Err(InvalidName::Control);
        }
        Ok(Self(name))
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// A key that sorts names as people expect without a database collation: lower case, no accents.
    pub fn sort_key(&self) -> String {
        self.0.to_lowercase().nfd().filter(|c| !matches!(c, '\u{0300}'..='\u{036f}' | '·' | '\'' | '’')).collect()
    }
}

impl FreeText {
    /// Parses a text: trimmed, line breaks kept.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text: String = text.trim().replace("\r\n", "\n").nfc().collect();
        if text.chars().count() > limits::TEXT_CHARS {
            return Err(InvalidName::TooLong(limits::TEXT_CHARS));
        }
        if text.chars().any(|c| c != '\n' && invisible(c)) {
            return Err(InvalidName::Control);
        }
        Ok(Self(text))
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tidied_and_bounded() {
        assert_eq!(DisplayName::parse("  Maria   Puig ").map(|n| n.to_string()), Ok("Maria Puig".to_owned()));
        assert_eq!(DisplayName::parse("Maria\u{a0}Puig").map(|n| n.to_string()), Ok("Maria Puig".to_owned()));
        assert_eq!(DisplayName::parse("Nu\u{301}ria").map(|n| n.to_string()), Ok("N\u{fa}ria".to_owned()));
        assert_eq!(DisplayName::parse("   "), Err(InvalidName::Empty));
        assert_eq!(DisplayName::parse("a\u{202e}b"), Err(InvalidName::Control));
        assert_eq!(DisplayName::parse(&"a".repeat(121)), Err(InvalidName::TooLong(120)));
        assert_eq!(DisplayName::parse("Àngela L'Hort").map(|n| n.sort_key()), Ok("angela lhort".to_owned()));
    }
}
