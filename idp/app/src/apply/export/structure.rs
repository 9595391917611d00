//! Collectives, services, clients and offers.

use idp_domain::{
    client::{ClientRole, ConsentRule},
    collective::Listing,
    profile::{ClaimPlacement, CompatProfile, GroupsRendering, PkceRule, Preset, QuotaRendering},
    redirect::RedirectUri,
    service::{Automatic, Outsiders},
    slug::Slug,
};
use idp_store::{clients::ManagedClient, snapshot::Structure};
use url::Url;

use super::{
    Names, Out, Scope,
    toml::{Pairs, text, texts},
};

pub(super) fn write_collectives(out: &mut Out, structure: &Structure) {
    for row in &structure.collectives {
        let collective = &row.value;
        let groups: Vec<Pairs> = structure
            .working_groups
            .iter()
            .filter(|group| group.collective == collective.id)
            .map(|group| {
                let mut pairs = Pairs::default();
                pairs.text("name", &group.name).text("slug", &group.slug);
                pairs
            })
            .collect();
        let mut pairs = Pairs::default();
        pairs
            .text("name", &collective.name)
            .text("slug", &collective.slug)
            .text("locale", collective.locale)
            .raw("listed", (collective.listing == Listing::Listed).to_string())
            .text("state", collective.state.as_str())
            .tables("working_groups", &groups);
        out.text.push_str(&pairs.element("collective"));
    }
}

pub(super) fn write_services(out: &mut Out, structure: &Structure, names: &Names, scope: Scope) {
    for row in &structure.services {
        let service = &row.value;
        let owners = structure.owners.iter().filter(|(owned, _)| *owned == service.id);
        let mut owners: Vec<&Slug> = owners.filter_map(|(_, owner)| names.collectives.get(owner)).collect();
        owners.sort();
        let mut pairs = Pairs::default();
        pairs.text("name", &service.name).text("slug", &service.slug);
        if !service.description.is_empty() {
            pairs.text("description", &service.description);
        }
        match scope {
            Scope::Recipe => pairs.optional("url", service.url.as_deref().map(|url| elsewhere(url, service.slug.as_str()))),
            Scope::Cluster(_) => pairs.optional("url", service.url.as_deref()).text("state", service.state.as_str()).list("owners", owners),
        };
        pairs.list("roles", &service.roles).raw("outsiders", (service.outsiders == Outsiders::Admitted).to_string());
        out.text.push_str(&pairs.element("service"));
    }
}

pub(super) fn write_clients(out: &mut Out, clients: &[ManagedClient], names: &Names, scope: Scope) {
    for row in clients {
        let client = &row.client;
        let recipe = scope == Scope::Recipe;
        if recipe && client.role == ClientRole::AdminUi {
            continue;
        }
        if recipe && client.jwks.is_some() {
            out.warn(format!("client {} signs with keys of its own, so it is not in the recipe", client.client_id));
            continue;
        }
        let uris = |uris: &[RedirectUri]| {
            let mut uris: Vec<String> = uris
                .iter()
                .map(|uri| if recipe { elsewhere(uri.as_str(), client.client_id.as_str()) } else { uri.as_str().to_owned() })
                .collect();
            uris.sort();
            uris.dedup();
            uris
        };
        let mut pairs = Pairs::default();
        pairs.text("client_id", &client.client_id);
        match client.role {
            ClientRole::Service(service) => pairs.optional("service", names.services.get(&service)),
            ClientRole::AdminUi => pairs.text("kind", "admin_ui"),
            ClientRole::Machine => pairs.text("kind", "machine"),
        };
        let logout = client.backchannel_logout_uri.as_deref();
        let sector = Some(&client.sector).filter(|sector| !sector.is_empty());
        let sector = sector.map(|sector| if recipe { format!("{}.example.org", label(client.client_id.as_str())) } else { sector.clone() });
        pairs
            .text("name", &client.name)
            .text("auth", client.auth_method.as_str())
            .optional("jwks", client.jwks.as_deref())
            .list("grant_types", client.grant_types.iter().map(|kind| kind.as_str()))
            .list("redirect_uris", uris(&client.redirect_uris))
            .list("post_logout_redirect_uris", uris(&client.post_logout_redirect_uris))
            .raw("scopes", texts(client.scopes.iter().map(idp_domain::scope::Scope::as_str)))
            .optional(
                "backchannel_logout_uri",
                logout.map(|uri| if recipe { elsewhere(uri, client.client_id.as_str()) } else { uri.to_owned() }),
            )
            .optional("sector", sector)
            .text("consent", if client.consent == ConsentRule::Ask { "ask" } else { "first_party" })
            .raw("profile", profile_as_toml(&client.profile));
        if !recipe {
            pairs.list("resources", &client.resources).list("introspects", &client.introspects);
        }
        if client.disabled_at.is_some() {
            pairs.raw("disabled", "true");
        }
        out.text.push_str(&pairs.element("client"));
    }
}

/// The same address at a host that everybody replaces by their own; addresses on this machine and private schemes stay.
fn elsewhere(address: &str, name: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return address.to_owned() };
    if url.scheme() != "https" {
        return address.to_owned();
    }
    let bare = url.path() == "/" && !address.ends_with('/');
    let host = format!("{}.example.org", label(name));
    if url.set_host(Some(&host)).is_err() || url.set_port(None).is_err() {
        return address.to_owned();
    }
    let text = url.to_string();
    if bare { text.trim_end_matches('/').to_owned() } else { text }
}

/// A name as a part of a host name.
fn label(name: &str) -> String {
    let label: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    label.trim_matches('-').to_owned()
}

pub(super) fn write_offers(out: &mut Out, structure: &Structure, names: &Names) {
    let mut written: Vec<((&Slug, &Slug), String)> = Vec::new();
    for row in structure.offers.iter().filter(|row| row.value.withdrawn_at.is_none()) {
        let offer = &row.value;
        let (Some(service), Some(collective)) = (names.services.get(&offer.service), names.collectives.get(&offer.collective)) else {
            continue;
        };
        // a role the service gave up cannot be promised elsewhere
        let declared = structure.services.iter().find(|row| row.value.id == offer.service).map(|row| row.value.roles.as_slice());
        let declared = declared.unwrap_or_default();
        let mut pairs = Pairs::default();
        pairs
            .text("service", service)
            .text("collective", collective)
            .raw("roles", texts(offer.roles.iter().filter(|role| declared.contains(role))))
            .optional("default_role", offer.default_role.as_ref().filter(|role| declared.contains(role) && offer.roles.contains(role)))
            .optional("quota_ceiling", offer.quota_ceiling)
            .raw("automatic", (offer.automatic == Automatic::Yes).to_string());
        written.push(((service, collective), pairs.element("offer")));
    }
    written.sort();
    out.text.extend(written.into_iter().map(|(_, text)| text));
}

/// A profile as its nearest preset and what differs from it.
pub(in crate::apply) fn profile_as_toml(profile: &CompatProfile) -> String {
    let candidates = Preset::ALL.map(|preset| differences(profile, preset));
    let nearest = candidates.into_iter().min_by_key(|(count, _)| *count);
    nearest.map(|(_, pairs)| pairs.inline()).unwrap_or_default()
}

fn differences(profile: &CompatProfile, preset: Preset) -> (usize, Pairs) {
    let base = preset.profile();
    let mut pairs = Pairs::default();
    pairs.text("preset", preset.as_str());
    let mut count = 0;
    let mut differ = |differs: bool, key: &'static str, value: String| {
        if differs {
            count += 1;
            pairs.raw(key, value);
        }
    };
    let claims = match profile.claims {
        ClaimPlacement::Userinfo => "userinfo",
        ClaimPlacement::IdToken => "id_token",
    };
    let groups = match profile.groups {
        GroupsRendering::Strings => "strings",
        GroupsRendering::Objects => "objects",
        GroupsRendering::CommaString => "comma_string",
    };
    let quota = match profile.quota {
        QuotaRendering::Bytes => "bytes",
        QuotaRendering::Text => "text",
    };
    let pkce = match profile.pkce {
        PkceRule::Required => "required",
        PkceRule::Legacy => "legacy",
    };
    differ(profile.claims != base.claims, "claims", text(claims));
    differ(profile.groups != base.groups, "groups", text(groups));
    differ(profile.groups_always != base.groups_always, "groups_always", profile.groups_always.to_string());
    differ(profile.quota != base.quota, "quota", text(quota));
    let default_quota = profile.default_quota.map(|quota| quota.to_string()).unwrap_or_default();
    differ(profile.default_quota != base.default_quota, "default_quota", text(default_quota));
    differ(profile.username_claim != base.username_claim, "username_claim", text(profile.username_claim.as_deref().unwrap_or_default()));
    differ(profile.alg != base.alg, "alg", text(profile.alg.as_str()));
    differ(profile.pkce != base.pkce, "pkce", text(pkce));
    differ(profile.redirects_onward != base.redirects_onward, "redirects_onward", profile.redirects_onward.to_string());
    (count, pairs)
}
