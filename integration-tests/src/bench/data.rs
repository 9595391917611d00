//! A cluster as large as wanted, the same every time: people in collectives of fifty, three services offered to all of them, a
//! grant for everybody, and the relying parties of the benchmark.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use idp_app::{
    env::{Clock, Entropy},
    login::hasher::{Hasher, PEPPER_VERSION},
};
use idp_domain::{
    Timestamp,
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    collective::{Collective, CollectiveState, Listing, WorkingGroup},
    credential::PasswordCredential,
    email::EmailAddress,
    id::{CollectiveId, Id, MembershipId, PersonId, ServiceId, WorkingGroupId},
    locale::Locale,
    membership::{Mandate, MandateKind, Membership, MembershipState},
    name::DisplayName,
    person::PersonState,
    profile::{CompatProfile, Preset, SigningAlg},
    quota::Quota,
    redirect::RedirectUri,
    scope::ScopeSet,
    secret::{SecretKind, Typed},
    service::{Automatic, Grant, GrantVia, Offer, Outsiders, RoleName, Service, ServiceState},
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{Attempt, Decided, Inserted, Store, StoreOptions, Tx as _, WriteTx, emails::Email, offers::Offered, people::NewPerson};
use keys::MasterKey;
use serde::{Deserialize, Serialize};

use super::work::{Party, username};
use crate::world::keep_test_keys;

/// People in a collective.
const MEMBERS: usize = 50;
/// People written in one transaction.
const BATCH: usize = 5_000;
const SERVICES: [&str; 3] = ["nuvol", "wiki", "correu"];
const REDIRECT_URI: &str = "https://nuvol.example.cat/callback";

/// Everybody's password.
pub const PASSWORD: &str = "quatre gats fan un aplec";

/// Where an installation's files are.
#[derive(Debug, Clone)]
pub struct Place(PathBuf);

impl Place {
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self(directory.into())
    }
    pub fn directory(&self) -> &Path {
        &self.0
    }
    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.0.join("aplec.db").display())
    }
    pub fn master_key(&self) -> PathBuf {
        self.0.join("master.key")
    }
    pub async fn store(&self) -> Result<Store> {
        Ok(Store::open(&StoreOptions::new(self.database_url())).await?)
    }
    /// What the generator and the floors must know about the data.
    pub fn outline(&self) -> PathBuf {
        self.0.join("outline.json")
    }
}

/// What was generated, as far as the floors need it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outline {
    pub people: Vec<PersonId>,
    pub service: ServiceId,
}

/// The relying parties: one per signing algorithm, and one that holds no secret.
#[derive(Debug, Clone)]
pub struct Parties {
    pub confidential: Vec<(SigningAlg, Party)>,
    pub public: Party,
}

/// Makes a new installation with so many people.
pub async fn generate(place: &Place, people: usize) -> Result<Parties> {
    ensure!(people > 0, "a cluster without people cannot be measured");
    let maker = Maker { entropy: Entropy::seeded(7), now: Clock::System.now(), master: keys::testing::master_key() };
    // a development build takes seconds for an RSA key
    MasterKey::create(&place.master_key(), keys::testing::MASTER_KEY)?;
    Store::migrate(&StoreOptions::new(place.database_url())).await?;
    keep_test_keys(&place.database_url(), &Clock::System).await?;
    let store = place.store().await?;
    let tx = store.write("bench.structure").await?;
    let structure = maker.structure(&tx, people.div_ceil(MEMBERS)).await?;
    let parties = maker.parties(&tx, structure.services[0]).await?;
    tx.commit().await?;
    let everybody = maker.people(&store, &structure, people).await?;
    store.close().await?;
    let outline = Outline { people: everybody, service: structure.services[0] };
    std::fs::write(place.outline(), serde_json::to_vec(&outline)?)?;
    Ok(parties)
}

struct Maker {
    entropy: Entropy,
    now: Timestamp,
    master: MasterKey,
}

/// A collective with its working group and what it is offered, in the order of the services.
struct Circle {
    collective: CollectiveId,
    group: WorkingGroupId,
    offers: Vec<Offer>,
}

struct Structure {
    circles: Vec<Circle>,
    services: Vec<ServiceId>,
}

impl Maker {
    fn id<K>(&self) -> Id<K> {
        self.entropy.id(self.now)
    }

    async fn structure(&self, tx: &WriteTx, collectives: usize) -> Result<Structure> {
        let mut circles = Vec::with_capacity(collectives);
        let mut services = Vec::new();
        for name in SERVICES {
            let service = self.service(name)?;
            ensure!(tx.services().insert(&service, Decided::ByFile).await? == Inserted::Done, "{name} is there already");
            services.push(service.id);
        }
        for number in 0..collectives {
            let collective = self.collective(number)?;
            ensure!(tx.collectives().insert(&collective, Decided::ByFile).await? == Inserted::Done, "collective {number} is there already");
            let group = WorkingGroup {
                id: self.id(),
                collective: collective.id,
                slug: WorkingGroupSlug::parse("web")?,
                name: DisplayName::parse("Grup de web")?,
            };
            ensure!(tx.working_groups().insert(&group, self.now).await? == Inserted::Done, "the working group is there already");
            let mut offers = Vec::new();
            for &service in &services {
                let offer = self.offer(service, collective.id)?;
                ensure!(matches!(tx.offers().make(&offer, Decided::ByFile).await?, Offered::Done(_)), "the offer is there already");
                offers.push(offer);
            }
            circles.push(Circle { collective: collective.id, group: group.id, offers });
        }
        Ok(Structure { circles, services })
    }

    async fn parties(&self, tx: &WriteTx, service: ServiceId) -> Result<Parties> {
        let mut confidential = Vec::new();
        for alg in SigningAlg::ALL {
            let client_id = format!("bench-{}", alg.as_str().to_ascii_lowercase());
            let client = self.client(&client_id, service, alg, ClientAuthMethod::Secret)?;
            ensure!(tx.clients().insert(&client, self.now).await? == Inserted::Done, "{client_id} is there already");
            let secret = self.entropy.secret(SecretKind::ClientSecret);
            let added = tx.clients().add_secret(self.id(), client.id, &secret.hash(), self.now).await?;
            ensure!(added == Attempt::Won, "{client_id} has secrets already");
            let secret = Some(secret.expose().to_owned());
            confidential.push((alg, Party { client_id, secret, redirect_uri: REDIRECT_URI.to_owned() }));
        }
        let client_id = "bench-public".to_owned();
        let client = self.client(&client_id, service, SigningAlg::Es256, ClientAuthMethod::None)?;
        ensure!(tx.clients().insert(&client, self.now).await? == Inserted::Done, "{client_id} is there already");
        Ok(Parties { confidential, public: Party { client_id, secret: None, redirect_uri: REDIRECT_URI.to_owned() } })
    }

    async fn people(&self, store: &Store, structure: &Structure, count: usize) -> Result<Vec<PersonId>> {
        let hasher = Hasher::new(self.master.derive("password/pepper/1"), self.entropy.bytes())?;
        // one hash for all: making a hundred thousand takes a quarter of an hour, and verifying costs the same
        let password = hasher.hash(&Typed::new(PASSWORD.to_owned()), self.entropy.bytes()).await?;
        let mut everybody = Vec::with_capacity(count);
        for first in (0..count).step_by(BATCH) {
            let mut batch = Batch::default();
            for number in first..(first + BATCH).min(count) {
                let circle = &structure.circles[number / MEMBERS];
                let person = self.person(number)?;
                everybody.push(person.id);
                batch.emails.push(Email {
                    id: self.id(),
                    person: person.id,
                    address: EmailAddress::parse(&format!("{}@example.cat", person.username))?,
                    signs_in: true,
                    verified_at: Some(self.now),
                    created_at: self.now,
                });
                batch.passwords.push(PasswordCredential {
                    id: self.id(),
                    person: person.id,
                    scheme: password.scheme,
                    phc: password.phc.clone(),
                    pepper_version: PEPPER_VERSION,
                    created_at: self.now,
                });
                let membership = self.membership(circle.collective, person.id);
                if number % MEMBERS == 0 {
                    batch.mandates.push(self.manager(&membership));
                }
                if number % 3 == 0 {
                    batch.groups.push((circle.collective, membership.id, circle.group));
                }
                batch.grants.extend(circle.offers.iter().take(2).map(|offer| self.grant(&membership, offer)));
                batch.memberships.push(membership);
                batch.people.push(person);
            }
            batch.write(store, self.now).await?;
        }
        Ok(everybody)
    }

    fn service(&self, name: &str) -> Result<Service> {
        Ok(Service {
            id: self.id(),
            slug: Slug::parse(name)?,
            name: DisplayName::parse(name)?,
            description: "Per treballar plegades.".to_owned(),
            url: Some(format!("https://{name}.example.cat")),
            state: ServiceState::Active,
            roles: vec![RoleName::parse("lectora")?, RoleName::parse("editora")?],
            outsiders: Outsiders::Refused,
            created_at: self.now,
            version: 1,
        })
    }

    fn collective(&self, number: usize) -> Result<Collective> {
        Ok(Collective {
            id: self.id(),
            slug: Slug::parse(&format!("ateneu-{number}"))?,
            name: DisplayName::parse(&format!("L'Ateneu núm. {number}"))?,
            locale: Locale::Ca,
            listing: Listing::Listed,
            state: CollectiveState::Active,
            created_at: self.now,
            version: 1,
        })
    }

    fn offer(&self, service: ServiceId, collective: CollectiveId) -> Result<Offer> {
        Ok(Offer {
            id: self.id(),
            service,
            collective,
            roles: vec![RoleName::parse("lectora")?, RoleName::parse("editora")?],
            default_role: Some(RoleName::parse("lectora")?),
            quota_ceiling: Quota::from_bytes(10 << 30),
            automatic: Automatic::No,
            created_at: self.now,
            withdrawn_at: None,
            version: 1,
        })
    }

    fn client(&self, client_id: &str, service: ServiceId, alg: SigningAlg, auth_method: ClientAuthMethod) -> Result<Client> {
        let mut grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        if auth_method != ClientAuthMethod::None {
            grant_types.push(GrantType::ClientCredentials);
        }
        Ok(Client {
            id: self.id(),
            client_id: ClientIdentifier::parse(client_id)?,
            name: client_id.to_owned(),
            role: ClientRole::Service(service),
            auth_method,
            secrets: Vec::new(),
            jwks: None,
            grant_types,
            redirect_uris: vec![RedirectUri::parse(REDIRECT_URI)?],
            post_logout_redirect_uris: Vec::new(),
            scopes: ScopeSet::parse("openid profile email groups collectives services offline_access"),
            resources: Vec::new(),
            introspects: Vec::new(),
            backchannel_logout_uri: None,
            sector: String::new(),
            consent: ConsentRule::FirstParty,
            profile: CompatProfile { alg, ..Preset::Generic.profile() },
            disabled_at: None,
        })
    }

    fn person(&self, number: usize) -> Result<NewPerson> {
        let id: PersonId = self.id();
        let key: [u8; 32] = self.entropy.bytes();
        Ok(NewPerson {
            id,
            username: Username::parse(&username(number))?,
            display_name: DisplayName::parse(&format!("Persona Número {number}"))?,
            given_name: Some("Persona".to_owned()),
            family_name: Some(format!("Número {number}")),
            locale: Locale::Ca,
            zoneinfo: None,
            state: PersonState::Active,
            user_handle: self.entropy.bytes(),
            audit_index: self.entropy.random_uuid(),
            sealed_audit_key: self.master.seal(&format!("people/{id}/audit_key"), self.entropy.bytes(), &key)?,
            created_at: self.now,
        })
    }

    fn membership(&self, collective: CollectiveId, person: PersonId) -> Membership {
        Membership {
            id: self.id(),
            collective,
            person,
            state: MembershipState::Active,
            home_at: Some(self.now),
            sponsor: None,
            starts_at: Some(self.now),
            ends_at: None,
            accepted_at: Some(self.now),
            created_at: self.now,
            version: 1,
        }
    }

    fn manager(&self, membership: &Membership) -> Mandate {
        Mandate {
            id: self.id(),
            collective: membership.collective,
            membership: membership.id,
            kind: MandateKind::Manager,
            starts_at: self.now,
            ends_at: None,
            accepted_at: Some(self.now),
            ended_at: None,
        }
    }

    fn grant(&self, membership: &Membership, offer: &Offer) -> Grant {
        Grant {
            id: self.id(),
            person: membership.person,
            service: offer.service,
            via: GrantVia::Membership { offer: offer.id, membership: membership.id, collective: membership.collective },
            role: offer.default_role.clone(),
            quota: Quota::from_bytes(2 << 30),
            ends_at: None,
            created_at: self.now,
            withdrawn_at: None,
            version: 1,
        }
    }
}

/// Rows on their way in.
#[derive(Default)]
struct Batch {
    people: Vec<NewPerson>,
    emails: Vec<Email>,
    passwords: Vec<PasswordCredential>,
    memberships: Vec<Membership>,
    mandates: Vec<Mandate>,
    groups: Vec<(CollectiveId, MembershipId, WorkingGroupId)>,
    grants: Vec<Grant>,
}

impl Batch {
    async fn write(self, store: &Store, now: Timestamp) -> Result<()> {
        let tx = store.write("bench.people").await?;
        let bulk = tx.bulk();
        bulk.people(&self.people).await?;
        bulk.emails(&self.emails).await?;
        bulk.passwords(&self.passwords).await?;
        bulk.memberships(&self.memberships).await?;
        bulk.mandates(&self.mandates, now).await?;
        bulk.working_groups(&self.groups).await?;
        bulk.grants(&self.grants).await?;
        Ok(tx.commit().await?)
    }
}
