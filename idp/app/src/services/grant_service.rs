//! Opening a door: giving a member an offered service, within the offer.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::{CollectiveId, MembershipId, PersonId, ServiceId},
    policy::{Action, Standing},
    service::{Grant, GrantVia, Offer, Service, ServiceState},
};
use idp_store::{Inserted, Tx, Updated, WriteTx, grants::GrantTerms};

use super::{Before, Consequences, Door, TermsRefusal, WantedTerms, doors_of, follow, within};
use crate::{
    Act, Failure, Outcome, audit,
    collectives::{Denied, Member, promised},
    failure::{OrRefuse, refuse},
    once::{Once, Repeatable},
};

/// What to give to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantService {
    /// In whose name.
    pub collective: CollectiveId,
    /// To whom.
    pub membership: MembershipId,
    /// What.
    pub service: ServiceId,
    /// On which terms.
    pub terms: WantedTerms,
}

/// Why a door stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantServiceRefusal {
    /// The policy says no.
    Denied(Denied),
    /// The membership does not stand.
    MembershipNotActive,
    /// The offer does not allow it.
    Offer(OfferRefusal),
    /// The collective holds this door open already: change that grant.
    AlreadyOpen,
    /// The caller used this key for another request.
    KeyReused,
}

/// Why a service cannot be given through an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferRefusal {
    /// The collective is not offered this service.
    NotOffered,
    /// The service is not open.
    ServiceNotActive,
    /// The offer does not go this far.
    Terms(TermsRefusal),
}

/// A door after it was opened or changed, and what that did elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The door.
    pub door: Door,
    /// What it did elsewhere.
    pub consequences: Consequences,
}

/// Gives a member a service.
pub async fn grant_service(
    act: &Act,
    standing: &Standing,
    input: &GrantService,
    once: Option<&Once<'_, Opened>>,
) -> Outcome<Repeatable<Opened>, GrantServiceRefusal> {
    let read = act.store().read();
    let target = (input.collective, input.membership);
    let member = Member::find(&read, standing, Action::GrantService, target, GrantServiceRefusal::Denied).await?;
    if let Some(before) = heard(act, once).await? {
        return before;
    }
    if !member.membership.is_active(act.now) {
        return refuse(GrantServiceRefusal::MembershipNotActive);
    }
    let wanted = find_offered(act, &read, input.collective, input.service, &input.terms)
        .await
        .map_err(|failure| failure.map_refusal(GrantServiceRefusal::Offer))?;

    let tx = act.store().write("services.grant_service").await?;
    let before = Before::look(act, &tx, member.holder()).await?;
    let Some(grant) = give(act, &tx, &member, &wanted).await? else {
        tx.rollback().await?;
        // perhaps by the same request, sent twice at once
        return heard(act, once).await?.unwrap_or(refuse(GrantServiceRefusal::AlreadyOpen));
    };
    let opened = Opened { consequences: follow(act, &tx, before, member.holder()).await?, door: door_of(act, &tx, &member, &grant).await? };
    if let (Some(once), Some(person)) = (once, act.actor.person())
        && once.remember(act, &tx, person, &opened).await? == Inserted::Taken
    {
        tx.rollback().await?;
        return heard(act, Some(once)).await?.unwrap_or(refuse(GrantServiceRefusal::KeyReused));
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(Repeatable::Done(opened))
}

type Answer = Outcome<Repeatable<Opened>, GrantServiceRefusal>;

async fn heard(act: &Act, once: Option<&Once<'_, Opened>>) -> Result<Option<Answer>, Fault> {
    let (Some(once), Some(person)) = (once, act.actor.person()) else { return Ok(None) };
    let before = once.heard(act, person).await?;
    Ok(before.map(|before| before.map_err(|_| Failure::Refused(GrantServiceRefusal::KeyReused))))
}

/// An offered service with terms that the offer allows.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) offer: Offer,
    pub(crate) service: Service,
    pub(crate) terms: GrantTerms,
}

/// What can be given of a service in this collective's name, or why not.
pub(crate) async fn find_offered(
    act: &Act,
    tx: &impl Tx,
    collective: CollectiveId,
    service: ServiceId,
    wanted: &WantedTerms,
) -> Outcome<Wanted, OfferRefusal> {
    let offer = tx.offers().find_for(collective, service).await?.filter(|offer| offer.withdrawn_at.is_none());
    let offer = offer.or_refuse(OfferRefusal::NotOffered)?;
    let service = promised(tx.services().find(service).await?, "grant_service.service")?;
    if service.state != ServiceState::Active {
        return refuse(OfferRefusal::ServiceNotActive);
    }
    let terms = within(&offer, wanted, act.now).map_err(|refusal| Failure::Refused(OfferRefusal::Terms(refusal)))?;
    Ok(Wanted { offer, service, terms })
}

/// Opens the door and records it; `None` when the collective holds it open already. One whose end has passed is closed
/// for good first.
pub(crate) async fn give(act: &Act, tx: &WriteTx, member: &Member, wanted: &Wanted) -> Result<Option<Grant>, Fault> {
    let (collective, person, service) = (member.collective.id, member.person.id, wanted.service.id);
    let by: Option<PersonId> = act.actor.person();
    if let Some(old) = tx.grants().find_open(collective, person, service).await? {
        let expired = old.ends_at.is_some_and(|end| act.now >= end);
        if !expired || tx.grants().withdraw(collective, old.id, old.version, by, act.now).await? == Updated::Stale {
            return Ok(None);
        }
        let event = AuditEvent::GrantWithdrawn { grant: old.id, service };
        audit::record(act, tx, audit::Concerning::member(collective, person), event, None).await?;
    }
    let grant = Grant {
        id: act.id(),
        person,
        service,
        via: GrantVia::Membership { offer: wanted.offer.id, membership: member.membership.id, collective },
        role: wanted.terms.role.clone(),
        quota: wanted.terms.quota,
        ends_at: wanted.terms.ends_at,
        created_at: act.now,
        withdrawn_at: None,
        version: 1,
    };
    if tx.grants().insert(&grant, by).await? == Inserted::Taken {
        return Ok(None);
    }
    let event = AuditEvent::GrantGiven { grant: grant.id, service };
    audit::record(act, tx, audit::Concerning::member(collective, person), event, None).await?;
    Ok(Some(grant))
}

/// The door of a grant that is not withdrawn.
pub(super) async fn door_of(act: &Act, tx: &WriteTx, member: &Member, grant: &Grant) -> Result<Door, Fault> {
    let doors = doors_of(tx, member.holder(), act.now).await?;
    promised(doors.into_iter().find(|door| door.grant.id == grant.id), "grant_service.door")
}
