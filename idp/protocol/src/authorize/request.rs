//! The second list: checks of a request whose redirect is trusted, in the order they are made.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    Ttl,
    authorization::{AuthorizationRequest, Prompt, ResponseMode},
    client::{Client, GrantType, first_spoken},
    issuer::Issuer,
    pkce::Challenge,
    profile::PkceRule,
    scope::ScopeSet,
};

use super::{ReadRequest, TrustedRedirect};
use crate::{
    claims_request::ClaimsRequest,
    error::{ErrorCode, OAuthError},
    params::{Params, ParamsError},
    resource, scopes,
};

pub(super) fn read(params: &Params, client: &Client, redirect: &TrustedRedirect, issuer: &Issuer) -> Result<ReadRequest, OAuthError> {
    no_flaw(params)?;
    nothing_unsupported(params)?;
    response_type(params)?;
    response_mode(params)?;
    may_use_codes(client)?;
    let scope = scope(params, client)?;
    let challenge = challenge(params, client)?;
    let prompt = prompt(params)?;
    let max_age = max_age(params)?;
    let claims = params.get("claims").map(ClaimsRequest::parse).transpose()?;
    let resource = audience(params, client, issuer)?;
    let request = AuthorizationRequest {
        client: redirect.client(),
        redirect_uri: redirect.uri().to_owned(),
        response_mode: redirect.mode(),
        scope,
        state: redirect.state().map(str::to_owned),
        nonce: params.get("nonce").map(str::to_owned),
        challenge,
        prompt,
        max_age,
        login_hint: params.get("login_hint").map(str::to_owned),
        // no error for a language we do not speak (OIDC Core §3.1.2.1)
        locale: params.get("ui_locales").and_then(first_spoken),
        resource,
        hinted_sub: claims.as_ref().and_then(ClaimsRequest::asked_sub).map(str::to_owned),
        claims: claims.filter(|claims| !claims.is_empty()).map(|claims| claims.to_json()),
        acr_values: words(params.get("acr_values")),
        dpop_jkt: None,
    };
    Ok(ReadRequest { request, id_token_hint: params.get("id_token_hint").map(str::to_owned) })
}

/// Repeated, oversized or badly encoded parameters (N-09, D26).
fn no_flaw(params: &Params) -> Result<(), OAuthError> {
    params.flaw().map_or(Ok(()), |flaw| Err(ParamsError::to_oauth(flaw)))
}

/// Request objects (OIDC Core §6, N-13) and self-issued registration (OIDC Core §7.2.1): refused, never ignored, since
/// their content would outrank the plain parameters.
fn nothing_unsupported(params: &Params) -> Result<(), OAuthError> {
    for (name, code) in [
        ("request", ErrorCode::RequestNotSupported),
        ("request_uri", ErrorCode::RequestUriNotSupported),
        ("registration", ErrorCode::RegistrationNotSupported),
    ] {
        if params.get(name).is_some() {
            return Err(OAuthError::new(code, "this parameter is not supported"));
        }
    }
    Ok(())
}

/// `response_type=code` and nothing else (N-06).
fn response_type(params: &Params) -> Result<(), OAuthError> {
    match params.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(OAuthError::new(ErrorCode::UnsupportedResponseType, "only response_type=code exists here")),
        None => Err(OAuthError::invalid_request("response_type is missing")),
    }
}

/// A mode we know (OAuth 2.0 Multiple Response Types §2.1). For `code` a fragment is never an answer.
fn response_mode(params: &Params) -> Result<(), OAuthError> {
    let unknown = params.get("response_mode").is_some_and(|mode| ResponseMode::from_name(mode).is_none());
    if unknown { Err(OAuthError::invalid_request("response_mode must be query or form_post")) } else { Ok(()) }
}

/// RFC 6749 §4.1.2.1 `unauthorized_client` (N-21).
fn may_use_codes(client: &Client) -> Result<(), OAuthError> {
    if client.may_use(GrantType::AuthorizationCode) {
        Ok(())
    } else {
        Err(OAuthError::new(ErrorCode::UnauthorizedClient, "the client may not ask for authorization codes"))
    }
}

/// Asked ∩ allowed; unknown and foreign words are dropped. Without `openid` it is plain OAuth and no ID token will be
/// issued. Nothing asked, or nothing left, is `invalid_scope` (RFC 6749 §3.3).
fn scope(params: &Params, client: &Client) -> Result<ScopeSet, OAuthError> {
    let asked = params.get("scope").ok_or(OAuthError::new(ErrorCode::InvalidScope, "scope is missing"))?;
    let scope = scopes::allowed(scopes::read(asked)?, client);
    if scope.is_empty() {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "the client may not ask for any of these scopes"));
    }
    Ok(scope)
}

/// PKCE with `S256` (N-07). A missing method means `plain` (RFC 7636 §4.3), which does not exist here. Only a
/// confidential client under the `legacy` rule may leave the challenge out.
fn challenge(params: &Params, client: &Client) -> Result<Option<Challenge>, OAuthError> {
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (Some(text), Some("S256")) => {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            bytes.map(Challenge::from_bytes).map(Some).ok_or(OAuthError::invalid_request("code_challenge is not a base64url SHA-256"))
        }
        (Some(_), _) => Err(OAuthError::invalid_request("code_challenge_method must be S256")),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_challenge is missing")),
        (None, None) if client.profile.pkce == PkceRule::Legacy && !client.is_public() => Ok(None),
        (None, None) => Err(OAuthError::invalid_request("code_challenge is missing: PKCE with S256 is required")),
    }
}

/// `none` excludes every other value; values we do not know are ignored (OIDC Core §3.1.2.1).
fn prompt(params: &Params) -> Result<Prompt, OAuthError> {
    let words = words(params.get("prompt"));
    let has = |word: &str| words.iter().any(|known| known == word);
    let prompt = Prompt { none: has("none"), login: has("login"), consent: has("consent"), select_account: has("select_account") };
    if prompt.none && words.iter().any(|word| word != "none") {
        return Err(OAuthError::invalid_request("prompt=none excludes other values"));
    }
    Ok(prompt)
}

/// A whole number of seconds, zero included (OIDC Core §3.1.2.1).
fn max_age(params: &Params) -> Result<Option<Ttl>, OAuthError> {
    let Some(text) = params.get("max_age") else { return Ok(None) };
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i64>() {
        Ok(seconds) if digits => Ok(Some(Ttl::seconds(seconds))),
        _ => Err(OAuthError::invalid_request("max_age must be a number of seconds")),
    }
}

/// The one audience (RFC 8707 §2, N-28).
fn audience(params: &Params, client: &Client, issuer: &Issuer) -> Result<Option<String>, OAuthError> {
    let Some(text) = params.get("resource") else { return Ok(None) };
    resource::check(text, client, issuer)?;
    Ok(Some(text.to_owned()))
}

fn words(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
