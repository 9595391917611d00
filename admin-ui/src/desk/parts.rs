//! Small parts that several pages share: states, roles, the terms of a door.

use idp_api::{CollectiveRole, Door, DoorState, FieldError, MemberOffer, MembershipState, RequestKind};
use maud::{Markup, html};
use time::{Date, UtcDateTime, format_description::BorrowedFormatItem, macros::format_description};
use ui_kit::{Alert, Choice, Field, Select, Tag, Tone, error_summary};

use crate::{
    http::{draft::Draft, fields::Fields},
    texts::T,
};

const DAY: i64 = 86_400_000;
const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const UNITS: [(&str, i64); 5] = [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

/// The colour of a membership's state.
pub(crate) const fn state_tone(state: MembershipState) -> Tone {
    match state {
        MembershipState::Active => Tone::Success,
        MembershipState::Requested | MembershipState::Invited => Tone::Info,
        MembershipState::Suspended => Tone::Warning,
        MembershipState::Lapsed => Tone::Error,
        MembershipState::Ended | MembershipState::Refused => Tone::Neutral,
    }
}

/// A membership's state.
pub(crate) fn state_tag(t: T, state: MembershipState) -> Tag {
    Tag::new(state_tone(state), t.msg(&format!("state-{}", state.as_str())))
}

/// What somebody is in the collective, beyond belonging to it.
pub(crate) fn role_tags(t: T, roles: &[CollectiveRole]) -> Markup {
    html! {
        @for role in roles {
            @match role {
                CollectiveRole::Member => {}
                CollectiveRole::Manager => { (Tag::new(Tone::Info, t.msg("role-manager"))) " " }
                CollectiveRole::Coordinator => { (Tag::neutral(t.msg("role-coordinator"))) " " }
                CollectiveRole::ServiceManager => { (Tag::neutral(t.msg("role-service-manager"))) " " }
            }
        }
    }
}

/// What a request asks for.
pub(crate) fn kind_tag(t: T, kind: RequestKind) -> Tag {
    let tone = if kind == RequestKind::Recovery { Tone::Warning } else { Tone::Info };
    Tag::new(tone, t.msg(&format!("kind-{}", kind.as_str())))
}

/// Whether one gets through a door, and if not, why.
pub(crate) fn door_tag(t: T, state: DoorState) -> Tag {
    let (tone, key) = match state {
        DoorState::Open => (Tone::Success, "door-open"),
        DoorState::Expired => (Tone::Warning, "door-expired"),
        DoorState::MembershipNotActive => (Tone::Warning, "door-membership-not-active"),
        DoorState::OfferWithdrawn => (Tone::Neutral, "door-offer-withdrawn"),
        DoorState::CollectiveNotActive => (Tone::Neutral, "door-collective-not-active"),
        DoorState::ServiceNotActive => (Tone::Neutral, "door-service-not-active"),
        DoorState::PersonNotActive => (Tone::Warning, "door-person-not-active"),
    };
    Tag::new(tone, t.msg(key))
}

/// Why a form is shown again, above it: what is wrong leads to its field.
pub(crate) fn draft_note(t: T, draft: &Draft) -> Markup {
    let line = |error: &FieldError| {
        let sentence = draft.error(t, &error.field).unwrap_or_default();
        let named = field_label(t, &error.field).map(|label| format!("{label}: {sentence}"));
        (format!("f-{}", error.field), named.unwrap_or(sentence))
    };
    let lines: Vec<(String, String)> = draft.errors.iter().map(line).collect();
    let lines: Vec<(&str, &str)> = lines.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    html! {
        @if !lines.is_empty() {
            (error_summary(t, &lines))
        } @else if let Some(why) = draft.why {
            (Alert::warning(t.msg(why.key())).announced())
        }
    }
}

/// What a field is called; the service that its name may end with is told by the field itself.
fn field_label(t: T, name: &str) -> Option<String> {
    let key = match name.split('.').next()? {
        "role" => "terms-role",
        "quota" => "terms-quota",
        "ends_at" => "terms-ends-at",
        "reason" => "reason-label",
        "email" => "invite-email",
        "name" => "settings-name",
        "language" => "invite-language",
        "locale" => "settings-language",
        "to" => "reroute-to",
        _ => return None,
    };
    Some(t.msg(key))
}

/// A number of things for Fluent's plurals.
pub(crate) fn count(n: impl TryInto<i64>) -> ui_kit::Value<'static> {
    n.try_into().unwrap_or(i64::MAX).into()
}

/// Role, quota and end of a door.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// One of the offer's roles.
    pub role: Option<String>,
    /// Bytes.
    pub quota: Option<i64>,
    /// ms.
    pub ends_at: Option<i64>,
}

impl Terms {
    /// What stands at a door.
    pub(crate) fn of(door: &Door) -> Self {
        Self { role: door.role.clone(), quota: door.quota, ends_at: door.ends_at }
    }

    /// What stands in the form of a new door.
    pub(crate) fn proposed(offer: &MemberOffer) -> Self {
        Self { role: offer.default_role.clone(), ..Self::default() }
    }

    /// Reads the three fields; `suffix` tells several doors in one form apart.
    pub(crate) fn read(fields: &Fields, suffix: &str) -> Result<Self, Vec<FieldError>> {
        let name = |field: &str| format!("{field}{suffix}");
        let mut errors = Vec::new();
        let mut wrong = |field: &str, code: &str| errors.push(FieldError { field: name(field), code: code.to_owned() });
        let quota = fields.get(&name("quota")).map(parse_quota);
        if quota == Some(None) {
            wrong("quota", "quota");
        }
        let ends_at = fields.get(&name("ends_at")).map(parse_last_day);
        if ends_at == Some(None) {
            wrong("ends_at", "date");
        }
        if errors.is_empty() {
            Ok(Self { role: fields.get(&name("role")).map(str::to_owned), quota: quota.flatten(), ends_at: ends_at.flatten() })
        } else {
            Err(errors)
        }
    }

    /// The three fields with their values.
    pub(crate) fn values(&self) -> [(&'static str, String); 3] {
        let quota = self.quota.map(print_quota).unwrap_or_default();
        let ends_at = self.ends_at.map(|end| print_day(end - 1)).unwrap_or_default();
        [("role", self.role.clone().unwrap_or_default()), ("quota", quota), ("ends_at", ends_at)]
    }

    /// The three fields. A role is asked for only where the service has some, a quota always: absent means the service's own.
    pub(crate) fn fields(&self, t: T, offer: &MemberOffer, draft: &Draft, suffix: &str, now: i64) -> Markup {
        let name = |field: &str| format!("{field}{suffix}");
        let [(_, present_role), (_, present_quota), (_, present_end)] = self.values();
        let (role, quota, ends_at) = (name("role"), name("quota"), name("ends_at"));
        let chosen = draft.value(&role, &present_role);
        let roles = offer.roles.iter().map(|role| Choice::new(role, role_name(t, role)).chosen(role == chosen)).collect();
        let limit = match offer.quota_ceiling {
            Some(bytes) => t.args("terms-quota-ceiling", &[("most", say_quota(bytes).into())]),
            None => t.msg("terms-quota-hint"),
        };
        html! {
            @if !offer.roles.is_empty() {
                (Select::new(role.clone(), t.msg("terms-role"), roles).error(draft.error(t, &role)))
            }
            (Field::text(quota.clone(), t.msg("terms-quota")).hint(limit).max_length(20).autocomplete("off")
                .value(draft.value(&quota, &present_quota)).error(draft.error(t, &quota)))
            (Field::date(ends_at.clone(), t.msg("terms-ends-at")).hint(t.msg("terms-ends-at-hint")).min(print_day(now))
                .value(draft.value(&ends_at, &present_end)).error(draft.error(t, &ends_at)))
        }
    }

    /// The terms in words: `editora · 5 GB · fins al 3 de març de 2026`.
    pub(crate) fn words(&self, t: T) -> String {
        let role = self.role.as_deref().map(|role| role_name(t, role));
        let quota = self.quota.map(say_quota);
        let end = self.ends_at.map(|end| t.args("terms-until", &[("date", t.date(end - 1).into())]));
        let words = role.into_iter().chain(quota).chain(end).collect::<Vec<_>>().join(" · ");
        if words.is_empty() { t.msg("doors-no-terms") } else { words }
    }
}

/// A role as people call it; services name their own, so an unknown one stands as it is.
pub(crate) fn role_name(t: T, role: &str) -> String {
    let key = format!("service-role-{}", role.replace('_', "-"));
    if t.has(&key) { t.msg(&key) } else { role.to_owned() }
}

/// Reads `5 GB`, `1,5 GB`, `500MB` or a bare number of GB; units are powers of 1024. Exact to the byte or refused.
fn parse_quota(text: &str) -> Option<i64> {
    let text = text.trim().replace('\u{a0}', " ").replace(',', ".").to_ascii_uppercase();
    let (number, factor) =
        UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim(), *factor))).unwrap_or((&text, 1 << 30));
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if !(whole.bytes().all(|b| b.is_ascii_digit()) && decimals.bytes().all(|b| b.is_ascii_digit()))
        || whole.is_empty()
        || decimals.len() > 3
    {
        return None;
    }
    let part =
        if decimals.is_empty() { 0 } else { decimals.parse::<i64>().ok()? * factor / 10_i64.pow(u32::try_from(decimals.len()).ok()?) };
    whole.parse::<i64>().ok()?.checked_mul(factor)?.checked_add(part)
}

/// The largest unit that divides it: `5 GB`, `1536 MB`: what [`parse_quota`] reads back exactly.
fn print_quota(bytes: i64) -> String {
    let (unit, factor) = UNITS.iter().find(|(_, factor)| bytes >= *factor && bytes % factor == 0).unwrap_or(&("B", 1));
    format!("{} {unit}", bytes / factor)
}

/// The same for reading: number and unit stay on one line.
pub(crate) fn say_quota(bytes: i64) -> String {
    print_quota(bytes).replace(' ', "\u{a0}")
}

/// `2026-03-03` as the last moment that counts: the midnight that ends the day, UTC.
fn parse_last_day(text: &str) -> Option<i64> {
    let day = Date::parse(text, DATE).ok()?;
    Some(day.midnight().assume_utc().unix_timestamp().checked_mul(1000)? + DAY)
}

/// The day of an instant, as a date field wants it.
pub(crate) fn print_day(millis: i64) -> String {
    let instant = UtcDateTime::from_unix_timestamp(millis.div_euclid(1000)).unwrap_or(UtcDateTime::UNIX_EPOCH);
    // the format has no part that could be missing
    instant.date().format(DATE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ui_kit::Lang;

    use super::*;
    use crate::texts;

    #[test]
    fn quotas_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("5 GB", Some(5 << 30)),
            ("5", Some(5 << 30)),
            ("1,5 gb", Some(3 << 29)),
            ("500MB", Some(500 << 20)),
            ("0", Some(0)),
            ("17 B", Some(17)),
            ("", None),
            ("-1", None),
            ("molt", None),
            ("1.2345 GB", None),
            ("99999999999 TB", None),
            ("5 XB", None),
        ] {
            assert_eq!(parse_quota(text), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_printed_is_read_back_exactly() {
        for bytes in [0, 17, 1 << 30, 1536 << 20, (1 << 40) + 1] {
            assert_eq!(parse_quota(&print_quota(bytes)), Some(bytes));
        }
        let end = parse_last_day("2026-03-03").expect("a date");
        assert_eq!(print_day(end - 1), "2026-03-03");
        for bad in ["3/3/2026", "2026-02-30", "", "2026-03-03T00:00"] {
            assert_eq!(parse_last_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn terms_that_cannot_be_read_name_their_field() {
        let fields: Fields = [("quota.svc_1", "molt"), ("ends_at.svc_1", "demà"), ("role.svc_1", "editor")].into();
        let errors = Terms::read(&fields, ".svc_1").expect_err("refused");
        assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["quota.svc_1", "ends_at.svc_1"]);
        let fields: Fields = [("quota", " "), ("ends_at", ""), ("role", "editor")].into();
        assert_eq!(Terms::read(&fields, ""), Ok(Terms { role: Some("editor".into()), quota: None, ends_at: None }));
    }

    #[test]
    fn terms_are_said_in_words() {
        let terms = Terms { role: Some("x-role".into()), quota: Some(5 << 30), ends_at: parse_last_day("2026-03-03") };
        assert_eq!(terms.words(texts::in_language(Lang::Ca)), "x-role · 5\u{a0}GB · fins al 3 de març de 2026");
    }
}
