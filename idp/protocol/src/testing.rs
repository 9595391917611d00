//! Values that many tests need.

use idp_domain::{
    Timestamp,
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    issuer::Issuer,
    profile::Preset,
    redirect::RedirectUri,
    scope::ScopeSet,
};

use crate::params::Params;

pub(crate) const REDIRECT: &str = "https://nuvol.cat/cb";

pub(crate) fn issuer() -> Issuer {
    Issuer::parse("https://id.ateneu.cat").expect("valid")
}

pub(crate) fn client() -> Client {
    let uri = |text: &str| RedirectUri::parse(text).expect("valid");
    Client {
        id: "cli_00000000000000000000000000000001".parse().expect("valid"),
        client_id: ClientIdentifier::parse("nuvol").expect("valid"),
        name: "Núvol".into(),
        role: ClientRole::Service("svc_00000000000000000000000000000002".parse().expect("valid")),
        auth_method: ClientAuthMethod::Secret,
        secrets: Vec::new(),
        jwks: None,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec![uri(REDIRECT), uri("https://wp.cat/ajax.php?action=oidc"), uri("app.immich:///oauth-callback")],
        post_logout_redirect_uris: vec![uri("https://nuvol.cat/"), uri("https://wp.cat/?out=1")],
        scopes: ScopeSet::parse("openid profile email groups offline_access"),
        resources: vec!["https://nuvol.cat/api".into()],
        introspects: Vec::new(),
        backchannel_logout_uri: None,
        sector: String::new(),
        consent: ConsentRule::FirstParty,
        profile: Preset::Generic.profile(),
        disabled_at: None,
    }
}

pub(crate) fn disabled() -> Client {
    Client { disabled_at: Some(Timestamp::from_seconds(1)), ..client() }
}

/// Parameters of names and values.
pub(crate) fn params(pairs: &[(&str, &str)]) -> Params {
    Params::salvage(encoded(pairs).as_bytes()).expect("small enough")
}

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
