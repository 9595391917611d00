//! Changing the role, the quota or the end of a door the collective opened.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, GrantId, MembershipId},
    policy::{Action, Standing},
    service::{Grant, GrantVia},
};
use idp_store::{Tx, Updated};

use super::{
    Before, TermsRefusal, WantedTerms, follow,
    grant_service::{Opened, door_of},
    within,
};
use crate::{
    Act, Failure, Outcome, audit,
    collectives::{Denied, Member, promised},
    failure::{OrRefuse, refuse},
};

/// Which door, and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGrant {
    /// In whose name.
    pub collective: CollectiveId,
    /// Whose.
    pub membership: MembershipId,
    /// The door.
    pub grant: GrantId,
    /// As it was read.
    pub version: i64,
    /// Its new terms, all of them.
    pub terms: WantedTerms,
}

/// Why a door stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeGrantRefusal {
    /// The policy says no, or there is no such door.
    Denied(Denied),
    /// Somebody changed it since it was read.
    Stale,
    /// The offer was withdrawn.
    NotOffered,
    /// The offer does not go this far.
    Terms(TermsRefusal),
}

/// Changes a grant's terms.
pub async fn change_grant(act: &Act, standing: &Standing, input: &ChangeGrant) -> Outcome<Opened, ChangeGrantRefusal> {
    let read = act.store().read();
    let target = (input.collective, input.membership);
    let member = Member::find(&read, standing, Action::GrantService, target, ChangeGrantRefusal::Denied).await?;
    let grant = find_door(&read, &member, input.grant).await?.or_refuse(ChangeGrantRefusal::Denied(Denied::NotFound))?;
    if grant.version != input.version {
        return refuse(ChangeGrantRefusal::Stale);
    }
    let offer = promised(read.offers().find_for(input.collective, grant.service).await?, "change_grant.offer")?;
    if offer.withdrawn_at.is_some() {
        return refuse(ChangeGrantRefusal::NotOffered);
    }
    let terms = within(&offer, &input.terms, act.now).map_err(|refusal| Failure::Refused(ChangeGrantRefusal::Terms(refusal)))?;

    let tx = act.store().write("services.change_grant").await?;
    let before = Before::look(act, &tx, member.holder()).await?;
    let by = act.actor.person();
    if tx.grants().change(input.collective, grant.id, input.version, &terms, by, act.now).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(ChangeGrantRefusal::Stale);
    }
    let event = AuditEvent::GrantChanged { grant: grant.id, service: grant.service };
    audit::record(act, &tx, audit::Concerning::member(input.collective, member.person.id), event, None).await?;
    let consequences = follow(act, &tx, before, member.holder()).await?;
    let door = door_of(act, &tx, &member, &grant).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(Opened { door, consequences })
}

/// A door of this very membership that was not withdrawn.
pub(super) async fn find_door(tx: &impl Tx, member: &Member, grant: GrantId) -> Result<Option<Grant>, idp_domain::Fault> {
    let found = tx.grants().find(member.collective.id, grant).await?;
    let of_member = |via: &GrantVia| matches!(via, GrantVia::Membership { membership, .. } if *membership == member.membership.id);
    Ok(found.filter(|grant| grant.withdrawn_at.is_none() && of_member(&grant.via)))
}
