//! Recording facts inside a use case's transaction.

use idp_domain::{
    Fault,
    audit::{AuditEntry, AuditEvent},
    id::{CollectiveId, PersonId},
};
use idp_store::{Tx, WriteTx, audit::AuditRecord};

use crate::Act;

/// What a fact concerns: decides whose chain it joins and who can read it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Concerning {
    collective: Option<CollectiveId>,
    person: Option<PersonId>,
}

impl Concerning {
    /// The cluster as a whole.
    pub(crate) const fn cluster() -> Self {
        Self { collective: None, person: None }
    }
    /// One person, in the cluster's chain.
    pub(crate) const fn person(person: PersonId) -> Self {
        Self { collective: None, person: Some(person) }
    }
    /// A collective.
    pub(crate) const fn collective(collective: CollectiveId) -> Self {
        Self { collective: Some(collective), person: None }
    }
    /// A person in a collective.
    pub(crate) const fn member(collective: CollectiveId, person: PersonId) -> Self {
        Self { collective: Some(collective), person: Some(person) }
    }
}

/// Appends a fact. `detail` is free text: sealed with the key of the person it concerns, so that erasing that key
/// erases the text; without a person it is sealed with the cluster's.
pub(crate) async fn record(act: &Act, tx: &WriteTx, concerning: Concerning, event: AuditEvent, detail: Option<&str>) -> Result<(), Fault> {
    let entry = AuditEntry {
        at: act.now,
        actor: act.actor,
        collective: concerning.collective,
        person: concerning.person,
        event,
        request_id: act.request_id.to_string(),
    };
    let sealed = match detail.filter(|text| !text.is_empty()) {
        Some(text) => Some(seal(act, tx, concerning.person, text).await?),
        None => None,
    };
    tx.audit().append(act.id(), &entry, sealed).await
}

/// The place a person's own audit key is sealed for.
pub(crate) fn person_key_place(person: PersonId) -> String {
    format!("people/{person}/audit_key")
}

async fn seal(act: &Act, tx: &WriteTx, person: Option<PersonId>, text: &str) -> Result<Vec<u8>, Fault> {
    let key = detail_key(act, tx, person).await?.ok_or_else(|| Fault::broken("audit.seal", "a fact about nobody"))?;
    key.seal(DETAIL_PLACE, act.entropy().bytes(), text.as_bytes()).map_err(|error| Fault::broken("audit.seal", error))
}

/// Opens the free text of a fact; `None` when there was none, or its key was erased with the person.
pub(crate) async fn open_detail(act: &Act, tx: &impl Tx, record: &AuditRecord) -> Result<Option<String>, Fault> {
    let Some(sealed) = &record.detail_sealed else { return Ok(None) };
    let Some(key) = detail_key(act, tx, record.person.as_ref().map(|person| person.id)).await? else { return Ok(None) };
    let opened = key.open(DETAIL_PLACE, sealed).map_err(|error| Fault::broken("audit.open_detail", error))?;
    String::from_utf8(opened.to_vec()).map(Some).map_err(|error| Fault::broken("audit.open_detail", error))
}

const DETAIL_PLACE: &str = "audit/detail";

/// The key of a person's texts, or the cluster's; `None` for a person without one.
async fn detail_key(act: &Act, tx: &impl Tx, person: Option<PersonId>) -> Result<Option<keys::MasterKey>, Fault> {
    let master = &act.app.0.master;
    let Some(person) = person else { return Ok(Some(keys::MasterKey::from_bytes(*master.derive("audit/cluster")))) };
    let identity = tx.people().find_audit_identity(person).await?;
    let Some(sealed) = identity.map(|identity| identity.sealed_key).filter(|sealed| !sealed.is_empty()) else { return Ok(None) };
    let opened = master.open(&person_key_place(person), &sealed).map_err(|error| Fault::broken("audit.detail_key", error))?;
    let bytes: [u8; 32] =
        opened.as_slice().try_into().map_err(|_| Fault::broken("audit.detail_key", "a person's key has another length"))?;
    Ok(Some(keys::MasterKey::from_bytes(bytes)))
}
