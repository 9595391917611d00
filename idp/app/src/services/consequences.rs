//! What a change of somebody's memberships or grants means at the services: computed inside the transaction of the
//! change, by comparing what each service sees of the person before and after.
//!
//! * Access lost: what the person authorised for the service's clients ends, and with it every code and refresh token;
//!   the clients are told by back-channel logout.
//! * Groups, role or quota changed: the clients are told too, so that they ask again; nothing ends.
//! * Access gained: nothing is told; it shows at the next sign-in.
//!
//! What is done covers every service; what is reported speaks of this collective's doors only (DOMAIN rules 2 and 11).

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{
    Fault, Timestamp,
    access::{self, EffectiveAccess},
    id::{GrantId, PersonId, ServiceId},
    service::Service,
};
use idp_store::{
    Tx, WriteTx,
    authorizations::{LogoutTarget, Offline, Which},
};

use super::{
    doors::{Door, Holder, doors_of},
    ends::last_told,
};
use crate::{Act, backchannel, tokens};

/// What an act closed, who is told, and what still runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consequences {
    /// Doors of this collective that closed by it.
    pub closed: Vec<ClosedDoor>,
    /// Services behind this collective's doors that see something new of the person.
    pub told: Vec<Told>,
    /// Until when a service that checks our access tokens by itself may accept one issued before; absent when no door
    /// closed.
    pub access_tokens_live_until: Option<Timestamp>,
}

/// A door that closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedDoor {
    /// Where it led.
    pub service: Service,
    /// What becomes of sessions at the service itself.
    pub note: ClosedNote,
}

/// What becomes of sessions that the service itself holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedNote {
    /// The service is being told to end them.
    BeingTold,
    /// The service cannot be told: they run until it ends them by itself.
    CannotBeTold,
    /// The person has none that came from here.
    NoSession,
}

/// A service that sees something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The service.
    pub service: Service,
    /// Whether a back-channel logout is on its way; `false` when it takes none or the person has no session there.
    pub queued: bool,
}

/// What the services saw of a person before an act.
#[derive(Debug)]
pub(crate) struct Before {
    person: PersonId,
    seen: BTreeMap<ServiceId, EffectiveAccess>,
    doors: Vec<Door>,
}

impl Before {
    /// Looks before the act changes anything, inside its transaction.
    pub(crate) async fn look(act: &Act, tx: &WriteTx, holder: Holder<'_>) -> Result<Self, Fault> {
        let person = holder.person.id;
        let told = last_told(tx, person, act.now).await?;
        Ok(Self { person, seen: seen(tx, person, told).await?, doors: doors_of(tx, holder, act.now).await? })
    }
}

/// What every service sees of a person at an instant, going by the rows of now; services without access are left out.
async fn seen(tx: &WriteTx, person: PersonId, at: Timestamp) -> Result<BTreeMap<ServiceId, EffectiveAccess>, Fault> {
    let facts = tx.access().facts_everywhere(person, at).await?;
    Ok(facts.into_iter().filter_map(|(card, facts)| Some((card.id, access::evaluate(&facts, at).ok()?))).collect())
}

/// Ends and tells what has to be, after the act changed its rows. `holder` is as it stands now.
pub(crate) async fn follow(act: &Act, tx: &WriteTx, before: Before, holder: Holder<'_>) -> Result<Consequences, Fault> {
    let after = seen(tx, before.person, act.now).await?;
    let stays_open: BTreeSet<_> =
        doors_of(tx, holder, act.now).await?.iter().filter(|door| door.is_open()).map(|door| door.grant.id).collect();
    let ours: Vec<_> = before.doors.into_iter().filter(Door::is_open).collect();
    let closes = |door: &Door| !stays_open.contains(&door.grant.id);
    let mut notes = BTreeMap::new();
    for (service, old) in &before.seen {
        // where other doors are open the closing of ours changes nothing that can be seen: the service is told all the
        // same, so that what we report does not depend on doors that are none of this collective's business
        let through: Vec<_> = ours.iter().filter(|door| door.service.id == *service).collect();
        let ours_closed = through.iter().any(|door| closes(door));
        let grants: Vec<_> = through.iter().map(|door| door.grant.id).collect();
        let note = match after.get(service) {
            None => end(act, tx, before.person, *service, &grants).await?,
            Some(new) if ours_closed || looks_different(old, new) => announce(act, tx, before.person, *service, &grants).await?,
            Some(_) => continue,
        };
        notes.insert(*service, note);
    }
    let mut consequences = Consequences::default();
    for door in ours {
        let Some(note) = notes.get(&door.service.id).copied() else { continue };
        consequences.told.push(Told { service: door.service.clone(), queued: note == ClosedNote::BeingTold });
        if closes(&door) {
            consequences.closed.push(ClosedDoor { service: door.service, note });
            consequences.access_tokens_live_until = Some(act.now + tokens::ACCESS_TOKEN_AT_MOST);
        }
    }
    Ok(consequences)
}

/// What the services see of a person at one moment, for what is no collective's own act, such as applying a file or an end
/// by date.
#[derive(Debug)]
pub(crate) struct Seen {
    person: PersonId,
    at: Timestamp,
    services: BTreeMap<ServiceId, EffectiveAccess>,
}

impl Seen {
    /// Looks before the act changes anything, inside its transaction.
    pub(crate) async fn look(act: &Act, tx: &WriteTx, person: PersonId) -> Result<Self, Fault> {
        Self::look_back(tx, person, last_told(tx, person, act.now).await?).await
    }
    /// Looks at an instant that is over, before what ended by its date since.
    pub(crate) async fn look_back(tx: &WriteTx, person: PersonId, at: Timestamp) -> Result<Self, Fault> {
        Ok(Self { person, at, services: seen(tx, person, at).await? })
    }
    /// Ends and tells what has to be, after the act changed its rows or time went by.
    pub(crate) async fn follow(self, act: &Act, tx: &WriteTx) -> Result<(), Fault> {
        let after = seen(tx, self.person, act.now).await?;
        for (service, old) in &self.services {
            match after.get(service) {
                None => {
                    let grants = stood_since(tx, self.person, *service, self.at).await?;
                    end(act, tx, self.person, *service, &grants).await?;
                }
                Some(new) if looks_different(old, new) => {
                    let grants = stood_since(tx, self.person, *service, self.at).await?;
                    announce(act, tx, self.person, *service, &grants).await?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// A person's grants to a service that stood at an instant, and perhaps since.
async fn stood_since(tx: &WriteTx, person: PersonId, service: ServiceId, at: Timestamp) -> Result<Vec<GrantId>, Fault> {
    let stood = |over: Option<Timestamp>| over.is_none_or(|over| over >= at);
    let grants = tx.grants().list_of_person(person).await?.into_iter();
    let of_service = grants.filter(|grant| grant.service == service && stood(grant.withdrawn_at) && stood(grant.ends_at));
    Ok(of_service.map(|grant| grant.id).collect())
}

/// Whether a service can notice the difference. The names of groups are not compared: they belong to nobody in
/// particular, and who shows them is told when they change.
fn looks_different(old: &EffectiveAccess, new: &EffectiveAccess) -> bool {
    let groups = |access: &EffectiveAccess| access.groups.iter().map(|named| named.group.clone()).collect::<BTreeSet<_>>();
    (&old.role, old.quota, groups(old)) != (&new.role, new.quota, groups(new))
}

/// Ends what the person authorised for the service's clients, and tells them.
async fn end(act: &Act, tx: &WriteTx, person: PersonId, service: ServiceId, grants: &[GrantId]) -> Result<ClosedNote, Fault> {
    let ended = tx.authorizations().end(Which::PersonAtService(person, service), Offline::Included, act.now).await?;
    backchannel::tell(act, tx, &ended, grants).await?;
    Ok(note(&ended))
}

/// Tells the service's clients to ask again; nothing ends.
async fn announce(act: &Act, tx: &WriteTx, person: PersonId, service: ServiceId, grants: &[GrantId]) -> Result<ClosedNote, Fault> {
    let live = tx.authorizations().list_logout_targets(Which::PersonAtService(person, service)).await?;
    backchannel::tell(act, tx, &live, grants).await?;
    Ok(note(&live))
}

fn note(targets: &[LogoutTarget]) -> ClosedNote {
    match targets {
        [] => ClosedNote::NoSession,
        targets if targets.iter().all(|target| target.backchannel_logout_uri.is_some()) => ClosedNote::BeingTold,
        _ => ClosedNote::CannotBeTold,
    }
}
