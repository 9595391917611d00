//! The bodies of the JWTs we sign, and of those we read back. Signing and `typ` checks are the key ring's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    Timestamp, Ttl,
    client::ClientIdentifier,
    id::{AuthorizationId, SessionId},
    profile::SigningAlg,
    scope::ScopeSet,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha512};

use crate::scopes;

/// How long a logout token lives (Back-Channel Logout §2.4, N-37).
pub const LOGOUT_TOKEN_LIFETIME: Ttl = Ttl::minutes(2);

/// An ID token (OIDC Core §2, N-33). One audience, hence no `azp`.
#[derive(Debug, Clone, Serialize)]
pub struct IdToken<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// The subject of the client's sector.
    pub sub: &'a str,
    /// The client.
    pub aud: &'a str,
    /// When it expires.
    #[serde(serialize_with = "seconds")]
    pub exp: Timestamp,
    /// When it was made.
    #[serde(serialize_with = "seconds")]
    pub iat: Timestamp,
    /// When the person proved who they are.
    #[serde(serialize_with = "seconds")]
    pub auth_time: Timestamp,
    /// Echoed, when sent; left out of refreshed tokens (OIDC Core §12.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// The authentication context reached.
    pub acr: &'a str,
    /// The methods used (RFC 8176).
    pub amr: &'a [&'a str],
    /// See [`at_hash`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The session, always: services without it mix up whom to sign out.
    pub sid: SessionId,
    /// From [`crate::claims::in_id_token`].
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

impl IdToken<'_> {
    /// The `typ` header.
    pub const TYP: &'static str = "JWT";
}

/// An access token (RFC 9068, N-28): one audience, least scope.
#[derive(Debug, Clone, Serialize)]
pub struct AccessToken<'a> {
    /// The issuer.
    pub iss: &'a str,
    /// The subject, or [`client_subject`].
    pub sub: &'a str,
    /// The one audience.
    pub aud: &'a str,
    /// Who it was issued to.
    pub client_id: &'a str,
    /// When it expires.
    #[serde(serialize_with = "seconds")]
    pub exp: Timestamp,
    /// When it was made.
    #[serde(serialize_with = "seconds")]
    pub iat: Timestamp,
    /// Unique.
    pub jti: &'a str,
    /// The scopes.
    #[serde(skip_serializing_if = "scopes::is_none")]
    pub scope: ScopeSet,
    /// When the person proved who they are (RFC 9068 §2.2.1).
    #[serde(serialize_with = "optional_seconds", skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<Timestamp>,
    /// The authentication context reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<&'a str>,
    /// The session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
    /// The authorization behind it; absent for a client's own token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azn: Option<AuthorizationId>,
    /// The cluster's epoch: a restore kills what came before.
    pub epoch: i64,
    /// From [`crate::claims_request::ClaimsRequest::userinfo_names`], for our own userinfo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<&'a str>,
    /// From [`crate::claims::in_access_token`].
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

impl AccessToken<'_> {
    /// The `typ` header (RFC 9068 §2.1).
    pub const TYP: &'static str = "at+jwt";
}

/// What we read back from an access token of ours. Types are strict: `aud` is one text, times are whole numbers
/// (N-27, RFC 8725 §3).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The subject.
    pub sub: String,
    /// The one audience.
    pub aud: String,
    /// Who it was issued to.
    pub client_id: String,
    /// When it expires.
    #[serde(deserialize_with = "from_seconds")]
    pub exp: Timestamp,
    /// When it was made.
    #[serde(deserialize_with = "from_seconds")]
    pub iat: Timestamp,
    /// Unique.
    pub jti: String,
    /// The scopes.
    #[serde(default)]
    pub scope: ScopeSet,
    /// When the person proved who they are.
    #[serde(default, deserialize_with = "from_optional_seconds")]
    pub auth_time: Option<Timestamp>,
    /// The authentication context reached.
    #[serde(default)]
    pub acr: Option<String>,
    /// The session.
    #[serde(default)]
    pub sid: Option<SessionId>,
    /// The authorization behind it; absent for a client's own token.
    #[serde(default)]
    pub azn: Option<AuthorizationId>,
    /// The cluster's epoch at issue.
    pub epoch: i64,
    /// What userinfo was asked for beyond the scopes.
    #[serde(default)]
    pub asked: Option<String>,
}

/// A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4, N-37). It has no `nonce`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogoutToken<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    #[serde(serialize_with = "seconds")]
    iat: Timestamp,
    #[serde(serialize_with = "seconds")]
    exp: Timestamp,
    jti: &'a str,
    events: LogoutEvent,
}

/// `{"http://schemas.openid.net/event/backchannel-logout": {}}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LogoutEvent;

impl<'a> LogoutToken<'a> {
    /// The `typ` header.
    pub const TYP: &'static str = "logout+jwt";

    /// A token made now for one client. Without `sid` it ends every session of the subject there. Each delivery attempt
    /// gets a token of its own with its own `jti`.
    pub fn new(iss: &'a str, aud: &'a str, sub: &'a str, sid: Option<SessionId>, jti: &'a str, now: Timestamp) -> Self {
        Self { iss, aud, sub, sid, iat: now, exp: now + LOGOUT_TOKEN_LIFETIME, jti, events: LogoutEvent }
    }
}

impl Serialize for LogoutEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(Some(1))?;
        events.serialize_entry("http://schemas.openid.net/event/backchannel-logout", &Map::new())?;
        events.end()
    }
}

/// What we read back from an ID token that returns as a hint (OIDC Core §3.1.2.1, RP-Initiated Logout §2). It may be
/// expired: the signature and `iss` must be right, `exp` is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IdTokenHint {
    /// The issuer.
    pub iss: String,
    /// The subject.
    pub sub: String,
    /// The client.
    pub aud: String,
    /// The session.
    #[serde(default)]
    pub sid: Option<SessionId>,
}

/// The subject of a client's own tokens. The colon keeps it apart from every person's subject, whatever `client_id`
/// somebody registers (N-31).
pub fn client_subject(client_id: &ClientIdentifier) -> String {
    format!("client:{client_id}")
}

/// `at_hash` (OIDC Core §3.1.3.6): the left half of the hash that belongs to the signature algorithm; Ed25519 hashes
/// with SHA-512.
pub fn at_hash(access_token: &str, alg: SigningAlg) -> String {
    match alg {
        SigningAlg::Rs256 | SigningAlg::Es256 => URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]),
        SigningAlg::EdDsa => URL_SAFE_NO_PAD.encode(&Sha512::digest(access_token)[..32]),
    }
}

/// NumericDate (RFC 7519 §2).
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn seconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(at.seconds())
}

#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn optional_seconds<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    at.map(Timestamp::seconds).serialize(serializer)
}

pub(crate) fn from_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(deserializer).map(Timestamp::from_seconds)
}

pub(crate) fn from_optional_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(Timestamp::from_seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sid() -> SessionId {
        "ses_00000000000000000000000000000003".parse().expect("valid")
    }
    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }
    fn access_token() -> AccessToken<'static> {
        AccessToken {
            iss: "https://id.ateneu.cat",
            sub: "s-1",
            aud: "https://nuvol.cat/api",
            client_id: "nuvol",
            exp: at(1300),
            iat: at(1000),
            jti: "j1",
            scope: ScopeSet::parse("openid email"),
            auth_time: Some(at(900)),
            acr: Some("1"),
            sid: Some(sid()),
            azn: Some("azn_00000000000000000000000000000004".parse().expect("valid")),
            epoch: 2,
            asked: Some("email name"),
            claims: Map::new(),
        }
    }

    #[test]
    fn an_id_token_has_what_a_client_checks_and_nothing_empty() {
        let claims = json!({ "email": "m@a.cat" });
        let token = IdToken {
            iss: "https://id.ateneu.cat",
            sub: "s-1",
            aud: "nuvol",
            exp: at(1300),
            iat: at(1000),
            auth_time: Timestamp::from_millis(900_999),
            nonce: None,
            acr: "1",
            amr: &["pwd"],
            at_hash: None,
            sid: sid(),
            claims: claims.as_object().cloned().expect("an object"),
        };
        let json = |token: &IdToken<'_>| serde_json::to_value(token).expect("serialises");
        assert_eq!(
            json(&token),
            json!({
                "iss": "https://id.ateneu.cat", "sub": "s-1", "aud": "nuvol", "exp": 1300, "iat": 1000, "auth_time": 900, "acr": "1",
                "amr": ["pwd"], "sid": "ses_00000000000000000000000000000003", "email": "m@a.cat",
            })
        );
        assert_eq!(json(&IdToken { nonce: Some("n"), ..token })["nonce"], "n");
    }

    #[test]
    fn an_access_token_is_read_back_whatever_claims_it_carries() {
        let mut token = access_token();
        token.claims.insert("groups".into(), json!(["cc_ateneu"]));
        let json = serde_json::to_value(&token).expect("serialises");
        assert_eq!(json["groups"], json!(["cc_ateneu"]));
        assert_eq!((&json["exp"], &json["aud"], &json["scope"]), (&json!(1300), &json!("https://nuvol.cat/api"), &json!("openid email")));
        let read: AccessTokenClaims = serde_json::from_value(json).expect("reads back");
        assert_eq!((read.sub.as_str(), read.exp, read.auth_time, read.sid), ("s-1", at(1300), Some(at(900)), Some(sid())));
        assert_eq!((read.azn, read.epoch, read.scope), (token.azn, 2, token.scope));
        assert_eq!(read.asked.as_deref(), Some("email name"));
    }

    #[test]
    fn a_client_s_own_token_names_no_person() {
        let own = AccessToken { auth_time: None, acr: None, sid: None, azn: None, asked: None, ..access_token() };
        let json = serde_json::to_value(&own).expect("serialises");
        assert!(["auth_time", "acr", "sid", "azn", "asked"].into_iter().all(|name| json.get(name).is_none()));
        let read: AccessTokenClaims = serde_json::from_value(json).expect("reads back");
        assert_eq!((read.azn, read.sid), (None, None));
    }

    #[test]
    fn an_access_token_of_the_wrong_shape_is_refused() {
        for (name, value) in [
            ("aud", json!(["https://nuvol.cat/api"])),
            ("aud", json!(null)),
            ("exp", json!("1300")),
            ("exp", json!(1300.5)),
            ("epoch", json!(null)),
            ("azn", json!("per_00000000000000000000000000000004")),
        ] {
            let mut json = serde_json::to_value(access_token()).expect("serialises");
            json[name] = value.clone();
            assert!(serde_json::from_value::<AccessTokenClaims>(json).is_err(), "{name} {value}");
        }
    }

    #[test]
    fn an_id_token_does_not_read_as_an_access_token() {
        let id_token =
            json!({ "iss": "i", "sub": "s", "aud": "nuvol", "exp": 1, "iat": 1, "auth_time": 1, "acr": "1", "amr": ["pwd"], "sid": sid() });
        assert!(serde_json::from_value::<AccessTokenClaims>(id_token.clone()).is_err());
        let hint: IdTokenHint = serde_json::from_value(id_token).expect("a hint");
        assert_eq!((hint.aud.as_str(), hint.sid), ("nuvol", Some(sid())));
    }

    #[test]
    fn a_logout_token_has_one_empty_event_and_no_nonce() {
        let token = LogoutToken::new("https://id.ateneu.cat", "nuvol", "s-1", Some(sid()), "j1", at(1000));
        assert_eq!(
            serde_json::to_value(&token).expect("serialises"),
            json!({
                "iss": "https://id.ateneu.cat", "aud": "nuvol", "sub": "s-1", "sid": "ses_00000000000000000000000000000003", "iat": 1000,
                "exp": 1120, "jti": "j1", "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            })
        );
        let everywhere = LogoutToken::new("i", "nuvol", "s-1", None, "j1", at(1000));
        assert!(serde_json::to_value(everywhere).expect("serialises").get("sid").is_none());
    }

    #[test]
    fn at_hash_is_the_left_half_of_the_right_hash() {
        // the worked example of OIDC Core, appendix A.3
        let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(at_hash(token, SigningAlg::Rs256), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(at_hash(token, SigningAlg::Es256), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(at_hash(token, SigningAlg::EdDsa).len(), 43);
    }

    #[test]
    fn no_client_id_makes_a_client_look_like_a_person() {
        let client_id = ClientIdentifier::parse("9b2e-41").expect("valid");
        assert_eq!(client_subject(&client_id), "client:9b2e-41");
    }
}
