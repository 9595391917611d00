//! Builders of the collectives side: each makes a row with sensible values and commits it.

use idp_domain::{
    Timestamp,
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    collective::{Collective, CollectiveState, Listing, WorkingGroup},
    email::EmailAddress,
    id::{ClientId, CollectiveId, EmailId, PersonId, ServiceId},
    locale::Locale,
    membership::{Mandate, MandateKind, Membership, MembershipState},
    name::{DisplayName, FreeText},
    person::PersonState,
    profile::Preset,
    quota::Quota,
    request::{Request, RequestKind, RequestState},
    scope::ScopeSet,
    service::{Automatic, Grant, GrantVia, Offer, Outsiders, RoleName, Service, ServiceState},
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{Attempt, Decided, Inserted, Store, Tx, WriteTx, offers::Offered, people::NewPerson};

use crate::databases::{id, uuid};

/// The instant of every test.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("a slug")
}
pub(crate) fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).expect("a name")
}
pub(crate) fn role(text: &str) -> RoleName {
    RoleName::parse(text).expect("a role")
}
pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}
pub(crate) fn gigabytes(n: i64) -> Quota {
    Quota::from_bytes(n << 30).expect("a quota")
}

/// Makes rows.
pub(crate) struct Cluster<'s>(pub(crate) &'s Store);

impl Cluster<'_> {
    pub(crate) async fn write(&self) -> WriteTx {
        self.0.write("test").await.expect("begins")
    }

    pub(crate) async fn collective(&self, text: &str) -> Collective {
        let collective = Collective {
            id: id(),
            slug: slug(text),
            name: name(text),
            locale: Locale::Ca,
            listing: Listing::Listed,
            state: CollectiveState::Active,
            created_at: NOW,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.collectives().insert(&collective, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        collective
    }

    pub(crate) async fn working_group(&self, collective: &Collective, text: &str) -> WorkingGroup {
        let slug = WorkingGroupSlug::parse(text).expect("a slug");
        let group = WorkingGroup { id: id(), collective: collective.id, slug, name: name(text) };
        let tx = self.write().await;
        assert_eq!(tx.working_groups().insert(&group, NOW).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        group
    }

    /// An active person whose verified address is `<username>@example.cat`.
    pub(crate) async fn person(&self, username: &str, display_name: &str) -> PersonId {
        let person = new_person(username, display_name);
        let tx = self.write().await;
        assert_eq!(tx.people().insert(&person, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        let email: EmailId = id();
        tx.emails().insert(email, person.id, &address(&format!("{username}@example.cat")), NOW).await.expect("inserts");
        let _ = tx.emails().verify(email, NOW).await.expect("verifies");
        tx.commit().await.expect("commits");
        person.id
    }

    pub(crate) async fn member(&self, collective: &Collective, person: PersonId) -> Membership {
        let membership = membership(collective.id, person);
        let tx = self.write().await;
        assert_eq!(tx.memberships().insert(&membership, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        membership
    }

    pub(crate) async fn mandate(&self, membership: &Membership, kind: MandateKind) -> Mandate {
        let mandate = mandate(membership, kind);
        let tx = self.write().await;
        tx.mandates().insert(&mandate, NOW, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
        mandate
    }

    pub(crate) async fn service(&self, text: &str, owners: &[&Collective]) -> Service {
        let service = Service {
            id: id(),
            slug: slug(text),
            name: name(text),
            description: String::from("A place to work together."),
            url: Some(format!("https://{text}.example.cat")),
            state: ServiceState::Active,
            roles: vec![role("reader"), role("editor"), role("admin")],
            outsiders: Outsiders::Admitted,
            created_at: NOW,
            version: 1,
        };
        let owners: Vec<_> = owners.iter().map(|owner| owner.id).collect();
        let tx = self.write().await;
        assert_eq!(tx.services().insert(&service, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.services().set_owners(service.id, &owners).await.expect("sets");
        tx.commit().await.expect("commits");
        service
    }

    pub(crate) async fn offer(&self, service: &Service, collective: &Collective) -> Offer {
        let offer = offer(service.id, collective.id);
        let tx = self.write().await;
        assert_eq!(tx.offers().make(&offer, Decided::ByFile).await.expect("offers"), Offered::Done(offer.id));
        tx.commit().await.expect("commits");
        offer
    }

    pub(crate) async fn grant(&self, membership: &Membership, offer: &Offer) -> Grant {
        let grant = grant(membership, offer);
        let tx = self.write().await;
        assert_eq!(tx.grants().insert(&grant, None).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        grant
    }

    pub(crate) async fn request(&self, collective: &Collective, person: PersonId, created_at: Timestamp) -> Request {
        let request = Request { created_at, ..request(collective.id, person) };
        let tx = self.write().await;
        assert_eq!(tx.requests().insert(&request).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        request
    }

    /// A client of a service that is told of sign-outs.
    pub(crate) async fn client(&self, text: &str, service: ServiceId) -> ClientId {
        let client = Client {
            id: id(),
            client_id: ClientIdentifier::parse(text).expect("an identifier"),
            name: text.to_owned(),
            role: ClientRole::Service(service),
            auth_method: ClientAuthMethod::None,
            secrets: Vec::new(),
            jwks: None,
            grant_types: vec![GrantType::AuthorizationCode],
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            scopes: ScopeSet::parse("openid"),
            resources: Vec::new(),
            introspects: Vec::new(),
            backchannel_logout_uri: None,
            sector: String::new(),
            consent: ConsentRule::FirstParty,
            profile: Preset::Generic.profile(),
            disabled_at: None,
        };
        let tx = self.write().await;
        assert_eq!(tx.clients().insert(&client, NOW).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        client.id
    }

    /// Makes a membership the person's home.
    pub(crate) async fn home(&self, person: PersonId, collective: &Collective) -> Attempt {
        let tx = self.write().await;
        let outcome = tx.memberships().set_home(person, collective.id, NOW).await.expect("sets");
        tx.commit().await.expect("commits");
        outcome
    }
}

pub(crate) fn new_person(username: &str, display_name: &str) -> NewPerson {
    let mut user_handle = [7; 64];
    user_handle[..16].copy_from_slice(uuid().as_bytes());
    NewPerson {
        id: id(),
        username: Username::parse(username).expect("a username"),
        display_name: name(display_name),
        given_name: None,
        family_name: None,
        locale: Locale::Ca,
        zoneinfo: None,
        state: PersonState::Active,
        user_handle,
        audit_index: uuid(),
        sealed_audit_key: vec![1, 2, 3],
        created_at: NOW,
    }
}

pub(crate) fn membership(collective: CollectiveId, person: PersonId) -> Membership {
    Membership {
        id: id(),
        collective,
        person,
        state: MembershipState::Active,
        home_at: None,
        sponsor: None,
        starts_at: Some(NOW),
        ends_at: None,
        accepted_at: Some(NOW),
        created_at: NOW,
        version: 1,
    }
}

pub(crate) fn mandate(membership: &Membership, kind: MandateKind) -> Mandate {
    Mandate {
        id: id(),
        collective: membership.collective,
        membership: membership.id,
        kind,
        starts_at: NOW,
        ends_at: None,
        accepted_at: Some(NOW),
        ended_at: None,
    }
}

pub(crate) fn offer(service: ServiceId, collective: CollectiveId) -> Offer {
    Offer {
        id: id(),
        service,
        collective,
        roles: vec![role("reader"), role("editor")],
        default_role: Some(role("reader")),
        quota_ceiling: Some(gigabytes(10)),
        automatic: Automatic::No,
        created_at: NOW,
        withdrawn_at: None,
        version: 1,
    }
}

pub(crate) fn grant(membership: &Membership, offer: &Offer) -> Grant {
    Grant {
        id: id(),
        person: membership.person,
        service: offer.service,
        via: GrantVia::Membership { offer: offer.id, membership: membership.id, collective: membership.collective },
        role: Some(role("reader")),
        quota: Some(gigabytes(2)),
        ends_at: None,
        created_at: NOW,
        withdrawn_at: None,
        version: 1,
    }
}

pub(crate) fn guest(person: PersonId, service: &Service, owner: &Collective, sponsor: PersonId, ends_at: Timestamp) -> Grant {
    Grant {
        id: id(),
        person,
        service: service.id,
        via: GrantVia::Guest { sponsor, owner: owner.id },
        role: Some(role("editor")),
        quota: None,
        ends_at: Some(ends_at),
        created_at: NOW,
        withdrawn_at: None,
        version: 1,
    }
}

/// An open request to join, not stored.
pub(crate) fn request(collective: CollectiveId, person: PersonId) -> Request {
    Request {
        id: id(),
        kind: RequestKind::Join,
        collective,
        person,
        state: RequestState::Open,
        text: FreeText::parse("Hola!\nVull venir.").expect("a text"),
        reason: None,
        created_at: NOW,
        decided_at: None,
        decided_by: None,
        version: 1,
    }
}
