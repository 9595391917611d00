//! People with their memberships, mandates, grants and requests.

use std::collections::BTreeMap;

use idp_domain::{
    Timestamp,
    id::{CollectiveId, ServiceId, WorkingGroupId},
    membership::{Mandate, MandateKind, Membership, MembershipState},
    name::DisplayName,
    person::{Person, PersonState},
    quota::Quota,
    request::{Request, RequestKind, RequestState},
    service::{Grant, GrantVia, RoleName},
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};
use idp_store::{
    grants::GrantTerms,
    people::ProfileChange,
    snapshot::{Managed, MembershipSnapshot, PersonSnapshot},
};

use super::{
    Object, Plan, Step, Verdict, World,
    compare::{Compare, joined},
};
use crate::apply::{
    file::{Asked, ClusterFile, GrantSpec, MandateOver, MandateSpec, MembershipSpec, PersonSpec, RequestSpec},
    instant,
};

/// Where names of the file lead in the database.
struct Names<'w> {
    collectives: BTreeMap<&'w Slug, CollectiveId>,
    services: BTreeMap<&'w Slug, ServiceId>,
    groups: BTreeMap<(CollectiveId, &'w WorkingGroupSlug), WorkingGroupId>,
}

pub(super) fn plan<'f>(plan: &mut Plan<'f>, file: &'f ClusterFile, world: &World) {
    let structure = &world.structure;
    let names = Names {
        collectives: structure.collectives.iter().map(|row| (&row.value.slug, row.value.id)).collect(),
        services: structure.services.iter().map(|row| (&row.value.slug, row.value.id)).collect(),
        groups: structure.working_groups.iter().map(|group| ((group.collective, &group.slug), group.id)).collect(),
    };
    for spec in &file.people {
        match world.people.get(&spec.username.value) {
            Some(known) => known_person(plan, spec, known, world, &names),
            None => new_person(plan, spec, world),
        }
    }
}

fn new_person<'f>(plan: &mut Plan<'f>, spec: &'f PersonSpec, world: &World) {
    let username = &spec.username.value;
    plan.create(Object::Person(username.clone()), Step::CreatePerson(spec));
    for membership in &spec.memberships {
        add_membership(plan, spec, membership, world, Holder::New);
    }
    for grant in &spec.grants {
        plan.create(grant_object(username, grant), Step::GiveGrant(spec, grant));
    }
    for request in &spec.requests {
        plan.create(request_object(username, request), Step::FileRequest(spec, request));
    }
}

/// Whether somebody holds an account already: then a mandate is proposed to them, and theirs to accept (DOMAIN rule 4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    New,
    Known,
}

fn add_membership<'f>(plan: &mut Plan<'f>, spec: &'f PersonSpec, membership: &'f MembershipSpec, world: &World, holder: Holder) {
    plan.create(membership_object(&spec.username.value, membership), Step::AddMembership(spec, membership));
    for mandate in &membership.mandates {
        give_mandate(plan, (spec, membership, mandate), world, holder);
    }
}

fn known_person<'f>(plan: &mut Plan<'f>, spec: &'f PersonSpec, known: &PersonSnapshot, world: &World, names: &Names<'_>) {
    profile(plan, spec, known);
    for membership in &spec.memberships {
        let collective = names.collectives.get(&membership.collective.value);
        let row = collective.and_then(|id| known.memberships.iter().find(|row| row.membership.value.collective == *id));
        if let Some(row) = row {
            known_membership(plan, spec, membership, row, world, names);
        } else {
            add_membership(plan, spec, membership, world, Holder::Known);
        }
    }
    home(plan, spec, known, names);
    let asked = world.requests.get(&known.person.value.id).map(Vec::as_slice).unwrap_or_default();
    for grant in &spec.grants {
        known_grant(plan, spec, grant, known, asked, names);
    }
    for request in &spec.requests {
        let object = request_object(&spec.username.value, request);
        if was_asked(request, asked, known, names) {
            plan.say(object, Verdict::Unchanged);
        } else {
            plan.create(object, Step::FileRequest(spec, request));
        }
    }
}

fn profile<'f>(plan: &mut Plan<'f>, spec: &'f PersonSpec, known: &PersonSnapshot) {
    let Managed { value: person, decided_at } = &known.person;
    let mut compare = Compare::default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let some = |text: &Option<String>| text.clone().map(Some);
    let mut edits = compare.plain("name", &person.display_name, spec.name.as_ref(), ToString::to_string);
    edits |= compare.plain("given_name", &person.given_name, some(&spec.given_name).as_ref(), text);
    edits |= compare.plain("family_name", &person.family_name, some(&spec.family_name).as_ref(), text);
    edits |= compare.plain("locale", &person.locale, spec.locale.as_ref(), ToString::to_string);
    edits |= compare.plain("zoneinfo", &person.zoneinfo, some(&spec.zoneinfo).as_ref(), text);
    let state = spec.state.filter(|&state| state != person.state);
    let opens = (person.state, state) == (PersonState::AwaitingValidation, Some(PersonState::Active));
    match state {
        Some(state) if opens => compare.note("state", person.state.as_str(), state.as_str()),
        Some(state) => compare.grave("state", person.state.as_str(), state.as_str()),
        None => {}
    }
    let missing = spec.emails.iter().filter(|email| !known.emails.iter().any(|had| had.address == email.value));
    let missing: Vec<_> = missing.map(|email| email.value.to_string()).collect();
    if !missing.is_empty() {
        // what is there stays, and stays first: a file takes no address away
        let had: Vec<_> = known.emails.iter().map(|email| email.address.to_string()).collect();
        compare.note("emails", joined(&had), joined(&[had.clone(), missing.clone()].concat()));
    }
    // a file brings the first password; it never replaces one
    let first_password = spec.password.is_some() && known.password.is_none();
    if first_password {
        compare.note("password", "", "as in the file");
    }
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(Object::Person(spec.username.value.clone()), verdict);
    }
    if !judged.changes {
        return;
    }
    if edits {
        plan.steps.push(Step::EditPerson { id: person.id, version: person.version, change: change(spec, person) });
    }
    if let Some(to) = state.filter(|_| opens) {
        plan.steps.push(Step::MovePerson { id: person.id, from: person.state, to });
    }
    if !missing.is_empty() {
        plan.steps.push(Step::AddEmails(person.id, spec));
    }
    if first_password {
        plan.steps.push(Step::SetPassword(person.id, spec));
    }
}

fn change(spec: &PersonSpec, person: &Person) -> ProfileChange {
    let name: Option<&DisplayName> = spec.name.as_ref();
    ProfileChange {
        display_name: name.unwrap_or(&person.display_name).clone(),
        given_name: spec.given_name.clone().or_else(|| person.given_name.clone()),
        family_name: spec.family_name.clone().or_else(|| person.family_name.clone()),
        locale: spec.locale.unwrap_or(person.locale),
        zoneinfo: spec.zoneinfo.clone().or_else(|| person.zoneinfo.clone()),
    }
}

fn known_membership<'f>(
    plan: &mut Plan<'f>,
    spec: &'f PersonSpec,
    wanted: &'f MembershipSpec,
    row: &MembershipSnapshot,
    world: &World,
    names: &Names<'_>,
) {
    let Managed { value, decided_at } = &row.membership;
    let mut compare = Compare::default();
    let state = wanted.state.filter(|&state| state != value.state);
    // a file may let somebody in; whatever closes doors is for people
    let opens = state == Some(MembershipState::Active) && value.state.may_become(MembershipState::Active);
    match state {
        Some(state) if opens => compare.note("state", value.state.as_str(), state.as_str()),
        Some(state) => compare.grave("state", value.state.as_str(), state.as_str()),
        None => {}
    }
    let ends = wanted.ends.filter(|end| Some(*end) != value.ends_at);
    if let Some(end) = ends {
        let from = value.ends_at.map(instant::write).unwrap_or_default();
        if value.ends_at.is_some_and(|old| end > old) {
            compare.note("ends", from, instant::write(end));
        } else {
            compare.grave("ends", from, instant::write(end));
        }
    }
    let longer = ends.filter(|end| value.ends_at.is_some_and(|old| *end > old));
    let is_in = |group: &WorkingGroupSlug| names.groups.get(&(value.collective, group)).is_some_and(|id| row.working_groups.contains(id));
    let joins: Vec<WorkingGroupSlug> =
        wanted.working_groups.iter().map(|group| &group.value).filter(|group| !is_in(group)).cloned().collect();
    if !joins.is_empty() {
        compare.note("working_groups", "", joined(&joins));
    }
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(membership_object(&spec.username.value, wanted), verdict);
    }
    if judged.changes {
        let (person, collective, id, version) = (value.person, value.collective, value.id, value.version);
        if opens || longer.is_some() {
            let state = state.filter(|_| opens);
            plan.steps.push(Step::EditMembership { person, collective, id, version, state, ends: longer });
        }
        if !joins.is_empty() {
            plan.steps.push(Step::JoinWorkingGroups { person, collective, membership: id, groups: joins });
        }
    }
    for mandate in &wanted.mandates {
        let found = row.mandates.iter().find(|known| is_same_mandate(&known.value, mandate, names));
        match found {
            None => give_mandate(plan, (spec, wanted, mandate), world, Holder::Known),
            Some(known) => known_mandate(plan, spec, wanted, mandate, known),
        }
    }
}

fn is_same_mandate(known: &Mandate, wanted: &MandateSpec, names: &Names<'_>) -> bool {
    match (&wanted.over.value, known.kind) {
        (MandateOver::Collective, MandateKind::Manager)
        | (MandateOver::Community, MandateKind::CommunitySteward)
        | (MandateOver::Operations, MandateKind::OperationsSteward) => true,
        (MandateOver::WorkingGroup(slug), MandateKind::Coordinator(id)) => names.groups.get(&(known.collective, &slug.value)) == Some(&id),
        (MandateOver::Service(slug), MandateKind::ServiceManager(id)) => names.services.get(&slug.value) == Some(&id),
        _ => false,
    }
}

/// Whatever a mandate on record looks like, somebody accepted, ended or still considers it: nothing here is for a file.
fn known_mandate(plan: &mut Plan<'_>, spec: &PersonSpec, membership: &MembershipSpec, wanted: &MandateSpec, known: &Managed<Mandate>) {
    let mut compare = Compare::default();
    if let Some(ended) = known.value.ended_at {
        compare.grave("ended", instant::write(ended), "");
    } else {
        if wanted.accepted && known.value.accepted_at.is_none() {
            compare.grave("accepted", "false", "true");
        }
        if let Some(end) = wanted.ends.filter(|end| Some(*end) != known.value.ends_at) {
            compare.grave("ends", known.value.ends_at.map(instant::write).unwrap_or_default(), instant::write(end));
        }
    }
    for verdict in compare.judge(known.decided_at).verdicts {
        plan.say(mandate_object(&spec.username.value, membership, wanted), verdict);
    }
}

/// Where stewards look after a cluster, another one is theirs to appoint.
fn give_mandate<'f>(
    plan: &mut Plan<'f>,
    (person, membership, mandate): (&'f PersonSpec, &'f MembershipSpec, &'f MandateSpec),
    world: &World,
    holder: Holder,
) {
    let object = mandate_object(&person.username.value, membership, mandate);
    if world.has_stewards && mandate.over.value.is_steward() {
        let field = super::FieldChange { field: "mandate", from: String::new(), to: mandate.over.value.kind().to_owned() };
        plan.say(object, Verdict::NeedsApproval(vec![field]));
    } else {
        let accepted = mandate.accepted && holder == Holder::New;
        plan.create(object, Step::GiveMandate { person, membership, mandate, accepted });
    }
}

/// A file names the first home; which one it is afterwards, the person says.
fn home<'f>(plan: &mut Plan<'f>, spec: &'f PersonSpec, known: &PersonSnapshot, names: &Names<'_>) {
    let Some(wanted) = spec.memberships.iter().find(|membership| membership.home) else { return };
    let collective = names.collectives.get(&wanted.collective.value).copied();
    let current = known.memberships.iter().find(|row| row.membership.value.home_at.is_some());
    let there = collective.and_then(|id| known.memberships.iter().find(|row| row.membership.value.collective == id));
    let object = membership_object(&spec.username.value, wanted);
    let field = |from: &str| super::FieldChange { field: "home", from: from.to_owned(), to: "true".to_owned() };
    match (current, there) {
        (Some(current), _) if Some(current.membership.value.collective) != collective => {
            let fields = vec![field("another collective vouches for the person")];
            plan.say(
                object,
                match current.membership.decided_at {
                    Some(decided_at) => Verdict::Drift { decided_at, fields },
                    None => Verdict::NeedsApproval(fields),
                },
            );
        }
        (None, Some(row)) => {
            if let Some(decided_at) = row.membership.decided_at {
                plan.say(object, Verdict::Drift { decided_at, fields: vec![field("")] });
            } else {
                plan.say(object, Verdict::Change(vec![field("")]));
                let Membership { id, person, collective, .. } = row.membership.value;
                plan.steps.push(Step::SetHome { person, collective, membership: id });
            }
        }
        _ => {}
    }
}

fn known_grant<'f>(
    plan: &mut Plan<'f>,
    spec: &'f PersonSpec,
    wanted: &'f GrantSpec,
    known: &PersonSnapshot,
    asked: &[Request],
    names: &Names<'_>,
) {
    let object = grant_object(&spec.username.value, wanted);
    let place = names.services.get(&wanted.service.value).zip(names.collectives.get(&wanted.door.collective().value));
    let through = |grant: &Grant| match grant.via {
        GrantVia::Membership { collective, .. } => collective,
        GrantVia::Guest { owner, .. } => owner,
    };
    let mut found: Vec<&Managed<Grant>> = Vec::new();
    if let Some((service, collective)) = place {
        found.extend(known.grants.iter().filter(|row| row.value.service == *service && through(&row.value) == *collective));
    }
    let open = found.iter().find(|row| row.value.withdrawn_at.is_none());
    let Some(Managed { value, decided_at }) = open else {
        match found.last() {
            // closed by somebody: a file does not open it again
            Some(Managed { value: Grant { withdrawn_at: Some(at), .. }, decided_at }) => {
                let fields = vec![super::FieldChange { field: "withdrawn", from: instant::write(*at), to: String::new() }];
                plan.say(
                    object,
                    match decided_at {
                        Some(decided_at) => Verdict::Drift { decided_at: *decided_at, fields },
                        None => Verdict::NeedsApproval(fields),
                    },
                );
            }
            _ => match place.and_then(|(service, collective)| refused_at(asked, *service, *collective)) {
                Some(decided_at) => {
                    let fields = vec![super::FieldChange { field: "request", from: "refused".to_owned(), to: String::new() }];
                    plan.say(object, Verdict::Drift { decided_at, fields });
                }
                None => plan.create(object, Step::GiveGrant(spec, wanted)),
            },
        }
        return;
    };
    let mut compare = Compare::default();
    let role = |role: &Option<RoleName>| role.as_ref().map(ToString::to_string).unwrap_or_default();
    compare.plain("role", &value.role, Some(&wanted.role.or(value.role.as_ref())), role);
    compare.plain("quota", &value.quota, wanted.quota.map(Some).as_ref(), |quota: &Option<Quota>| {
        quota.map(|q| q.to_string()).unwrap_or_default()
    });
    // an end that comes sooner would close the door
    let later = wanted.ends.map(|end| value.ends_at.map(|had| had.max(end)));
    let reached = later.unwrap_or(value.ends_at);
    compare.widen("ends", &value.ends_at, &reached, wanted.ends.map(Some).as_ref(), |end| end.map(instant::write).unwrap_or_default());
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(object.clone(), verdict);
    }
    if judged.changes {
        let terms = GrantTerms { role: wanted.role.or(value.role.as_ref()), quota: wanted.quota.or(value.quota), ends_at: reached };
        let (person, service, collective) = (value.person, value.service, through(value));
        plan.steps.push(Step::ChangeGrant { person, service, collective, id: value.id, version: value.version, terms });
    }
}

/// When a collective refused what a file would now give: its last word on the service counts.
fn refused_at(asked: &[Request], service: ServiceId, collective: CollectiveId) -> Option<Timestamp> {
    let about = asked.iter().filter(|request| request.collective == collective && request.kind == RequestKind::Access(service));
    let last = about.max_by_key(|request| request.created_at)?;
    last.decided_at.filter(|_| last.state == RequestState::Refused)
}

/// Whether the person asked this before, whatever became of it; a membership that stands answers a request to join.
fn was_asked(wanted: &RequestSpec, asked: &[Request], known: &PersonSnapshot, names: &Names<'_>) -> bool {
    let Some(&collective) = names.collectives.get(&wanted.collective.value) else { return false };
    let before = asked.iter().any(|request| {
        let same = match (&wanted.asked, request.kind) {
            (Asked::Join, RequestKind::Join) => true,
            (Asked::Access(slug), RequestKind::Access(id)) => names.services.get(&slug.value) == Some(&id),
            _ => false,
        };
        same && request.collective == collective
    });
    let stands = |row: &MembershipSnapshot| {
        row.membership.value.collective == collective && row.membership.value.state != MembershipState::Requested
    };
    before || matches!(wanted.asked, Asked::Join) && known.memberships.iter().any(stands)
}

fn membership_object(person: &Username, membership: &MembershipSpec) -> Object {
    Object::Membership { person: person.clone(), collective: membership.collective.value.clone() }
}

fn mandate_object(person: &Username, membership: &MembershipSpec, mandate: &MandateSpec) -> Object {
    let kind = match &mandate.over.value {
        MandateOver::WorkingGroup(group) => format!("coordinator of {}", group.value),
        MandateOver::Service(service) => format!("service_manager of {}", service.value),
        other => other.kind().to_owned(),
    };
    Object::Mandate { person: person.clone(), collective: membership.collective.value.clone(), kind }
}

fn grant_object(person: &Username, grant: &GrantSpec) -> Object {
    Object::Grant { person: person.clone(), service: grant.service.value.clone(), collective: grant.door.collective().value.clone() }
}

fn request_object(person: &Username, request: &RequestSpec) -> Object {
    let kind = match &request.asked {
        Asked::Access(service) => format!("access to {}", service.value),
        Asked::Join => request.asked.kind().to_owned(),
    };
    Object::Request { person: person.clone(), collective: request.collective.value.clone(), kind }
}
