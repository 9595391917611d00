//! The shape of a cluster file as TOML has it: nothing is checked yet but the keys and the kinds of values.

use idp_domain::profile::{ClaimPlacement, GroupsRendering, PkceRule, QuotaRendering, SigningAlg};
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

pub(super) type Text = Spanned<String>;
pub(super) type Texts = Vec<Text>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) collective: Vec<RawCollective>,
    #[serde(default)]
    pub(super) service: Vec<RawService>,
    #[serde(default)]
    pub(super) client: Vec<RawClient>,
    #[serde(default)]
    pub(super) offer: Vec<RawOffer>,
    #[serde(default)]
    pub(super) person: Vec<RawPerson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCollective {
    pub(super) name: Text,
    pub(super) slug: Option<Text>,
    pub(super) locale: Option<Text>,
    pub(super) listed: Option<bool>,
    pub(super) state: Option<Text>,
    #[serde(default)]
    pub(super) working_groups: Vec<RawWorkingGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWorkingGroup {
    pub(super) name: Text,
    pub(super) slug: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    pub(super) name: Text,
    pub(super) slug: Option<Text>,
    pub(super) description: Option<Text>,
    pub(super) url: Option<Text>,
    pub(super) state: Option<Text>,
    pub(super) roles: Option<Texts>,
    pub(super) owners: Option<Texts>,
    pub(super) outsiders: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClient {
    pub(super) client_id: Text,
    pub(super) service: Option<Text>,
    pub(super) kind: Option<Text>,
    pub(super) name: Option<Text>,
    pub(super) auth: Option<Text>,
    pub(super) secret: Option<Text>,
    pub(super) secret_file: Option<Text>,
    pub(super) jwks: Option<Text>,
    pub(super) jwks_file: Option<Text>,
    pub(super) grant_types: Option<Texts>,
    pub(super) redirect_uris: Option<Texts>,
    pub(super) post_logout_redirect_uris: Option<Texts>,
    pub(super) scopes: Option<Texts>,
    pub(super) resources: Option<Texts>,
    pub(super) introspects: Option<Texts>,
    pub(super) backchannel_logout_uri: Option<Text>,
    pub(super) sector: Option<Text>,
    pub(super) consent: Option<Text>,
    pub(super) profile: Option<RawProfile>,
    pub(super) disabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProfile {
    pub(super) preset: Option<Text>,
    pub(super) claims: Option<ClaimPlacement>,
    pub(super) groups: Option<GroupsRendering>,
    pub(super) groups_always: Option<bool>,
    pub(super) quota: Option<QuotaRendering>,
    pub(super) default_quota: Option<Text>,
    pub(super) username_claim: Option<Text>,
    pub(super) alg: Option<SigningAlg>,
    pub(super) pkce: Option<PkceRule>,
    pub(super) redirects_onward: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffer {
    pub(super) service: Text,
    pub(super) collective: Text,
    pub(super) roles: Option<Texts>,
    pub(super) default_role: Option<Text>,
    pub(super) quota_ceiling: Option<Text>,
    pub(super) automatic: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    pub(super) username: Text,
    pub(super) name: Option<Text>,
    pub(super) given_name: Option<Text>,
    pub(super) family_name: Option<Text>,
    pub(super) emails: Option<Texts>,
    pub(super) locale: Option<Text>,
    pub(super) zoneinfo: Option<Text>,
    pub(super) state: Option<Text>,
    pub(super) password: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_hash: Option<Text>,
    pub(super) password_pepper: Option<Text>,
    #[serde(default)]
    pub(super) memberships: Vec<RawMembership>,
    #[serde(default)]
    pub(super) grants: Vec<RawGrant>,
    #[serde(default)]
    pub(super) requests: Vec<RawRequest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMembership {
    pub(super) collective: Text,
    pub(super) state: Option<Text>,
    pub(super) home: Option<bool>,
    pub(super) ends: Option<Spanned<Datetime>>,
    pub(super) sponsor: Option<Text>,
    #[serde(default)]
    pub(super) working_groups: Texts,
    #[serde(default)]
    pub(super) mandates: Vec<RawMandate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMandate {
    pub(super) kind: Text,
    pub(super) working_group: Option<Text>,
    pub(super) service: Option<Text>,
    pub(super) ends: Option<Spanned<Datetime>>,
    pub(super) accepted: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGrant {
    pub(super) service: Text,
    pub(super) via: Option<Text>,
    pub(super) guest_of: Option<Text>,
    pub(super) sponsor: Option<Text>,
    pub(super) role: Option<Text>,
    pub(super) quota: Option<Text>,
    pub(super) ends: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRequest {
    pub(super) kind: Text,
    pub(super) collective: Text,
    pub(super) service: Option<Text>,
    pub(super) text: Option<Text>,
}
