//! What ended by its date: the ends of grants, memberships and mandates, each once and in their order.
//!
//! The last end that was followed is remembered by compare-and-set: of several processes one follows each end.

use idp_domain::{Fault, Timestamp, id::PersonId};
use sea_orm::{
    Order,
    sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Attempt, Tx, WriteTx,
    cluster::Setting,
    decode::Columns,
    error::damaged,
    sql::{rows, same},
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

impl Ended {
    /// Milliseconds, a space, the person.
    fn to_text(self) -> String {
        format!("{} {}", self.at.millis(), self.person.uuid())
    }
    fn of_text(text: &str) -> Option<Self> {
        let (at, person) = text.split_once(' ')?;
        Some(Self { at: Timestamp::from_millis(at.parse().ok()?), person: PersonId::from_uuid(Uuid::parse_str(person).ok()?) })
    }
}

/// Which ends are asked for.
#[derive(Clone, Copy)]
struct Wanted {
    after: Option<Ended>,
    until: Timestamp,
    whose: Option<PersonId>,
}

impl Wanted {
    fn in_table(self, table: &'static str, person: (&'static str, &'static str)) -> SelectStatement {
        let (ends_at, whose) = (|| Expr::col((table, "ends_at")), || Expr::col(person));
        let mut select = Query::select();
        select.expr_as(ends_at(), "ended_at").expr_as(whose(), "whose").from(table).and_where(ends_at().lte(self.until.millis()));
        if let Some(after) = self.after {
            let later = ends_at().gt(after.at.millis()).or(whose().gt(after.person.uuid()));
            select.and_where(ends_at().gte(after.at.millis())).and_where(later);
        }
        if let Some(person) = self.whose {
            select.and_where(whose().eq(person.uuid()));
        }
        select
    }

    fn select(self, limit: u64) -> SelectStatement {
        let mut of_mandates = self.in_table("mandates", ("memberships", "person_id"));
        of_mandates.join(JoinType::InnerJoin, "memberships", same(("memberships", "id"), ("mandates", "membership_id")));
        let mut select = self.in_table("grants", ("grants", "person_id"));
        select
            .union(UnionType::Distinct, self.in_table("memberships", ("memberships", "person_id")))
            .union(UnionType::Distinct, of_mandates)
            .order_by("ended_at", Order::Asc)
            .order_by("whose", Order::Asc)
            .limit(limit);
        select
    }
}

impl<T: Tx> Ends<'_, T> {
    /// The last end that was followed; absent before the first.
    pub async fn last_followed(&self) -> Result<Option<Ended>, Fault> {
        let text = self.0.cluster().find(Setting::LastEndFollowed).await?;
        let damaged = || damaged("store.ends.last_followed", Setting::LastEndFollowed.as_str(), "value");
        text.map(|text| Ended::of_text(&text).ok_or_else(damaged)).transpose()
    }

    /// The ends that passed after another, in order, at most `limit`.
    pub async fn list_passed(&self, after: Option<Ended>, now: Timestamp, limit: u64) -> Result<Vec<Ended>, Fault> {
        let select = Wanted { after, until: now, whose: None }.select(limit);
        let read = |mut row: Columns| Ok(Ended { at: Timestamp::from_millis(row.next()?), person: row.id()? });
        rows(self.0.conn(), select, "store.ends.list_passed").await?.into_iter().map(read).collect()
    }

    /// When the first of a person's ends passed that nobody followed yet.
    pub async fn first_unfollowed(&self, person: PersonId, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
        let select = Wanted { after: self.last_followed().await?, until: now, whose: Some(person) }.select(1);
        let mut found = rows(self.0.conn(), select, "store.ends.first_unfollowed").await?;
        found.first_mut().map(|row| Ok(Timestamp::from_millis(row.next()?))).transpose()
    }
}

impl Ends<'_, WriteTx> {
    /// Remembers that an end is followed, when `before` is still the last: `Lost` when another process was quicker.
    pub async fn mark_followed(&self, before: Option<Ended>, ended: Ended) -> Result<Attempt, Fault> {
        let before = before.map(Ended::to_text);
        self.0.cluster().replace(Setting::LastEndFollowed, before.as_deref(), &ended.to_text()).await
    }
}
