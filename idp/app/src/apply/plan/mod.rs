//! What a file means for a cluster as it stands: pure, and the same every time.
//!
//! A file adds what is missing and changes what nobody in the web decided. It never takes away, and what people
//! decided is shown as drift (DOMAIN rule 14); steps that would close something are shown as waiting for approval.

mod clients;
mod compare;
mod people;
mod references;
mod step;
mod structure;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use idp_domain::{
    Timestamp,
    client::ClientIdentifier,
    email::EmailAddress,
    id::{CollectiveId, PersonId, ServiceId},
    request::Request,
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{
    clients::ManagedClient,
    snapshot::{PersonSnapshot, Structure},
};

pub(super) use step::Step;

use super::{file::ClusterFile, place::Problems};

/// What of a cluster a file can touch.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) structure: Structure,
    pub(super) clients: Vec<ManagedClient>,
    /// Those the file names.
    pub(super) people: BTreeMap<Username, PersonSnapshot>,
    /// Everything those people ever asked.
    pub(super) requests: BTreeMap<PersonId, Vec<Request>>,
    /// Whom the file's addresses sign in.
    pub(super) address_holders: BTreeMap<EmailAddress, PersonId>,
    /// Those of the file's usernames that belonged to somebody once and are never reissued.
    pub(super) burnt_usernames: BTreeSet<Username>,
    /// Whether stewards look after the cluster already.
    pub(super) has_stewards: bool,
    /// Names the pepper of this installation.
    pub(super) pepper: String,
}

impl World {
    pub(super) fn collective_slugs(&self) -> BTreeMap<CollectiveId, &Slug> {
        self.structure.collectives.iter().map(|row| (row.value.id, &row.value.slug)).collect()
    }
    pub(super) fn service_slugs(&self) -> BTreeMap<ServiceId, &Slug> {
        self.structure.services.iter().map(|row| (row.value.id, &row.value.slug)).collect()
    }
}

/// What a file speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A collective.
    Collective(Slug),
    /// A working group of a collective.
    WorkingGroup(Slug, WorkingGroupSlug),
    /// A service.
    Service(Slug),
    /// A client.
    Client(ClientIdentifier),
    /// A service's offer to a collective.
    Offer {
        /// What.
        service: Slug,
        /// To whom.
        collective: Slug,
    },
    /// A person.
    Person(Username),
    /// A person in a collective.
    Membership {
        /// Who.
        person: Username,
        /// Where.
        collective: Slug,
    },
    /// A mandate of a membership.
    Mandate {
        /// Who.
        person: Username,
        /// Where.
        collective: Slug,
        /// The kind, with what it is over.
        kind: String,
    },
    /// A person's access to a service.
    Grant {
        /// Who.
        person: Username,
        /// To what.
        service: Slug,
        /// The collective in whose name.
        collective: Slug,
    },
    /// A request that waits.
    Request {
        /// Who asks.
        person: Username,
        /// Whom.
        collective: Slug,
        /// What for.
        kind: String,
    },
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collective(slug) => write!(f, "collective {slug}"),
            Self::WorkingGroup(collective, slug) => write!(f, "working group {slug} of {collective}"),
            Self::Service(slug) => write!(f, "service {slug}"),
            Self::Client(id) => write!(f, "client {id}"),
            Self::Offer { service, collective } => write!(f, "offer of {service} to {collective}"),
            Self::Person(username) => write!(f, "person {username}"),
            Self::Membership { person, collective } => write!(f, "membership of {person} in {collective}"),
            Self::Mandate { person, collective, kind } => write!(f, "mandate of {person} in {collective}: {kind}"),
            Self::Grant { person, service, collective } => write!(f, "access of {person} to {service} through {collective}"),
            Self::Request { person, collective, kind } => write!(f, "request of {person} to {collective}: {kind}"),
        }
    }
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// As the file calls it.
    pub field: &'static str,
    /// What stands; empty for nothing.
    pub from: String,
    /// What the file says.
    pub to: String,
}

/// What the file means for one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is made.
    Create,
    /// It changes.
    Change(Vec<FieldChange>),
    /// Somebody decided otherwise in the web: it stays as it is.
    Drift {
        /// When.
        decided_at: Timestamp,
        /// How the file differs.
        fields: Vec<FieldChange>,
    },
    /// It would close or hand over something: people have to decide that, it stays as it is.
    NeedsApproval(Vec<FieldChange>),
    /// It is as the file says.
    Unchanged,
}

/// One object with what the file means for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What.
    pub object: Object,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Everything a file means for a cluster.
#[derive(Debug)]
pub(super) struct Plan<'f> {
    pub(super) entries: Vec<Entry>,
    pub(super) warnings: Vec<String>,
    pub(super) steps: Vec<Step<'f>>,
}

impl<'f> Plan<'f> {
    fn say(&mut self, object: Object, verdict: Verdict) {
        self.entries.push(Entry { object, verdict });
    }
    fn create(&mut self, object: Object, step: Step<'f>) {
        self.say(object, Verdict::Create);
        self.steps.push(step);
    }
}

/// Compares a file with the cluster.
pub(super) fn plan<'f>(file: &'f ClusterFile, world: &World) -> Result<Plan<'f>, Problems> {
    references::check(file, world)?;
    let mut plan = Plan { entries: Vec::new(), warnings: Vec::new(), steps: Vec::new() };
    structure::plan(&mut plan, file, world);
    clients::plan(&mut plan, file, world);
    people::plan(&mut plan, file, world);
    Ok(plan)
}

#[cfg(test)]
mod tests;
