//! What happened in a collective, for its managers to read.

use std::collections::BTreeMap;

use idp_domain::{
    Fault, Timestamp,
    id::{AuditId, CollectiveId, PersonId, ServiceId},
    policy::{Action, Resource, Standing},
    service::Service,
};
use idp_store::{
    ReadTx, Tx,
    audit::{AuditRecord, AuditedActor, AuditedPerson},
};

use super::{Denied, PageOf, allow};
use crate::{Act, Outcome, audit};

/// A fact as a manager reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditItem {
    /// The row.
    pub id: AuditId,
    /// Its place in the collective's chain.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// What kind of fact.
    pub kind: String,
    /// Who did it.
    pub actor: ActorSeen,
    /// Whom it concerns: the name today, when the person is or was of this collective.
    pub person: Option<String>,
    /// The service it concerns.
    pub service: Option<Service>,
    /// The reason that was given.
    pub reason: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorSeen {
    /// A person: the name today, when they are or were of this collective.
    Person(Option<String>),
    /// An operator at the server's console.
    Operator,
    /// The software itself.
    System,
}

/// A page of a collective's audit, the newest first. The cursor is the place in the chain.
pub async fn read_audit(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    before: Option<i64>,
    limit: usize,
) -> Outcome<PageOf<AuditItem, i64>, Denied> {
    allow(standing, Action::ReadAudit, &Resource::Collective(collective), |denied| denied)?;
    let read = act.store().read();
    let records = read.audit().list(Some(collective), before, limit as u64 + 1).await?;
    let page = PageOf::cut(records, limit, |record| record.seq);
    let mut known = Known { read: &read, collective, people: BTreeMap::new(), services: BTreeMap::new() };
    let mut items = Vec::with_capacity(page.items.len());
    for record in &page.items {
        items.push(item(act, &mut known, record).await?);
    }
    Ok(page.with(items))
}

async fn item(act: &Act, known: &mut Known<'_>, record: &AuditRecord) -> Result<AuditItem, Fault> {
    let actor = match &record.actor {
        AuditedActor::Person(person) => ActorSeen::Person(known.name(person.as_ref()).await?),
        AuditedActor::Operator => ActorSeen::Operator,
        AuditedActor::System => ActorSeen::System,
    };
    Ok(AuditItem {
        id: record.id,
        sequence: record.seq,
        at: record.at,
        kind: record.kind.clone(),
        actor,
        person: known.name(record.person.as_ref()).await?,
        service: known.service(record.id_of("service")).await?,
        reason: audit::open_detail(act, known.read, record).await?,
    })
}

/// What was looked up for this page already.
struct Known<'a> {
    read: &'a ReadTx,
    collective: CollectiveId,
    people: BTreeMap<PersonId, bool>,
    services: BTreeMap<ServiceId, Option<Service>>,
}

impl Known<'_> {
    /// The name of who has, or had, to do with this collective, and said yes if they were invited.
    async fn name(&mut self, person: Option<&AuditedPerson>) -> Result<Option<String>, Fault> {
        let Some(person) = person else { return Ok(None) };
        let known = self.people.get(&person.id).copied();
        let ours = if let Some(ours) = known {
            ours
        } else {
            let membership = self.read.memberships().find_of(self.collective, person.id).await?;
            let ours = membership.is_some_and(|membership| membership.shows_person());
            self.people.insert(person.id, ours);
            ours
        };
        Ok(ours.then(|| person.name.to_string()))
    }

    async fn service(&mut self, id: Option<ServiceId>) -> Result<Option<Service>, Fault> {
        let Some(id) = id else { return Ok(None) };
        if let Some(service) = self.services.get(&id) {
            return Ok(service.clone());
        }
        let service = self.read.services().find(id).await?;
        self.services.insert(id, service.clone());
        Ok(service)
    }
}
