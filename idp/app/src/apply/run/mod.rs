//! Carrying out a plan: one write transaction, everything or nothing, every change on record.

mod people;
mod structure;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::{CollectiveId, MembershipId, OfferId, PersonId, ServiceId, WorkingGroupId},
    service::RoleName,
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{Inserted, Tx, Updated, WriteTx, authorizations::Which, snapshot::Managed};

use super::{
    file::{ClusterFile, PasswordSpec},
    place::Problems,
    plan::{Entry, Plan, Step, Verdict, World, plan},
    world,
};
use crate::{
    Act, Failure, Outcome,
    audit::{self, Concerning},
    failure::refuse,
    jobs::enqueue_mail,
    login::hasher::StoredPassword,
    mail::Mail,
    people::hash_password,
    services::Seen,
};
use people::Batch;

/// Whether anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only said what would be.
    DryRun,
    /// Carried out.
    Write,
}

/// What a file meant for the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// One entry or more per object, in the order of the file.
    pub entries: Vec<Entry>,
    /// What the operator should know.
    pub warnings: Vec<String>,
    /// Whether it was carried out.
    pub mode: Mode,
}

impl Applied {
    /// How many objects are new.
    pub fn creations(&self) -> usize {
        self.entries.iter().filter(|entry| entry.verdict == Verdict::Create).count()
    }
    /// How many objects change.
    pub fn changes(&self) -> usize {
        self.entries.iter().filter(|entry| matches!(entry.verdict, Verdict::Change(_))).count()
    }
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyRefusal {
    /// The file does not fit the cluster.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// Somebody changed the cluster while the file was being applied.
    #[error("somebody changed the cluster meanwhile; nothing was applied, try again")]
    ChangedMeanwhile,
}

/// Compares a file with the cluster and, unless it is a dry run, carries out what it may.
pub async fn apply_file(act: &Act, file: &ClusterFile, mode: Mode) -> Outcome<Applied, ApplyRefusal> {
    let before = world::read(act, &act.store().read(), file).await?;
    let first = plan(file, &before).map_err(|problems| Failure::Refused(problems.into()))?;
    if mode == Mode::DryRun || first.steps.is_empty() {
        return Ok(applied(first, mode));
    }
    // hashing takes long: before the transaction
    let passwords = hash_passwords(act, &first).await?;
    let tx = act.store().write("apply.apply_file").await?;
    // again, of what nobody can change any more
    let world = world::read(act, &tx, file).await?;
    let plan = plan(file, &world).map_err(|problems| Failure::Refused(problems.into()))?;
    let mut run = Run::new(act, &tx, &world, passwords);
    if let Err(stopped) = run.carry_out(&plan).await {
        tx.rollback().await?;
        return match stopped {
            Stopped::Changed => refuse(ApplyRefusal::ChangedMeanwhile),
            Stopped::Fault(fault) => Err(fault.into()),
        };
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(applied(plan, mode))
}

/// Why a text was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] ApplyRefusal),
    /// Something of ours went wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Failure<ApplyRefusal>> for ApplyError {
    fn from(failure: Failure<ApplyRefusal>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Reads a text under the name its problems carry, and applies it; files it names are looked for in `folder`.
pub async fn apply_text(act: &Act, name: &str, text: &str, folder: &Path) -> Result<Applied, ApplyError> {
    let file = ClusterFile::parse(name, text, folder).map_err(ApplyRefusal::Problems)?;
    Ok(apply_file(act, &file, Mode::Write).await?)
}

fn applied(plan: Plan<'_>, mode: Mode) -> Applied {
    Applied { entries: plan.entries, warnings: plan.warnings, mode }
}

async fn hash_passwords(act: &Act, plan: &Plan<'_>) -> Result<BTreeMap<Username, StoredPassword>, Fault> {
    let mut hashed = BTreeMap::new();
    for step in &plan.steps {
        let (Step::CreatePerson(spec) | Step::SetPassword(_, spec)) = step else { continue };
        let stored = match &spec.password {
            Some(PasswordSpec::Clear(password)) => hash_password(act, password).await?,
            Some(PasswordSpec::Hash { scheme, phc, .. }) => StoredPassword { scheme: *scheme, phc: phc.clone() },
            None => continue,
        };
        hashed.insert(spec.username.value.clone(), stored);
    }
    Ok(hashed)
}

/// Why carrying out stopped.
enum Stopped {
    /// A row is not as it was read.
    Changed,
    Fault(Fault),
}
impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A row that must be as it was read.
fn unchanged(updated: Updated) -> Result<(), Stopped> {
    match updated {
        Updated::Done => Ok(()),
        Updated::Stale => Err(Stopped::Changed),
    }
}

/// A row whose keys must be free.
fn inserted(inserted: Inserted) -> Result<(), Stopped> {
    match inserted {
        Inserted::Done => Ok(()),
        Inserted::Taken => Err(Stopped::Changed),
    }
}

/// A plan being carried out: where names lead, old and new.
struct Run<'a> {
    act: &'a Act,
    tx: &'a WriteTx,
    collectives: BTreeMap<Slug, CollectiveId>,
    groups: BTreeMap<(CollectiveId, WorkingGroupSlug), WorkingGroupId>,
    services: BTreeMap<Slug, ServiceId>,
    /// With the role a grant gets when none is named.
    offers: BTreeMap<(ServiceId, CollectiveId), (OfferId, Option<RoleName>)>,
    people: BTreeMap<Username, PersonId>,
    memberships: BTreeMap<(PersonId, CollectiveId), MembershipId>,
    /// Who has a home already.
    homes: BTreeSet<PersonId>,
    passwords: BTreeMap<Username, StoredPassword>,
    batch: Batch,
    facts: Vec<(Concerning, AuditEvent)>,
    mails: Vec<Mail>,
}

impl<'a> Run<'a> {
    fn new(act: &'a Act, tx: &'a WriteTx, world: &World, passwords: BTreeMap<Username, StoredPassword>) -> Self {
        let structure = &world.structure;
        let memberships = || world.people.values().flat_map(|person| &person.memberships).map(|row| &row.membership.value);
        Self {
            act,
            tx,
            collectives: structure.collectives.iter().map(|row| (row.value.slug.clone(), row.value.id)).collect(),
            groups: structure.working_groups.iter().map(|group| ((group.collective, group.slug.clone()), group.id)).collect(),
            services: structure.services.iter().map(|row| (row.value.slug.clone(), row.value.id)).collect(),
            offers: structure
                .offers
                .iter()
                .map(|Managed { value, .. }| ((value.service, value.collective), (value.id, value.default_role.clone())))
                .collect(),
            people: world.people.iter().map(|(username, person)| (username.clone(), person.person.value.id)).collect(),
            memberships: memberships().map(|membership| ((membership.person, membership.collective), membership.id)).collect(),
            homes: memberships().filter(|membership| membership.home_at.is_some()).map(|membership| membership.person).collect(),
            passwords,
            batch: Batch::default(),
            facts: Vec::new(),
            mails: Vec::new(),
        }
    }

    async fn carry_out(&mut self, plan: &Plan<'_>) -> Result<(), Stopped> {
        let seen = self.look(plan).await?;
        self.draft_people(plan)?;
        for step in &plan.steps {
            self.step(step).await?;
        }
        std::mem::take(&mut self.batch).write(self.tx, self.act.now).await?;
        self.write_requests(plan).await?;
        for (concerning, event) in std::mem::take(&mut self.facts) {
            audit::record(self.act, self.tx, concerning, event, None).await?;
        }
        for mail in std::mem::take(&mut self.mails) {
            enqueue_mail(self.act, self.tx, mail).await?;
        }
        for seen in seen {
            seen.follow(self.act, self.tx).await?;
        }
        let count = |counted: fn(&Verdict) -> bool| plan.entries.iter().filter(|entry| counted(&entry.verdict)).count() as u64;
        let event = AuditEvent::ClusterApplied {
            creations: count(|verdict| *verdict == Verdict::Create),
            changes: count(|verdict| matches!(verdict, Verdict::Change(_))),
        };
        audit::record(self.act, self.tx, Concerning::cluster(), event, None).await?;
        Ok(())
    }

    /// What the services see of everybody who was there before and whose memberships, mandates or grants change, or who
    /// is signed in to where a collective or an offer is new.
    async fn look(&self, plan: &Plan<'_>) -> Result<Vec<Seen>, Fault> {
        let mut touched: BTreeSet<PersonId> = BTreeSet::new();
        for step in &plan.steps {
            let person = match step {
                Step::MovePerson { id, .. } => Some(*id),
                Step::EditMembership { person, .. } | Step::JoinWorkingGroups { person, .. } | Step::ChangeGrant { person, .. } => {
                    Some(*person)
                }
                Step::AddMembership(spec, _) | Step::GiveMandate { person: spec, .. } | Step::GiveGrant(spec, _) => {
                    self.people.get(&spec.username.value).copied()
                }
                _ => None,
            };
            touched.extend(person);
            let signed_in = match step {
                Step::EditCollective { id, state: Some(_), .. } => Some(Which::Members(*id)),
                Step::MakeOffer(spec, _) => self.services.get(&spec.service.value).copied().map(Which::Service),
                _ => None,
            };
            if let Some(which) = signed_in {
                touched.extend(self.tx.authorizations().list_logout_targets(which).await?.iter().map(|target| target.person));
            }
        }
        let mut seen = Vec::with_capacity(touched.len());
        for person in touched {
            seen.push(Seen::look(self.act, self.tx, person).await?);
        }
        Ok(seen)
    }

    fn note(&mut self, concerning: Concerning, event: AuditEvent) {
        self.facts.push((concerning, event));
    }
    fn collective(&self, slug: &Slug) -> Result<CollectiveId, Fault> {
        found(self.collectives.get(slug), "apply.collective")
    }
    fn service(&self, slug: &Slug) -> Result<ServiceId, Fault> {
        found(self.services.get(slug), "apply.service")
    }
    fn person(&self, username: &Username) -> Result<PersonId, Fault> {
        found(self.people.get(username), "apply.person")
    }
    fn group(&self, collective: CollectiveId, slug: &WorkingGroupSlug) -> Result<WorkingGroupId, Fault> {
        found(self.groups.get(&(collective, slug.clone())), "apply.group")
    }
}

/// What the plan promised to be there.
fn found<T: Copy>(value: Option<&T>, place: &'static str) -> Result<T, Fault> {
    value.copied().ok_or_else(|| Fault::broken(place, "a checked reference leads nowhere"))
}
