//! What was received, in an order people understand, and why each claim came.

use serde_json::{Map, Value};

use crate::sessions::SignedIn;

/// What made the provider send a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Every ID token has it.
    Protocol,
    /// The scope `openid`.
    OpenId,
    /// The scope `profile`.
    Profile,
    /// The scope `email`.
    Email,
    /// The scope `groups`.
    Groups,
    /// The scope `collectives`.
    Collectives,
    /// The scope `services`.
    Services,
    /// The service's own profile at the provider.
    Service,
    /// Nothing this service knows of.
    Unknown,
}

impl Origin {
    /// The message that names it.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Protocol => "origin-protocol",
            Self::OpenId => "origin-openid",
            Self::Profile => "origin-profile",
            Self::Email => "origin-email",
            Self::Groups => "origin-groups",
            Self::Collectives => "origin-collectives",
            Self::Services => "origin-services",
            Self::Service => "origin-service",
            Self::Unknown => "origin-unknown",
        }
    }
}

/// Every claim this service can explain; each has the messages `claim-<name>` and `why-<name>`.
pub(crate) const KNOWN: [(&str, Origin); 28] = [
    ("sub", Origin::OpenId),
    ("name", Origin::Profile),
    ("given_name", Origin::Profile),
    ("family_name", Origin::Profile),
    ("preferred_username", Origin::Profile),
    ("picture", Origin::Profile),
    ("locale", Origin::Profile),
    ("language", Origin::Profile),
    ("zoneinfo", Origin::Profile),
    ("updated_at", Origin::Profile),
    ("email", Origin::Email),
    ("email_verified", Origin::Email),
    ("groups", Origin::Groups),
    ("service_role", Origin::Service),
    ("quota", Origin::Service),
    ("collectives", Origin::Collectives),
    ("services", Origin::Services),
    ("sid", Origin::Protocol),
    ("auth_time", Origin::Protocol),
    ("acr", Origin::Protocol),
    ("amr", Origin::Protocol),
    ("iss", Origin::Protocol),
    ("aud", Origin::Protocol),
    ("azp", Origin::Protocol),
    ("iat", Origin::Protocol),
    ("exp", Origin::Protocol),
    ("nonce", Origin::Protocol),
    ("at_hash", Origin::Protocol),
];

/// A value as people read it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    /// Words or a number.
    Words(String),
    /// Several words; possibly none.
    List(Vec<String>),
    /// True or false.
    YesNo(bool),
    /// An instant in milliseconds.
    Instant(i64),
    /// A number of bytes.
    Size(u64),
    /// Signs that mean something to machines only.
    Code(String),
}

/// One claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    pub(crate) name: String,
    pub(crate) value: Shown,
    pub(crate) origin: Origin,
    pub(crate) in_id_token: bool,
    pub(crate) in_userinfo: bool,
}

/// Everything received: the known claims in the order of [`KNOWN`], then the others by name.
pub(crate) fn received(signed_in: &SignedIn) -> Vec<Claim> {
    let empty = Map::new();
    let userinfo = signed_in.userinfo.as_ref().unwrap_or(&empty);
    let known = KNOWN.iter().map(|(name, origin)| ((*name).to_owned(), *origin));
    let mut others: Vec<String> = signed_in.id_claims.keys().chain(userinfo.keys()).cloned().collect();
    others.retain(|name| !KNOWN.iter().any(|(known, _)| known == name));
    others.sort();
    others.dedup();
    known
        .chain(others.into_iter().map(|name| (name, Origin::Unknown)))
        .filter_map(|(name, origin)| {
            let (in_id_token, in_userinfo) = (signed_in.id_claims.contains_key(&name), userinfo.contains_key(&name));
            let value = shown(&name, signed_in.id_claims.get(&name).or_else(|| userinfo.get(&name))?);
            Some(Claim { name, value, origin, in_id_token, in_userinfo })
        })
        .collect()
}

/// The value of a claim from the ID token or, failing that, from userinfo.
pub(crate) fn value<'a>(signed_in: &'a SignedIn, name: &str) -> Option<&'a Value> {
    signed_in.id_claims.get(name).or_else(|| signed_in.userinfo.as_ref()?.get(name))
}

/// How to show the value of a claim.
pub(crate) fn shown(name: &str, value: &Value) -> Shown {
    match (name, value) {
        ("auth_time" | "iat" | "exp" | "updated_at", Value::Number(seconds)) => {
            Shown::Instant(seconds.as_i64().unwrap_or_default().saturating_mul(1000))
        }
        ("quota", Value::Number(bytes)) => bytes.as_u64().map_or_else(|| Shown::Words(bytes.to_string()), Shown::Size),
        ("sub" | "sid" | "nonce" | "at_hash", Value::String(text)) => Shown::Code(text.clone()),
        (_, Value::String(text)) => Shown::Words(text.clone()),
        (_, Value::Number(number)) => Shown::Words(number.to_string()),
        (_, Value::Bool(answer)) => Shown::YesNo(*answer),
        (_, Value::Array(items)) => {
            items.iter().map(item).collect::<Option<_>>().map_or_else(|| Shown::Code(value.to_string()), Shown::List)
        }
        (_, Value::Object(_) | Value::Null) => Shown::Code(value.to_string()),
    }
}

/// One entry of a list: a word, or an object that has a name to be called by; in brackets the collective it comes through.
fn item(value: &Value) -> Option<String> {
    let text = |object: &Map<String, Value>, key: &str| object.get(key)?.as_str().map(str::to_owned);
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => {
            let name = ["displayName", "name", "gid", "id"].iter().find_map(|key| text(object, key))?;
            Some(text(object, "via").map_or_else(|| name.clone(), |via| format!("{name} ({via})")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use ui_kit::{Lang, T};

    use super::*;
    use crate::TEXTS;

    #[test]
    fn every_known_claim_has_a_name_and_a_reason_in_every_language() {
        for lang in Lang::ALL {
            let t = T::new(lang, &TEXTS);
            for (name, origin) in KNOWN {
                assert!(t.has(&format!("claim-{name}")) && t.has(&format!("why-{name}")) && t.has(origin.key()), "{lang}: {name}");
            }
        }
    }

    #[test]
    fn values_are_shown_as_what_they_mean() {
        for (name, value, expected) in [
            ("groups", json!(["cc_ateneu"]), Shown::List(vec!["cc_ateneu".to_owned()])),
            ("groups", json!([]), Shown::List(Vec::new())),
            ("groups", json!([{"gid": "cc_a", "displayName": "A"}]), Shown::List(vec!["A".to_owned()])),
            ("services", json!([{"id": "wiki", "via": "ateneu"}]), Shown::List(vec!["wiki (ateneu)".to_owned()])),
            ("groups", json!("cc_a,cc_b"), Shown::Words("cc_a,cc_b".to_owned())),
            ("quota", json!(5_368_709_120_u64), Shown::Size(5_368_709_120)),
            ("quota", json!("5 GB"), Shown::Words("5 GB".to_owned())),
            ("auth_time", json!(7), Shown::Instant(7000)),
            ("email_verified", json!(true), Shown::YesNo(true)),
            ("address", json!({"country": "x"}), Shown::Code("{\"country\":\"x\"}".to_owned())),
        ] {
            assert_eq!(shown(name, &value), expected, "{name}");
        }
    }
}
