//! Clients and their compatibility profiles.

use idp_domain::{
    client::{ClientAuthMethod, ClientIdentifier, ConsentRule, GrantType},
    name::DisplayName,
    profile::{CompatProfile, PkceRule, Preset},
    quota::Quota,
    redirect::RedirectUri,
    scope::{Scope, ScopeSet},
    secret::{SecretHash, SecretKind, Typed},
};
use idp_protocol::claims;
use keys::ClientJwks;
use url::Url;

use super::{
    reader::{Reader, quoted},
    structure::{slug, web_address},
};
use crate::apply::{
    file::{ClientKind, ClientSpec},
    raw::{RawClient, RawProfile, Text},
};

/// Characters in a client's secret, at least.
const SECRET_MIN: usize = 32;

pub(super) fn client(reader: &mut Reader<'_>, raw: RawClient) -> Option<ClientSpec> {
    let until_here = reader.problems();
    let client_id = reader.value("client_id", &raw.client_id, ClientIdentifier::parse);
    let kind = kind(reader, &raw);
    let auth = reader.word("auth", raw.auth.as_ref(), &["client_secret", "private_key_jwt", "none"], ClientAuthMethod::from_name);
    let spec = ClientSpec {
        client_id: client_id?,
        kind: kind?,
        auth,
        name: reader.optional("name", raw.name.as_ref(), DisplayName::parse).map(|name| name.value.as_str().to_owned()),
        secret: secret(reader, &raw),
        jwks: jwks(reader, &raw),
        grant_types: raw.grant_types.map(|raw| grant_types(reader, &raw)),
        redirect_uris: raw.redirect_uris.map(|raw| uris(reader, "redirect_uris", &raw)),
        post_logout_redirect_uris: raw.post_logout_redirect_uris.map(|raw| uris(reader, "post_logout_redirect_uris", &raw)),
        scopes: raw.scopes.map(|raw| scopes(reader, &raw)),
        resources: raw.resources.map(|raw| audiences(reader, "resources", &raw)),
        introspects: raw.introspects.map(|raw| audiences(reader, "introspects", &raw)),
        backchannel_logout_uri: reader
            .optional("backchannel_logout_uri", raw.backchannel_logout_uri.as_ref(), backchannel_logout_uri)
            .map(|uri| uri.value),
        sector: reader.optional("sector", raw.sector.as_ref(), sector).map(|sector| sector.value),
        consent: reader.word("consent", raw.consent.as_ref(), &["first_party", "ask"], |word| match word {
            "first_party" => Some(ConsentRule::FirstParty),
            "ask" => Some(ConsentRule::Ask),
            _ => None,
        }),
        profile: raw.profile.map(|raw| profile(reader, &raw)),
        disabled: raw.disabled,
    };
    // what was wrong by itself is left out of the lists: how they go together can only be told when all of it is sound
    if reader.problems() == until_here {
        combinations(reader, &spec);
    }
    Some(spec)
}

fn kind(reader: &mut Reader<'_>, raw: &RawClient) -> Option<ClientKind> {
    match (&raw.service, &raw.kind) {
        (Some(service), None) => slug(reader, "service", service).map(ClientKind::Service),
        (None, Some(_)) => reader.word("kind", raw.kind.as_ref(), &["machine", "admin_ui"], |word| match word {
            "machine" => Some(ClientKind::Machine),
            "admin_ui" => Some(ClientKind::AdminUi),
            _ => None,
        }),
        _ => {
            let line = reader.line(&raw.client_id);
            reader.wrong(line, "a client has either a `service` it signs people in to, or a `kind`: `machine` or `admin_ui`");
            None
        }
    }
}

fn secret(reader: &mut Reader<'_>, raw: &RawClient) -> Option<SecretHash> {
    let (secret, line) = match (&raw.secret, &raw.secret_file) {
        (Some(secret), None) => (Typed::new(secret.get_ref().clone()), reader.line(secret)),
        (None, Some(file)) => (reader.secret_file("secret_file", file)?, reader.line(file)),
        (Some(_), Some(file)) => {
            let line = reader.line(file);
            reader.wrong(line, "`secret` and `secret_file` are both there: keep one");
            return None;
        }
        (None, None) => return None,
    };
    // RFC 6749 appendix B asks for form encoding in Basic, and some relying parties forget it: only characters that are
    // the same with and without
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if secret.expose().len() < SECRET_MIN || !secret.expose().bytes().all(safe) {
        reader.wrong(line, format!("a client's secret has at least {SECRET_MIN} characters, letters a-z and A-Z, digits and - . _ ~"));
        return None;
    }
    Some(SecretHash::of(SecretKind::ClientSecret, secret.expose().as_bytes()))
}

fn jwks(reader: &mut Reader<'_>, raw: &RawClient) -> Option<String> {
    let (json, line) = match (&raw.jwks, &raw.jwks_file) {
        (Some(jwks), None) => (jwks.get_ref().clone(), reader.line(jwks)),
        (None, Some(file)) => (reader.plain_file("jwks_file", file)?, reader.line(file)),
        (Some(_), Some(file)) => {
            let line = reader.line(file);
            reader.wrong(line, "`jwks` and `jwks_file` are both there: keep one");
            return None;
        }
        (None, None) => return None,
    };
    match ClientJwks::parse(&json) {
        Ok(_) => Some(json.trim().to_owned()),
        Err(error) => {
            reader.wrong(line, format!("the client's JWK set: {error}"));
            None
        }
    }
}

fn grant_types(reader: &mut Reader<'_>, raw: &[Text]) -> Vec<GrantType> {
    let expected = || format!("expected {}", quoted(&GrantType::ALL.map(GrantType::as_str)));
    let mut found: Vec<_> = reader
        .list("grant_types", raw, |word| GrantType::from_name(word).ok_or_else(expected))
        .into_iter()
        .map(|kind| kind.value)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn uris(reader: &mut Reader<'_>, field: &str, raw: &[Text]) -> Vec<RedirectUri> {
    let mut uris: Vec<_> = reader.list(field, raw, RedirectUri::parse).into_iter().map(|uri| uri.value).collect();
    uris.sort();
    uris.dedup();
    uris
}

fn scopes(reader: &mut Reader<'_>, raw: &[Text]) -> ScopeSet {
    let expected = || format!("expected {}", quoted(&Scope::ALL.map(Scope::as_str)));
    reader.list("scopes", raw, |word| Scope::from_word(word).ok_or_else(expected)).into_iter().map(|scope| scope.value).collect()
}

/// Audiences (RFC 8707 §2): absolute URIs without fragment.
fn audiences(reader: &mut Reader<'_>, field: &str, raw: &[Text]) -> Vec<String> {
    let check = |text: &str| {
        let sound = !text.contains('#') && Url::parse(text).is_ok();
        if sound { Ok(text.to_owned()) } else { Err("expected an absolute URI without fragment") }
    };
    let mut found: Vec<_> = reader.list(field, raw, check).into_iter().map(|audience| audience.value).collect();
    found.sort();
    found.dedup();
    found
}

/// Where logout tokens go: no fragment (Back-Channel Logout §2.2), and no password that logs would show.
fn backchannel_logout_uri(text: &str) -> Result<String, &'static str> {
    let address = web_address(text)?;
    let bare = Url::parse(text).is_ok_and(|url| url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
    if bare { Ok(address) } else { Err("expected an address without fragment, user and password") }
}

fn sector(text: &str) -> Result<String, &'static str> {
    let fits = (1..=120).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err("expected 1 to 120 visible ASCII characters, such as the service's host") }
}

fn profile(reader: &mut Reader<'_>, raw: &RawProfile) -> CompatProfile {
    let preset = reader.word("preset", raw.preset.as_ref(), &Preset::ALL.map(Preset::as_str), Preset::from_name);
    let base = preset.unwrap_or(Preset::Generic).profile();
    let default_quota = reader.optional("default_quota", raw.default_quota.as_ref(), |text| match text {
        "" => Ok(None),
        text => Quota::parse(text).map(Some),
    });
    let username_claim = reader.optional("username_claim", raw.username_claim.as_ref(), username_claim);
    CompatProfile {
        claims: raw.claims.unwrap_or(base.claims),
        groups: raw.groups.unwrap_or(base.groups),
        groups_always: raw.groups_always.unwrap_or(base.groups_always),
        quota: raw.quota.unwrap_or(base.quota),
        default_quota: default_quota.map_or(base.default_quota, |quota| quota.value),
        username_claim: username_claim.map_or(base.username_claim, |claim| claim.value),
        alg: raw.alg.unwrap_or(base.alg),
        pkce: raw.pkce.unwrap_or(base.pkce),
        redirects_onward: raw.redirects_onward.unwrap_or(base.redirects_onward),
    }
}

/// The empty text takes the preset's claim away.
fn username_claim(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let clean = text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    if !clean {
        return Err("expected at most 40 letters, digits and _ - .".to_owned());
    }
    match text {
        "preferred_username" => Err("every client with the scope `profile` gets the username there: leave `username_claim` out".to_owned()),
        text if claims::is_taken(text) => Err("this claim has a meaning of its own".to_owned()),
        text => Ok(Some(text.to_owned())),
    }
}

/// What no client can be at once.
fn combinations(reader: &mut Reader<'_>, spec: &ClientSpec) {
    let line = spec.client_id.line;
    let auth = spec.auth.unwrap_or(ClientAuthMethod::Secret);
    if auth != ClientAuthMethod::Secret && spec.secret.is_some() {
        reader.wrong(line, format!("`auth` is `{}`, so there can be no secret", auth.as_str()));
    }
    if (auth == ClientAuthMethod::PrivateKeyJwt) != spec.jwks.is_some() {
        reader.wrong(line, "`jwks` or `jwks_file` and `auth = \"private_key_jwt\"` go together");
    }
    if auth == ClientAuthMethod::None && spec.profile.as_ref().is_some_and(|profile| profile.pkce == PkceRule::Legacy) {
        reader.wrong(line, "a public client (`auth = \"none\"`) always needs PKCE: `pkce = \"legacy\"` is for confidential ones");
    }
    let credentials = spec.grant_types.as_ref().is_some_and(|kinds| kinds.contains(&GrantType::ClientCredentials));
    if auth == ClientAuthMethod::None && credentials {
        reader.wrong(line, "a public client (`auth = \"none\"`) cannot use `client_credentials`");
    }
    if !matches!(spec.kind, ClientKind::AdminUi) && spec.scopes.is_some_and(|scopes| scopes.contains(Scope::Manage)) {
        reader.wrong(line, "the scope `manage` is for a client of `kind = \"admin_ui\"`");
    }
    match spec.kind {
        ClientKind::Machine => {
            let people = [GrantType::AuthorizationCode, GrantType::RefreshToken];
            if spec.grant_types.as_ref().is_some_and(|kinds| kinds.iter().any(|kind| people.contains(kind)))
                || has_some(spec.redirect_uris.as_ref())
            {
                reader.wrong(line, "a client of `kind = \"machine\"` signs nobody in: only `client_credentials`, no redirect URIs");
            }
        }
        ClientKind::Service(_) | ClientKind::AdminUi => {
            if !has_some(spec.redirect_uris.as_ref()) {
                reader.wrong(line, "`redirect_uris` is missing: a client that signs people in needs at least one");
            }
        }
    }
}

fn has_some<T>(list: Option<&Vec<T>>) -> bool {
    list.is_some_and(|list| !list.is_empty())
}
