//! One of a collective's people. Looking is an event that person can read: nobody looks silently (DOMAIN rule 12).

use idp_domain::{
    id::{CollectiveId, MembershipId, RequestId},
    locale::Locale,
    membership::{Membership, MembershipState},
    person::PersonState,
    policy::{Action, Decision, Resource, Standing, can},
    request::RequestKind,
    service::{Offer, Service},
};
use idp_store::Tx;

use super::{
    Denied, Member,
    list_members::Shown,
    look::record_look,
    mandates::MandateSeen,
    roles::{RoleInCollective, Roles},
};
use crate::{
    Act, Outcome,
    services::{Door, ServiceTold, doors_of, list_offered::can_open, told_of},
};

/// Somebody of the collective with the doors it opened for them. Says nothing about other collectives, not even
/// whether there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberView {
    /// The membership.
    pub membership: Membership,
    /// What the person is in this collective.
    pub roles: Vec<RoleInCollective>,
    /// What is shown of the person.
    pub person: PersonShown,
    /// Doors this collective opened and did not withdraw, by name of service.
    pub doors: Vec<Door>,
    /// What else its managers may open for the person now.
    pub offers: Vec<(Offer, Service)>,
    /// Services that were told of a change of late, and what became of it.
    pub told: Vec<ServiceTold>,
    /// Whether the actor may act on this membership.
    pub may_act: bool,
    /// Mandates that stand or wait for the person's yes; those of stewards are the cluster's and do not show here.
    pub mandates: Vec<MandateSeen>,
    /// Whether the actor may propose the person as manager now.
    pub may_propose: bool,
    /// What waits in the queue when the membership was only asked for.
    pub request: Option<RequestId>,
}

/// A person as a manager of one of their collectives may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonShown {
    /// Names.
    pub shown: Shown,
    /// The address they sign in with; only while there is something between them and the collective.
    pub email: Option<String>,
    /// The language they chose; absent for who was invited and never said yes.
    pub locale: Option<Locale>,
    /// Whether the account was never active.
    pub pending: bool,
}

/// Shows a member.
pub async fn view_member(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    membership: MembershipId,
) -> Outcome<MemberView, Denied> {
    let read = act.store().read();
    let member = Member::find(&read, standing, Action::ViewMember, (collective, membership), |denied| denied).await?;
    let Member { membership, person, .. } = &member;
    let doors = doors_of(&read, member.holder(), act.now).await?;
    let told = told_of(&read, collective, membership.id, act.now).await?;
    let held = doors.iter().map(|door| door.service.id).collect();
    let offers = if membership.is_active(act.now) { can_open(&read, collective, &held).await? } else { Vec::new() };
    let answered = membership.shows_person();
    let gone = matches!(membership.state, MembershipState::Ended | MembershipState::Refused);
    let shown = PersonShown {
        shown: Shown::of(&read, membership, person).await?,
        email: person.email.as_ref().filter(|_| answered && !gone).map(ToString::to_string),
        locale: answered.then_some(person.locale),
        pending: answered && matches!(person.state, PersonState::Pending | PersonState::AwaitingValidation),
    };
    let roles = Roles::of(&read, collective, act.now).await?.held_by(membership);
    let resource = Resource::Member { collective, person: person.id };
    let may = |action| can(standing, action, &resource) == Decision::Allowed;
    let held = read.mandates().list_of_membership(collective, membership.id).await?;
    let mandates: Vec<_> = held.iter().filter_map(|mandate| MandateSeen::of(mandate, act.now)).collect();
    let manages = mandates.iter().any(|mandate| mandate.role == RoleInCollective::Manager);
    let may_propose = may(Action::AppointManager) && membership.is_active(act.now) && person.state.may_sign_in() && !manages;
    let may_act = may(Action::SuspendMembership);
    let request = match membership.state {
        MembershipState::Requested => read.requests().find_open(collective, person.id, RequestKind::Join).await?.map(|request| request.id),
        _ => None,
    };
    record_look(act, standing, collective, person.id).await?;
    Ok(MemberView { roles, person: shown, doors, offers, told, may_act, mandates, may_propose, request, membership: member.membership })
}
