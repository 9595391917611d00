//! Founding a collective.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    collective::{Collective, CollectiveState, Listing},
    locale::Locale,
    name::DisplayName,
    policy::{Action, Resource, Standing},
    slug::Slug,
};
use idp_store::{Decided, Inserted, Tx, WriteTx};

use super::{Denied, allow};
use crate::{Act, Outcome, audit, failure::refuse};

/// A collective to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundCollective {
    /// What services will key on.
    pub slug: Slug,
    /// Shown.
    pub name: DisplayName,
    /// Language of its mails.
    pub locale: Locale,
    /// Whether the picker shows it.
    pub listing: Listing,
}

/// Why there is no new collective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundCollectiveRefusal {
    /// The policy says no.
    Denied(Denied),
    /// Another collective has, or had, this slug.
    SlugTaken,
}

/// Founds a collective: proposed, until stewards of other collectives accept it.
pub async fn found_collective(act: &Act, standing: &Standing, input: &FoundCollective) -> Outcome<Collective, FoundCollectiveRefusal> {
    allow(standing, Action::FoundCollective, &Resource::Cluster, FoundCollectiveRefusal::Denied)?;
    let tx = act.store().write("collectives.found_collective").await?;
    let Some(collective) = found(act, &tx, input, CollectiveState::Proposed).await? else {
        tx.rollback().await?;
        return refuse(FoundCollectiveRefusal::SlugTaken);
    };
    tx.commit().await?;
    Ok(collective)
}

/// Founds a collective inside the caller's transaction; `None` when its slug is taken. The setup founds the first one
/// active, since there is nobody yet to accept it.
pub(crate) async fn found(act: &Act, tx: &WriteTx, input: &FoundCollective, state: CollectiveState) -> Result<Option<Collective>, Fault> {
    let collective = Collective {
        id: act.id(),
        slug: input.slug.clone(),
        name: input.name.clone(),
        locale: input.locale,
        listing: input.listing,
        state,
        created_at: act.now,
        version: 1,
    };
    if tx.collectives().insert(&collective, Decided::InTheWeb(act.now)).await? == Inserted::Taken {
        return Ok(None);
    }
    let event = AuditEvent::CollectiveFounded { collective: collective.id };
    audit::record(act, tx, audit::Concerning::collective(collective.id), event, None).await?;
    Ok(Some(collective))
}
