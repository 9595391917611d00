//! People, memberships, mandates, grants and requests. New rows are collected and written at once.

use idp_domain::{
    Fault, Timestamp,
    audit::AuditEvent,
    credential::PasswordCredential,
    id::{CollectiveId, MembershipId, WorkingGroupId},
    locale::Locale,
    membership::{Mandate, MandateKind, Membership, MembershipState},
    person::PersonState,
    request::{Request, RequestKind, RequestState},
    service::{Grant, GrantVia},
};
use idp_store::{Attempt, Decided, Tx, WriteTx, emails::Email, people::NewPerson};

use super::{Plan, Run, Step, Stopped, found, inserted, unchanged};
use crate::{
    apply::file::{Asked, DoorSpec, GrantSpec, MandateOver, MandateSpec, MembershipSpec, PersonSpec, RequestSpec},
    audit::Concerning,
    login::hasher::PEPPER_VERSION,
    mail::Mail,
    people::{self, NewAccount},
};

/// Rows to be written together.
#[derive(Default)]
pub(super) struct Batch {
    people: Vec<NewPerson>,
    emails: Vec<Email>,
    passwords: Vec<PasswordCredential>,
    memberships: Vec<Membership>,
    working_groups: Vec<(CollectiveId, MembershipId, WorkingGroupId)>,
    mandates: Vec<Mandate>,
    grants: Vec<Grant>,
}

impl Batch {
    pub(super) async fn write(self, tx: &WriteTx, now: Timestamp) -> Result<(), Fault> {
        let bulk = tx.bulk();
        bulk.people(&self.people).await?;
        bulk.emails(&self.emails).await?;
        bulk.passwords(&self.passwords).await?;
        bulk.memberships(&self.memberships).await?;
        bulk.working_groups(&self.working_groups).await?;
        bulk.mandates(&self.mandates, now).await?;
        bulk.grants(&self.grants).await
    }
}

impl Run<'_> {
    /// Gives every new person an identifier first: anybody may be somebody's sponsor.
    pub(super) fn draft_people(&mut self, plan: &Plan<'_>) -> Result<(), Fault> {
        for step in &plan.steps {
            let Step::CreatePerson(spec) = step else { continue };
            let account = NewAccount {
                username: spec.username.value.clone(),
                display_name: spec.name.clone().ok_or_else(|| Fault::broken("apply.draft_people", "a checked name is missing"))?,
                given_name: spec.given_name.clone(),
                family_name: spec.family_name.clone(),
                locale: spec.locale.unwrap_or(Locale::Ca),
                state: first_state(spec),
            };
            let person = NewPerson { zoneinfo: spec.zoneinfo.clone(), ..people::draft_person(self.act, account)? };
            self.people.insert(spec.username.value.clone(), person.id);
            self.batch.people.push(person);
        }
        Ok(())
    }

    pub(super) async fn person_step(&mut self, step: &Step<'_>) -> Result<(), Stopped> {
        let (tx, now, by) = (self.tx, self.act.now, Decided::ByFile);
        match step {
            Step::CreatePerson(spec) => self.create_person(spec)?,
            Step::EditPerson { id, version, change } => {
                unchanged(tx.people().change_profile(*id, *version, change, now, by).await?)?;
                self.note(Concerning::person(*id), AuditEvent::ProfileChanged {});
            }
            Step::MovePerson { id, from, to } => {
                if tx.people().change_state(*id, *from, *to, now).await? == Attempt::Lost {
                    return Err(Stopped::Changed);
                }
                self.note(Concerning::person(*id), AuditEvent::PersonActivated {});
            }
            Step::AddEmails(person, spec) => {
                let had = tx.emails().list(*person).await?;
                for email in spec.emails.iter().filter(|email| !had.iter().any(|had| had.address == email.value)) {
                    let id = people::add_address(self.act, tx, *person, &email.value).await?;
                    let _ = tx.emails().verify(id, now).await?;
                    self.note(Concerning::person(*person), AuditEvent::EmailVerified {});
                }
            }
            Step::SetPassword(person, spec) => {
                let hashed = self.passwords.remove(&spec.username.value).ok_or(Stopped::Changed)?;
                people::set_password(self.act, tx, *person, hashed).await?;
            }
            Step::AddMembership(person, spec) => self.add_membership(person, spec)?,
            Step::EditMembership { person, collective, id, version, state, ends } => {
                let mut version = *version;
                if let Some(state) = state {
                    unchanged(tx.memberships().set_state(*collective, *id, version, *state, now, by).await?)?;
                    version += 1;
                    let event = AuditEvent::MembershipActivated { membership: *id };
                    self.note(Concerning::member(*collective, *person), event);
                }
                if let Some(end) = ends {
                    unchanged(tx.memberships().set_end(*collective, *id, version, Some(*end), by).await?)?;
                    let event = AuditEvent::MembershipExtended { membership: *id };
                    self.note(Concerning::member(*collective, *person), event);
                }
            }
            Step::SetHome { person, collective, membership } => {
                if tx.memberships().set_home(*person, *collective, now).await? == Attempt::Lost {
                    return Err(Stopped::Changed);
                }
                self.note(Concerning::member(*collective, *person), AuditEvent::MembershipMadeHome { membership: *membership });
            }
            Step::JoinWorkingGroups { person, collective, membership, groups } => {
                for group in groups {
                    inserted(tx.working_groups().assign(*collective, *membership, self.group(*collective, group)?).await?)?;
                }
                self.note(Concerning::member(*collective, *person), AuditEvent::WorkingGroupsJoined { membership: *membership });
            }
            Step::GiveMandate { person, membership, mandate, accepted } => self.give_mandate(person, membership, mandate, *accepted)?,
            Step::GiveGrant(person, spec) => self.give_grant(person, spec)?,
            Step::ChangeGrant { person, service, collective, id, version, terms } => {
                unchanged(tx.grants().change(*collective, *id, *version, terms, None, now).await?)?;
                let event = AuditEvent::GrantChanged { grant: *id, service: *service };
                self.note(Concerning::member(*collective, *person), event);
            }
            // after everything they refer to
            Step::FileRequest(..) => {}
            step => return Err(Fault::broken("apply.step", format!("no step of a person: {step:?}")).into()),
        }
        Ok(())
    }

    fn create_person(&mut self, spec: &PersonSpec) -> Result<(), Stopped> {
        let (now, person) = (self.act.now, self.person(&spec.username.value)?);
        self.note(Concerning::person(person), AuditEvent::PersonRegistered {});
        for (index, email) in spec.emails.iter().enumerate() {
            self.batch.emails.push(Email {
                id: self.act.id(),
                person,
                address: email.value.clone(),
                signs_in: index == 0,
                verified_at: Some(now),
                created_at: now,
            });
        }
        if first_state(spec) == PersonState::Active {
            self.note(Concerning::person(person), AuditEvent::PersonActivated {});
        }
        if spec.password.is_some() {
            // hashed for the first plan: if that one did not create this person, somebody just removed the account
            let hashed = self.passwords.remove(&spec.username.value).ok_or(Stopped::Changed)?;
            self.batch.passwords.push(PasswordCredential {
                id: self.act.id(),
                person,
                scheme: hashed.scheme,
                phc: hashed.phc,
                pepper_version: PEPPER_VERSION,
                created_at: now,
            });
            self.note(Concerning::person(person), AuditEvent::PasswordSet {});
        }
        Ok(())
    }

    fn add_membership(&mut self, person: &PersonSpec, spec: &MembershipSpec) -> Result<(), Stopped> {
        let (now, collective, person) = (self.act.now, self.collective(&spec.collective.value)?, self.person(&person.username.value)?);
        let state = spec.first_state();
        let began = !matches!(state, MembershipState::Requested | MembershipState::Invited | MembershipState::Refused);
        let membership = Membership {
            id: self.act.id(),
            collective,
            person,
            state,
            home_at: (spec.home && self.homes.insert(person)).then_some(now),
            sponsor: spec.sponsor.as_ref().map(|sponsor| self.person(&sponsor.value)).transpose()?,
            starts_at: began.then_some(now),
            ends_at: spec.ends,
            accepted_at: (state != MembershipState::Invited).then_some(now),
            created_at: now,
            version: 1,
        };
        self.memberships.insert((person, collective), membership.id);
        for group in &spec.working_groups {
            let group = self.group(collective, &group.value)?;
            self.batch.working_groups.push((collective, membership.id, group));
        }
        let id = membership.id;
        let event = match state {
            MembershipState::Active => Some(AuditEvent::MembershipActivated { membership: id }),
            MembershipState::Suspended => Some(AuditEvent::MembershipSuspended { membership: id }),
            MembershipState::Lapsed => Some(AuditEvent::MembershipLapsed { membership: id }),
            MembershipState::Ended => Some(AuditEvent::MembershipEnded { membership: id }),
            MembershipState::Invited => Some(AuditEvent::MembershipInvited { membership: id }),
            // the request tells of these
            MembershipState::Requested | MembershipState::Refused => None,
        };
        if let Some(event) = event {
            self.note(Concerning::member(collective, person), event);
        }
        self.batch.memberships.push(membership);
        Ok(())
    }

    fn give_mandate(
        &mut self,
        person: &PersonSpec,
        membership: &MembershipSpec,
        spec: &MandateSpec,
        accepted: bool,
    ) -> Result<(), Stopped> {
        let (now, collective, person) =
            (self.act.now, self.collective(&membership.collective.value)?, self.person(&person.username.value)?);
        let mandate = Mandate {
            id: self.act.id(),
            collective,
            membership: found(self.memberships.get(&(person, collective)), "apply.give_mandate")?,
            kind: match &spec.over.value {
                MandateOver::Collective => MandateKind::Manager,
                MandateOver::WorkingGroup(group) => MandateKind::Coordinator(self.group(collective, &group.value)?),
                MandateOver::Service(service) => MandateKind::ServiceManager(self.service(&service.value)?),
                MandateOver::Community => MandateKind::CommunitySteward,
                MandateOver::Operations => MandateKind::OperationsSteward,
            },
            starts_at: now,
            ends_at: spec.ends,
            accepted_at: accepted.then_some(now),
            ended_at: None,
        };
        self.note(Concerning::member(collective, person), AuditEvent::MandateProposed { mandate: mandate.id });
        if accepted {
            self.note(Concerning::member(collective, person), AuditEvent::MandateAccepted { mandate: mandate.id });
        } else if mandate.kind == MandateKind::Manager {
            self.mails.push(Mail::MandateProposed { person, collective, mandate: mandate.id });
        }
        self.batch.mandates.push(mandate);
        Ok(())
    }

    fn give_grant(&mut self, person: &PersonSpec, spec: &GrantSpec) -> Result<(), Stopped> {
        let (service, collective) = (self.service(&spec.service.value)?, self.collective(&spec.door.collective().value)?);
        let person = self.person(&person.username.value)?;
        let (via, default_role) = match &spec.door {
            DoorSpec::Via(_) => {
                let offer = self.offers.get(&(service, collective));
                let (offer, default_role) = offer.ok_or_else(|| Fault::broken("apply.give_grant", "a checked offer is missing"))?;
                let membership = found(self.memberships.get(&(person, collective)), "apply.give_grant")?;
                (GrantVia::Membership { offer: *offer, membership, collective }, default_role.clone())
            }
            DoorSpec::Guest { sponsor, .. } => (GrantVia::Guest { sponsor: self.person(&sponsor.value)?, owner: collective }, None),
        };
        let grant = Grant {
            id: self.act.id(),
            person,
            service,
            via,
            role: spec.role.or(default_role.as_ref()),
            quota: spec.quota,
            ends_at: spec.ends,
            created_at: self.act.now,
            withdrawn_at: None,
            version: 1,
        };
        self.note(Concerning::member(collective, person), AuditEvent::GrantGiven { grant: grant.id, service });
        self.batch.grants.push(grant);
        Ok(())
    }

    /// Requests refer to people, so they are written when those are there.
    pub(super) async fn write_requests(&mut self, plan: &Plan<'_>) -> Result<(), Stopped> {
        for step in &plan.steps {
            if let Step::FileRequest(person, spec) = step {
                self.write_request(person, spec).await?;
            }
        }
        Ok(())
    }

    async fn write_request(&mut self, person: &PersonSpec, spec: &RequestSpec) -> Result<(), Stopped> {
        let (collective, person) = (self.collective(&spec.collective.value)?, self.person(&person.username.value)?);
        let service = match &spec.asked {
            Asked::Join => None,
            Asked::Access(service) => Some(self.service(&service.value)?),
        };
        let request = Request {
            id: self.act.id(),
            kind: service.map_or(RequestKind::Join, RequestKind::Access),
            collective,
            person,
            state: RequestState::Open,
            text: spec.text.clone(),
            reason: None,
            created_at: self.act.now,
            decided_at: None,
            decided_by: None,
            version: 1,
        };
        inserted(self.tx.requests().insert(&request).await?)?;
        let event = match service {
            Some(service) => AuditEvent::AccessRequested { request: request.id, service },
            None => AuditEvent::JoinRequested { request: request.id },
        };
        self.note(Concerning::member(collective, person), event);
        Ok(())
    }
}

/// Where a new account begins when the file does not say: whoever only waits to join somewhere was validated by nobody.
fn first_state(spec: &PersonSpec) -> PersonState {
    let waits = |membership: &MembershipSpec| membership.first_state() == MembershipState::Requested;
    let unknown_to_all = !spec.memberships.is_empty() && spec.memberships.iter().all(waits);
    spec.state.unwrap_or(if unknown_to_all { PersonState::AwaitingValidation } else { PersonState::Active })
}
