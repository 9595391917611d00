//! An authorization request as JSON in a login flow's row: read back exactly as it was accepted.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{
    Fault, Ttl,
    authorization::{AuthorizationRequest, Prompt, ResponseMode},
    id::ClientId,
    locale::Locale,
    pkce::Challenge,
    scope::ScopeSet,
};
use serde::{Deserialize, Serialize};

const PLACE: &str = "protocol.stored_request";

/// The stored form. Members without a value are left out; unknown ones are refused: an older release must not go on with
/// a request it understands only by half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredRequest {
    client: ClientId,
    redirect_uri: String,
    response_mode: String,
    scope: ScopeSet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prompt: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_age: Option<Ttl>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login_hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    acr_values: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hinted_sub: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dpop_jkt: Option<String>,
}

impl StoredRequest {
    /// The JSON to store for a request.
    pub fn to_json(request: &AuthorizationRequest) -> Result<String, Fault> {
        serde_json::to_string(&Self::from(request)).map_err(|error| Fault::broken(PLACE, error))
    }
    /// The request of stored JSON; damaged JSON is a fault.
    pub fn from_json(json: &str) -> Result<AuthorizationRequest, Fault> {
        serde_json::from_str::<Self>(json).map_err(|error| Fault::broken(PLACE, error))?.into_domain()
    }

    fn into_domain(self) -> Result<AuthorizationRequest, Fault> {
        let challenge = match self.challenge {
            Some(text) => {
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|error| Fault::broken(PLACE, error))?;
                let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| Fault::broken(PLACE, "a challenge has 32 bytes"))?;
                Some(Challenge::from_bytes(bytes))
            }
            None => None,
        };
        let has = |word: &str| self.prompt.iter().any(|known| known == word);
        Ok(AuthorizationRequest {
            client: self.client,
            redirect_uri: self.redirect_uri,
            response_mode: ResponseMode::from_name(&self.response_mode).ok_or_else(|| Fault::broken(PLACE, "unknown response mode"))?,
            scope: self.scope,
            state: self.state,
            nonce: self.nonce,
            challenge,
            prompt: Prompt { none: has("none"), login: has("login"), consent: has("consent"), select_account: has("select_account") },
            max_age: self.max_age,
            login_hint: self.login_hint,
            locale: self.locale,
            resource: self.resource,
            claims: self.claims,
            acr_values: self.acr_values,
            hinted_sub: self.hinted_sub,
            dpop_jkt: self.dpop_jkt,
        })
    }
}

impl From<&AuthorizationRequest> for StoredRequest {
    fn from(request: &AuthorizationRequest) -> Self {
        let prompt = &request.prompt;
        let words =
            [(prompt.none, "none"), (prompt.login, "login"), (prompt.consent, "consent"), (prompt.select_account, "select_account")];
        Self {
            client: request.client,
            redirect_uri: request.redirect_uri.clone(),
            response_mode: request.response_mode.as_str().to_owned(),
            scope: request.scope,
            state: request.state.clone(),
            nonce: request.nonce.clone(),
            challenge: request.challenge.map(|challenge| URL_SAFE_NO_PAD.encode(challenge.as_bytes())),
            prompt: words.into_iter().filter(|(asked, _)| *asked).map(|(_, word)| word.to_owned()).collect(),
            max_age: request.max_age,
            login_hint: request.login_hint.clone(),
            locale: request.locale,
            resource: request.resource.clone(),
            claims: request.claims.clone(),
            acr_values: request.acr_values.clone(),
            hinted_sub: request.hinted_sub.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
        }
    }
}
