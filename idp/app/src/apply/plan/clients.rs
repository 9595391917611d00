//! Clients: metadata, profile and secrets.

use std::collections::BTreeMap;

use idp_domain::{
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    id::ServiceId,
    profile::CompatProfile,
    redirect::RedirectUri,
    slug::Slug,
};
use idp_store::clients::ManagedClient;

use super::{
    Object, Plan, Step, World,
    compare::{Compare, joined},
};
use crate::apply::{
    export::profile_as_toml,
    file::{ClientKind, ClientSpec, ClusterFile},
};

/// Live secrets of one client, so that one can be rotated.
const SECRETS_AT_MOST: usize = 2;

pub(super) fn plan<'f>(plan: &mut Plan<'f>, file: &'f ClusterFile, world: &World) {
    let known: BTreeMap<&ClientIdentifier, &ManagedClient> = world.clients.iter().map(|row| (&row.client.client_id, row)).collect();
    let slugs = world.service_slugs();
    for spec in &file.clients {
        let id = &spec.client_id.value;
        let row = known.get(id);
        if let Some(row) = row {
            client(plan, spec, row, &slugs);
        } else {
            plan.create(Object::Client(id.clone()), Step::RegisterClient(spec));
        }
        let live_secrets = row.map_or(0, |row| row.client.secrets.len());
        // a file does not change how a client proves who it is
        let auth = row.map_or(spec.auth.unwrap_or(ClientAuthMethod::Secret), |row| row.client.auth_method);
        let by_secret = auth == ClientAuthMethod::Secret;
        if by_secret && live_secrets == 0 && spec.secret.is_none() {
            plan.warnings.push(format!("client {id} has no secret and cannot prove who it is: name one with `secret_file`"));
        }
    }
}

fn client<'f>(plan: &mut Plan<'f>, spec: &'f ClientSpec, row: &ManagedClient, slugs: &BTreeMap<ServiceId, &Slug>) {
    let old = &row.client;
    let mut new = old.clone();
    let mut compare = Compare::default();
    let mut edits = false;
    macro_rules! field {
        ($name:ident, $show:expr) => {
            if compare.plain(stringify!($name), &old.$name, spec.$name.as_ref(), $show) {
                edits = true;
                new.$name.clone_from(spec.$name.as_ref().unwrap_or(&old.$name));
            }
        };
    }
    field!(name, Clone::clone);
    field!(grant_types, |kinds: &Vec<GrantType>| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "));
    field!(scopes, ToString::to_string);
    field!(resources, |list: &Vec<String>| joined(list));
    field!(introspects, |list: &Vec<String>| joined(list));
    field!(sector, Clone::clone);
    field!(profile, |profile: &CompatProfile| profile_as_toml(profile));
    if uris(&mut compare, "redirect_uris", &mut new.redirect_uris, spec.redirect_uris.as_ref())
        | uris(&mut compare, "post_logout_redirect_uris", &mut new.post_logout_redirect_uris, spec.post_logout_redirect_uris.as_ref())
    {
        edits = true;
    }
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    for (field, old, new, wanted) in [
        ("jwks", &old.jwks, &mut new.jwks, spec.jwks.clone()),
        ("backchannel_logout_uri", &old.backchannel_logout_uri, &mut new.backchannel_logout_uri, spec.backchannel_logout_uri.clone()),
    ] {
        let wanted = wanted.map(Some);
        if compare.plain(field, old, wanted.as_ref(), shown) {
            edits = true;
            *new = wanted.flatten();
        }
    }
    grave(&mut compare, spec, old, slugs);
    let secret = new_secret(&mut compare, spec, old);
    let judged = compare.judge(row.decided_at);
    for verdict in judged.verdicts {
        plan.say(Object::Client(spec.client_id.value.clone()), verdict);
    }
    if judged.changes {
        if edits {
            plan.steps.push(Step::EditClient { client: Box::new(new), version: row.version });
        }
        plan.steps.extend(secret.map(|secret| Step::AddSecret(old.id, secret)));
    }
}

/// URIs compare as sets: storage keeps no order.
fn uris(compare: &mut Compare, field: &'static str, stored: &mut Vec<RedirectUri>, wanted: Option<&Vec<RedirectUri>>) -> bool {
    stored.sort();
    let show = |uris: &Vec<RedirectUri>| uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>().join(", ");
    let differs = compare.plain(field, stored, wanted, show);
    if let Some(wanted) = wanted.filter(|_| differs) {
        stored.clone_from(wanted);
    }
    differs
}

fn grave(compare: &mut Compare, spec: &ClientSpec, old: &Client, slugs: &BTreeMap<ServiceId, &Slug>) {
    let service = |role: ClientRole| match role {
        ClientRole::Service(service) => slugs.get(&service).map(ToString::to_string).unwrap_or_default(),
        ClientRole::AdminUi => "admin_ui".to_owned(),
        ClientRole::Machine => "machine".to_owned(),
    };
    let (was, wanted) = (service(old.role), kind_name(&spec.kind));
    if was != wanted {
        compare.grave("service", was, wanted);
    }
    if let Some(auth) = spec.auth.filter(|auth| *auth != old.auth_method) {
        compare.grave("auth", old.auth_method.as_str(), auth.as_str());
    }
    match (old.consent, spec.consent) {
        (ConsentRule::Ask, Some(ConsentRule::FirstParty)) => compare.grave("consent", "ask", "first_party"),
        (ConsentRule::FirstParty, Some(ConsentRule::Ask)) => compare.grave("consent", "first_party", "ask"),
        _ => {}
    }
    let off = old.disabled_at.is_some();
    if let Some(disabled) = spec.disabled.filter(|disabled| *disabled != off) {
        let lever = if disabled { "disable" } else { "enable" };
        compare.grave("disabled", off.to_string(), format!("{disabled}: `idp client {lever} {}` does it", old.client_id));
    }
}

fn kind_name(kind: &ClientKind) -> String {
    match kind {
        ClientKind::Service(slug) => slug.value.to_string(),
        ClientKind::AdminUi => "admin_ui".to_owned(),
        ClientKind::Machine => "machine".to_owned(),
    }
}

/// A secret that is not among the live ones is added beside them, as long as there is room for it.
fn new_secret(compare: &mut Compare, spec: &ClientSpec, old: &Client) -> Option<idp_domain::secret::SecretHash> {
    let secret = spec.secret.filter(|secret| !old.secrets.iter().any(|live| live.matches(secret)))?;
    let live = format!("{} live", old.secrets.len());
    if old.secrets.len() >= SECRETS_AT_MOST {
        compare.grave("secret", live, format!("another: `idp client retire-secrets {}` ends the older one first", old.client_id));
        return None;
    }
    compare.note("secret", live, "another");
    Some(secret)
}
