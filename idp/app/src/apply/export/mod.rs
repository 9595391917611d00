//! The cluster as a file that [`super::apply_file`] reads: without secrets, in an order that depends on names only, so
//! that exporting, applying elsewhere and exporting again gives the same bytes.

mod people;
mod structure;
mod toml;

use std::collections::BTreeMap;

use idp_domain::{
    Fault,
    id::{CollectiveId, PersonId, ServiceId, WorkingGroupId},
    request::{Request, RequestKind},
    service::Offer,
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{Tx, requests::AfterRequest, snapshot::Structure};

pub(super) use structure::profile_as_toml;

use super::world::pepper_name;
use crate::Act;

/// Rows in one question.
const PAGE: u64 = 500;

/// Whether password hashes go with the people. Who has them can try passwords against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashes {
    /// They do.
    Included,
    /// They stay here.
    LeftOut,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole cluster.
    Cluster(Hashes),
    /// What another cluster may copy: services, their clients, profiles and policies.
    Recipe,
}

/// A cluster as a file.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The file.
    pub text: String,
    /// What could not be written as it is.
    pub warnings: Vec<String>,
}

/// Writes the cluster as a file.
pub async fn export(act: &Act, scope: Scope) -> Result<Exported, Fault> {
    let read = act.store().read();
    let structure = read.snapshot().structure().await?;
    let clients = read.clients().list(act.now).await?;
    let mut out = Out::new(scope);
    let names = Names::of(&structure);
    match scope {
        Scope::Recipe => {
            structure::write_services(&mut out, &structure, &names, scope);
            structure::write_clients(&mut out, &clients, &names, scope);
        }
        Scope::Cluster(hashes) => {
            structure::write_collectives(&mut out, &structure);
            structure::write_services(&mut out, &structure, &names, scope);
            structure::write_clients(&mut out, &clients, &names, scope);
            structure::write_offers(&mut out, &structure, &names);
            people(act, &read, &mut out, &structure, &names, hashes).await?;
        }
    }
    Ok(Exported { text: out.text, warnings: out.warnings })
}

/// The file as it grows.
struct Out {
    text: String,
    warnings: Vec<String>,
}

impl Out {
    fn new(scope: Scope) -> Self {
        let text = match scope {
            Scope::Recipe => {
                "# A recipe: the services of a cluster with their clients, profiles and policies.\n\
                 # Replace example.org by your own hosts, then: aplec apply FILE --dry-run\n"
            }
            Scope::Cluster(Hashes::LeftOut) => {
                "# A cluster, without its secrets. To see what it would change: aplec apply FILE --dry-run\n"
            }
            Scope::Cluster(Hashes::Included) => {
                "# A cluster with the HASHES OF ITS PEOPLE'S PASSWORDS: keep this file as you keep the database.\n\
                 # To see what it would change: aplec apply FILE --dry-run\n"
            }
        };
        Self { text: text.to_owned(), warnings: Vec::new() }
    }
    fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }
}

/// What identifiers are called in the file.
struct Names {
    collectives: BTreeMap<CollectiveId, Slug>,
    services: BTreeMap<ServiceId, Slug>,
    groups: BTreeMap<WorkingGroupId, WorkingGroupSlug>,
}

impl Names {
    fn of(structure: &Structure) -> Self {
        Self {
            collectives: structure.collectives.iter().map(|row| (row.value.id, row.value.slug.clone())).collect(),
            services: structure.services.iter().map(|row| (row.value.id, row.value.slug.clone())).collect(),
            groups: structure.working_groups.iter().map(|group| (group.id, group.slug.clone())).collect(),
        }
    }
}

/// Everything people need to be written.
struct PeopleContext<'a> {
    structure: &'a Structure,
    names: &'a Names,
    /// Those that stand.
    offers: BTreeMap<(ServiceId, CollectiveId), &'a Offer>,
    usernames: BTreeMap<PersonId, Username>,
    requests: BTreeMap<PersonId, Vec<Request>>,
    pepper: String,
}

async fn people(act: &Act, read: &impl Tx, out: &mut Out, structure: &Structure, names: &Names, hashes: Hashes) -> Result<(), Fault> {
    let mut usernames = BTreeMap::new();
    let mut after = None;
    loop {
        let page = read.people().list_after(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        usernames.extend(page.into_iter().filter(people::is_written).map(|person| (person.id, person.username)));
    }
    let requests = waiting(read, structure).await?;
    let standing = structure.offers.iter().map(|row| &row.value).filter(|offer| offer.withdrawn_at.is_none());
    let offers = standing.map(|offer| ((offer.service, offer.collective), offer)).collect();
    let context = PeopleContext { structure, names, offers, usernames, requests, pepper: pepper_name(act) };
    let wanted = match hashes {
        Hashes::Included => idp_store::snapshot::Hashes::Included,
        Hashes::LeftOut => idp_store::snapshot::Hashes::LeftOut,
    };
    // identifiers differ between databases, names do not
    let mut written: BTreeMap<Username, String> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = read.snapshot().people_after(after, PAGE, wanted).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.person.value.id);
        for person in page.iter().filter(|person| people::is_written(&person.person.value)) {
            written.insert(person.person.value.username.clone(), people::person(out, &context, person));
        }
    }
    out.text.extend(written.into_values());
    Ok(())
}

/// Open requests to join and for access, by who asks.
async fn waiting(read: &impl Tx, structure: &Structure) -> Result<BTreeMap<PersonId, Vec<Request>>, Fault> {
    let mut of: BTreeMap<PersonId, Vec<Request>> = BTreeMap::new();
    for collective in &structure.collectives {
        let mut after: Option<AfterRequest> = None;
        loop {
            let page = read.requests().list_open(&[collective.value.id], after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(AfterRequest { created_at: last.request.created_at, id: last.request.id });
            for waiting in page.into_iter().filter(|waiting| matches!(waiting.request.kind, RequestKind::Join | RequestKind::Access(_))) {
                of.entry(waiting.request.person).or_default().push(waiting.request);
            }
        }
    }
    Ok(of)
}
