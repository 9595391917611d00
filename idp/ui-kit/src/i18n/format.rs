//! Dates, numbers and sizes as a reader of each language writes them.

use super::{Lang, T};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From here on a date says more than a distance.
const FAR: i64 = 30 * DAY;

const MONTHS: [[&str; 12]; 3] = [
    [
        "de gener",
        "de febrer",
        "de març",
        "d’abril",
        "de maig",
        "de juny",
        "de juliol",
        "d’agost",
        "de setembre",
        "d’octubre",
        "de novembre",
        "de desembre",
    ],
    [
        "de enero",
        "de febrero",
        "de marzo",
        "de abril",
        "de mayo",
        "de junio",
        "de julio",
        "de agosto",
        "de septiembre",
        "de octubre",
        "de noviembre",
        "de diciembre",
    ],
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
];

impl T {
    /// `3 de març de 2026`; `millis` since the epoch.
    pub fn date(self, millis: i64) -> String {
        let (year, month, day) = civil(self.local(millis).div_euclid(DAY));
        let month = MONTHS[self.lang().index()].get(month - 1).copied().unwrap_or_default();
        match self.lang() {
            Lang::Ca | Lang::Es => format!("{day} {month} de {year}"),
            Lang::En => format!("{day} {month} {year}"),
        }
    }

    /// `3 de març de 2026, 14:05`, followed by `UTC` when no other offset was chosen.
    pub fn date_time(self, millis: i64) -> String {
        let zone = if self.offset_minutes == 0 { " UTC" } else { "" };
        format!("{}, {}{zone}", self.date(millis), self.time_of_day(millis))
    }

    /// `14:05`.
    pub fn time_of_day(self, millis: i64) -> String {
        let within = self.local(millis).rem_euclid(DAY);
        format!("{:02}:{:02}", within / HOUR, within % HOUR / MINUTE)
    }

    /// How far `millis` is from `now`: `fa 3 dies`, `d’aquí a 2 hores`; the date when it is more than a month.
    pub fn relative(self, millis: i64, now: i64) -> String {
        let distance = millis.saturating_sub(now);
        let (unit, n) = match distance.saturating_abs() {
            gone if gone < MINUTE => return self.msg("kit-now"),
            gone if gone < HOUR => ("minutes", gone / MINUTE),
            gone if gone < DAY => ("hours", gone / HOUR),
            gone if gone < FAR => ("days", gone / DAY),
            _ => return self.args("kit-on-date", &[("date", self.date(millis).into())]),
        };
        let direction = if distance < 0 { "ago" } else { "in" };
        self.args(&format!("kit-{unit}-{direction}"), &[("n", n.into())])
    }

    /// `1.234.567` in Catalan and Spanish, `1,234,567` in English.
    pub fn number(self, n: i64) -> String {
        let separator = if self.lang() == Lang::En { ',' } else { '.' };
        let digits = n.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + 8);
        if n < 0 {
            text.push('−');
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    /// `1,5 GB`: at most one decimal; units are powers of 1024, as the services count them.
    pub fn bytes(self, bytes: u64) -> String {
        const UNITS: [&str; 6] = ["B", "KB", "MB", "GB", "TB", "PB"];
        let mut unit = 0;
        while unit + 1 < UNITS.len() && bytes >= 1 << (10 * (unit + 1)) {
            unit += 1;
        }
        let size = 1_u128 << (10 * unit);
        let tenths = (u128::from(bytes) * 10 + size / 2) / size;
        let (whole, tenth) = (tenths / 10, tenths % 10);
        let whole = self.number(i64::try_from(whole).unwrap_or(i64::MAX));
        let point = if self.lang() == Lang::En { '.' } else { ',' };
        let decimals = if tenth == 0 { String::new() } else { format!("{point}{tenth}") };
        format!("{whole}{decimals}\u{a0}{}", UNITS[unit])
    }

    fn local(self, millis: i64) -> i64 {
        millis.saturating_add(i64::from(self.offset_minutes) * MINUTE)
    }
}

/// `2026-03-03T14:05:00Z`, for the `datetime` attribute of `time`.
pub(crate) fn rfc3339(millis: i64) -> String {
    let (year, month, day) = civil(millis.div_euclid(DAY));
    let seconds = millis.rem_euclid(DAY) / 1000;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds % 3600 / 60, seconds % 60)
}

/// Year, month (1–12) and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar. Counts from 1 March
/// of year 0, so that the leap day is the last of its year, in eras of 400 years.
fn civil(days: i64) -> (i64, usize, i64) {
    const ERA: i64 = 146_097;
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, usize::try_from(month).unwrap_or(1), day)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::Catalogue;

    static KIT: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[]));
    const THIRD_OF_MARCH: i64 = 1_772_546_700_000; // 2026-03-03T14:05:00Z

    fn t(lang: Lang) -> T {
        T::new(lang, &KIT)
    }

    #[test]
    fn dates_are_written_in_words() {
        assert_eq!(t(Lang::Ca).date(THIRD_OF_MARCH), "3 de març de 2026");
        assert_eq!(t(Lang::Es).date(THIRD_OF_MARCH), "3 de marzo de 2026");
        assert_eq!(t(Lang::En).date_time(THIRD_OF_MARCH), "3 March 2026, 14:05 UTC");
        assert_eq!(t(Lang::Ca).with_offset(60).date_time(THIRD_OF_MARCH), "3 de març de 2026, 15:05");
        assert_eq!(t(Lang::Ca).date(THIRD_OF_MARCH + 31 * DAY), "3 d’abril de 2026");
    }

    #[test]
    fn the_calendar_knows_its_leap_days() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (19_782, (2024, 2, 29)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(civil(days), date, "{days}");
        }
        assert_eq!(rfc3339(THIRD_OF_MARCH), "2026-03-03T14:05:00Z");
    }

    #[test]
    fn distances_are_told_in_the_largest_unit() {
        let now = THIRD_OF_MARCH;
        for (distance, words) in [
            (-30_000, "ara mateix"),
            (-MINUTE, "fa 1 minut"),
            (-3 * DAY, "fa 3 dies"),
            (-DAY, "fa 1 dia"),
            (2 * HOUR, "d’aquí a 2 hores"),
            (-40 * DAY, "el 22 de gener de 2026"),
        ] {
            assert_eq!(t(Lang::Ca).relative(now + distance, now), words);
        }
        assert_eq!(t(Lang::En).relative(now - DAY, now), "1 day ago");
        assert_eq!(t(Lang::Es).relative(now + 5 * MINUTE, now), "dentro de 5 minutos");
        assert!(!t(Lang::Ca).relative(i64::MIN, i64::MAX / 2).is_empty());
    }

    #[test]
    fn numbers_and_sizes_follow_the_language() {
        assert_eq!(t(Lang::Ca).number(1_234_567), "1.234.567");
        assert_eq!(t(Lang::En).number(-1_000), "−1,000");
        assert_eq!(t(Lang::En).number(999), "999");
        assert_eq!(t(Lang::Ca).bytes(5 << 30), "5\u{a0}GB");
        assert_eq!(t(Lang::Ca).bytes(3 << 29), "1,5\u{a0}GB");
        assert_eq!(t(Lang::En).bytes(1_536), "1.5\u{a0}KB");
        assert_eq!(t(Lang::En).bytes(0), "0\u{a0}B");
        assert_eq!(t(Lang::En).bytes(u64::MAX), "16,384\u{a0}PB");
    }
}
