//! What a manager's desk shows: always one collective's own, never across the wall (DOMAIN rules 2 and 11).

use std::collections::{BTreeMap, HashMap};

use idp_domain::{
    Fault, Timestamp,
    email::EmailAddress,
    id::{CollectiveId, MembershipId, PersonId, ServiceId},
    membership::{MandateKind, Membership, MembershipState},
    person::Person,
    quota::Quota,
    service::{Grant, Offer, Service},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr, Query, SelectStatement},
};

use crate::{
    Tx,
    decode::{Columns, Row, Selected as _},
    entity::{grants, memberships},
    error::fault,
    grants::grant,
    mandates,
    memberships::membership,
    people::{join_signin_email, read_person, select_person},
    search::{Typed, contains, never},
    sql::{count, rows, same, select_columns},
};

/// A manager's desk.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'t, T>(pub(crate) &'t T);

/// Which members a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemberFilter<'a> {
    /// In this state only. An active membership past its end date counts as lapsed.
    pub state: Option<MembershipState>,
    /// Whose name or username contains this, or whose verified address is exactly this. Nobody who was invited and never
    /// said yes: what is hidden of them must not be found out by searching for it.
    pub text: Option<&'a str>,
}

/// Where a list of members goes on: the last one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterMember {
    /// What they were sorted by.
    pub key: String,
    /// The person.
    pub person: PersonId,
}

/// A member as a manager of that collective sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The membership in this collective.
    pub membership: Membership,
    /// The person.
    pub person: Person,
    /// Whether they manage the collective now.
    pub manager: bool,
    /// What lists sort them by: the sort key of the name that is shown.
    pub key: String,
}

impl Member {
    /// The place after this one.
    pub fn cursor(&self) -> AfterMember {
        AfterMember { key: self.key.clone(), person: self.person.id }
    }
}

/// A door this collective opened for one of its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedDoor {
    /// The grant.
    pub grant: Grant,
    /// Where the door leads.
    pub service: Service,
}

/// A service offered to the collective, and what it gave of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedService {
    /// The offer.
    pub offer: Offer,
    /// The service.
    pub service: Service,
    /// Grants through this offer that are open now.
    pub open_grants: u64,
    /// The sum of their quotas; absent when none sets one.
    pub quota_given: Option<Quota>,
}

impl<T: Tx> Desk<'_, T> {
    /// A page of a collective's people in order of what is shown of them, at most `limit`: of those who were invited and
    /// never said yes that is the address, of everybody else the name.
    pub async fn members(
        &self,
        collective: CollectiveId,
        filter: MemberFilter<'_>,
        after: Option<&AfterMember>,
        limit: u64,
        now: Timestamp,
    ) -> Result<Vec<Member>, Fault> {
        let place = "store.desk.members";
        let mut select = members_query(collective, now);
        if let Some(state) = filter.state {
            select.cond_where(in_state(state, now));
        }
        if let Some(matching) = matching(filter.text) {
            select.cond_where(matching).and_where(hidden().not());
        }
        if let Some(after) = after {
            let (key, id) = (after.key.as_str(), after.person.uuid());
            let same_name = Condition::all().add(shown_key().eq(key)).add(Expr::col(("p", "id")).gt(id));
            select.cond_where(Condition::any().add(shown_key().gt(key)).add(same_name));
        }
        select.order_by_expr(shown_key(), Order::Asc).order_by(("p", "id"), Order::Asc).limit(limit);
        rows(self.0.conn(), select, place).await?.iter_mut().map(member).collect()
    }

    /// One member of this collective.
    pub async fn member(&self, collective: CollectiveId, id: MembershipId, now: Timestamp) -> Result<Option<Member>, Fault> {
        let place = "store.desk.member";
        let mut select = members_query(collective, now);
        select.and_where(Expr::col(("m", "id")).eq(id.uuid()));
        rows(self.0.conn(), select, place).await?.first_mut().map(member).transpose()
    }

    /// How many memberships a collective has in each state; states with none are left out. An active one past its end
    /// date counts as lapsed.
    pub async fn count_members(&self, collective: CollectiveId, now: Timestamp) -> Result<Vec<(MembershipState, u64)>, Fault> {
        use memberships::Column;
        let place = "store.desk.count_members";
        let of_collective = || memberships::Entity::find().filter(Column::CollectiveId.eq(collective.uuid()));
        let by_state = of_collective().select_only().column(Column::State).expr(Column::Id.count()).group_by(Column::State).into_query();
        let read = Row("memberships", collective.uuid());
        let mut counts = BTreeMap::new();
        for mut columns in rows(self.0.conn(), by_state, place).await? {
            let (state, count): (String, i64) = (columns.next()?, columns.next()?);
            let state = read.read("state", MembershipState::from_name(&state))?;
            counts.insert(state.as_str(), (state, u64::try_from(count).unwrap_or_default()));
        }
        let past = of_collective().filter(Column::State.eq(MembershipState::Active.as_str())).filter(Column::EndsAt.lte(now.millis()));
        let past = count(self.0.conn(), past, place).await?;
        if let Some((_, active)) = counts.get_mut(MembershipState::Active.as_str()) {
            *active = active.saturating_sub(past);
        }
        counts.entry(MembershipState::Lapsed.as_str()).or_insert((MembershipState::Lapsed, 0)).1 += past;
        let mut counts: Vec<_> = counts.into_values().filter(|(_, count)| *count > 0).collect();
        counts.sort_by_key(|(state, _)| MembershipState::ALL.iter().position(|known| known == state));
        Ok(counts)
    }

    /// The doors this collective opened for a person and did not close, newest first. Doors that others opened are
    /// theirs to know.
    pub async fn doors(&self, collective: CollectiveId, person: PersonId) -> Result<Vec<OpenedDoor>, Fault> {
        let rows = grants::Entity::find()
            .filter(grants::Column::PersonId.eq(person.uuid()))
            .filter(grants::Column::CollectiveId.eq(collective.uuid()))
            .filter(grants::Column::WithdrawnAt.is_null())
            .order_by_desc(grants::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.desk.doors"))?;
        let ids: Vec<_> = rows.iter().map(|row| ServiceId::from_uuid(row.service_id)).collect();
        let services = self.0.services().list_of(&ids).await?;
        let mut doors = Vec::with_capacity(rows.len());
        for row in &rows {
            let service = services.iter().find(|service| service.id.uuid() == row.service_id).cloned();
            doors.push(OpenedDoor { grant: grant(row)?, service: Row("grants", row.id).read("service_id", service)? });
        }
        Ok(doors)
    }

    /// The services offered to a collective, by slug, with what its managers gave of each.
    pub async fn services(&self, collective: CollectiveId, now: Timestamp) -> Result<Vec<OfferedService>, Fault> {
        let place = "store.desk.services";
        let by_offer = grants::Entity::find()
            .select_only()
            .column(grants::Column::OfferId)
            .expr(grants::Column::Id.count())
            // PostgreSQL sums 64-bit numbers into a wider type
            .expr(Expr::col(grants::Column::Quota).sum().cast_as("bigint"))
            .filter(grants::Column::CollectiveId.eq(collective.uuid()))
            .filter(grants::Column::OfferId.is_not_null())
            .filter(grants::Column::WithdrawnAt.is_null())
            .filter(grants::Column::EndsAt.is_null().or(grants::Column::EndsAt.gt(now.millis())))
            .group_by(grants::Column::OfferId)
            .into_query();
        let mut given = HashMap::new();
        for mut columns in rows(self.0.conn(), by_offer, place).await? {
            given.insert(columns.id()?, (columns.next::<i64>()?, columns.next::<Option<i64>>()?));
        }
        let mut services = Vec::new();
        for (offer, service) in self.0.offers().list_to(collective).await? {
            let (open_grants, quota) =
                given.get(&offer.id).map_or((0, None), |&(count, quota)| (u64::try_from(count).unwrap_or_default(), quota));
            services.push(OfferedService { offer, service, open_grants, quota_given: quota.and_then(Quota::from_bytes) });
        }
        Ok(services)
    }
}

/// Members of a collective, with the person and whether they manage it.
fn members_query(collective: CollectiveId, now: Timestamp) -> SelectStatement {
    let mut manages = Query::select();
    manages
        .expr(Expr::col(("d", "id")).count())
        .from_as("mandates", "d")
        .and_where(same(("d", "membership_id"), ("m", "id")))
        .and_where(Expr::col(("d", "kind")).eq(MandateKind::Manager.as_str()))
        .cond_where(mandates::running("d", &Expr::val(now.millis())));
    let mut select = Query::select();
    select_columns::<memberships::Model>(&mut select, "m");
    select_person(&mut select, "p", "e");
    select.expr(Expr::SubQuery(None, Box::new(manages.into()))).expr(shown_key()).from_as("memberships", "m").join_as(
        JoinType::InnerJoin,
        "people",
        "p",
        same(("p", "id"), ("m", "person_id")),
    );
    join_signin_email(&mut select, "p", "e");
    select.and_where(Expr::col(("m", "collective_id")).eq(collective.uuid()));
    select
}

/// The reverse of [`Membership::shows_person`].
fn hidden() -> Expr {
    let is = |state: MembershipState| Expr::col(("m", "state")).eq(state.as_str());
    is(MembershipState::Invited).or(is(MembershipState::Ended).and(Expr::col(("m", "accepted_at")).is_null()))
}

/// What is shown of a member, as it sorts: an order by anything hidden would tell it.
fn shown_key() -> Expr {
    let first_address = Query::select()
        .column(("f", "address"))
        .from_as("emails", "f")
        .and_where(same(("f", "person_id"), ("p", "id")))
        .order_by(("f", "id"), Order::Asc)
        .limit(1)
        .to_owned();
    let address = Expr::col(("e", "signin_key")).if_null(Expr::SubQuery(None, Box::new(first_address.into()))).if_null("");
    CaseStatement::new().case(hidden(), address).finally(Expr::col(("p", "sort_key"))).into()
}

/// Whether a membership is in this state now.
fn in_state(state: MembershipState, now: Timestamp) -> Condition {
    let stored = |state: MembershipState| Expr::col(("m", "state")).eq(state.as_str());
    let past = || Expr::col(("m", "ends_at")).lte(now.millis());
    match state {
        MembershipState::Active => mandates::standing("m", &Expr::val(now.millis())),
        MembershipState::Lapsed => Condition::any().add(stored(state)).add(stored(MembershipState::Active).and(past())),
        _ => Condition::all().add(stored(state)),
    }
}

/// Name or username contains it, or it is the verified address; `None` when nothing was typed.
fn matching(text: Option<&str>) -> Option<Condition> {
    let part = match Typed::of(text) {
        Typed::Nothing => return None,
        Typed::Nonsense => return Some(Condition::all().add(never())),
        Typed::Part(part) => part,
    };
    let mut matching =
        Condition::any().add(contains(Expr::col(("p", "sort_key")), &part)).add(contains(Expr::col(("p", "username")), &part));
    if let Some(address) = text.and_then(|text| EmailAddress::parse(text).ok()) {
        matching = matching.add(Expr::col(("e", "signin_key")).eq(address.as_str()));
    }
    Some(matching)
}

fn member(columns: &mut Columns) -> Result<Member, Fault> {
    let membership = membership(&memberships::Model::read(columns)?)?;
    let person = read_person(columns)?;
    let manager = columns.next::<i64>()? > 0 && membership.state == MembershipState::Active;
    Ok(Member { membership, person, manager, key: columns.next()? })
}
