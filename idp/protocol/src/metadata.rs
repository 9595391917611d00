//! The discovery document (OpenID Connect Discovery 1.0 §3 and RFC 8414 §2: one document serves both), built from the
//! enums that dispatch, so that it cannot promise what does not exist.

use idp_domain::{
    Fault,
    authorization::ResponseMode,
    client::GrantType,
    issuer::Issuer,
    locale::Locale,
    profile::SigningAlg,
    scope::Scope,
    session::{AuthMethod, acr_of},
};
use serde::Serialize;

use crate::claims;

/// Absolute paths of the endpoints, joined to the issuer. The end-session path has no query: Nextcloud appends `?` blindly.
#[derive(Debug, Clone, Copy)]
pub struct Endpoints<'a> {
    /// `authorization_endpoint`
    pub authorization: &'a str,
    /// `token_endpoint`
    pub token: &'a str,
    /// `userinfo_endpoint`
    pub userinfo: &'a str,
    /// `jwks_uri`
    pub jwks: &'a str,
    /// `introspection_endpoint`
    pub introspection: &'a str,
    /// `revocation_endpoint`
    pub revocation: &'a str,
    /// `end_session_endpoint`
    pub end_session: &'a str,
    /// `service_documentation`, an absolute URL.
    pub documentation: Option<&'a str>,
}

/// The authentication methods on the wire, as registered by OIDC Core §9.
const AUTH_METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
/// Introspection is for confidential callers (RFC 7662 §2.1).
const CONFIDENTIAL_METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
/// Claims of the protocol that a client can read (OIDC Discovery §3 `claims_supported`).
const PROTOCOL_CLAIMS: [&str; 9] = ["iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid"];

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the document has that many")]
struct Metadata<'a> {
    issuer: &'a str,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    end_session_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_documentation: Option<&'a str>,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: Vec<&'static str>,
    grant_types_supported: Vec<&'static str>,
    subject_types_supported: [&'static str; 2],
    id_token_signing_alg_values_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: [&'static str; 4],
    token_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    introspection_endpoint_auth_methods_supported: [&'static str; 3],
    introspection_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: [&'static str; 4],
    revocation_endpoint_auth_signing_alg_values_supported: Vec<&'static str>,
    code_challenge_methods_supported: [&'static str; 1],
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<&'static str>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    acr_values_supported: Vec<&'static str>,
    prompt_values_supported: [&'static str; 4],
    ui_locales_supported: Vec<&'static str>,
}

/// The document as bytes, to be made once at start.
pub fn document(issuer: &Issuer, endpoints: &Endpoints<'_>) -> Result<Vec<u8>, Fault> {
    let algs = || SigningAlg::ALL.map(SigningAlg::as_str).to_vec();
    let metadata = Metadata {
        issuer: issuer.as_str(),
        authorization_endpoint: issuer.join(endpoints.authorization),
        token_endpoint: issuer.join(endpoints.token),
        userinfo_endpoint: issuer.join(endpoints.userinfo),
        jwks_uri: issuer.join(endpoints.jwks),
        introspection_endpoint: issuer.join(endpoints.introspection),
        revocation_endpoint: issuer.join(endpoints.revocation),
        end_session_endpoint: issuer.join(endpoints.end_session),
        service_documentation: endpoints.documentation,
        scopes_supported: Scope::ALL.map(Scope::as_str).to_vec(),
        response_types_supported: ["code"],
        response_modes_supported: ResponseMode::ALL.map(ResponseMode::as_str).to_vec(),
        grant_types_supported: GrantType::ALL.map(GrantType::as_str).to_vec(),
        subject_types_supported: ["public", "pairwise"],
        id_token_signing_alg_values_supported: algs(),
        token_endpoint_auth_methods_supported: AUTH_METHODS,
        token_endpoint_auth_signing_alg_values_supported: algs(),
        introspection_endpoint_auth_methods_supported: CONFIDENTIAL_METHODS,
        introspection_endpoint_auth_signing_alg_values_supported: algs(),
        revocation_endpoint_auth_methods_supported: AUTH_METHODS,
        revocation_endpoint_auth_signing_alg_values_supported: algs(),
        code_challenge_methods_supported: ["S256"],
        claim_types_supported: ["normal"],
        claims_supported: PROTOCOL_CLAIMS.into_iter().chain(claims::TABLE.iter().map(|row| row.name)).collect(),
        claims_parameter_supported: true,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        authorization_response_iss_parameter_supported: true,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        // a password is what people can sign in with today; passkeys will add theirs
        acr_values_supported: vec![acr_of([AuthMethod::Password])],
        prompt_values_supported: ["none", "login", "consent", "select_account"],
        ui_locales_supported: Locale::ALL.map(Locale::as_str).to_vec(),
    };
    serde_json::to_vec(&metadata).map_err(|error| Fault::broken("protocol.metadata", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::issuer;

    #[test]
    fn the_document_is_what_clients_rely_on() {
        let endpoints = Endpoints {
            authorization: "/oauth/authorize",
            token: "/oauth/token",
            userinfo: "/oauth/userinfo",
            jwks: "/oauth/jwks",
            introspection: "/oauth/introspect",
            revocation: "/oauth/revoke",
            end_session: "/oauth/end-session",
            documentation: None,
        };
        let bytes = document(&issuer(), &endpoints).expect("serialises");
        let json: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        insta::assert_json_snapshot!(json);
    }
}
