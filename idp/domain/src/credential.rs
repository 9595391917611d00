//! Credentials: typed, with the scheme that made them.

use crate::{
    id::{CredentialId, PersonId},
    limits,
    time::{Timestamp, Ttl},
};

/// How a stored password was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordScheme {
    /// Argon2id over the HMAC of the password with our pepper (PHC string).
    Argon2idPeppered,
    /// Argon2id as another system made it (PHC string); re-hashed at the next sign-in.
    Argon2id,
}

impl PasswordScheme {
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Argon2idPeppered => "argon2id+pepper",
            Self::Argon2id => "argon2id",
        }
    }
    /// The scheme of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Argon2idPeppered, Self::Argon2id].into_iter().find(|scheme| scheme.as_str() == name)
    }
}

/// A stored password.
#[derive(Debug, Clone)]
pub struct PasswordCredential {
    /// The row.
    pub id: CredentialId,
    /// Whose it is.
    pub person: PersonId,
    /// How it was hashed.
    pub scheme: PasswordScheme,
    /// The PHC string.
    pub phc: String,
    /// Which pepper went into it.
    pub pepper_version: i64,
    /// When it was set.
    pub created_at: Timestamp,
}

/// Why a new password is refused (NIST SP 800-63B-4 §3.1.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 15 characters.
    #[error("a password has at least {} characters", limits::PASSWORD_MIN_CHARS)]
    TooShort,
    /// More than 128 characters.
    #[error("a password has at most {} characters", limits::PASSWORD_MAX_CHARS)]
    TooLong,
    /// The username, the address or one repeated character or sequence.
    #[error("this password is too easy to guess")]
    Guessable,
}

/// Whether a password may be chosen: long enough, not one letter or a short word repeated, not the person's own name
/// or address. No composition rules.
pub fn check_new_password(password: &str, own_words: &[&str]) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < limits::PASSWORD_MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if length > limits::PASSWORD_MAX_CHARS || password.len() > limits::PASSWORD {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.to_lowercase();
    let characters: Vec<char> = lower.chars().collect();
    let repeats = (1..=5).any(|period| characters.iter().zip(characters.iter().skip(period)).all(|(a, b)| a == b));
    let counts = characters.windows(2).all(|pair| u32::from(pair[1]) == u32::from(pair[0]) + 1);
    let mut rest = lower.clone();
    for word in own_words.iter().filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    if repeats || counts || rest.chars().filter(|c| c.is_alphanumeric()).count() < 6 {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// Attempts on one account from unknown devices before each next one has to wait.
pub const QUICK_ATTEMPTS: u32 = 5;
/// Attempts on one account from a device that signed in to it before.
pub const QUICK_ATTEMPTS_KNOWN_DEVICE: u32 = 10;
/// How long attempts are remembered.
pub const ATTEMPTS_WINDOW: Ttl = Ttl::hours(24);

/// How long the account waits after this many attempts within [`ATTEMPTS_WINDOW`]: nothing for the quick ones, then one
/// second, doubled each time up to a quarter of an hour. Never for ever: a lock would be a weapon (D24).
pub fn wait_after(attempts: u32, quick: u32) -> Ttl {
    match attempts.checked_sub(quick + 1) {
        None => Ttl::seconds(0),
        Some(doublings) => Ttl::seconds(1_i64.checked_shl(doublings.min(20)).unwrap_or(i64::MAX).min(900)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passphrases_pass_and_lazy_ones_do_not() {
        assert_eq!(check_new_password("quatre gats fan un aplec", &["maria"]), Ok(()));
        for (password, why) in [
            ("curta", WeakPassword::TooShort),
            ("aaaaaaaaaaaaaaaaaaaa", WeakPassword::Guessable),
            ("abcabcabcabcabcabc", WeakPassword::Guessable),
            ("maria.puig@ateneu.cat", WeakPassword::Guessable),
            ("abcdefghijklmnopqrst", WeakPassword::Guessable),
        ] {
            assert_eq!(check_new_password(password, &["maria.puig", "ateneu.cat"]), Err(why), "{password}");
        }
        assert_eq!(check_new_password(&"ab1 ".repeat(40), &[]), Err(WeakPassword::TooLong));
    }

    #[test]
    fn waiting_starts_after_the_quick_attempts_and_never_exceeds_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (0..=17).map(|attempts| wait_after(attempts, QUICK_ATTEMPTS).as_seconds()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait_after(u32::MAX, QUICK_ATTEMPTS).as_seconds(), 900);
    }
}
