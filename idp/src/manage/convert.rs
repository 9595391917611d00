//! From values of the domain to the shapes of the API. Written out, so that nothing travels by accident.

use idp_api as api;
use idp_app::{
    collectives::{
        RoleInCollective,
        list_requests::{RequestDetail, RequestSeen},
        mandates::{MandateSeen, MandateState},
        read_audit::{ActorSeen, AuditItem},
        view::CollectiveView,
        view_member::MemberView,
    },
    services::{ClosedNote, Consequences, Door, DoorState, ServiceTold, ToldState, grant_service::Opened},
};
use idp_domain::{
    collective::{CollectiveState, Listing},
    issuer::Issuer,
    locale::Locale,
    membership::MembershipState,
    quota::Quota,
    request::{RequestKind, RequestState},
    service::{Automatic, Offer, RoleName, Service, ServiceState},
    time::Timestamp,
};

use crate::http::paths;

/// A count as the API prints it.
pub(super) fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}

pub(super) const fn language(locale: Locale) -> api::Language {
    match locale {
        Locale::Ca => api::Language::Ca,
        Locale::Es => api::Language::Es,
        Locale::En => api::Language::En,
    }
}

const fn role(role: RoleInCollective) -> api::CollectiveRole {
    match role {
        RoleInCollective::Member => api::CollectiveRole::Member,
        RoleInCollective::Manager => api::CollectiveRole::Manager,
        RoleInCollective::Coordinator => api::CollectiveRole::Coordinator,
        RoleInCollective::ServiceManager => api::CollectiveRole::ServiceManager,
    }
}

pub(super) fn roles(roles: &[RoleInCollective]) -> Vec<api::CollectiveRole> {
    roles.iter().map(|held| role(*held)).collect()
}

pub(super) fn mandate(seen: &MandateSeen) -> api::Mandate {
    api::Mandate {
        id: seen.id.to_string(),
        role: role(seen.role),
        state: match seen.state {
            MandateState::Proposed => api::MandateState::Proposed,
            MandateState::Accepted => api::MandateState::Accepted,
        },
        since: seen.since.millis(),
        ends_at: seen.ends_at.map(Timestamp::millis),
    }
}

pub(super) const fn collective_state(state: CollectiveState) -> api::CollectiveState {
    match state {
        CollectiveState::Proposed => api::CollectiveState::Proposed,
        CollectiveState::Active => api::CollectiveState::Active,
        CollectiveState::Suspended => api::CollectiveState::Suspended,
        CollectiveState::Closing => api::CollectiveState::Closing,
        CollectiveState::Closed => api::CollectiveState::Closed,
    }
}

pub(super) const fn membership_state(state: MembershipState) -> api::MembershipState {
    match state {
        MembershipState::Requested => api::MembershipState::Requested,
        MembershipState::Invited => api::MembershipState::Invited,
        MembershipState::Active => api::MembershipState::Active,
        MembershipState::Suspended => api::MembershipState::Suspended,
        MembershipState::Lapsed => api::MembershipState::Lapsed,
        MembershipState::Ended => api::MembershipState::Ended,
        MembershipState::Refused => api::MembershipState::Refused,
    }
}

/// The state of a membership at this instant: an active one past its end date has lapsed.
pub(super) fn membership_state_now(state: MembershipState, ends_at: Option<Timestamp>, now: Timestamp) -> api::MembershipState {
    if state == MembershipState::Active && ends_at.is_some_and(|end| now >= end) {
        api::MembershipState::Lapsed
    } else {
        membership_state(state)
    }
}

pub(super) fn collective(issuer: &Issuer, view: CollectiveView) -> api::Collective {
    let CollectiveView { collective, numbers } = view;
    let counts = numbers.map_or(api::CollectiveCounts { members_by_state: Vec::new(), open_requests: 0, managers: 0 }, |numbers| {
        let members = numbers.members.into_iter();
        api::CollectiveCounts {
            members_by_state: members
                .map(|(state, number)| api::StateCount { state: membership_state(state), count: count(number) })
                .collect(),
            open_requests: count(numbers.open_requests),
            managers: count(numbers.managers),
        }
    });
    api::Collective {
        id: collective.id.to_string(),
        slug: collective.slug.to_string(),
        name: collective.name.to_string(),
        locale: language(collective.locale),
        listed: collective.listing == Listing::Listed,
        state: collective_state(collective.state),
        version: collective.version,
        counts,
        join_link: issuer.join(&paths::join_collective(&collective.slug)),
    }
}

pub(super) fn service(service: &Service) -> api::ServiceRef {
    api::ServiceRef { id: service.id.to_string(), slug: service.slug.to_string(), name: service.name.to_string() }
}

fn role_names(roles: &[RoleName]) -> Vec<String> {
    roles.iter().map(ToString::to_string).collect()
}

pub(super) fn member_offer((offer, of): &(Offer, Service)) -> api::MemberOffer {
    api::MemberOffer {
        service: service(of),
        roles: role_names(&offer.roles),
        default_role: offer.default_role.as_ref().map(ToString::to_string),
        quota_ceiling: offer.quota_ceiling.map(Quota::bytes),
        automatic: offer.automatic == Automatic::Yes,
    }
}

pub(super) fn offer_item(offered: &idp_app::services::list_offered::Offered) -> api::OfferItem {
    let (offer, of) = (&offered.offer, &offered.service);
    api::OfferItem {
        offer_id: offer.id.to_string(),
        service: service(of),
        description: of.description.clone(),
        url: of.url.clone(),
        roles: role_names(&offer.roles),
        default_role: offer.default_role.as_ref().map(ToString::to_string),
        quota_ceiling: offer.quota_ceiling.map(Quota::bytes),
        automatic: offer.automatic == Automatic::Yes,
        granted_count: count(offered.open_grants),
        state: match of.state {
            _ if offer.withdrawn_at.is_some() => api::OfferState::Withdrawn,
            ServiceState::Active => api::OfferState::Active,
            ServiceState::Draft | ServiceState::Paused => api::OfferState::ServicePaused,
            ServiceState::Retired => api::OfferState::Withdrawn,
        },
    }
}

pub(super) fn door(door: &Door) -> api::Door {
    api::Door {
        grant_id: door.grant.id.to_string(),
        service: service(&door.service),
        role: door.grant.role.as_ref().map(ToString::to_string),
        quota: door.grant.quota.map(Quota::bytes),
        ends_at: door.grant.ends_at.map(Timestamp::millis),
        state: match door.state {
            DoorState::Open => api::DoorState::Open,
            DoorState::Expired => api::DoorState::Expired,
            DoorState::MembershipNotActive => api::DoorState::MembershipNotActive,
            DoorState::OfferWithdrawn => api::DoorState::OfferWithdrawn,
            DoorState::CollectiveNotActive => api::DoorState::CollectiveNotActive,
            DoorState::ServiceNotActive => api::DoorState::ServiceNotActive,
            DoorState::PersonNotActive => api::DoorState::PersonNotActive,
        },
        version: door.grant.version,
    }
}

pub(super) fn outcome(consequences: &Consequences) -> api::ActOutcome {
    let closed = consequences.closed.iter().map(|closed| api::ClosedDoor {
        service: service(&closed.service),
        still_runs: closed.note != ClosedNote::NoSession,
        note: match closed.note {
            ClosedNote::BeingTold => api::ClosedNote::BeingTold,
            ClosedNote::CannotBeTold => api::ClosedNote::CannotBeTold,
            ClosedNote::NoSession => api::ClosedNote::NoSession,
        },
    });
    let told = consequences.told.iter().map(|told| api::Told {
        service: service(&told.service),
        backchannel: if told.queued { api::BackChannel::Queued } else { api::BackChannel::None },
    });
    api::ActOutcome {
        closed: closed.collect(),
        told: told.collect(),
        access_tokens_live_until_ms: consequences.access_tokens_live_until.map(Timestamp::millis),
    }
}

pub(super) fn door_outcome(opened: &Opened) -> api::DoorOutcome {
    api::DoorOutcome { door: door(&opened.door), outcome: outcome(&opened.consequences) }
}

pub(super) const fn request_kind(kind: RequestKind) -> api::RequestKind {
    match kind {
        RequestKind::Join => api::RequestKind::Join,
        RequestKind::Access(_) => api::RequestKind::Access,
        RequestKind::Support => api::RequestKind::Support,
        RequestKind::Recovery => api::RequestKind::Recovery,
    }
}

const fn request_state(state: RequestState) -> api::RequestState {
    match state {
        RequestState::Open => api::RequestState::Open,
        RequestState::Accepted => api::RequestState::Accepted,
        RequestState::Refused => api::RequestState::Refused,
        RequestState::Withdrawn => api::RequestState::Withdrawn,
    }
}

fn applicant(seen: &RequestSeen) -> api::Applicant {
    let username = seen.person.username_shown().map(ToString::to_string).unwrap_or_default();
    api::Applicant { name: seen.person.display_name.to_string(), username }
}

pub(super) fn request_item(seen: &RequestSeen) -> api::RequestItem {
    api::RequestItem {
        id: seen.request.id.to_string(),
        kind: request_kind(seen.request.kind),
        person: applicant(seen),
        service: seen.service.as_ref().map(service),
        text: seen.request.text.to_string(),
        created_at: seen.request.created_at.millis(),
        rerouted_from: seen.rerouted_from.as_ref().map(|from| from.name.to_string()),
    }
}

/// The address that signs in is shown whole while the request is open, of others only the domain.
pub(super) fn request_detail(detail: &RequestDetail) -> api::RequestDetail {
    let RequestDetail { seen, other_addresses, may_decide, offers } = detail;
    let open = seen.request.state == RequestState::Open;
    let own = seen.person.email.as_ref().filter(|_| open).map(|address| api::AddressShown { text: address.to_string(), whole: true });
    let others = other_addresses.iter().filter_map(|address| address.as_str().rsplit_once('@'));
    let others = others.map(|(_, domain)| api::AddressShown { text: domain.to_owned(), whole: false });
    api::RequestDetail {
        id: seen.request.id.to_string(),
        kind: request_kind(seen.request.kind),
        state: request_state(seen.request.state),
        person: applicant(seen),
        addresses: own.into_iter().chain(others).collect(),
        language: Some(language(seen.person.locale)),
        text: seen.request.text.to_string(),
        service: seen.service.as_ref().map(service),
        created_at: seen.request.created_at.millis(),
        rerouted_from: seen.rerouted_from.as_ref().map(|from| from.name.to_string()),
        may_decide: *may_decide,
        offers: offers.iter().map(member_offer).collect(),
    }
}

fn told(told: &ServiceTold) -> api::ServiceTold {
    api::ServiceTold {
        service: service(&told.service),
        since: told.since.millis(),
        state: match told.state {
            ToldState::Confirmed => api::ToldState::Confirmed,
            ToldState::Waiting => api::ToldState::Waiting,
            ToldState::TryingAgain => api::ToldState::TryingAgain,
            ToldState::GivenUp => api::ToldState::GivenUp,
            ToldState::CannotBeTold => api::ToldState::CannotBeTold,
        },
        at: told.at.millis(),
    }
}

pub(super) fn member(view: &MemberView, now: Timestamp) -> api::MemberDetail {
    let (membership, person) = (&view.membership, &view.person);
    api::MemberDetail {
        membership: api::Membership {
            id: membership.id.to_string(),
            state: membership_state_now(membership.state, membership.ends_at, now),
            home: membership.home_at.is_some(),
            since: membership.starts_at.map(Timestamp::millis),
            ends_at: membership.ends_at.map(Timestamp::millis),
            roles: roles(&view.roles),
            version: membership.version,
        },
        person: api::MemberPerson {
            name: person.shown.name.clone(),
            username: person.shown.username.clone(),
            email: person.email.clone(),
            language: person.locale.map(language),
            pending: person.pending,
        },
        doors: view.doors.iter().map(door).collect(),
        offers: view.offers.iter().map(member_offer).collect(),
        told: view.told.iter().map(told).collect(),
        may_act: view.may_act,
        mandates: view.mandates.iter().map(mandate).collect(),
        may_propose_manager: view.may_propose,
        request_id: view.request.map(|request| request.to_string()),
    }
}

pub(super) fn audit_item(item: &AuditItem) -> api::AuditItem {
    let (kind, name) = match &item.actor {
        ActorSeen::Person(name) => (api::ActorKind::Person, name.clone()),
        ActorSeen::Operator => (api::ActorKind::Operator, None),
        ActorSeen::System => (api::ActorKind::System, None),
    };
    api::AuditItem {
        id: item.id.to_string(),
        sequence: item.sequence,
        at: item.at.millis(),
        kind: item.kind.clone(),
        actor: api::AuditActor { kind, name },
        person: item.person.clone(),
        service: item.service.as_ref().map(service),
        reason: item.reason.clone(),
    }
}
