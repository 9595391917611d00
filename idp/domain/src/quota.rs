//! Storage quotas in bytes; what a service wants to read is rendered by its profile.

use std::fmt;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Quota(i64);

/// The text is no quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a number of bytes or a text such as `5 GB`")]
pub struct InvalidQuota;

const UNITS: [(&str, i64); 5] = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

impl Quota {
    /// A number of bytes; negative numbers are refused.
    pub const fn from_bytes(bytes: i64) -> Option<Self> {
        if bytes < 0 { None } else { Some(Self(bytes)) }
    }
    /// The number of bytes.
    pub const fn bytes(self) -> i64 {
        self.0
    }
    /// Reads `5 GB`, `500MB` or a plain number of bytes; units are powers of 1024, as Nextcloud counts.
    pub fn parse(text: &str) -> Result<Self, InvalidQuota> {
        let text = text.trim();
        let (number, factor) = UNITS
            .iter()
            .find_map(|(unit, factor)| {
                let at = text.len().checked_sub(unit.len())?;
                let (head, tail) = (text.get(..at)?, text.get(at..)?);
                tail.eq_ignore_ascii_case(unit).then_some((head.trim(), *factor))
            })
            .unwrap_or((text, 1));
        let number: i64 = number.parse().map_err(|_| InvalidQuota)?;
        number.checked_mul(factor).and_then(Self::from_bytes).ok_or(InvalidQuota)
    }
    /// Both together: quotas of several grants add up.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Quota {
    /// The largest unit that divides it: `5 GB`, `1536 MB`, `17 B`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = UNITS.iter().find(|(_, factor)| self.0 >= *factor && self.0 % factor == 0).unwrap_or(&("B", 1));
        write!(f, "{} {unit}", self.0 / factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_read_and_printed() {
        for (text, bytes, printed) in [
            ("5 GB", 5 << 30, "5 GB"),
            ("1536mb", 1536 << 20, "1536 MB"),
            ("17", 17, "17 B"),
            ("0", 0, "0 B"),
            ("2048 KB", 2 << 20, "2 MB"),
        ] {
            let quota = Quota::parse(text).expect("valid");
            assert_eq!((quota.bytes(), quota.to_string().as_str()), (bytes, printed), "{text}");
        }
        for bad in ["", "GB", "-1", "5 XB", "9999999999 TB", "5,5 GB", "ñGB"] {
            assert!(Quota::parse(bad).is_err(), "{bad}");
        }
    }
}
