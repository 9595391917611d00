//! Instants in files: `2027-06-30` lasts to the end of that day (UTC), `2027-06-30T18:00:00+02:00` ends exactly then.

use idp_domain::Timestamp;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, format_description::well_known::Rfc3339};
use toml::value::{Datetime, Offset};

pub(super) const EXPECTED: &str = "a day such as 2027-06-30, or an instant such as 2027-06-30T18:00:00+02:00";

/// The instant of a TOML date or date-time; `None` for a time without a day or a local date-time, which names no instant.
pub(super) fn read(datetime: &Datetime) -> Option<Timestamp> {
    let date = datetime.date?;
    let date = Date::from_calendar_date(i32::from(date.year), Month::try_from(date.month).ok()?, date.day).ok()?;
    let moment = match (&datetime.time, &datetime.offset) {
        (None, None) => date.midnight().assume_utc().checked_add(Duration::DAY)?,
        (Some(time), Some(offset)) => {
            let nanosecond = time.nanosecond.unwrap_or(0);
            let time = Time::from_hms_nano(time.hour, time.minute, time.second.unwrap_or(0), nanosecond).ok()?;
            let minutes = match offset {
                Offset::Z => 0,
                Offset::Custom { minutes } => *minutes,
            };
            let offset = UtcOffset::from_whole_seconds(i32::from(minutes) * 60).ok()?;
            PrimitiveDateTime::new(date, time).assume_offset(offset)
        }
        _ => return None,
    };
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Timestamp::from_millis)
}

/// An instant as files write it.
pub(super) fn write(at: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.millis()) * 1_000_000)
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.millis().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_lasts_to_its_end_and_an_instant_survives_writing() {
        for (text, millis) in [
            ("1970-01-01", 86_400_000),
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T02:00:00+02:00", 0),
            ("2027-06-30T16:00:00.250Z", 1_814_371_200_250),
        ] {
            let at = read(&text.parse().expect("a date")).expect("an instant");
            assert_eq!(at.millis(), millis, "{text}");
            assert_eq!(read(&write(at).parse().expect("a date")), Some(at), "{text}");
        }
        for text in ["10:00:00", "2027-06-30T10:00:00"] {
            assert_eq!(read(&text.parse().expect("a date")), None, "{text}");
        }
    }
}
