//! The token endpoint (RFC 6749 §3.2): requests in, responses out.

use idp_domain::{
    client::GrantType,
    code::CodeRefusal,
    pkce::Verifier,
    refresh::RefreshRefusal,
    scope::ScopeSet,
    secret::{Secret, SecretKind},
};
use serde::Serialize;

use crate::{
    error::{ErrorCode, OAuthError},
    params::Params,
    scopes,
};

/// What a client asks the token endpoint for. Texts that cannot be codes or tokens of ours are refused here, without
/// any look-up.
#[derive(Debug, Clone)]
pub enum GrantRequest {
    /// `authorization_code` (RFC 6749 §4.1.3).
    Code {
        /// The code.
        code: Secret,
        /// Compared with the one of the authorization request.
        redirect_uri: Option<String>,
        /// PKCE (RFC 7636 §4.5).
        verifier: Option<Verifier>,
        /// The audience; must repeat the one of the authorization request (RFC 8707 §2.2).
        resource: Option<String>,
    },
    /// `refresh_token` (RFC 6749 §6).
    Refresh {
        /// The token.
        token: Secret,
        /// The part of the granted scopes that is wanted; see [`scopes::narrowed`].
        scope: Option<ScopeSet>,
        /// The audience; must repeat the granted one.
        resource: Option<String>,
    },
    /// `client_credentials` (RFC 6749 §4.4).
    ClientCredentials {
        /// The scopes wanted; see [`scopes::allowed`].
        scope: Option<ScopeSet>,
        /// The audience; see [`crate::resource::check`].
        resource: Option<String>,
    },
}

impl GrantRequest {
    /// Reads the parameters of a token request (POST body).
    pub fn read(params: &Params) -> Result<Self, OAuthError> {
        let name = params.get("grant_type").ok_or(OAuthError::invalid_request("grant_type is missing"))?;
        let grant_type =
            GrantType::from_name(name).ok_or(OAuthError::new(ErrorCode::UnsupportedGrantType, "this grant type does not exist here"))?;
        let resource = params.get("resource").map(str::to_owned);
        match grant_type {
            GrantType::AuthorizationCode => {
                let code = params.get("code").ok_or(OAuthError::invalid_request("code is missing"))?;
                let code = Secret::parse(SecretKind::Code, code).ok_or(OAuthError::invalid_grant())?;
                let verifier = params.get("code_verifier").map(verifier).transpose()?;
                Ok(Self::Code { code, redirect_uri: params.get("redirect_uri").map(str::to_owned), verifier, resource })
            }
            GrantType::RefreshToken => {
                let token = params.get("refresh_token").ok_or(OAuthError::invalid_request("refresh_token is missing"))?;
                let token = Secret::parse(SecretKind::RefreshToken, token).ok_or(OAuthError::invalid_grant())?;
                Ok(Self::Refresh { token, scope: scope(params)?, resource })
            }
            GrantType::ClientCredentials => Ok(Self::ClientCredentials { scope: scope(params)?, resource }),
        }
    }

    /// Which grant type it is; the client must be registered for it (`unauthorized_client`).
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::Code { .. } => GrantType::AuthorizationCode,
            Self::Refresh { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
        }
    }
}

fn scope(params: &Params) -> Result<Option<ScopeSet>, OAuthError> {
    params.get("scope").map(scopes::read).transpose()
}

/// RFC 7636 §4.6: a verifier that cannot answer any challenge is refused with the code of a wrong one. The text says
/// nothing about the code it came with.
fn verifier(text: &str) -> Result<Verifier, OAuthError> {
    Verifier::parse(text).ok_or(OAuthError::own_invalid_grant("code_verifier is not 43 to 128 unreserved characters"))
}

/// What a client is told about a code. The rules ask for its owner first, so that everything beyond that is told to the
/// owner alone.
impl From<CodeRefusal> for OAuthError {
    fn from(refusal: CodeRefusal) -> Self {
        Self::own_invalid_grant(match refusal {
            CodeRefusal::Unknown | CodeRefusal::WrongClient => return Self::invalid_grant(),
            CodeRefusal::WrongRedirect => "redirect_uri differs from the one of the authorization request",
            CodeRefusal::PkceMissing => "code_verifier is missing",
            CodeRefusal::PkceUnexpected => "code_verifier is not expected: the authorization request had no code_challenge",
            CodeRefusal::PkceMismatch => "code_verifier does not match the code_challenge",
            CodeRefusal::Expired => "the code has expired",
            CodeRefusal::Replayed => "the code was used already",
        })
    }
}

/// What a client is told about a refresh token; the owner alone learns more than that it does not work.
impl From<RefreshRefusal> for OAuthError {
    fn from(refusal: RefreshRefusal) -> Self {
        Self::own_invalid_grant(match refusal {
            RefreshRefusal::Unknown | RefreshRefusal::WrongClient => return Self::invalid_grant(),
            RefreshRefusal::Dead => "the refresh token has expired or was revoked",
            RefreshRefusal::Replayed => "the refresh token was used already",
        })
    }
}

/// A successful token response (RFC 6749 §5.1, OIDC Core §3.1.3.3). To be sent with `Cache-Control: no-store` (N-22).
#[derive(Clone, Serialize)]
pub struct TokenResponse {
    /// The signed access token.
    pub access_token: String,
    /// `Bearer` until DPoP is offered.
    pub token_type: TokenType,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// The refresh token, when one was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The granted scopes: told when there are any, since unknown words were dropped (RFC 6749 §3.3).
    #[serde(skip_serializing_if = "scopes::is_none")]
    pub scope: ScopeSet,
}

/// `token_type` (RFC 6749 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TokenType {
    /// RFC 6750.
    Bearer,
}

/// Tokens are secrets: nothing of them is shown.
impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse").field("scope", &self.scope).field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::params;

    fn secret(kind: SecretKind) -> String {
        Secret::from_entropy(kind, [7; 32]).expose().to_owned()
    }
    fn refused(pairs: &[(&str, &str)]) -> ErrorCode {
        GrantRequest::read(&params(pairs)).expect_err("refused").code
    }

    #[test]
    fn every_refusal_of_a_token_request() {
        let (code, refresh) = (secret(SecretKind::Code), secret(SecretKind::RefreshToken));
        let many = "a ".repeat(33);
        for (pairs, error) in [
            (vec![], ErrorCode::InvalidRequest),
            (vec![("grant_type", "password")], ErrorCode::UnsupportedGrantType),
            (vec![("grant_type", "implicit")], ErrorCode::UnsupportedGrantType),
            (vec![("grant_type", "authorization_code")], ErrorCode::InvalidRequest),
            (vec![("grant_type", "authorization_code"), ("code", "abc")], ErrorCode::InvalidGrant),
            (vec![("grant_type", "authorization_code"), ("code", &refresh)], ErrorCode::InvalidGrant),
            (vec![("grant_type", "authorization_code"), ("code", &code), ("code_verifier", "short")], ErrorCode::InvalidGrant),
            (vec![("grant_type", "refresh_token")], ErrorCode::InvalidRequest),
            (vec![("grant_type", "refresh_token"), ("refresh_token", "abc")], ErrorCode::InvalidGrant),
            (vec![("grant_type", "refresh_token"), ("refresh_token", &code)], ErrorCode::InvalidGrant),
            (vec![("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", &many)], ErrorCode::InvalidScope),
            (vec![("grant_type", "client_credentials"), ("scope", "a\"b")], ErrorCode::InvalidScope),
        ] {
            assert_eq!(refused(&pairs), error, "{pairs:?}");
        }
    }

    #[test]
    fn the_owner_is_told_the_cause_and_nobody_else_is_told_anything() {
        let strangers = OAuthError::invalid_grant();
        for refusal in [CodeRefusal::Unknown, CodeRefusal::WrongClient] {
            assert_eq!(OAuthError::from(refusal), strangers);
        }
        for refusal in [RefreshRefusal::Unknown, RefreshRefusal::WrongClient] {
            assert_eq!(OAuthError::from(refusal), strangers);
        }
        let owners: Vec<OAuthError> = vec![
            strangers,
            CodeRefusal::WrongRedirect.into(),
            CodeRefusal::PkceMissing.into(),
            CodeRefusal::PkceUnexpected.into(),
            CodeRefusal::PkceMismatch.into(),
            CodeRefusal::Expired.into(),
            CodeRefusal::Replayed.into(),
            RefreshRefusal::Dead.into(),
            RefreshRefusal::Replayed.into(),
        ];
        let texts: std::collections::BTreeSet<_> = owners.iter().map(|error| error.description).collect();
        assert_eq!(texts.len(), owners.len());
        assert!(owners.iter().all(|error| error.code == ErrorCode::InvalidGrant && crate::error::is_description(error.description)));
    }

    #[test]
    fn every_grant_type_is_read() {
        let (code, refresh, verifier) = (secret(SecretKind::Code), secret(SecretKind::RefreshToken), "v".repeat(43));
        let asked = params(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", "https://a.cat/cb"),
            ("code_verifier", &verifier),
            ("scope", "WordPress sends \"one\""),
        ]);
        let GrantRequest::Code { code: read, redirect_uri, verifier, resource } = GrantRequest::read(&asked).expect("sound") else {
            panic!("a code");
        };
        assert_eq!((read.expose(), redirect_uri.as_deref()), (code.as_str(), Some("https://a.cat/cb")));
        assert!(verifier.is_some() && resource.is_none());
        let asked = params(&[("grant_type", "refresh_token"), ("refresh_token", &refresh), ("scope", "email")]);
        let GrantRequest::Refresh { token, scope, .. } = GrantRequest::read(&asked).expect("sound") else { panic!("a refresh") };
        assert_eq!((token.expose(), scope), (refresh.as_str(), Some(ScopeSet::parse("email"))));
        let asked = params(&[("grant_type", "client_credentials"), ("resource", "https://a.cat")]);
        let request = GrantRequest::read(&asked).expect("sound");
        assert_eq!(request.grant_type(), GrantType::ClientCredentials);
        let GrantRequest::ClientCredentials { scope, resource } = request else { panic!("client credentials") };
        assert_eq!((scope, resource.as_deref()), (None, Some("https://a.cat")));
    }

    #[test]
    fn a_response_has_no_member_without_a_value() {
        let bare = TokenResponse {
            access_token: "a".into(),
            token_type: TokenType::Bearer,
            expires_in: 300,
            refresh_token: None,
            id_token: None,
            scope: ScopeSet::parse("openid email"),
        };
        let full = TokenResponse { refresh_token: Some("r".into()), id_token: Some("i".into()), ..bare.clone() };
        assert!(!format!("{full:?}").contains("\"r\""));
        let json = |response: &TokenResponse| serde_json::to_value(response).expect("serialises");
        assert_eq!(
            json(&bare),
            serde_json::json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 300, "scope": "openid email" })
        );
        assert_eq!((json(&full)["refresh_token"].as_str(), json(&full)["id_token"].as_str()), (Some("r"), Some("i")));
    }

    proptest! {
        #[test]
        fn any_form_is_survived(grant in "authorization_code|refresh_token|client_credentials|[a-z]{0,9}", noise in "[ -~]{0,150}") {
            let body = format!("grant_type={grant}&{noise}");
            if let Ok(params) = crate::Params::parse(body.as_bytes()) {
                let _ = GrantRequest::read(&params);
            }
        }
    }
}
