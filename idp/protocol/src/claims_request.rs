//! The `claims` parameter (OIDC Core §5.5): which claims a client wants where. Unknown claims are ignored, never an
//! error (Nextcloud's `user_oidc` always sends some).

use std::collections::BTreeMap;

use idp_domain::{Fault, limits, scope::ScopeSet};
use serde_json::{Map, Value};

use crate::{claims, error::OAuthError};

/// A validated `claims` parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    id_token: BTreeMap<String, Ask>,
    userinfo: BTreeMap<String, Ask>,
}

/// How one claim is asked for (OIDC Core §5.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Whether the client calls it essential.
    pub essential: bool,
    /// The values it would accept; empty when any. Only texts are kept: nothing else is ever compared.
    pub values: Vec<String>,
}

impl ClaimsRequest {
    /// Parses the parameter: a JSON object of at most [`limits::CLAIMS`] bytes and [`limits::CLAIMS_DEPTH`] levels
    /// whose `id_token` and `userinfo`, if present, are objects.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        if text.len() > limits::CLAIMS {
            return Err(OAuthError::invalid_request("the parameter claims is too long"));
        }
        let value: Value = serde_json::from_str(text).map_err(|_| OAuthError::invalid_request("claims is not JSON"))?;
        if depth(&value) > limits::CLAIMS_DEPTH {
            return Err(OAuthError::invalid_request("claims is nested too deeply"));
        }
        Self::from_value(value).ok_or(OAuthError::invalid_request("claims, claims.id_token and claims.userinfo must be objects"))
    }

    /// Reads back what [`Self::to_json`] wrote; anything else is a fault.
    pub fn from_stored(json: &str) -> Result<Self, Fault> {
        let value = serde_json::from_str(json).map_err(|error| Fault::broken("protocol.claims_request", error))?;
        Self::from_value(value).ok_or_else(|| Fault::broken("protocol.claims_request", "not an object"))
    }

    /// Reads back an optional stored parameter; nothing asked when absent.
    pub fn from_optional(json: Option<&str>) -> Result<Self, Fault> {
        json.map_or_else(|| Ok(Self::default()), Self::from_stored)
    }

    /// The names of claims of ours that userinfo is asked for, a space between them; `None` for none. An access token
    /// carries them to userinfo, so that it answers what this token was asked for with, whatever is asked later.
    pub fn userinfo_names(&self) -> Option<String> {
        let names: Vec<&str> = self.userinfo.keys().map(String::as_str).filter(|name| claims::is_known(name)).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    /// Reads back what [`Self::userinfo_names`] wrote.
    pub fn from_userinfo_names(names: Option<&str>) -> Self {
        let names = names.unwrap_or_default().split(' ').filter(|name| !name.is_empty());
        Self { id_token: BTreeMap::new(), userinfo: names.map(|name| (name.to_owned(), Ask::default())).collect() }
    }

    fn from_value(value: Value) -> Option<Self> {
        let Value::Object(mut members) = value else { return None };
        Some(Self { id_token: asks(members.remove("id_token"))?, userinfo: asks(members.remove("userinfo"))? })
    }

    /// The canonical JSON: the two known members, sorted, with what is understood.
    pub fn to_json(&self) -> String {
        let mut members = Map::new();
        for (name, asks) in [("id_token", &self.id_token), ("userinfo", &self.userinfo)] {
            if !asks.is_empty() {
                members.insert(name.to_owned(), Value::Object(asks.iter().map(|(name, ask)| (name.clone(), ask.to_value())).collect()));
            }
        }
        Value::Object(members).to_string()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }
    /// Whether a claim is wanted in the ID token.
    pub fn wants_in_id_token(&self, name: &str) -> bool {
        self.id_token.contains_key(name)
    }
    /// Whether a claim is wanted in userinfo.
    pub fn wants_in_userinfo(&self, name: &str) -> bool {
        self.userinfo.contains_key(name)
    }
    /// The subject that must be signed in (OIDC Core §5.5.1): anybody else is `login_required`.
    pub fn asked_sub(&self) -> Option<&str> {
        [&self.id_token, &self.userinfo].into_iter().find_map(|asks| asks.get("sub")?.values.first()).map(String::as_str)
    }
    /// The authentication contexts of which one must be reached (OIDC Core §5.5.1.1, N-14); `None` when `acr` is not
    /// essential or any will do.
    pub fn essential_acr(&self) -> Option<&[String]> {
        let ask = self.id_token.get("acr").filter(|ask| ask.essential && !ask.values.is_empty())?;
        Some(&ask.values)
    }
    /// The authentication contexts wished for without being essential; to be treated like `acr_values`.
    pub fn voluntary_acr(&self) -> &[String] {
        self.id_token.get("acr").filter(|ask| !ask.essential).map_or(&[], |ask| &ask.values)
    }
    /// The scopes that would have brought the asked claims, as far as the client may have them: what a consent page
    /// must name besides the granted ones (N-67).
    pub fn implied_scopes(&self, allowed: ScopeSet) -> ScopeSet {
        let asked: ScopeSet = self.id_token.keys().chain(self.userinfo.keys()).filter_map(|name| claims::scope_of(name)).collect();
        asked.intersection(allowed)
    }
}

impl Ask {
    /// `null`, `{"essential": true}` and `{"value": …}` are understood; any other form asks plainly.
    fn from_value(value: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let one = value.get("value").and_then(text);
        let several = value.get("values").and_then(Value::as_array).into_iter().flatten().filter_map(text);
        Self { essential: value.get("essential") == Some(&Value::Bool(true)), values: one.into_iter().chain(several).collect() }
    }

    fn to_value(&self) -> Value {
        let mut members = Map::new();
        if self.essential {
            members.insert("essential".to_owned(), Value::Bool(true));
        }
        if !self.values.is_empty() {
            members.insert("values".to_owned(), self.values.clone().into());
        }
        if members.is_empty() { Value::Null } else { Value::Object(members) }
    }
}

/// The asks of one member; an absent or `null` member asks for nothing, anything but an object is refused.
fn asks(member: Option<Value>) -> Option<BTreeMap<String, Ask>> {
    match member {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(Value::Object(asks)) => Some(asks.into_iter().map(|(name, ask)| (name, Ask::from_value(&ask))).collect()),
        Some(_) => None,
    }
}

/// Levels of objects and arrays. The parser has bounded them already, so recursion is safe.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_client_asks_is_understood_in_every_form() {
        let text = r#"{
            "id_token": {"email": null, "name": {"essential": true}, "acr": {"essential": true, "values": ["phr", "1", 2]}, "odd": true, "odder": [1]},
            "userinfo": {"sub": {"value": "s-1"}, "quota": {"essential": "yes", "value": 5}},
            "ui": "ignored"
        }"#;
        let claims = ClaimsRequest::parse(text).expect("valid");
        assert!(["email", "name", "acr", "odd", "odder"].into_iter().all(|name| claims.wants_in_id_token(name)));
        assert!(claims.wants_in_userinfo("quota") && !claims.wants_in_userinfo("email"));
        assert_eq!(claims.asked_sub(), Some("s-1"));
        assert_eq!(claims.essential_acr(), Some(&["phr".to_owned(), "1".to_owned()][..]));
        assert!(claims.voluntary_acr().is_empty());
        let json = claims.to_json();
        assert_eq!(
            json,
            r#"{"id_token":{"acr":{"essential":true,"values":["phr","1"]},"email":null,"name":{"essential":true},"odd":null,"odder":null},"userinfo":{"quota":null,"sub":{"values":["s-1"]}}}"#
        );
        assert_eq!(ClaimsRequest::from_stored(&json).expect("own JSON"), claims);
    }

    #[test]
    fn an_access_token_carries_what_of_ours_userinfo_is_asked_for() {
        let asked = ClaimsRequest::parse(r#"{"id_token":{"groups":null},"userinfo":{"name":{"essential":true},"email":null,"x y":null}}"#);
        let asked = asked.expect("valid");
        assert_eq!(asked.userinfo_names().as_deref(), Some("email name"));
        let read = ClaimsRequest::from_userinfo_names(asked.userinfo_names().as_deref());
        assert!(read.wants_in_userinfo("email") && read.wants_in_userinfo("name") && !read.wants_in_userinfo("groups"));
        assert!(!read.wants_in_id_token("groups"));
        assert_eq!(ClaimsRequest::default().userinfo_names(), None);
        assert!(ClaimsRequest::from_userinfo_names(None).is_empty());
    }

    #[test]
    fn nothing_asked_is_nothing_stored() {
        for text in ["{}", r#"{"id_token":null}"#, r#"{"userinfo":{}}"#] {
            let claims = ClaimsRequest::parse(text).expect("valid");
            assert!(claims.is_empty());
            assert_eq!(claims.to_json(), "{}");
        }
        assert!(ClaimsRequest::from_optional(None).expect("nothing").is_empty());
        assert!(ClaimsRequest::from_stored("[").is_err());
    }

    #[test]
    fn what_is_no_claims_request_is_refused() {
        let long = format!(r#"{{"id_token":{{"{}":null}}}}"#, "a".repeat(4096));
        for bad in
            ["", "null", "[]", "3", "{", r#"{"id_token":[]}"#, r#"{"userinfo":"email"}"#, r#"{"a":[[[[]]]]}"#, &"[".repeat(200), &long]
        {
            assert!(ClaimsRequest::parse(bad).is_err(), "{bad}");
        }
        assert!(ClaimsRequest::parse(r#"{"a":[[[]]]}"#).is_ok(), "four levels pass");
    }

    #[test]
    fn a_voluntary_acr_is_not_an_essential_one() {
        let claims = ClaimsRequest::parse(r#"{"id_token":{"acr":{"values":["phr"]}}}"#).expect("valid");
        assert_eq!((claims.essential_acr(), claims.voluntary_acr()), (None, &["phr".to_owned()][..]));
        let any = ClaimsRequest::parse(r#"{"id_token":{"acr":{"essential":true}}}"#).expect("valid");
        assert_eq!(any.essential_acr(), None);
    }

    #[test]
    fn consent_must_name_the_scopes_that_asked_claims_stand_for() {
        let claims =
            ClaimsRequest::parse(r#"{"id_token":{"email":null,"quota":null,"x":null},"userinfo":{"collectives":null}}"#).expect("valid");
        assert_eq!(claims.implied_scopes(ScopeSet::parse("openid email profile")).to_string(), "email");
        assert_eq!(claims.implied_scopes(ScopeSet::parse("email collectives")).to_string(), "email collectives");
    }

    proptest! {
        #[test]
        fn any_text_is_survived_and_what_passes_is_stable(text in "[{}\\[\\]\":,a-z0-9 ]{0,120}") {
            if let Ok(claims) = ClaimsRequest::parse(&text) {
                prop_assert_eq!(ClaimsRequest::from_stored(&claims.to_json()).expect("own JSON"), claims);
            }
        }
    }
}
