//! What ended by its date: the ends of grants, memberships and mandates, each once and in their order.
//!
//! The last end that was followed is remembered, as a compare-and-set: of several processes one follows each end.

use idp_domain::{Fault, Timestamp, id::PersonId};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter,
    sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Attempt, Inserted, Tx, WriteTx,
    decode::Columns,
    entity::cluster,
    error::{damaged, fault},
    sql::{insert_new, rows, same},
};

/// Ends by date.
#[derive(Debug, Clone, Copy)]
pub struct Ends<'t, T>(pub(crate) &'t T);

/// Somebody for whom something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ended {
    /// The first instant at which it no longer counted.
    pub at: Timestamp,
    /// Whose it was.
    pub person: PersonId,
}

/// Where the last end that was followed is remembered: milliseconds, a space, the person.
const LAST: &str = "last_end_followed";

impl Ended {
    fn to_text(self) -> String {
        format!("{} {}", self.at.millis(), self.person.uuid())
    }
    fn of_text(text: &str) -> Option<Self> {
        let (at, person) = text.split_once(' ')?;
        Some(Self { at: Timestamp::from_millis(at.parse().ok()?), person: PersonId::from_uuid(Uuid::parse_str(person).ok()?) })
    }
}

/// The ends in one table after another end and not after now, with the person that `person` names.
fn passed(table: &'static str, person: (&'static str, &'static str), after: Option<Ended>, now: Timestamp) -> SelectStatement {
    let ends_at = || Expr::col((table, "ends_at"));
    let mut select = Query::select();
    select.expr_as(ends_at(), "ended_at").expr_as(Expr::col(person), "whose").from(table).and_where(ends_at().lte(now.millis()));
    if let Some(after) = after {
        let later = ends_at().gt(after.at.millis()).or(Expr::col(person).gt(after.person.uuid()));
        select.and_where(ends_at().gte(after.at.millis())).and_where(later);
    }
    select
}

impl<T: Tx> Ends<'_, T> {
    /// The last end that was followed; absent before the first.
    pub async fn last_followed(&self) -> Result<Option<Ended>, Fault> {
        let place = "store.ends.last_followed";
        let row = cluster::Entity::find_by_id(LAST).one(self.0.conn()).await.map_err(fault(place))?;
        row.map(|row| Ended::of_text(&row.value).ok_or_else(|| damaged(place, LAST, "value"))).transpose()
    }

    /// The ends that passed after another, in order, at most `limit`.
    pub async fn list_passed(&self, after: Option<Ended>, now: Timestamp, limit: u64) -> Result<Vec<Ended>, Fault> {
        let mut of_mandates = passed("mandates", ("memberships", "person_id"), after, now);
        of_mandates.join(JoinType::InnerJoin, "memberships", same(("memberships", "id"), ("mandates", "membership_id")));
        let mut select = passed("grants", ("grants", "person_id"), after, now);
        select
            .union(UnionType::Distinct, passed("memberships", ("memberships", "person_id"), after, now))
            .union(UnionType::Distinct, of_mandates)
            .order_by("ended_at", Order::Asc)
            .order_by("whose", Order::Asc)
            .limit(limit);
        let read = |mut row: Columns| Ok(Ended { at: Timestamp::from_millis(row.next()?), person: row.id()? });
        rows(self.0.conn(), select, "store.ends.list_passed").await?.into_iter().map(read).collect()
    }
}

impl Ends<'_, WriteTx> {
    /// Remembers that an end is followed, when `before` is still the last: `Lost` when another process was quicker.
    pub async fn mark_followed(&self, before: Option<Ended>, ended: Ended) -> Result<Attempt, Fault> {
        let place = "store.ends.mark_followed";
        let Some(before) = before else {
            let row = cluster::Model { name: LAST.to_owned(), value: ended.to_text() };
            return Ok(if insert_new(self.0, row, place).await? == Inserted::Done { Attempt::Won } else { Attempt::Lost });
        };
        let done = cluster::Entity::update_many()
            .col_expr(cluster::Column::Value, Expr::value(ended.to_text()))
            .filter(cluster::Column::Name.eq(LAST))
            .filter(cluster::Column::Value.eq(before.to_text()))
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
