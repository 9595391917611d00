//! Introspection (RFC 7662).

use idp_domain::{
    Timestamp, limits,
    scope::ScopeSet,
    secret::{Secret, SecretKind},
};
use serde_json::{Map, Value};

use crate::{error::OAuthError, params::Params};

/// A token somebody presents without saying truthfully what it is: told apart by its form, `token_type_hint` is not
/// needed (RFC 7662 §2.1, RFC 7009 §2.1).
#[derive(Clone)]
pub enum PresentedToken {
    /// Three parts: an access token, if it verifies.
    Jwt(String),
    /// A refresh token.
    Refresh(Secret),
    /// Nothing we ever issued.
    Foreign,
}

impl PresentedToken {
    /// Reads the `token` parameter of an introspection or revocation request.
    pub fn read(params: &Params) -> Result<Self, OAuthError> {
        params.get("token").map(Self::of).ok_or(OAuthError::invalid_request("token is missing"))
    }

    fn of(text: &str) -> Self {
        if let Some(secret) = Secret::parse(SecretKind::RefreshToken, text) {
            return Self::Refresh(secret);
        }
        let parts = text.split('.').count();
        let clean = text.len() <= limits::JWT && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if parts == 3 && clean { Self::Jwt(text.to_owned()) } else { Self::Foreign }
    }
}

/// Tokens are secrets: only the kind is shown.
impl std::fmt::Debug for PresentedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Jwt(_) => "Jwt(…)",
            Self::Refresh(_) => "Refresh(…)",
            Self::Foreign => "Foreign",
        })
    }
}

/// What an introspecting resource server is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Introspection {
    /// `{"active":false}` and nothing else, in whatever case: unknown, expired, withdrawn, not meant for the caller (N-29).
    Inactive,
    /// The token counts, here and now.
    Active(Box<ActiveToken>),
}

/// An active token (RFC 7662 §2.2). Mail servers read `username` and `sub` from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveToken {
    /// The issuer.
    pub iss: String,
    /// The subject.
    pub sub: String,
    /// The audience; absent for refresh tokens.
    pub aud: Option<String>,
    /// Who it was issued to.
    pub client_id: String,
    /// The username; absent without the scope `profile`, and for a client's own token.
    pub username: Option<String>,
    /// The scopes.
    pub scope: ScopeSet,
    /// When it expires.
    pub exp: Timestamp,
    /// When it was made.
    pub iat: Timestamp,
    /// Its identifier; absent for refresh tokens.
    pub jti: Option<String>,
    /// When the person proved who they are (RFC 9470 §6.2).
    pub auth_time: Option<Timestamp>,
    /// The authentication context reached (RFC 9470 §6.2).
    pub acr: Option<String>,
    /// `Bearer` for access tokens; absent for refresh tokens.
    pub token_type: Option<&'static str>,
}

impl Introspection {
    /// The JSON body.
    pub fn to_json(&self) -> String {
        let Self::Active(token) = self else { return r#"{"active":false}"#.to_owned() };
        let mut body = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        put("active", Some(true.into()));
        put("iss", Some(token.iss.as_str().into()));
        put("sub", Some(token.sub.as_str().into()));
        put("aud", token.aud.as_deref().map(Value::from));
        put("client_id", Some(token.client_id.as_str().into()));
        put("username", token.username.as_deref().map(Value::from));
        put("scope", (!token.scope.is_empty()).then(|| token.scope.to_string().into()));
        put("exp", Some(token.exp.seconds().into()));
        put("iat", Some(token.iat.seconds().into()));
        put("jti", token.jti.as_deref().map(Value::from));
        put("auth_time", token.auth_time.map(|at| at.seconds().into()));
        put("acr", token.acr.as_deref().map(Value::from));
        put("token_type", token.token_type.map(Value::from));
        Value::Object(body).to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{error::ErrorCode, testing::params};

    fn token(text: &str) -> PresentedToken {
        PresentedToken::read(&params(&[("token", text), ("token_type_hint", "whatever")])).expect("a token")
    }

    #[test]
    fn a_token_is_told_by_its_form() {
        let refresh = Secret::from_entropy(SecretKind::RefreshToken, [1; 32]);
        assert!(matches!(token(refresh.expose()), PresentedToken::Refresh(_)));
        assert!(matches!(token("aA-_.b.c"), PresentedToken::Jwt(_)));
        let code = Secret::from_entropy(SecretKind::Code, [1; 32]);
        for foreign in ["abc", "a.b", "a.b.c.d.e", "a b.c.d", code.expose()] {
            assert!(matches!(token(foreign), PresentedToken::Foreign), "{foreign}");
        }
        assert_eq!(format!("{:?}", token("a.b.c")), "Jwt(…)");
        assert_eq!(PresentedToken::read(&params(&[])).map_err(|error| error.code).err(), Some(ErrorCode::InvalidRequest));
    }

    #[test]
    fn an_inactive_token_is_told_in_one_word() {
        assert_eq!(Introspection::Inactive.to_json(), r#"{"active":false}"#);
    }

    #[test]
    fn an_active_token_tells_what_is_known() {
        let active = ActiveToken {
            iss: "https://id.ateneu.cat".into(),
            sub: "s-1".into(),
            aud: Some("correu".into()),
            client_id: "nuvol".into(),
            username: Some("maria.puig".into()),
            scope: ScopeSet::parse("email openid"),
            exp: Timestamp::from_seconds(1300),
            iat: Timestamp::from_seconds(1000),
            jti: Some("j1".into()),
            auth_time: None,
            acr: None,
            token_type: Some("Bearer"),
        };
        let json: Value = serde_json::from_str(&Introspection::Active(Box::new(active)).to_json()).expect("JSON");
        assert_eq!(
            json,
            json!({
                "active": true, "iss": "https://id.ateneu.cat", "sub": "s-1", "aud": "correu", "client_id": "nuvol", "username": "maria.puig",
                "scope": "openid email", "exp": 1300, "iat": 1000, "jti": "j1", "token_type": "Bearer",
            })
        );
    }

    proptest! {
        #[test]
        fn any_text_is_some_token(text in "\\PC{1,80}") {
            let _ = PresentedToken::read(&params(&[("token", &text)]));
        }
    }
}
