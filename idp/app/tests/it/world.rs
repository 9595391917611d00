//! A cluster to try use cases on. What is arranged is written straight into the store; what is tried goes through the
//! application, and is looked at through a reading of its own.

use std::sync::Arc;

use idp_app::{
    Act, App, AppOptions, AppSettings, EphemeralAt, Failure, Outcome,
    env::{Clock, Entropy},
    jobs::Job,
};
use idp_domain::{
    Timestamp, Ttl,
    access::{self, EffectiveAccess},
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    collective::{Collective, CollectiveState, Listing},
    email::EmailAddress,
    groups::GroupPrefix,
    id::{ClientId, CollectiveId, Id, PersonId, ServiceId, SessionId},
    issuer::Issuer,
    locale::Locale,
    membership::{Mandate, MandateKind, Membership, MembershipState},
    name::{DisplayName, FreeText},
    person::{Person, PersonState},
    policy::{Actor, Standing},
    profile::Preset,
    quota::Quota,
    request::{Request, RequestKind, RequestState},
    scope::ScopeSet,
    secret::{Secret, SecretKind},
    service::{Automatic, Offer, Outsiders, RoleName, Service, ServiceState},
    session::{AuthEvent, AuthMethod},
    slug::Slug,
    username::Username,
};
use idp_store::{
    Decided, Inserted, Store, StoreOptions, Tx, WriteTx, authorizations::NewAuthorization, emails::Verified, offers::Offered,
    people::NewPerson, sessions::NewSession, signing_keys::StoredKey,
};

pub(crate) const START: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    ids: Entropy,
    dir: tempfile::TempDir,
}

pub(crate) fn role(text: &str) -> RoleName {
    RoleName::parse(text).expect("a role")
}
pub(crate) fn text(text: &str) -> FreeText {
    FreeText::parse(text).expect("a text")
}
pub(crate) fn gigabytes(n: i64) -> Quota {
    Quota::from_bytes(n << 30).expect("a quota")
}
pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

/// The refusal a use case answered with.
pub(crate) fn refusal<T: std::fmt::Debug, R: std::fmt::Debug>(outcome: Outcome<T, R>) -> R {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn options(dir: &tempfile::TempDir, clock: &Clock) -> AppOptions {
    AppOptions {
        database_url: format!("sqlite:{}", dir.path().join("aplec.db").display()),
        ephemeral: EphemeralAt::BesideDatabase,
        master: keys::testing::master_key(),
        settings: AppSettings {
            issuer: Issuer::parse("http://localhost:8080").expect("an issuer"),
            admin_ui: None,
            cluster_name: "Núvol de prova".to_owned(),
            group_prefix: GroupPrefix::default(),
        },
        clock: clock.clone(),
        entropy: Entropy::seeded(1),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Clock::manual(START);
        let options = options(&dir, &clock);
        let database_url = options.database_url.clone();
        App::migrate(&options).await.expect("migrates");
        let store = Store::open(&StoreOptions::new(database_url)).await.expect("opens beside");
        keep_test_keys(&store).await;
        let app = App::open(options).await.expect("opens");
        Self { app, store, clock, ids: Entropy::seeded(2), dir }
    }

    /// The same cluster opened again, with randomness that starts again from the same seed.
    pub(crate) async fn reopened(&self) -> App {
        App::open(options(&self.dir, &self.clock)).await.expect("opens")
    }

    pub(crate) fn id<K>(&self) -> Id<K> {
        self.ids.id(self.clock.now())
    }
    pub(crate) fn act(&self, person: PersonId) -> Act {
        self.app.act(Actor::Person(person), "a test")
    }
    pub(crate) async fn standing(&self, person: PersonId) -> Standing {
        self.store.read().standing().of(person, self.clock.now()).await.expect("a standing")
    }
    async fn write(&self) -> WriteTx {
        self.store.write("test").await.expect("begins")
    }

    pub(crate) async fn collective(&self, slug: &str) -> Collective {
        let collective = Collective {
            id: self.id(),
            slug: Slug::parse(slug).expect("a slug"),
            name: DisplayName::parse(slug).expect("a name"),
            locale: Locale::Ca,
            listing: Listing::Listed,
            state: CollectiveState::Active,
            created_at: START,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.collectives().insert(&collective, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        collective
    }

    /// An account in this state; its address `<username>@exemple.cat` signs in unless it is pending.
    pub(crate) async fn person_in(&self, username: &str, state: PersonState) -> PersonId {
        let id: PersonId = self.id();
        let key = keys::testing::master_key().seal(&format!("people/{id}/audit_key"), self.ids.bytes(), &self.ids.bytes::<32>());
        let person = NewPerson {
            id,
            username: Username::parse(username).expect("a username"),
            display_name: DisplayName::parse(&format!("Persona {username}")).expect("a name"),
            given_name: None,
            family_name: None,
            locale: Locale::Ca,
            zoneinfo: None,
            state,
            user_handle: self.ids.bytes(),
            audit_index: self.ids.random_uuid(),
            sealed_audit_key: key.expect("sealed"),
            created_at: START,
        };
        let tx = self.write().await;
        assert_eq!(tx.people().insert(&person, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        let email = self.id();
        tx.emails().insert(email, id, &address(&format!("{username}@exemple.cat")), START).await.expect("inserts");
        if state != PersonState::Pending {
            assert_eq!(tx.emails().verify(email, START).await.expect("verifies"), Verified::SignsIn);
        }
        tx.commit().await.expect("commits");
        id
    }
    pub(crate) async fn person(&self, username: &str) -> PersonId {
        self.person_in(username, PersonState::Active).await
    }

    pub(crate) async fn member_in(&self, collective: &Collective, person: PersonId, state: MembershipState) -> Membership {
        let membership = Membership {
            id: self.id(),
            collective: collective.id,
            person,
            state,
            home_at: None,
            sponsor: None,
            starts_at: (state == MembershipState::Active).then_some(START),
            ends_at: None,
            accepted_at: (state != MembershipState::Invited).then_some(START),
            created_at: START,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.memberships().insert(&membership, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        membership
    }
    pub(crate) async fn member(&self, collective: &Collective, person: PersonId) -> Membership {
        self.member_in(collective, person, MembershipState::Active).await
    }

    /// A new person who manages the collective.
    pub(crate) async fn manager(&self, collective: &Collective, username: &str) -> (PersonId, Membership) {
        let person = self.person(username).await;
        let membership = self.member(collective, person).await;
        self.mandate(&membership, None).await;
        (person, membership)
    }

    /// A manager's mandate, accepted.
    pub(crate) async fn mandate(&self, membership: &Membership, ends_at: Option<Timestamp>) {
        let mandate = Mandate {
            id: self.id(),
            collective: membership.collective,
            membership: membership.id,
            kind: MandateKind::Manager,
            starts_at: START,
            ends_at,
            accepted_at: Some(START),
            ended_at: None,
        };
        let tx = self.write().await;
        tx.mandates().insert(&mandate, START, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
    }

    /// A service with the roles reader and editor.
    pub(crate) async fn service(&self, slug: &str) -> Service {
        let service = Service {
            id: self.id(),
            slug: Slug::parse(slug).expect("a slug"),
            name: DisplayName::parse(slug).expect("a name"),
            description: String::new(),
            url: None,
            state: ServiceState::Active,
            roles: vec![role("reader"), role("editor")],
            outsiders: Outsiders::Refused,
            created_at: START,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.services().insert(&service, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        service
    }

    /// Offers both roles, reader when none is named, up to ten gigabytes.
    pub(crate) async fn offer(&self, service: &Service, collective: &Collective, automatic: Automatic) -> Offer {
        let offer = Offer {
            id: self.id(),
            service: service.id,
            collective: collective.id,
            roles: service.roles.clone(),
            default_role: Some(role("reader")),
            quota_ceiling: Some(gigabytes(10)),
            automatic,
            created_at: START,
            withdrawn_at: None,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.offers().make(&offer, Decided::ByFile).await.expect("offers"), Offered::Done(offer.id));
        tx.commit().await.expect("commits");
        offer
    }

    pub(crate) async fn client(&self, service: &Service, backchannel: Option<&str>) -> ClientId {
        let client = Client {
            id: self.id(),
            client_id: ClientIdentifier::parse(service.slug.as_str()).expect("an identifier"),
            name: service.name.to_string(),
            role: ClientRole::Service(service.id),
            auth_method: ClientAuthMethod::None,
            secrets: Vec::new(),
            jwks: None,
            grant_types: vec![GrantType::AuthorizationCode],
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            scopes: ScopeSet::parse("openid"),
            resources: Vec::new(),
            introspects: Vec::new(),
            backchannel_logout_uri: backchannel.map(ToOwned::to_owned),
            sector: service.slug.to_string(),
            consent: ConsentRule::FirstParty,
            profile: Preset::Generic.profile(),
            disabled_at: None,
        };
        let tx = self.write().await;
        assert_eq!(tx.clients().insert(&client, START).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        client.id
    }

    /// The person signs in to a client of the service with this slug.
    pub(crate) async fn sign_in(&self, person: PersonId, client: ClientId, sector: &Service) -> SessionId {
        let (now, browser, session) = (self.clock.now(), self.id(), self.id());
        let tx = self.write().await;
        let secret = Secret::from_entropy(SecretKind::Browser, self.ids.bytes());
        tx.sessions().insert_browser(browser, &secret.hash(), now).await.expect("inserts");
        let new = NewSession {
            id: session,
            browser,
            person,
            created_at: now,
            idle: Ttl::hours(1),
            expires_at: now + Ttl::hours(24),
            epoch: 1,
            label: None,
            proof_id: self.id(),
            proof: AuthEvent { method: AuthMethod::Password, at: now },
        };
        tx.sessions().insert(&new).await.expect("inserts");
        tx.subjects().release(person, sector.slug.as_str(), &self.ids.random_uuid().to_string(), now).await.expect("releases");
        let scope = ScopeSet::parse("openid");
        let authorization = NewAuthorization { id: self.id(), person, client, session, scope, claims: None, now };
        tx.authorizations().upsert(&authorization).await.expect("authorizes");
        tx.commit().await.expect("commits");
        session
    }
    pub(crate) async fn is_authorised(&self, session: SessionId, client: ClientId) -> bool {
        self.store.read().authorizations().find_live(session, client).await.expect("read").is_some()
    }

    pub(crate) async fn request(&self, collective: &Collective, person: PersonId, kind: RequestKind) -> Request {
        let request = Request {
            id: self.id(),
            kind,
            collective: collective.id,
            person,
            state: RequestState::Open,
            text: text("Hola!\nVull venir."),
            reason: None,
            created_at: self.clock.now(),
            decided_at: None,
            decided_by: None,
            version: 1,
        };
        let tx = self.write().await;
        assert_eq!(tx.requests().insert(&request).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        request
    }

    /// Somebody whose address is proven asks to join.
    pub(crate) async fn applicant(&self, collective: &Collective, username: &str) -> (PersonId, Request) {
        let person = self.person_in(username, PersonState::AwaitingValidation).await;
        self.member_in(collective, person, MembershipState::Requested).await;
        (person, self.request(collective, person, RequestKind::Join).await)
    }

    pub(crate) async fn set_service_state(&self, service: &Service, state: ServiceState) {
        let tx = self.write().await;
        assert_eq!(
            tx.services().set_state(service.id, service.version, state, Decided::ByFile).await.expect("sets"),
            idp_store::Updated::Done
        );
        tx.commit().await.expect("commits");
    }

    /// What the gate would see.
    pub(crate) async fn access(&self, person: PersonId, service: ServiceId) -> Option<EffectiveAccess> {
        let now = self.clock.now();
        let facts = self.store.read().access().facts(person, service, now).await.expect("facts");
        access::evaluate(&facts.expect("a person and a service"), now).ok()
    }
    pub(crate) async fn membership(&self, collective: &Collective, person: PersonId) -> Membership {
        self.store.read().memberships().find_of(collective.id, person).await.expect("read").expect("a membership")
    }
    pub(crate) async fn person_now(&self, person: PersonId) -> Person {
        self.store.read().people().find(person).await.expect("read").expect("a person")
    }
    /// What waits in the outbox, oldest first.
    pub(crate) async fn outbox(&self) -> Vec<Job> {
        let jobs = self.store.read().jobs().list_open(1000).await.expect("jobs");
        jobs.iter().map(|job| serde_json::from_str(&job.payload).expect("a job")).collect()
    }
    /// The kinds of facts in a collective's audit, oldest first.
    pub(crate) async fn audited(&self, collective: CollectiveId) -> Vec<String> {
        let mut records = self.store.read().audit().list(Some(collective), None, 1000).await.expect("audit");
        records.reverse();
        records.into_iter().map(|record| record.kind).collect()
    }
}

/// Generating RSA keys takes seconds in an unoptimised build: worlds start with ready-made ones.
async fn keep_test_keys(store: &Store) {
    let tx = store.write("test_keys").await.expect("begins");
    for key in keys::testing::stored_keys(START) {
        let row = StoredKey {
            id: Entropy::Os.id(START),
            kid: key.times.kid,
            alg: key.times.alg,
            purpose: key.times.purpose.as_str().to_owned(),
            sealed_private: key.sealed_private,
            public_jwk: key.public_jwk,
            created_at: key.times.created_at,
            activates_at: key.times.activates_at,
            retires_at: key.times.retires_at,
            removed_at: key.times.removed_at,
            revoked_at: key.times.revoked_at,
        };
        assert_eq!(tx.signing_keys().insert(&row).await.expect("inserts"), Inserted::Done);
    }
    tx.commit().await.expect("commits");
}

/// Runs the same thing many times at once.
pub(crate) async fn race<F, T>(times: usize, attempt: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let barrier = Arc::new(tokio::sync::Barrier::new(times));
    let tasks: Vec<_> = (0..times)
        .map(|at| {
            let (barrier, attempt) = (Arc::clone(&barrier), attempt(at));
            tokio::spawn(async move {
                barrier.wait().await;
                attempt.await
            })
        })
        .collect();
    let mut results = Vec::with_capacity(times);
    for task in tasks {
        results.push(task.await.expect("finishes"));
    }
    results
}
