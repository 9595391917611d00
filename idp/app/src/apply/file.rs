//! A cluster file after reading: every value is a domain value and knows its line. An absent field is not compared on
//! a row that exists, and gets its default on a new one.

use idp_domain::{
    Timestamp,
    client::{ClientAuthMethod, ClientIdentifier, ConsentRule, GrantType},
    collective::{CollectiveState, Listing},
    credential::PasswordScheme,
    email::EmailAddress,
    locale::Locale,
    membership::MembershipState,
    name::{DisplayName, FreeText},
    person::PersonState,
    profile::CompatProfile,
    quota::Quota,
    redirect::RedirectUri,
    scope::ScopeSet,
    secret::{SecretHash, SecretKind, Typed},
    service::{Automatic, Outsiders, RoleName, ServiceState},
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};

use super::place::{Located, Source};

/// Everything a file says.
#[derive(Debug, Clone)]
pub struct ClusterFile {
    pub(super) source: Source,
    pub(super) collectives: Vec<CollectiveSpec>,
    pub(super) services: Vec<ServiceSpec>,
    pub(super) clients: Vec<ClientSpec>,
    pub(super) offers: Vec<OfferSpec>,
    pub(super) people: Vec<PersonSpec>,
}

impl ClusterFile {
    /// Gives a client its secret, as if the file had named one. Nothing happens when the file has no such client or the
    /// client proves itself otherwise.
    pub fn set_client_secret(&mut self, client_id: &ClientIdentifier, secret: &Typed) {
        let found = self.clients.iter_mut().find(|client| client.client_id.value == *client_id);
        if let Some(client) = found.filter(|client| client.auth.is_none_or(|auth| auth == ClientAuthMethod::Secret)) {
            client.secret = Some(SecretHash::of(SecretKind::ClientSecret, secret.expose().as_bytes()));
        }
    }
    /// The clients that prove who they are by a secret, in the order of the file.
    pub fn secret_clients(&self) -> impl Iterator<Item = &ClientIdentifier> {
        self.clients
            .iter()
            .filter(|client| client.auth.is_none_or(|auth| auth == ClientAuthMethod::Secret))
            .map(|client| &client.client_id.value)
    }
    /// The people with an initial password in the clear, in the order of the file.
    pub fn passwords(&self) -> impl Iterator<Item = (&Username, &Typed)> {
        self.people.iter().filter_map(|person| match &person.password {
            Some(PasswordSpec::Clear(password)) => Some((&person.username.value, password)),
            Some(PasswordSpec::Hash { .. }) | None => None,
        })
    }
}

#[derive(Debug, Clone)]
pub(super) struct CollectiveSpec {
    pub(super) slug: Located<Slug>,
    pub(super) name: DisplayName,
    pub(super) locale: Option<Locale>,
    pub(super) listing: Option<Listing>,
    pub(super) state: Option<CollectiveState>,
    pub(super) working_groups: Vec<WorkingGroupSpec>,
}

#[derive(Debug, Clone)]
pub(super) struct WorkingGroupSpec {
    pub(super) slug: Located<WorkingGroupSlug>,
    pub(super) name: DisplayName,
}

#[derive(Debug, Clone)]
pub(super) struct ServiceSpec {
    pub(super) slug: Located<Slug>,
    pub(super) name: DisplayName,
    pub(super) description: Option<String>,
    pub(super) url: Option<String>,
    pub(super) state: Option<ServiceState>,
    pub(super) roles: Option<Vec<RoleName>>,
    pub(super) owners: Option<Vec<Located<Slug>>>,
    pub(super) outsiders: Option<Outsiders>,
}

#[derive(Debug, Clone)]
pub(super) enum ClientKind {
    Service(Located<Slug>),
    AdminUi,
    Machine,
}

#[derive(Debug, Clone)]
pub(super) struct ClientSpec {
    pub(super) client_id: Located<ClientIdentifier>,
    pub(super) kind: ClientKind,
    pub(super) name: Option<String>,
    pub(super) auth: Option<ClientAuthMethod>,
    pub(super) secret: Option<SecretHash>,
    pub(super) jwks: Option<String>,
    pub(super) grant_types: Option<Vec<GrantType>>,
    pub(super) redirect_uris: Option<Vec<RedirectUri>>,
    pub(super) post_logout_redirect_uris: Option<Vec<RedirectUri>>,
    pub(super) scopes: Option<ScopeSet>,
    pub(super) resources: Option<Vec<String>>,
    pub(super) introspects: Option<Vec<String>>,
    pub(super) backchannel_logout_uri: Option<String>,
    pub(super) sector: Option<String>,
    pub(super) consent: Option<ConsentRule>,
    pub(super) profile: Option<CompatProfile>,
    pub(super) disabled: Option<bool>,
}

#[derive(Debug, Clone)]
pub(super) struct OfferSpec {
    pub(super) service: Located<Slug>,
    pub(super) collective: Located<Slug>,
    pub(super) roles: Option<Vec<RoleName>>,
    pub(super) default_role: Option<RoleName>,
    pub(super) quota_ceiling: Option<Quota>,
    pub(super) automatic: Option<Automatic>,
}

#[derive(Debug, Clone)]
pub(super) enum PasswordSpec {
    Clear(Typed),
    Hash { scheme: PasswordScheme, phc: String, pepper: Option<Located<String>> },
}

#[derive(Debug, Clone)]
pub(super) struct PersonSpec {
    pub(super) username: Located<Username>,
    pub(super) name: Option<DisplayName>,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    pub(super) emails: Vec<Located<EmailAddress>>,
    pub(super) locale: Option<Locale>,
    pub(super) zoneinfo: Option<String>,
    pub(super) state: Option<PersonState>,
    pub(super) password: Option<PasswordSpec>,
    pub(super) memberships: Vec<MembershipSpec>,
    pub(super) grants: Vec<GrantSpec>,
    pub(super) requests: Vec<RequestSpec>,
}

#[derive(Debug, Clone)]
pub(super) struct MembershipSpec {
    pub(super) collective: Located<Slug>,
    pub(super) state: Option<MembershipState>,
    /// Nobody wrote it: a request to join brings it.
    pub(super) implied: bool,
    pub(super) home: bool,
    pub(super) ends: Option<Timestamp>,
    pub(super) sponsor: Option<Located<Username>>,
    pub(super) working_groups: Vec<Located<WorkingGroupSlug>>,
    pub(super) mandates: Vec<MandateSpec>,
}

impl MembershipSpec {
    /// The state of a new membership.
    pub(super) fn first_state(&self) -> MembershipState {
        self.state.unwrap_or(if self.implied { MembershipState::Requested } else { MembershipState::Active })
    }
}

#[derive(Debug, Clone)]
pub(super) enum MandateOver {
    Collective,
    WorkingGroup(Located<WorkingGroupSlug>),
    Service(Located<Slug>),
    Community,
    Operations,
}

impl MandateOver {
    /// The kind's name in files.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Collective => "manager",
            Self::WorkingGroup(_) => "coordinator",
            Self::Service(_) => "service_manager",
            Self::Community => "community_steward",
            Self::Operations => "operations_steward",
        }
    }
    pub(super) const fn is_steward(&self) -> bool {
        matches!(self, Self::Community | Self::Operations)
    }
}

#[derive(Debug, Clone)]
pub(super) struct MandateSpec {
    pub(super) over: Located<MandateOver>,
    pub(super) ends: Option<Timestamp>,
    pub(super) accepted: bool,
}

#[derive(Debug, Clone)]
pub(super) enum DoorSpec {
    Via(Located<Slug>),
    Guest { owner: Located<Slug>, sponsor: Located<Username> },
}

impl DoorSpec {
    /// The collective in whose name the door opens.
    pub(super) const fn collective(&self) -> &Located<Slug> {
        match self {
            Self::Via(collective) => collective,
            Self::Guest { owner, .. } => owner,
        }
    }
}

/// The role of an access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RoleChoice {
    /// Not told: the offer's default for a new access, whatever it is for one that is there.
    Untold,
    /// None, as the empty text says.
    Nothing,
    /// This one.
    Named(RoleName),
}

impl RoleChoice {
    pub(super) const fn named(&self) -> Option<&RoleName> {
        match self {
            Self::Named(role) => Some(role),
            Self::Untold | Self::Nothing => None,
        }
    }
    /// The role where an untold one leaves what is there.
    pub(super) fn or(&self, there: Option<&RoleName>) -> Option<RoleName> {
        match self {
            Self::Untold => there.cloned(),
            Self::Nothing => None,
            Self::Named(role) => Some(role.clone()),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct GrantSpec {
    pub(super) service: Located<Slug>,
    pub(super) door: DoorSpec,
    pub(super) role: RoleChoice,
    pub(super) quota: Option<Quota>,
    pub(super) ends: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) enum Asked {
    Join,
    Access(Located<Slug>),
}

impl Asked {
    /// The kind's name in files.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Access(_) => "access",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct RequestSpec {
    pub(super) asked: Asked,
    pub(super) collective: Located<Slug>,
    pub(super) text: FreeText,
}
