use idp_domain::{
    Ttl,
    client::{ClientAuthMethod, ClientRole, GrantType},
    issuer::Issuer,
    locale::Locale,
    profile::PkceRule,
    scope::{Scope, ScopeSet},
};
use proptest::prelude::*;

use super::*;
use crate::{
    error::{ErrorCode, is_description},
    stored_request::StoredRequest,
    testing::{REDIRECT, client, disabled, encoded, issuer, params},
};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A sound request.
const SOUND: [(&str, &str); 8] = [
    ("client_id", "nuvol"),
    ("redirect_uri", REDIRECT),
    ("response_type", "code"),
    ("scope", "openid email"),
    ("state", "s1"),
    ("nonce", "n1"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// The sound request with some parameters replaced or added; an empty value removes.
fn with(changes: &[(&'static str, &str)]) -> String {
    let kept = SOUND.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let pairs: Vec<_> = kept.chain(changes.iter().copied()).collect();
    encoded(&pairs)
}

fn page(query: &str, client: Option<&Client>) -> Result<TrustedRedirect, PageError> {
    let params = Params::salvage(query.as_bytes()).expect("small enough");
    AuthorizeParams::read(&params)?.trust(client)
}

fn ask(query: &str, client: &Client) -> Result<ReadRequest, OAuthError> {
    let params = Params::salvage(query.as_bytes()).expect("small enough");
    let read = AuthorizeParams::read(&params).expect("a client");
    let redirect = read.trust(Some(client)).expect("a trusted redirect");
    read.request(client, &redirect, &issuer())
}

#[test]
fn a_doubtful_client_or_redirect_is_a_page_and_never_a_redirect() {
    let other = Client { client_id: ClientIdentifier::parse("altre").expect("valid"), ..client() };
    let machine = Client { redirect_uris: Vec::new(), role: ClientRole::Machine, ..client() };
    let (sound, known) = (with(&[]), client());
    for (query, found, error) in [
        (with(&[("client_id", "")]), Some(&known), PageError::MissingClientId),
        (with(&[("client_id", "a b")]), Some(&known), PageError::UnknownClient),
        (sound.clone(), None, PageError::UnknownClient),
        (sound.clone(), Some(&other), PageError::UnknownClient),
        (sound.clone(), Some(&disabled()), PageError::DisabledClient),
        (sound.clone(), Some(&machine), PageError::UnregisteredRedirectUri),
        (with(&[("redirect_uri", "")]), Some(&known), PageError::MissingRedirectUri),
        (with(&[("redirect_uri", "https://nuvol.cat/cb/")]), Some(&known), PageError::UnregisteredRedirectUri),
        (with(&[("redirect_uri", "https://nuvol.cat/cb?x=1")]), Some(&known), PageError::UnregisteredRedirectUri),
        (with(&[("redirect_uri", "https://evil.cat/cb")]), Some(&known), PageError::UnregisteredRedirectUri),
        (format!("{sound}&client_id=nuvol"), Some(&known), PageError::UnusableParameter("client_id")),
        (format!("{sound}&redirect_uri=https://nuvol.cat/cb"), Some(&known), PageError::UnusableParameter("redirect_uri")),
        (with(&[("redirect_uri", &"a".repeat(2049))]), Some(&known), PageError::UnusableParameter("redirect_uri")),
    ] {
        assert_eq!(page(&query, found), Err(error), "{query}");
    }
}

#[test]
fn a_flaw_elsewhere_is_told_to_the_client() {
    let sound = with(&[]);
    for (query, code) in [
        (format!("{sound}&state=s2"), ErrorCode::InvalidRequest),
        (format!("{sound}&nonce=n2"), ErrorCode::InvalidRequest),
        (format!("{sound}&extra=1&extra=2"), ErrorCode::InvalidRequest),
        (format!("{sound}&login_hint=%zz"), ErrorCode::InvalidRequest),
        (format!("{sound}&resource=https://a.cat&resource=https://b.cat"), ErrorCode::InvalidTarget),
        (with(&[("state", &"s".repeat(1025))]), ErrorCode::InvalidRequest),
        (with(&[("nonce", &"n".repeat(1025))]), ErrorCode::InvalidRequest),
    ] {
        let refused = ask(&query, &client());
        assert_eq!(refused.map_err(|error| error.code).err(), Some(code), "{query}");
        assert!(page(&query, Some(&client())).is_ok());
    }
    let redirect = page(&format!("{sound}&state=s2"), Some(&client())).expect("trusted");
    assert_eq!(redirect.state(), None, "neither of two states is echoed");
}

#[test]
fn every_refusal_after_the_redirect_is_trusted() {
    use ErrorCode::{
        InvalidRequest, InvalidScope, InvalidTarget, RegistrationNotSupported, RequestNotSupported, RequestUriNotSupported,
        UnsupportedResponseType,
    };
    let many = "openid ".repeat(33);
    let deep = r#"{"id_token":{"a":{"value":{"b":[]}}}}"#;
    for (changes, code) in [
        (vec![("request", "a.b.c")], RequestNotSupported),
        (vec![("request_uri", "https://nuvol.cat/r")], RequestUriNotSupported),
        (vec![("request_uri", "urn:ietf:params:oauth:request_uri:x")], RequestUriNotSupported),
        (vec![("registration", "{}")], RegistrationNotSupported),
        (vec![("response_type", "")], InvalidRequest),
        (vec![("response_type", "token")], UnsupportedResponseType),
        (vec![("response_type", "code id_token")], UnsupportedResponseType),
        (vec![("response_type", "none")], UnsupportedResponseType),
        (vec![("response_mode", "fragment")], InvalidRequest),
        (vec![("response_mode", "jwt")], InvalidRequest),
        (vec![("scope", "")], InvalidScope),
        (vec![("scope", "manage")], InvalidScope),
        (vec![("scope", "unknown")], InvalidScope),
        (vec![("scope", "openid \"x\"")], InvalidScope),
        (vec![("scope", "openid col·lectiu")], InvalidScope),
        (vec![("scope", many.as_str())], InvalidScope),
        (vec![("code_challenge", "")], InvalidRequest),
        (vec![("code_challenge_method", "")], InvalidRequest),
        (vec![("code_challenge_method", "plain")], InvalidRequest),
        (vec![("code_challenge_method", "s256")], InvalidRequest),
        (vec![("code_challenge", ""), ("code_challenge_method", "")], InvalidRequest),
        (vec![("code_challenge", "too-short")], InvalidRequest),
        (vec![("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")], InvalidRequest),
        (vec![("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")], InvalidRequest),
        (vec![("prompt", "none login")], InvalidRequest),
        (vec![("prompt", "none create")], InvalidRequest),
        (vec![("max_age", "-1")], InvalidRequest),
        (vec![("max_age", "+1")], InvalidRequest),
        (vec![("max_age", "1.5")], InvalidRequest),
        (vec![("max_age", "soon")], InvalidRequest),
        (vec![("max_age", "99999999999999999999")], InvalidRequest),
        (vec![("claims", "{")], InvalidRequest),
        (vec![("claims", "[]")], InvalidRequest),
        (vec![("claims", r#"{"userinfo":[]}"#)], InvalidRequest),
        (vec![("claims", deep)], InvalidRequest),
        (vec![("resource", "https://nuvol.cat/other")], InvalidTarget),
        (vec![("resource", "https://nuvol.cat/api#x")], InvalidTarget),
        (vec![("resource", "api")], InvalidTarget),
        (vec![("resource", "https://id.ateneu.cat/manage")], InvalidTarget),
    ] {
        let error = ask(&with(&changes), &client()).expect_err(&format!("{changes:?} is refused"));
        assert_eq!(error.code, code, "{changes:?}");
        assert!(is_description(error.description), "{error}");
    }
}

#[test]
fn a_client_without_the_grant_type_is_unauthorized() {
    let machine = Client { grant_types: vec![GrantType::ClientCredentials], ..client() };
    assert_eq!(ask(&with(&[]), &machine).map_err(|error| error.code).err(), Some(ErrorCode::UnauthorizedClient));
}

#[test]
fn the_mode_of_an_answer_is_the_asked_one_and_query_for_an_unknown_one() {
    for (mode, answered) in [("query", ResponseMode::Query), ("form_post", ResponseMode::FormPost), ("fragment", ResponseMode::Query)] {
        let redirect = page(&with(&[("response_mode", mode)]), Some(&client())).expect("trusted");
        assert_eq!(redirect.mode(), answered, "{mode}");
    }
}

#[test]
fn only_a_confidential_client_under_the_legacy_rule_may_leave_pkce_out() {
    let bare = with(&[("code_challenge", ""), ("code_challenge_method", "")]);
    let mut legacy = client();
    legacy.profile.pkce = PkceRule::Legacy;
    assert_eq!(ask(&bare, &legacy).expect("tolerated").request.challenge, None);
    assert!(ask(&with(&[]), &legacy).expect("as usual").request.challenge.is_some());
    assert!(ask(&with(&[("code_challenge_method", "plain")]), &legacy).is_err());
    assert!(ask(&with(&[("code_challenge_method", "")]), &legacy).is_err());
    assert!(ask(&with(&[("code_challenge", "")]), &legacy).is_err());
    assert!(ask(&bare, &Client { auth_method: ClientAuthMethod::None, ..legacy }).is_err());
}

#[test]
fn a_full_request_is_read_and_survives_storage() {
    let query = with(&[
        ("scope", "email unknown openid profile manage offline_access"),
        ("response_mode", "form_post"),
        ("prompt", "login consent select_account create"),
        ("max_age", "0"),
        ("login_hint", "maria@ateneu.cat"),
        ("ui_locales", "se fr-CA es-ES en"),
        ("claims_locales", "ca"),
        ("display", "popup"),
        ("acr_values", "phr 1"),
        ("resource", "https://nuvol.cat/api"),
        ("id_token_hint", "a.b.c"),
        ("claims", r#" {"id_token": {"sub": {"value": "s-1"}, "email": null}, "other": 3} "#),
        ("extra", "foobar"),
    ]);
    let read = ask(&query, &client()).expect("sound");
    assert_eq!(read.id_token_hint.as_deref(), Some("a.b.c"));
    let request = read.request;
    assert_eq!(request.scope.to_string(), "openid profile email offline_access");
    assert_eq!((request.client, request.redirect_uri.as_str()), (client().id, REDIRECT));
    assert_eq!(request.response_mode, ResponseMode::FormPost);
    assert_eq!((request.state.as_deref(), request.nonce.as_deref()), (Some("s1"), Some("n1")));
    assert!(request.prompt.login && request.prompt.consent && request.prompt.select_account && !request.prompt.none);
    assert_eq!(request.max_age, Some(Ttl::seconds(0)));
    assert_eq!(request.login_hint.as_deref(), Some("maria@ateneu.cat"));
    assert_eq!(request.locale, Some(Locale::Es));
    assert_eq!(request.acr_values, ["phr", "1"]);
    assert_eq!(request.resource.as_deref(), Some("https://nuvol.cat/api"));
    assert_eq!(request.claims.as_deref(), Some(r#"{"id_token":{"email":null,"sub":{"values":["s-1"]}}}"#));
    assert_eq!(request.hinted_sub.as_deref(), Some("s-1"));
    let json = StoredRequest::to_json(&request).expect("serialises");
    assert_eq!(StoredRequest::from_json(&json).expect("reads back"), request);
}

#[test]
fn the_smallest_request_survives_storage_too() {
    let mut legacy = client();
    legacy.profile.pkce = PkceRule::Legacy;
    let query = encoded(&[("client_id", "nuvol"), ("redirect_uri", REDIRECT), ("response_type", "code"), ("scope", "openid")]);
    let request = ask(&query, &legacy).expect("sound").request;
    assert_eq!((request.state.as_deref(), request.nonce.as_deref(), request.max_age), (None, None, None));
    let json = StoredRequest::to_json(&request).expect("serialises");
    assert_eq!(StoredRequest::from_json(&json).expect("reads back"), request);
}

#[test]
fn damaged_storage_is_a_fault() {
    let json = StoredRequest::to_json(&ask(&with(&[]), &client()).expect("sound").request).expect("serialises");
    for damaged in [
        "{}".to_owned(),
        json.replace(CHALLENGE, "short"),
        json.replace("\"query\"", "\"fragment\""),
        json.replacen('{', r#"{"unheard_of":1,"#, 1),
        json.replace("cli_", "per_"),
    ] {
        assert_ne!(damaged, json);
        assert!(StoredRequest::from_json(&damaged).is_err(), "{damaged}");
    }
}

#[test]
fn a_stored_redirect_is_trusted_only_while_its_client_stands_for_it() {
    let request = ask(&with(&[("response_mode", "form_post")]), &client()).expect("sound").request;
    let redirect = TrustedRedirect::of_stored(&request, &client()).expect("still registered");
    assert_eq!((redirect.uri(), redirect.state(), redirect.mode()), (REDIRECT, Some("s1"), ResponseMode::FormPost));
    let moved = Client { redirect_uris: Vec::new(), ..client() };
    assert_eq!(TrustedRedirect::of_stored(&request, &moved), Err(PageError::UnregisteredRedirectUri));
    assert_eq!(TrustedRedirect::of_stored(&request, &disabled()), Err(PageError::DisabledClient));
    let other = Client { id: "cli_00000000000000000000000000000009".parse().expect("valid"), ..client() };
    assert_eq!(TrustedRedirect::of_stored(&request, &other), Err(PageError::UnknownClient));
}

#[test]
fn a_long_lived_refresh_token_needs_the_refresh_grant_type() {
    let online = Client { grant_types: vec![GrantType::AuthorizationCode], ..client() };
    let query = with(&[("scope", "openid offline_access")]);
    assert!(ask(&query, &client()).expect("sound").request.scope.contains(Scope::OfflineAccess));
    assert!(!ask(&query, &online).expect("sound").request.scope.contains(Scope::OfflineAccess));
}

#[test]
fn the_desk_and_only_the_desk_may_name_the_management_api() {
    let desk = Client { role: ClientRole::AdminUi, ..client() };
    let query = with(&[("resource", "https://id.ateneu.cat/manage")]);
    assert_eq!(ask(&query, &desk).expect("sound").request.resource.as_deref(), Some("https://id.ateneu.cat/manage"));
    assert!(ask(&query, &client()).is_err());
    let own = with(&[("resource", "nuvol")]);
    assert_eq!(ask(&own, &client()).expect("its own name").request.resource.as_deref(), Some("nuvol"));
}

#[test]
fn a_request_without_openid_is_plain_oauth() {
    let scope = ask(&with(&[("scope", "email")]), &client()).expect("sound").request.scope;
    assert_eq!(scope.to_string(), "email");
}

#[test]
fn the_order_of_the_parameters_does_not_matter() {
    let mut reversed = SOUND;
    reversed.reverse();
    assert_eq!(ask(&encoded(&reversed), &client()), ask(&with(&[]), &client()));
}

fn issuer_of_another_house() -> Issuer {
    Issuer::parse("https://id.altre.cat").expect("valid")
}

#[test]
fn the_management_api_is_the_one_of_this_issuer() {
    let desk = Client { role: ClientRole::AdminUi, ..client() };
    let asked = params(&[("client_id", "nuvol"), ("redirect_uri", REDIRECT)]);
    assert!(AuthorizeParams::read(&asked).expect("a client").trust(Some(&desk)).is_ok());
    assert!(crate::resource::check("https://id.ateneu.cat/manage", &desk, &issuer_of_another_house()).is_err());
}

proptest! {
    #[test]
    fn scope_never_grows(words in proptest::collection::vec("[a-z_]{1,15}|openid|profile|email|groups|collectives|services|manage|offline_access", 0..20), bits in 0u16..256) {
        let allowed: ScopeSet = Scope::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, scope)| scope).collect();
        let asked = words.join(" ");
        let client = Client { scopes: allowed, ..client() };
        if let Ok(read) = ask(&with(&[("scope", &asked)]), &client) {
            prop_assert!(read.request.scope.is_subset(allowed));
            prop_assert!(read.request.scope.iter().all(|scope| words.iter().any(|word| word == scope.as_str())));
        }
    }

    #[test]
    fn no_query_makes_the_endpoint_panic_or_trust_a_stranger(
        noise in "[ -~]{0,200}",
        uri in "(https://nuvol\\.cat/cb)?[ -~]{0,8}",
    ) {
        let query = format!("client_id=nuvol&{}&{noise}", encoded(&[("redirect_uri", uri.as_str())]));
        let params = Params::salvage(query.as_bytes()).expect("small enough");
        let client = client();
        if let Ok(read) = AuthorizeParams::read(&params)
            && let Ok(redirect) = read.trust(Some(&client))
        {
            prop_assert!(client.redirect_uris.iter().any(|known| known.as_str() == redirect.uri()));
            let _ = read.request(&client, &redirect, &issuer());
        }
    }

    #[test]
    fn every_value_of_every_parameter_is_survived(index in 0usize..20, value in "\\PC{0,80}") {
        let names = ["response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age",
            "ui_locales", "login_hint", "claims", "resource", "acr_values", "id_token_hint", "request", "request_uri", "registration", "display", "claims_locales"];
        if let Ok(read) = ask(&with(&[(names[index], value.as_str())]), &client()) {
            let json = StoredRequest::to_json(&read.request).expect("serialises");
            prop_assert_eq!(StoredRequest::from_json(&json).expect("reads back"), read.request);
        }
    }
}
