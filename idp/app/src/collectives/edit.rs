//! What managers may change about their collective: its name, its language, its listing. Never its slug.

use idp_domain::{
    audit::AuditEvent,
    collective::Listing,
    id::CollectiveId,
    locale::Locale,
    name::DisplayName,
    policy::{Action, Resource, Standing},
};
use idp_store::{Decided, Tx, Updated, collectives::CollectiveEdit};

use super::{
    Denied, allow, promised,
    view::{CollectiveView, numbers},
};
use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
    services::{Renamed, tell_of_name},
};

/// A change; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditCollective {
    /// Which.
    pub collective: CollectiveId,
    /// As it was read.
    pub version: i64,
    /// Shown.
    pub name: Option<DisplayName>,
    /// Language of its mails.
    pub locale: Option<Locale>,
    /// Whether the picker shows it.
    pub listing: Option<Listing>,
}

/// Why nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditCollectiveRefusal {
    /// The policy says no.
    Denied(Denied),
    /// Somebody changed it since it was read.
    Stale,
}

/// Changes a collective.
pub async fn edit_collective(act: &Act, standing: &Standing, input: &EditCollective) -> Outcome<CollectiveView, EditCollectiveRefusal> {
    let denied = EditCollectiveRefusal::Denied;
    allow(standing, Action::EditCollective, &Resource::Collective(input.collective), denied)?;
    let found = act.store().read().collectives().find(input.collective).await?.or_refuse(denied(Denied::NotFound))?;
    let edit = CollectiveEdit {
        name: input.name.clone().unwrap_or_else(|| found.name.clone()),
        locale: input.locale.unwrap_or(found.locale),
        listing: input.listing.unwrap_or(found.listing),
    };
    let tx = act.store().write("collectives.edit_collective").await?;
    if tx.collectives().edit(input.collective, input.version, &edit, Decided::InTheWeb(act.now), act.now).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(EditCollectiveRefusal::Stale);
    }
    if edit.name != found.name {
        tell_of_name(act, &tx, Renamed::Collective(input.collective)).await?;
    }
    let event = AuditEvent::CollectiveEdited { collective: input.collective };
    audit::record(act, &tx, audit::Concerning::collective(input.collective), event, None).await?;
    let collective = promised(tx.collectives().find(input.collective).await?, "edit.collective")?;
    let numbers = Some(numbers(act, &tx, input.collective).await?);
    tx.commit().await?;
    act.app.wake_workers();
    Ok(CollectiveView { collective, numbers })
}
