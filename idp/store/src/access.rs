//! The gate's one query: everything [`idp_domain::access::evaluate`] needs, driven from the person's own memberships
//! and grants, so that its cost does not grow with the cluster.

use std::collections::BTreeMap;

use idp_domain::{
    Fault, Timestamp,
    access::{AccessFacts, CollectiveRef, Door, DoorVia, OfferedMembership},
    collective::CollectiveState,
    id::{CollectiveId, GrantId, MembershipId, OfferId, PersonId, ServiceId},
    membership::MembershipState,
    name::DisplayName,
    person::PersonState,
    service::ServiceState,
    slug::{Slug, WorkingGroupSlug},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, JoinType, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Tx,
    decode::{Columns, Row},
    entity::grants,
    mandates,
    search::always,
    sql::{Fixed, parameter, rows, same},
};

/// Facts for the gate.
#[derive(Debug, Clone, Copy)]
pub struct Access<'t, T>(pub(crate) &'t T);

/// A service as people see it in their portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCard {
    /// The row.
    pub id: ServiceId,
    /// Unique among services.
    pub slug: Slug,
    /// Shown.
    pub name: DisplayName,
    /// One sentence for people.
    pub description: String,
    /// Where people go to use it.
    pub url: Option<String>,
}

/// What a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affected {
    /// Everybody who got in through this offer.
    Offer(OfferId),
    /// Who got in through this membership.
    Membership(MembershipId),
    /// Everybody at this service.
    Service(ServiceId),
    /// Everybody for whom this collective opened a door.
    Collective(CollectiveId),
}

static FOR_SERVICE: Fixed = Fixed::new(|| facts_query(Scope::Service));
static FOR_PERSON: Fixed = Fixed::new(|| facts_query(Scope::Everything));

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Service,
    Everything,
}

/// Pairs of service and collective between which the person may have a door: an open grant, or an offer to a
/// collective the person has a membership in. Parameters: the person (and the service), twice.
fn doors_query(scope: Scope) -> SelectStatement {
    let mut granted = Query::select();
    granted
        .columns([("dg", "service_id"), ("dg", "collective_id")])
        .from_as("grants", "dg")
        .and_where(Expr::col(("dg", "person_id")).eq(parameter()))
        .and_where(Expr::col(("dg", "withdrawn_at")).is_null());
    let mut offered = Query::select();
    offered
        .columns([("dx", "service_id"), ("dx", "collective_id")])
        .from_as("memberships", "dm")
        // SQLite keeps the order of a cross join: from the person's few memberships, not from the service's many offers
        .join_as(JoinType::CrossJoin, "offers", "dx", always())
        .and_where(same(("dx", "collective_id"), ("dm", "collective_id")))
        .and_where(Expr::col(("dm", "person_id")).eq(parameter()));
    if scope == Scope::Service {
        granted.and_where(Expr::col(("dg", "service_id")).eq(parameter()));
        offered.and_where(Expr::col(("dx", "service_id")).eq(parameter()));
    }
    granted.union(UnionType::Distinct, offered);
    granted
}

/// How many running mandates of a kind the membership carries. Parameters: now, now.
fn mandates_query(kind: &'static str) -> SelectStatement {
    let mut count = Query::select();
    count
        .expr(Expr::col(("md", "id")).count())
        .from_as("mandates", "md")
        .and_where(same(("md", "membership_id"), ("m", "id")))
        .and_where(Expr::col(("md", "kind")).eq(Expr::Constant(kind.into())))
        .cond_where(mandates::running("md", &parameter()));
    count
}

/// One row per door and working group; one row without a door when there is none. Parameters in the order of the
/// text: now four times, those of [`doors_query`], the service (when one is asked for), the person.
fn facts_query(scope: Scope) -> SelectStatement {
    let mut select = Query::select();
    if scope == Scope::Everything {
        select.columns([("s", "id"), ("s", "slug"), ("s", "name"), ("s", "description"), ("s", "url")]);
    }
    select
        .column(("p", "state"))
        .columns([("s", "id"), ("s", "state"), ("s", "roles")])
        .columns([("c", "id"), ("c", "slug"), ("c", "name"), ("c", "state")])
        .columns([("m", "id"), ("m", "state"), ("m", "ends_at")])
        .columns([("o", "id"), ("o", "withdrawn_at")])
        .columns([("g", "id"), ("g", "membership_id"), ("g", "role"), ("g", "quota"), ("g", "ends_at")])
        .columns([("w", "slug"), ("w", "name")])
        .expr(Expr::SubQuery(None, Box::new(mandates_query("manager").into())))
        .expr(Expr::SubQuery(None, Box::new(mandates_query("coordinator").into())))
        .from_as("people", "p");
    match scope {
        Scope::Service => select.join_subquery(JoinType::LeftJoin, doors_query(scope), "d", always()).join_as(
            JoinType::InnerJoin,
            "services",
            "s",
            Expr::col(("s", "id")).eq(parameter()),
        ),
        Scope::Everything => select.join_subquery(JoinType::InnerJoin, doors_query(scope), "d", always()).join_as(
            JoinType::InnerJoin,
            "services",
            "s",
            same(("s", "id"), ("d", "service_id")),
        ),
    };
    let of_person = |alias| same((alias, "person_id"), ("p", "id"));
    let of_door = |alias| same((alias, "collective_id"), ("d", "collective_id"));
    let of_service = |alias| same((alias, "service_id"), ("s", "id"));
    select
        .join_as(JoinType::LeftJoin, "collectives", "c", same(("c", "id"), ("d", "collective_id")))
        .join_as(JoinType::LeftJoin, "memberships", "m", of_person("m").and(of_door("m")))
        .join_as(JoinType::LeftJoin, "offers", "o", of_service("o").and(of_door("o")))
        .join_as(
            JoinType::LeftJoin,
            "grants",
            "g",
            of_person("g").and(of_service("g")).and(of_door("g")).and(Expr::col(("g", "withdrawn_at")).is_null()),
        )
        .join_as(JoinType::LeftJoin, "membership_working_groups", "mw", same(("mw", "membership_id"), ("m", "id")))
        .join_as(JoinType::LeftJoin, "working_groups", "w", same(("w", "id"), ("mw", "working_group_id")))
        .and_where(Expr::col(("p", "id")).eq(parameter()));
    select.take()
}

impl<T: Tx> Access<'_, T> {
    /// The facts about one person at one service; `None` when one of them does not exist.
    pub async fn facts(&self, person: PersonId, service: ServiceId, now: Timestamp) -> Result<Option<AccessFacts>, Fault> {
        let place = "store.access.facts";
        let (instant, p, s) = (|| now.millis().into(), || person.uuid().into(), || service.uuid().into());
        let values = vec![instant(), instant(), instant(), instant(), p(), s(), p(), s(), s(), p()];
        let rows = FOR_SERVICE.all(self.0.conn(), values, place).await?;
        let mut gathered = Gathered::default();
        for mut row in rows {
            gathered.add(&mut row)?;
        }
        Ok(gathered.into_facts().next())
    }

    /// The facts about a person at every service that a grant or an offer to one of their collectives leads to, by
    /// slug: for the `services` claim and the portal.
    pub async fn facts_everywhere(&self, person: PersonId, now: Timestamp) -> Result<Vec<(ServiceCard, AccessFacts)>, Fault> {
        let place = "store.access.facts_everywhere";
        let (instant, p) = (|| now.millis().into(), || person.uuid().into());
        let values = vec![instant(), instant(), instant(), instant(), p(), p(), p()];
        let rows = FOR_PERSON.all(self.0.conn(), values, place).await?;
        let mut cards = BTreeMap::new();
        let mut gathered = Gathered::default();
        for mut columns in rows {
            let card = card(&mut columns)?;
            cards.insert(card.id, card);
            gathered.add(&mut columns)?;
        }
        let mut facts: Vec<_> = gathered.into_facts().filter_map(|facts| Some((cards.remove(&facts.service)?, facts))).collect();
        facts.sort_by(|(one, _), (other, _)| one.slug.cmp(&other.slug));
        Ok(facts)
    }

    /// The people for whom a door that was not withdrawn leads through this, in order of their identifiers, after
    /// `after`, at most `limit`. What a change of theirs looks like to the services is told to these.
    pub async fn persons_affected(&self, by: Affected, after: Option<PersonId>, limit: u64) -> Result<Vec<PersonId>, Fault> {
        use grants::Column;
        let mut query = grants::Entity::find().select_only().column(Column::PersonId).filter(Column::WithdrawnAt.is_null());
        query = match by {
            Affected::Offer(offer) => {
                let mut whose = Query::select();
                whose.column("collective_id").from("offers").and_where(Expr::col("id").eq(offer.uuid()));
                query.filter(Column::CollectiveId.in_subquery(whose)).filter(Column::OfferId.eq(offer.uuid()))
            }
            Affected::Membership(membership) => query.filter(Column::MembershipId.eq(membership.uuid())),
            Affected::Service(service) => query.filter(Column::ServiceId.eq(service.uuid())),
            Affected::Collective(collective) => query.filter(Column::CollectiveId.eq(collective.uuid())),
        };
        if let Some(after) = after {
            query = query.filter(Column::PersonId.gt(after.uuid()));
        }
        let place = "store.access.persons_affected";
        let select = query.distinct().order_by_asc(Column::PersonId).limit(limit).into_query();
        rows(self.0.conn(), select, place).await?.iter_mut().map(Columns::id).collect()
    }
}

/// Facts by service, while rows come in.
#[derive(Default)]
struct Gathered(BTreeMap<ServiceId, AccessFacts>);

impl Gathered {
    /// Takes in one row of [`facts_query`].
    fn add(&mut self, columns: &mut Columns) -> Result<(), Fault> {
        let service = service(columns)?;
        let facts = self.0.entry(service.service).or_insert(service);
        let collective: Option<Uuid> = columns.next()?;
        let (slug, name, state): (Option<String>, Option<String>, Option<String>) = (columns.next()?, columns.next()?, columns.next()?);
        let (Some(id), Some(slug), Some(name), Some(state)) = (collective, slug, name, state) else { return Ok(()) };
        let read = Row("collectives", id);
        let collective = read.collective_ref(id, &slug, &name)?;
        let collective_state = read.read("state", CollectiveState::from_name(&state))?;

        let (membership, membership_state): (Option<Uuid>, Option<String>) = (columns.next()?, columns.next()?);
        let membership_ends_at = columns.at()?;
        let offer: Option<Uuid> = columns.next()?;
        let offer_withdrawn_at = columns.at()?;
        add_door(facts, columns, &collective, collective_state)?;
        let (group_slug, group_name): (Option<String>, Option<String>) = (columns.next()?, columns.next()?);
        let (manager, coordinator): (i64, i64) = (columns.next()?, columns.next()?);

        let (Some(membership), Some(membership_state), Some(_)) = (membership, membership_state, offer) else { return Ok(()) };
        let read = Row("memberships", membership);
        let known = facts.memberships.iter().position(|known| known.collective.id == collective.id);
        let index = known.unwrap_or(facts.memberships.len());
        if known.is_none() {
            facts.memberships.push(OfferedMembership {
                collective,
                collective_state,
                state: read.read("state", MembershipState::from_name(&membership_state))?,
                ends_at: membership_ends_at,
                offer_withdrawn_at,
                manager: manager > 0,
                coordinator: coordinator > 0,
                working_groups: Vec::new(),
            });
        }
        if let (Some(slug), Some(name), Some(membership)) = (group_slug, group_name, facts.memberships.get_mut(index)) {
            let group = (read.read("working_group", WorkingGroupSlug::parse(&slug).ok())?, read.name(&name)?);
            membership.working_groups.push(group);
        }
        Ok(())
    }

    /// Each with its parts in an order that does not depend on the database.
    fn into_facts(self) -> impl Iterator<Item = AccessFacts> {
        self.0.into_values().map(|mut facts| {
            facts.memberships.sort_by(|one, other| one.collective.slug.cmp(&other.collective.slug));
            for membership in &mut facts.memberships {
                membership.working_groups.sort();
            }
            facts.doors.sort_by_key(|door| door.grant);
            facts
        })
    }
}

/// The columns that [`Scope::Everything`] adds.
fn card(columns: &mut Columns) -> Result<ServiceCard, Fault> {
    let id: ServiceId = columns.id()?;
    let read = Row("services", id.uuid());
    Ok(ServiceCard {
        id,
        slug: read.slug(&columns.next::<String>()?)?,
        name: read.name(&columns.next::<String>()?)?,
        description: columns.next()?,
        url: columns.next()?,
    })
}

/// The person's and the service's columns of a row.
fn service(columns: &mut Columns) -> Result<AccessFacts, Fault> {
    let person_state: String = columns.next()?;
    let service: ServiceId = columns.id()?;
    let read = Row("services", service.uuid());
    Ok(AccessFacts {
        person_state: read.read("person_state", PersonState::from_name(&person_state))?,
        service,
        service_state: read.read("state", ServiceState::from_name(&columns.next::<String>()?))?,
        service_roles: read.roles(&columns.next::<String>()?)?,
        memberships: Vec::new(),
        doors: Vec::new(),
    })
}

/// The grant's columns of a row. Each working group repeats them.
fn add_door(
    facts: &mut AccessFacts,
    columns: &mut Columns,
    collective: &CollectiveRef,
    collective_state: CollectiveState,
) -> Result<(), Fault> {
    let (grant, membership): (Option<Uuid>, Option<Uuid>) = (columns.next()?, columns.next()?);
    let (role, quota): (Option<String>, Option<i64>) = (columns.next()?, columns.next()?);
    let ends_at = columns.at()?;
    let Some(id) = grant else { return Ok(()) };
    let grant = GrantId::from_uuid(id);
    if facts.doors.iter().any(|door| door.grant == grant) {
        return Ok(());
    }
    let read = Row("grants", id);
    let via = match membership {
        Some(_) => DoorVia::Membership(collective.id),
        None => DoorVia::Guest { owner: collective.clone(), owner_state: collective_state },
    };
    facts.doors.push(Door { grant, via, role: read.role(role.as_deref())?, quota: read.quota(quota)?, ends_at, withdrawn_at: None });
    Ok(())
}
