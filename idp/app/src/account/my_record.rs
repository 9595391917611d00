//! What was done with a person's account, for that person to read (DOMAIN rule 12): whichever collective did it, and nobody else's facts.

use std::{cmp::Reverse, collections::BTreeMap};

use idp_domain::{
    Fault, Timestamp,
    id::{AuditId, CollectiveId, PersonId},
    name::DisplayName,
};
use idp_store::{
    ReadTx, Tx,
    audit::{AuditRecord, AuditedActor, AuditedPerson},
};

use super::{my_collectives::Names, service_card::name_of_service};
use crate::{Act, audit, collectives::PageOf};

/// A fact as the person it concerns reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyFact {
    /// When.
    pub at: Timestamp,
    /// What kind of fact: [`idp_domain::audit::AuditEvent::kind`].
    pub kind: String,
    /// Who did it.
    pub by: DoneBy,
    /// In which collective; absent: in none.
    pub collective: Option<DisplayName>,
    /// Which collective got what was handed over.
    pub handed_to: Option<DisplayName>,
    /// The service it was about.
    pub service: Option<String>,
    /// The reason that was given, or what the person wrote.
    pub text: Option<String>,
}

/// Who did something to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoneBy {
    /// The person whose account it is.
    Oneself,
    /// Somebody else, with the collective for which they did it as one who has, or had, its mandate.
    Other(DisplayName, Option<DisplayName>),
    /// Somebody who was erased since.
    Erased,
    /// An operator at the server's console.
    Operator,
    /// The software itself.
    System,
}

/// A page of what was done with the person's account, the newest first, before a cursor.
pub async fn list_my_record(act: &Act, person: PersonId, before: Option<AuditId>, limit: usize) -> Result<PageOf<MyFact, AuditId>, Fault> {
    let read = act.store().read();
    let records = read.audit().list_for_person(person, before, limit as u64 + 1).await?;
    let mut page = PageOf::cut(records, limit, |record| record.id);
    // facts of one instant have identifiers in no order: what concerns the account alone came first, a chain knows its own order
    page.items.sort_by_key(|record| Reverse((record.at, record.collective, record.seq)));
    let mut known = Known { act, read: &read, names: Names::default(), mandated: BTreeMap::new() };
    let mut facts = Vec::with_capacity(page.items.len());
    for record in &page.items {
        facts.push(known.fact(person, record).await?);
    }
    Ok(page.with(facts))
}

/// What was looked up for this page already.
struct Known<'a> {
    act: &'a Act,
    read: &'a ReadTx,
    names: Names,
    mandated: BTreeMap<(CollectiveId, PersonId), bool>,
}

impl Known<'_> {
    async fn fact(&mut self, person: PersonId, record: &AuditRecord) -> Result<MyFact, Fault> {
        let collective = self.collective(record.collective).await?;
        Ok(MyFact {
            at: record.at,
            kind: record.kind.clone(),
            by: match &record.actor {
                AuditedActor::Person(Some(actor)) if actor.id == person => DoneBy::Oneself,
                AuditedActor::Person(Some(actor)) => {
                    let mandated = self.is_mandated(record.collective, actor).await?;
                    DoneBy::Other(actor.name.clone(), collective.clone().filter(|_| mandated))
                }
                AuditedActor::Person(None) => DoneBy::Erased,
                AuditedActor::Operator => DoneBy::Operator,
                AuditedActor::System => DoneBy::System,
            },
            collective,
            handed_to: self.collective(record.id_of("to")).await?,
            service: self.service(record).await?,
            text: audit::open_detail(self.act, self.read, record).await?,
        })
    }

    async fn collective(&mut self, id: Option<CollectiveId>) -> Result<Option<DisplayName>, Fault> {
        let Some(id) = id else { return Ok(None) };
        self.names.collective(self.read, id).await
    }

    /// The service itself, or the one whose client it was.
    async fn service(&mut self, record: &AuditRecord) -> Result<Option<String>, Fault> {
        if let Some(service) = record.id_of("service") {
            return Ok(self.names.service(self.read, service).await?.map(|name| name.to_string()));
        }
        let Some(client) = record.id_of("client") else { return Ok(None) };
        let Some(client) = self.read.clients().find(client, self.act.now).await? else { return Ok(None) };
        name_of_service(self.act, &client).await.map(Some)
    }

    /// Whether somebody has, or had, power over this collective or its services. Who hands a request over writes into a chain that
    /// is not their collective's, and what else they are there is theirs to tell.
    async fn is_mandated(&mut self, collective: Option<CollectiveId>, actor: &AuditedPerson) -> Result<bool, Fault> {
        let Some(collective) = collective else { return Ok(false) };
        if let Some(known) = self.mandated.get(&(collective, actor.id)) {
            return Ok(*known);
        }
        let mandated = match self.read.memberships().find_of(collective, actor.id).await? {
            Some(membership) => self.read.mandates().has_managed(collective, membership.id).await?,
            None => false,
        };
        self.mandated.insert((collective, actor.id), mandated);
        Ok(mandated)
    }
}
