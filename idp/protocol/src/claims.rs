//! The claim table: which claim exists, what brings it, where its value comes from. Minimisation is the default
//! (N-67): what is not granted, not the client's own and not asked for within its allow-list does not leave the house.

use idp_domain::{
    Timestamp,
    locale::Locale,
    profile::{ClaimPlacement, CompatProfile, GroupsRendering, QuotaRendering},
    quota::Quota,
    scope::{Scope, ScopeSet},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::claims_request::ClaimsRequest;

/// What is known about a person as one client may see it. Plain data: whoever fills it has already applied the
/// client's filter to groups, and never leaves groups out because they could not be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The subject of this client's sector.
    pub sub: String,
    /// The username as frozen for this client.
    pub username: String,
    /// The name shown to others.
    pub name: String,
    /// Given name, when told.
    pub given_name: Option<String>,
    /// Family name, when told.
    pub family_name: Option<String>,
    /// URL of a picture.
    pub picture: Option<String>,
    /// The language of the person.
    pub locale: Locale,
    /// Time zone name, when told.
    pub zoneinfo: Option<String>,
    /// When the profile last changed.
    pub updated_at: Timestamp,
    /// The address that may be released: verified, or it would not stand here. Services link accounts by it.
    pub verified_email: Option<String>,
    /// The groups that matter to this client, complete.
    pub groups: Vec<GroupValue>,
    /// Every collective of the person; released under the scope `collectives` only.
    pub collectives: Vec<CollectiveClaim>,
    /// Every allowed service of the person; released under the scope `services` only.
    pub services: Vec<ServiceClaim>,
    /// The role in this client's service.
    pub service_role: Option<String>,
    /// The quota in this client's service.
    pub quota: Option<Quota>,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupValue {
    /// `<prefix>_<slug>…`, or the client's legacy identifier.
    pub id: String,
    /// Shown.
    pub name: String,
}

/// One member of the claim `collectives`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectiveClaim {
    /// The slug.
    pub id: String,
    /// Shown.
    pub name: String,
    /// `member`, `manager`, …
    pub roles: Vec<String>,
    /// Whether it vouches for the person.
    pub home: bool,
}

/// One member of the claim `services`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceClaim {
    /// The slug.
    pub id: String,
    /// The role there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The slug of the collective that opened the door.
    pub via: String,
}

/// What decides which claims a client gets.
#[derive(Debug, Clone, Copy)]
pub struct Release<'a> {
    /// The scopes of the authorization.
    pub granted: ScopeSet,
    /// The client's registered scopes: nothing beyond them is released, however it is asked for.
    pub allowed: ScopeSet,
    /// The `claims` parameter of the authorization.
    pub asked: &'a ClaimsRequest,
    /// How this client wants things.
    pub profile: &'a CompatProfile,
}

/// What brings a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// A granted scope.
    By(Scope),
    /// Being signed in to the service it is about.
    ByOwnService,
}

/// One row of the table.
pub struct ClaimRow {
    /// The name on the wire.
    pub name: &'static str,
    /// What brings it.
    pub brought: Brought,
    value: fn(&Facts, &CompatProfile) -> Option<Value>,
}

const fn row(name: &'static str, brought: Brought, value: fn(&Facts, &CompatProfile) -> Option<Value>) -> ClaimRow {
    ClaimRow { name, brought, value }
}

const PROFILE: Brought = Brought::By(Scope::Profile);
const EMAIL: Brought = Brought::By(Scope::Email);

/// Every claim about a person. `sub` is not among them: it is in every body.
pub const TABLE: [ClaimRow; 16] = [
    row("preferred_username", PROFILE, |facts, _| text(Some(&facts.username))),
    row("name", PROFILE, |facts, _| text(Some(&facts.name))),
    row("given_name", PROFILE, |facts, _| text(facts.given_name.as_deref())),
    row("family_name", PROFILE, |facts, _| text(facts.family_name.as_deref())),
    row("picture", PROFILE, |facts, _| text(facts.picture.as_deref())),
    row("locale", PROFILE, |facts, _| text(Some(facts.locale.as_str()))),
    // Nextcloud takes the language of its pages from this one, not from `locale`
    row("language", PROFILE, |facts, _| text(Some(facts.locale.as_str()))),
    row("zoneinfo", PROFILE, |facts, _| text(facts.zoneinfo.as_deref())),
    row("updated_at", PROFILE, |facts, _| Some(facts.updated_at.seconds().into())),
    row("email", EMAIL, |facts, _| text(facts.verified_email.as_deref())),
    row("email_verified", EMAIL, |facts, _| text(facts.verified_email.as_deref()).map(|_| Value::Bool(true))),
    row("groups", Brought::By(Scope::Groups), |facts, profile| Some(groups(&facts.groups, profile.groups))),
    row("collectives", Brought::By(Scope::Collectives), |facts, _| Some(json!(facts.collectives))),
    row("services", Brought::By(Scope::Services), |facts, _| Some(json!(facts.services))),
    row("service_role", Brought::ByOwnService, |facts, _| text(facts.service_role.as_deref())),
    row("quota", Brought::ByOwnService, |facts, profile| {
        facts.quota.or(profile.default_quota).map(|quota| self::quota(quota, profile.quota))
    }),
];

/// Claims that the protocol fills: no profile may name its username claim like one of them.
pub const PROTOCOL: [&str; 20] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "sid",
    "client_id",
    "scope",
    "azn",
    "epoch",
    "asked",
];

/// Whether a claim has a meaning of its own: no profile may name its username claim so. `preferred_username` too has its
/// scope and its places, and a profile changes nothing about them.
pub fn is_taken(name: &str) -> bool {
    PROTOCOL.contains(&name) || is_known(name)
}

/// Whether a claim is one of [`TABLE`].
pub fn is_known(name: &str) -> bool {
    TABLE.iter().any(|row| row.name == name)
}

/// The scope that brings a claim; `None` for claims that no scope brings and for unknown ones.
pub fn scope_of(name: &str) -> Option<Scope> {
    TABLE.iter().find(|row| row.name == name).and_then(|row| match row.brought {
        Brought::By(scope) => Some(scope),
        Brought::ByOwnService => None,
    })
}

/// What a profile releases whatever is asked for, as the scopes that would bring it: a person is to know of it.
pub fn brought_by_profile(profile: &CompatProfile) -> ScopeSet {
    let groups = profile.groups_always.then_some(Scope::Groups);
    let username = username_claim(profile).map(|_| Scope::Profile);
    groups.into_iter().chain(username).collect()
}

impl Release<'_> {
    /// Granted ∩ allowed, and `groups` when the profile insists.
    fn scopes(&self) -> ScopeSet {
        self.granted.intersection(self.allowed).union(self.insisted())
    }
    fn insisted(&self) -> ScopeSet {
        if self.profile.groups_always { [Scope::Groups].into_iter().collect() } else { ScopeSet::EMPTY }
    }
    fn is_granted(&self, brought: Brought) -> bool {
        match brought {
            Brought::By(scope) => self.scopes().contains(scope),
            Brought::ByOwnService => true,
        }
    }
    /// What the `claims` parameter may bring: claims of scopes the client is registered for.
    fn is_allowed(&self, brought: Brought) -> bool {
        match brought {
            Brought::By(scope) => self.allowed.union(self.insisted()).contains(scope),
            Brought::ByOwnService => true,
        }
    }
    fn hydrates(&self) -> bool {
        self.profile.claims == ClaimPlacement::IdToken
    }
}

/// The claims about the person in an ID token: lean (only what `claims.id_token` asks for) unless the profile wants
/// everything the scopes bring there too (OIDC Core §5.4, N-33). Protocol claims are [`crate::bodies::IdToken`]'s.
pub fn in_id_token(facts: &Facts, release: &Release<'_>) -> Map<String, Value> {
    let hydrates = release.hydrates();
    collect(facts, release.profile, |name, brought| {
        hydrates && release.is_granted(brought) || release.asked.wants_in_id_token(name) && release.is_allowed(brought)
    })
}

/// The body of a userinfo response (OIDC Core §5.3.2): `sub`, what the scopes bring, and what `claims.userinfo` asks for.
pub fn in_userinfo(facts: &Facts, release: &Release<'_>) -> Map<String, Value> {
    let mut claims = collect(facts, release.profile, |name, brought| {
        release.is_granted(brought) || release.asked.wants_in_userinfo(name) && release.is_allowed(brought)
    });
    claims.insert("sub".to_owned(), facts.sub.clone().into());
    claims
}

/// The claims about the person in an access token whose audience is the client's own service (RFC 9068 §2.2.2): the
/// groups if the profile insists on them or hydrates, and the username claim it names. A service that takes bearer
/// tokens, such as Nextcloud's API, reads nothing else. Empty for generic profiles.
pub fn in_access_token(facts: &Facts, release: &Release<'_>) -> Map<String, Value> {
    let wants_groups = release.profile.groups_always || release.hydrates();
    collect(facts, release.profile, |name, brought| {
        let of_username = username_claim(release.profile) == Some(name);
        of_username || name == "groups" && wants_groups && release.is_granted(brought)
    })
}

fn collect(facts: &Facts, profile: &CompatProfile, wanted: impl Fn(&str, Brought) -> bool) -> Map<String, Value> {
    let mut claims = Map::new();
    for row in &TABLE {
        if wanted(row.name, row.brought)
            && let Some(value) = (row.value)(facts, profile)
        {
            claims.insert(row.name.to_owned(), value);
        }
    }
    if let Some(name) = username_claim(profile)
        && wanted(name, Brought::ByOwnService)
        && let Some(value) = text(Some(&facts.username))
    {
        claims.insert(name.to_owned(), value);
    }
    claims
}

/// The profile's additional username claim, unless its name is taken.
fn username_claim(profile: &CompatProfile) -> Option<&str> {
    let name = profile.username_claim.as_deref()?;
    (!name.is_empty() && !is_taken(name)).then_some(name)
}

/// A text claim; absent rather than blank, which the certification suite and several services refuse.
fn text(value: Option<&str>) -> Option<Value> {
    value.filter(|text| !text.trim().is_empty()).map(Value::from)
}

/// Always complete, possibly empty: services take a missing `groups` for "in no group" or for "as before", each its
/// own way. So the comma form of no groups is the empty text, the one blank text released.
fn groups(groups: &[GroupValue], rendering: GroupsRendering) -> Value {
    match rendering {
        GroupsRendering::Strings => groups.iter().map(|group| Value::from(group.id.as_str())).collect(),
        GroupsRendering::Objects => groups.iter().map(|group| json!({ "gid": group.id, "displayName": group.name })).collect(),
        GroupsRendering::CommaString => groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>().join(",").into(),
    }
}

fn quota(quota: Quota, rendering: QuotaRendering) -> Value {
    match rendering {
        QuotaRendering::Bytes => quota.bytes().into(),
        QuotaRendering::Text => quota.to_string().into(),
    }
}

#[cfg(test)]
mod tests;
