//! What is carried out, with names instead of identifiers where a row may be new.

use idp_domain::{
    Timestamp,
    client::Client,
    collective::CollectiveState,
    id::{ClientId, CollectiveId, GrantId, MembershipId, OfferId, PersonId, ServiceId, WorkingGroupId},
    membership::MembershipState,
    name::DisplayName,
    person::PersonState,
    secret::SecretHash,
    service::ServiceState,
    slug::{Slug, WorkingGroupSlug},
};
use idp_store::{collectives::CollectiveEdit, grants::GrantTerms, offers::OfferTerms, people::ProfileChange, services::ServiceEdit};

use crate::apply::file::{
    ClientSpec, CollectiveSpec, GrantSpec, MandateSpec, MembershipSpec, OfferSpec, PersonSpec, RequestSpec, ServiceSpec, WorkingGroupSpec,
};

/// One thing to do.
#[derive(Debug)]
pub(in crate::apply) enum Step<'f> {
    FoundCollective(&'f CollectiveSpec),
    EditCollective {
        id: CollectiveId,
        version: i64,
        edit: CollectiveEdit,
        state: Option<CollectiveState>,
    },
    AddWorkingGroup(&'f Slug, &'f WorkingGroupSpec),
    RenameWorkingGroup {
        collective: CollectiveId,
        group: WorkingGroupId,
        name: DisplayName,
    },
    RegisterService(&'f ServiceSpec),
    EditService {
        id: ServiceId,
        version: i64,
        edit: ServiceEdit,
        state: Option<ServiceState>,
        owners: Option<Vec<Slug>>,
    },
    RegisterClient(&'f ClientSpec),
    EditClient {
        client: Box<Client>,
        version: i64,
    },
    AddSecret(ClientId, SecretHash),
    MakeOffer(&'f OfferSpec, OfferTerms),
    EditOffer {
        collective: CollectiveId,
        id: OfferId,
        version: i64,
        terms: OfferTerms,
    },
    CreatePerson(&'f PersonSpec),
    EditPerson {
        id: PersonId,
        version: i64,
        change: ProfileChange,
    },
    MovePerson {
        id: PersonId,
        from: PersonState,
        to: PersonState,
    },
    AddEmails(PersonId, &'f PersonSpec),
    SetPassword(PersonId, &'f PersonSpec),
    AddMembership(&'f PersonSpec, &'f MembershipSpec),
    EditMembership {
        person: PersonId,
        collective: CollectiveId,
        id: MembershipId,
        version: i64,
        state: Option<MembershipState>,
        ends: Option<Timestamp>,
    },
    SetHome {
        person: PersonId,
        collective: CollectiveId,
        membership: MembershipId,
    },
    JoinWorkingGroups {
        person: PersonId,
        collective: CollectiveId,
        membership: MembershipId,
        groups: Vec<WorkingGroupSlug>,
    },
    GiveMandate {
        person: &'f PersonSpec,
        membership: &'f MembershipSpec,
        mandate: &'f MandateSpec,
        accepted: bool,
    },
    GiveGrant(&'f PersonSpec, &'f GrantSpec),
    ChangeGrant {
        person: PersonId,
        service: ServiceId,
        collective: CollectiveId,
        id: GrantId,
        version: i64,
        terms: GrantTerms,
    },
    FileRequest(&'f PersonSpec, &'f RequestSpec),
}
