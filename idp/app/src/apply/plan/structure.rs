//! Collectives, working groups, services and offers.

use std::collections::BTreeMap;

use idp_domain::{
    collective::{Collective, CollectiveState, Listing, WorkingGroup},
    quota::Quota,
    service::{Automatic, Offer, Outsiders, RoleName, Service, ServiceState},
    slug::Slug,
};
use idp_store::{collectives::CollectiveEdit, offers::OfferTerms, services::ServiceEdit, snapshot::Managed};

use super::{
    Object, Plan, Step, World,
    compare::{Compare, joined},
};
use crate::apply::file::{ClusterFile, CollectiveSpec, OfferSpec, ServiceSpec};

pub(super) fn plan<'f>(plan: &mut Plan<'f>, file: &'f ClusterFile, world: &World) {
    let collectives: BTreeMap<&Slug, _> = world.structure.collectives.iter().map(|row| (&row.value.slug, row)).collect();
    let services: BTreeMap<&Slug, _> = world.structure.services.iter().map(|row| (&row.value.slug, row)).collect();
    for spec in &file.collectives {
        collective(plan, spec, collectives.get(&spec.slug.value).copied(), &world.structure.working_groups);
    }
    for spec in &file.services {
        match services.get(&spec.slug.value) {
            Some(row) => service(plan, spec, row, &owners(world, &row.value)),
            None => plan.create(Object::Service(spec.slug.value.clone()), Step::RegisterService(spec)),
        }
    }
    for spec in &file.offers {
        let known = services.get(&spec.service.value).zip(collectives.get(&spec.collective.value)).and_then(|(service, collective)| {
            let same = |row: &&Managed<Offer>| row.value.service == service.value.id && row.value.collective == collective.value.id;
            world.structure.offers.iter().find(same)
        });
        let roles = file
            .services
            .iter()
            .find(|service| service.slug.value == spec.service.value)
            .and_then(|service| service.roles.clone())
            .or_else(|| services.get(&spec.service.value).map(|row| row.value.roles.clone()));
        offer(plan, spec, known, roles.unwrap_or_default());
    }
}

fn collective<'f>(plan: &mut Plan<'f>, spec: &'f CollectiveSpec, row: Option<&Managed<Collective>>, groups: &[WorkingGroup]) {
    let slug = &spec.slug.value;
    let object = Object::Collective(slug.clone());
    let Some(Managed { value, decided_at }) = row else {
        plan.create(object, Step::FoundCollective(spec));
        for group in &spec.working_groups {
            plan.create(Object::WorkingGroup(slug.clone(), group.slug.value.clone()), Step::AddWorkingGroup(slug, group));
        }
        return;
    };
    let mut compare = Compare::default();
    compare.plain("name", &value.name, Some(&spec.name), ToString::to_string);
    compare.plain("locale", &value.locale, spec.locale.as_ref(), ToString::to_string);
    compare.plain("listed", &value.listing, spec.listing.as_ref(), |listing| (*listing == Listing::Listed).to_string());
    let state = spec.state.filter(|&state| state != value.state);
    let opens = (value.state, state) == (CollectiveState::Proposed, Some(CollectiveState::Active));
    match state {
        Some(state) if opens => compare.note("state", value.state.as_str(), state.as_str()),
        Some(state) => compare.grave("state", value.state.as_str(), state.as_str()),
        None => {}
    }
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(object.clone(), verdict);
    }
    if judged.changes {
        let edit = CollectiveEdit {
            name: spec.name.clone(),
            locale: spec.locale.unwrap_or(value.locale),
            listing: spec.listing.unwrap_or(value.listing),
        };
        plan.steps.push(Step::EditCollective { id: value.id, version: value.version, edit, state: state.filter(|_| opens) });
    }
    for group in &spec.working_groups {
        let object = Object::WorkingGroup(slug.clone(), group.slug.value.clone());
        let known = groups.iter().find(|known| known.collective == value.id && known.slug == group.slug.value);
        let Some(known) = known else {
            plan.create(object, Step::AddWorkingGroup(slug, group));
            continue;
        };
        let mut compare = Compare::default();
        compare.plain("name", &known.name, Some(&group.name), ToString::to_string);
        // a working group is decided about with its collective
        let judged = compare.judge(*decided_at);
        for verdict in judged.verdicts {
            plan.say(object.clone(), verdict);
        }
        if judged.changes {
            plan.steps.push(Step::RenameWorkingGroup { collective: value.id, group: known.id, name: group.name.clone() });
        }
    }
}

fn owners(world: &World, service: &Service) -> Vec<Slug> {
    let slugs = world.collective_slugs();
    let owners = world.structure.owners.iter().filter(|(owned, _)| *owned == service.id);
    let mut owners: Vec<Slug> = owners.filter_map(|(_, owner)| slugs.get(owner).map(|slug| (*slug).clone())).collect();
    owners.sort();
    owners
}

fn service<'f>(plan: &mut Plan<'f>, spec: &'f ServiceSpec, row: &Managed<Service>, owners: &[Slug]) {
    let Managed { value, decided_at } = row;
    let mut compare = Compare::default();
    compare.plain("name", &value.name, Some(&spec.name), ToString::to_string);
    compare.plain("description", &value.description, spec.description.as_ref(), Clone::clone);
    compare.plain("url", &value.url, spec.url.as_ref().map(|url| Some(url.clone())).as_ref(), |url| url.clone().unwrap_or_default());
    if let Some(roles) = spec.roles.as_ref().filter(|roles| **roles != value.roles) {
        // a role taken away or moved changes what people have at the service
        let kept: Vec<&RoleName> = roles.iter().filter(|role| value.roles.contains(role)).collect();
        let note = if kept.into_iter().eq(value.roles.iter()) { Compare::note } else { Compare::grave };
        note(&mut compare, "roles", joined(&value.roles), joined(roles));
    }
    let grows = compare_owners(&mut compare, spec, owners);
    match (value.outsiders, spec.outsiders) {
        (Outsiders::Refused, Some(Outsiders::Admitted)) => compare.note("outsiders", "false", "true"),
        (Outsiders::Admitted, Some(Outsiders::Refused)) => compare.grave("outsiders", "true", "false"),
        _ => {}
    }
    let state = spec.state.filter(|&state| state != value.state);
    let opens = (value.state, state) == (ServiceState::Draft, Some(ServiceState::Active));
    match state {
        Some(state) if opens => compare.note("state", value.state.as_str(), state.as_str()),
        Some(state) => compare.grave("state", value.state.as_str(), state.as_str()),
        None => {}
    }
    let grows_roles = spec.roles.clone().filter(|roles| roles.iter().filter(|role| value.roles.contains(role)).eq(value.roles.iter()));
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(Object::Service(spec.slug.value.clone()), verdict);
    }
    if judged.changes {
        let edit = ServiceEdit {
            name: spec.name.clone(),
            description: spec.description.clone().unwrap_or_else(|| value.description.clone()),
            url: spec.url.clone().or_else(|| value.url.clone()),
            roles: grows_roles.unwrap_or_else(|| value.roles.clone()),
            outsiders: if spec.outsiders == Some(Outsiders::Admitted) { Outsiders::Admitted } else { value.outsiders },
        };
        plan.steps.push(Step::EditService { id: value.id, version: value.version, edit, state: state.filter(|_| opens), owners: grows });
    }
}

/// Owners may be added by a file; whoever stops owning a service loses power over it, so people decide that.
fn compare_owners(compare: &mut Compare, spec: &ServiceSpec, owners: &[Slug]) -> Option<Vec<Slug>> {
    let wanted = spec.owners.as_ref()?;
    let mut wanted: Vec<Slug> = wanted.iter().map(|owner| owner.value.clone()).collect();
    wanted.sort();
    wanted.dedup();
    let mut grown: Vec<Slug> = owners.iter().chain(&wanted).cloned().collect();
    grown.sort();
    grown.dedup();
    if grown != wanted {
        compare.grave("owners", joined(owners), joined(&wanted));
    }
    (grown != owners).then(|| {
        compare.note("owners", joined(owners), joined(&grown));
        grown
    })
}

/// What a standing offer will allow. A file adds; who has a role that is offered no longer, or more room than the ceiling, would
/// keep it in nobody's name.
pub(super) struct WillBe<'a> {
    pub(super) roles: &'a [RoleName],
    pub(super) ceiling: Option<Quota>,
}

impl<'a> WillBe<'a> {
    pub(super) fn of(row: &'a Managed<Offer>, spec: &'a OfferSpec) -> Self {
        let Offer { roles, quota_ceiling, .. } = &row.value;
        if row.decided_at.is_some() {
            return Self { roles, ceiling: *quota_ceiling };
        }
        let wider = spec.roles.as_deref().filter(|wider| roles.iter().all(|role| wider.contains(role)));
        let higher = quota_ceiling.zip(spec.quota_ceiling).map(|(had, wanted)| had.max(wanted));
        Self { roles: wider.unwrap_or(roles), ceiling: higher.or(*quota_ceiling) }
    }
}

fn offer<'f>(plan: &mut Plan<'f>, spec: &'f OfferSpec, row: Option<&Managed<Offer>>, service_roles: Vec<RoleName>) {
    let object = Object::Offer { service: spec.service.value.clone(), collective: spec.collective.value.clone() };
    let Some(row) = row else {
        let terms = OfferTerms {
            roles: spec.roles.clone().unwrap_or(service_roles),
            default_role: spec.default_role.clone(),
            quota_ceiling: spec.quota_ceiling,
            automatic: spec.automatic.unwrap_or(Automatic::No),
        };
        plan.create(object, Step::MakeOffer(spec, terms));
        return;
    };
    let Managed { value, decided_at } = row;
    let mut compare = Compare::default();
    if value.withdrawn_at.is_some() {
        compare.grave("withdrawn", "true", "false");
    }
    let offered = WillBe::of(row, spec);
    let role = |role: &Option<RoleName>| role.as_ref().map(ToString::to_string).unwrap_or_default();
    let quota = |quota: &Option<Quota>| quota.map(|quota| quota.to_string()).unwrap_or_default();
    let default_role =
        spec.default_role.as_ref().filter(|role| offered.roles.contains(role)).cloned().or_else(|| value.default_role.clone());
    let roles = offered.roles.to_vec();
    compare.widen("roles", &value.roles, &roles, spec.roles.as_ref(), |roles| joined(roles));
    compare.widen("default_role", &value.default_role, &default_role, spec.default_role.clone().map(Some).as_ref(), role);
    compare.widen("quota_ceiling", &value.quota_ceiling, &offered.ceiling, spec.quota_ceiling.map(Some).as_ref(), quota);
    compare.plain("automatic", &value.automatic, spec.automatic.as_ref(), |automatic| (*automatic == Automatic::Yes).to_string());
    let judged = compare.judge(*decided_at);
    for verdict in judged.verdicts {
        plan.say(object.clone(), verdict);
    }
    if judged.changes {
        let terms =
            OfferTerms { roles, default_role, quota_ceiling: offered.ceiling, automatic: spec.automatic.unwrap_or(value.automatic) };
        plan.steps.push(Step::EditOffer { collective: value.collective, id: value.id, version: value.version, terms });
    }
}
