//! Collectives, working groups, services, clients and offers.

use idp_domain::{
    audit::AuditEvent,
    client::{Client, ClientAuthMethod, ClientRole, ConsentRule, GrantType},
    collective::{Collective, CollectiveState, Listing, WorkingGroup},
    id::ClientId,
    locale::Locale,
    profile::Preset,
    scope::{Scope, ScopeSet},
    secret::SecretHash,
    service::{Offer, Outsiders, Service, ServiceState},
    slug::Slug,
};
use idp_store::{
    Attempt, Decided, Inserted, Tx,
    cluster::Setting,
    offers::{OfferTerms, Offered},
};

use super::{Run, Step, Stopped, inserted, unchanged};
use crate::{
    apply::file::{ClientKind, ClientSpec, CollectiveSpec, OfferSpec, ServiceSpec, WorkingGroupSpec},
    audit::Concerning,
    services::{Renamed, tell_of_name},
};

impl Run<'_> {
    pub(super) async fn step(&mut self, step: &Step<'_>) -> Result<(), Stopped> {
        let (tx, by) = (self.tx, Decided::ByFile);
        match step {
            Step::FoundCollective(spec) => self.found_collective(spec).await,
            Step::EditCollective { id, version, edit, state } => {
                let renamed = tx.collectives().find(*id).await?.is_some_and(|before| before.name != edit.name);
                unchanged(tx.collectives().edit(*id, *version, edit, by, self.act.now).await?)?;
                if renamed {
                    tell_of_name(self.act, tx, Renamed::Collective(*id)).await?;
                }
                if let Some(state) = state {
                    unchanged(tx.collectives().set_state(*id, version + 1, *state, by).await?)?;
                }
                self.note(Concerning::collective(*id), AuditEvent::CollectiveEdited { collective: *id });
                Ok(())
            }
            Step::AddWorkingGroup(collective, spec) => self.add_working_group(collective, spec).await,
            Step::RenameWorkingGroup { collective, group, name } => {
                unchanged(tx.working_groups().rename(*collective, *group, name).await?)?;
                tell_of_name(self.act, tx, Renamed::WorkingGroup(*collective, *group)).await?;
                self.note(Concerning::collective(*collective), AuditEvent::CollectiveEdited { collective: *collective });
                Ok(())
            }
            Step::RegisterService(spec) => self.register_service(spec).await,
            Step::EditService { id, version, edit, state, owners } => {
                unchanged(tx.services().edit(*id, *version, edit, by).await?)?;
                if let Some(state) = state {
                    unchanged(tx.services().set_state(*id, version + 1, *state, by).await?)?;
                }
                if let Some(owners) = owners {
                    self.set_owners(*id, owners.iter()).await?;
                }
                self.note(Concerning::cluster(), AuditEvent::ServiceEdited { service: *id });
                Ok(())
            }
            Step::RegisterClient(spec) => self.register_client(spec).await,
            Step::EditClient { client, version } => {
                unchanged(tx.clients().update(client, *version).await?)?;
                self.note(Concerning::cluster(), AuditEvent::ClientEdited { client: client.id });
                Ok(())
            }
            Step::AddSecret(client, secret) => {
                self.add_secret(*client, secret).await?;
                self.note(Concerning::cluster(), AuditEvent::ClientEdited { client: *client });
                Ok(())
            }
            Step::MakeOffer(spec, terms) => self.make_offer(spec, terms).await,
            Step::EditOffer { collective, id, version, terms } => {
                unchanged(tx.offers().edit(*collective, *id, *version, terms, by).await?)?;
                self.note(Concerning::collective(*collective), AuditEvent::OfferEdited { offer: *id });
                Ok(())
            }
            step => self.person_step(step).await,
        }
    }

    async fn found_collective(&mut self, spec: &CollectiveSpec) -> Result<(), Stopped> {
        let collective = Collective {
            id: self.act.id(),
            slug: spec.slug.value.clone(),
            name: spec.name.clone(),
            locale: spec.locale.unwrap_or(Locale::Ca),
            listing: spec.listing.unwrap_or(Listing::Unlisted),
            state: spec.state.unwrap_or(CollectiveState::Active),
            created_at: self.act.now,
            version: 1,
        };
        inserted(self.tx.collectives().insert(&collective, Decided::ByFile).await?)?;
        self.note(Concerning::collective(collective.id), AuditEvent::CollectiveFounded { collective: collective.id });
        self.collectives.insert(collective.slug, collective.id);
        Ok(())
    }

    async fn add_working_group(&mut self, collective: &Slug, spec: &WorkingGroupSpec) -> Result<(), Stopped> {
        let collective = self.collective(collective)?;
        let group = WorkingGroup { id: self.act.id(), collective, slug: spec.slug.value.clone(), name: spec.name.clone() };
        inserted(self.tx.working_groups().insert(&group, self.act.now).await?)?;
        self.note(Concerning::collective(collective), AuditEvent::CollectiveEdited { collective });
        self.groups.insert((collective, group.slug), group.id);
        Ok(())
    }

    async fn register_service(&mut self, spec: &ServiceSpec) -> Result<(), Stopped> {
        let service = Service {
            id: self.act.id(),
            slug: spec.slug.value.clone(),
            name: spec.name.clone(),
            description: spec.description.clone().unwrap_or_default(),
            url: spec.url.clone(),
            state: spec.state.unwrap_or(ServiceState::Active),
            roles: spec.roles.clone().unwrap_or_default(),
            outsiders: spec.outsiders.unwrap_or(Outsiders::Refused),
            created_at: self.act.now,
            version: 1,
        };
        inserted(self.tx.services().insert(&service, Decided::ByFile).await?)?;
        self.set_owners(service.id, spec.owners.iter().flatten().map(|owner| &owner.value)).await?;
        self.note(Concerning::cluster(), AuditEvent::ServiceRegistered { service: service.id });
        self.services.insert(service.slug, service.id);
        Ok(())
    }

    async fn set_owners(&self, service: idp_domain::id::ServiceId, owners: impl Iterator<Item = &Slug>) -> Result<(), Stopped> {
        let mut ids = owners.map(|owner| self.collective(owner)).collect::<Result<Vec<_>, _>>()?;
        ids.sort();
        ids.dedup();
        Ok(self.tx.services().set_owners(service, &ids).await?)
    }

    async fn register_client(&mut self, spec: &ClientSpec) -> Result<(), Stopped> {
        let role = match &spec.kind {
            ClientKind::Service(slug) => ClientRole::Service(self.service(&slug.value)?),
            ClientKind::AdminUi => ClientRole::AdminUi,
            ClientKind::Machine => ClientRole::Machine,
        };
        let client = new_client(spec, self.act.id(), role, self.act.now);
        inserted(self.tx.clients().insert(&client, self.act.now).await?)?;
        // from the first client on, services may have seen it: taken means that it was frozen before
        let prefix = self.act.settings().group_prefix.as_str();
        let (Inserted::Done | Inserted::Taken) = self.tx.cluster().set_once(Setting::GroupPrefix, prefix).await?;
        if let Some(secret) = &spec.secret {
            self.add_secret(client.id, secret).await?;
        }
        self.note(Concerning::cluster(), AuditEvent::ClientRegistered { client: client.id });
        Ok(())
    }

    async fn add_secret(&self, client: ClientId, secret: &SecretHash) -> Result<(), Stopped> {
        match self.tx.clients().add_secret(self.act.id(), client, secret, self.act.now).await? {
            Attempt::Won => Ok(()),
            Attempt::Lost => Err(Stopped::Changed),
        }
    }

    async fn make_offer(&mut self, spec: &OfferSpec, terms: &OfferTerms) -> Result<(), Stopped> {
        let (service, collective) = (self.service(&spec.service.value)?, self.collective(&spec.collective.value)?);
        let offer = Offer {
            id: self.act.id(),
            service,
            collective,
            roles: terms.roles.clone(),
            default_role: terms.default_role.clone(),
            quota_ceiling: terms.quota_ceiling,
            automatic: terms.automatic,
            created_at: self.act.now,
            withdrawn_at: None,
            version: 1,
        };
        let Offered::Done(id) = self.tx.offers().make(&offer, Decided::ByFile).await? else { return Err(Stopped::Changed) };
        self.note(Concerning::collective(collective), AuditEvent::OfferMade { offer: id });
        self.offers.insert((service, collective), (id, terms.default_role.clone()));
        Ok(())
    }
}

/// A client as the file has it, with what its kind brings where the file says nothing.
fn new_client(spec: &ClientSpec, id: ClientId, role: ClientRole, now: idp_domain::Timestamp) -> Client {
    let (scopes, grant_types): (ScopeSet, _) = match role {
        ClientRole::Service(_) => (
            [Scope::OpenId, Scope::Profile, Scope::Email, Scope::Groups].into_iter().collect(),
            vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ),
        ClientRole::AdminUi => (
            [Scope::OpenId, Scope::Profile, Scope::Manage].into_iter().collect(),
            vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ),
        ClientRole::Machine => (ScopeSet::EMPTY, vec![GrantType::ClientCredentials]),
    };
    Client {
        id,
        client_id: spec.client_id.value.clone(),
        name: spec.name.clone().unwrap_or_else(|| spec.client_id.value.to_string()),
        role,
        auth_method: spec.auth.unwrap_or(ClientAuthMethod::Secret),
        secrets: Vec::new(),
        jwks: spec.jwks.clone(),
        grant_types: spec.grant_types.clone().unwrap_or(grant_types),
        redirect_uris: spec.redirect_uris.clone().unwrap_or_default(),
        post_logout_redirect_uris: spec.post_logout_redirect_uris.clone().unwrap_or_default(),
        scopes: spec.scopes.unwrap_or(scopes),
        resources: spec.resources.clone().unwrap_or_default(),
        introspects: spec.introspects.clone().unwrap_or_default(),
        backchannel_logout_uri: spec.backchannel_logout_uri.clone(),
        sector: spec.sector.clone().unwrap_or_default(),
        consent: spec.consent.unwrap_or(ConsentRule::FirstParty),
        profile: spec.profile.clone().unwrap_or_else(|| Preset::Generic.profile()),
        disabled_at: (spec.disabled == Some(true)).then_some(now),
    }
}
