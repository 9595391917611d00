//! Secrets as types: never printed, compared in constant time, wiped when dropped, stored only as a hash.
//!
//! An opaque secret is `<prefix>_<43 base62 characters><6 base62 characters of CRC-32>`: scanners recognise the prefix
//! and garbage is refused by its checksum before any look-up.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use zeroize::{Zeroize, ZeroizeOnDrop};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BODY: usize = 43;
const CHECK: usize = 6;

/// What an opaque secret is for; part of its text and of its hash, so that one never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// Authorization code (RFC 6749 §1.3.1).
    Code,
    /// Refresh token (RFC 6749 §1.5).
    RefreshToken,
    /// The browser's cookie.
    Browser,
    /// A client's secret.
    ClientSecret,
    /// A one-time link: address verification, activation, setup.
    Link,
}

impl SecretKind {
    /// The text before the underscore.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Code => "ac",
            Self::RefreshToken => "rt",
            Self::Browser => "br",
            Self::ClientSecret => "cs",
            Self::Link => "ln",
        }
    }
}

/// A 256-bit opaque secret in its printed form.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret {
    text: String,
    #[zeroize(skip)]
    kind: SecretKind,
}

/// SHA-256 of `kind ‖ secret`: what storage keeps and looks up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretHash([u8; 32]);

impl Secret {
    /// Prints 32 random bytes as a secret of this kind.
    pub fn from_entropy(kind: SecretKind, mut bytes: [u8; 32]) -> Self {
        let mut body = base62(&bytes);
        bytes.zeroize();
        let checksum = checksum(kind, &body);
        body.push_str(&checksum);
        Self { text: format!("{}_{body}", kind.prefix()), kind }
    }

    /// Parses text that claims to be a secret of this kind; `None` for anything else, without any look-up.
    pub fn parse(kind: SecretKind, text: &str) -> Option<Self> {
        let body = text.strip_prefix(kind.prefix())?.strip_prefix('_')?;
        if body.len() != BODY + CHECK || !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (secret, check) = body.split_at(BODY);
        (checksum(kind, secret) == check).then(|| Self { text: text.to_owned(), kind })
    }

    /// The text to hand to its owner. Never log it.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What is stored instead of the secret.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.kind, self.text.as_bytes())
    }
}

impl SecretHash {
    /// Hashes a secret that somebody else chose, such as an imported client secret.
    pub fn of(kind: SecretKind, secret: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(kind.prefix().as_bytes());
        hasher.update([0]);
        hasher.update(secret);
        Self(hasher.finalize().into())
    }
    /// From the stored bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// Compares in constant time.
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({}_…)", self.kind.prefix())
    }
}
impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A secret somebody typed: a password. Never printed, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Typed(String);

impl Typed {
    /// Takes what was typed as it is: an address with a secret in it, a client's secret.
    pub fn new(text: String) -> Self {
        Self(text)
    }
    /// Takes a password: the same letters are the same password, composed or not, whatever the keyboard sends. Normalised to
    /// NFC (NIST SP 800-63B-4 §3.1.1.2).
    pub fn password(mut text: String) -> Self {
        if is_nfc(&text) {
            return Self(text);
        }
        // room enough (UAX #15: three times, at most), so that no piece of it stays behind when it grows
        let mut composed = String::with_capacity(3 * text.len());
        composed.extend(text.nfc());
        text.zeroize();
        Self(composed)
    }
    /// What was typed. Never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// Base 62 of a 256-bit number, most significant digit first, padded to 43 digits.
fn base62(bytes: &[u8; 32]) -> String {
    let mut number = *bytes;
    let mut digits = [b'0'; BODY];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder * 256 + u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            remainder = value % 62;
        }
        *digit = ALPHABET[remainder as usize];
    }
    number.zeroize();
    digits.iter().map(|&digit| char::from(digit)).collect()
}

fn checksum(kind: SecretKind, body: &str) -> String {
    let mut crc = !0u32;
    for &byte in kind.prefix().as_bytes().iter().chain(body.as_bytes()) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let mut value = !crc;
    let mut digits = ['0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = char::from(ALPHABET[(value % 62) as usize]);
        value /= 62;
    }
    digits.iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_printed_secret_parses_and_hashes_alike(bytes: [u8; 32]) {
            let secret = Secret::from_entropy(SecretKind::Code, bytes);
            let again = Secret::parse(SecretKind::Code, secret.expose()).expect("own print parses");
            prop_assert!(again.hash().matches(&secret.hash()));
            prop_assert!(Secret::parse(SecretKind::RefreshToken, secret.expose()).is_none());
        }

        #[test]
        fn different_bytes_print_differently(a: [u8; 32], b: [u8; 32]) {
            prop_assume!(a != b);
            let (a, b) = (Secret::from_entropy(SecretKind::Link, a), Secret::from_entropy(SecretKind::Link, b));
            prop_assert_ne!(a.expose(), b.expose());
        }

        #[test]
        fn any_text_is_parsed_without_panic(text in ".{0,80}") {
            let _ = Secret::parse(SecretKind::Code, &text);
        }
    }

    #[test]
    fn a_changed_letter_is_caught_by_the_checksum() {
        let secret = Secret::from_entropy(SecretKind::Code, [9; 32]);
        let mut text = secret.expose().to_owned();
        let last = text.pop().expect("not empty");
        text.push(if last == 'a' { 'b' } else { 'a' });
        assert!(Secret::parse(SecretKind::Code, &text).is_none());
    }

    #[test]
    fn debug_shows_nothing() {
        let secret = Secret::from_entropy(SecretKind::Code, [9; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(ac_…)");
        assert_eq!(format!("{:?}", Typed::new("hola".into())), "Typed(…)");
    }

    #[test]
    fn a_password_is_the_same_composed_or_not() {
        for text in ["cafe\u{301} amb llet", "caf\u{e9} amb llet"] {
            assert_eq!(Typed::password(text.to_owned()).expose(), "caf\u{e9} amb llet");
        }
        assert_eq!(Typed::password("  espais i MAJÚSCULES  ".to_owned()).expose(), "  espais i MAJÚSCULES  ");
        assert_eq!(Typed::new("e\u{301}".to_owned()).expose(), "e\u{301}", "what nobody types by hand stays as it is");
    }
}
