//! Short-lived state in a table.

use idp_domain::{Fault, Timestamp, Ttl};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Schema, Value,
    sea_query::{CaseStatement, DeleteStatement, Expr, ExprTrait, InsertStatement, OnConflict, Query},
};

use super::{Counted, Stored};
use crate::{
    connections::Database,
    decode::Columns,
    entity::ephemeral::{Column, Entity},
    error::fault,
    sql::{Fixed, parameter},
};

/// Whether the connection is ours to close and its table ours to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owned {
    Yes,
    No,
}

#[derive(Debug, Clone)]
pub(super) struct SqlEphemeral {
    db: Database,
    owned: Owned,
}

/// A column of the row that is there, as opposed to the one that wants in.
fn present(column: Column) -> Expr {
    Expr::col((Entity, column))
}

/// Parameters: kind, key, value, end, count.
fn insert() -> InsertStatement {
    Query::insert()
        .into_table(Entity)
        .columns([Column::Kind, Column::Key, Column::Value, Column::ExpiresAt, Column::Count])
        .values_panic([parameter(), parameter(), parameter(), parameter(), parameter()])
        .to_owned()
}

fn over() -> Expr {
    present(Column::ExpiresAt).lte(parameter())
}

fn is_it() -> Condition {
    Condition::all().add(Expr::col(Column::Kind).eq(parameter())).add(Expr::col(Column::Key).eq(parameter()))
}

fn conflict() -> OnConflict {
    OnConflict::columns([Column::Kind, Column::Key])
}

static PUT: Fixed<InsertStatement> = Fixed::new(|| {
    let over_whatever_is_there = conflict().update_columns([Column::Value, Column::ExpiresAt, Column::Count]).to_owned();
    insert().on_conflict(over_whatever_is_there).to_owned()
});
/// One parameter more: now.
static PUT_IF_ABSENT: Fixed<InsertStatement> = Fixed::new(|| {
    let mut over_what_is_over = conflict();
    over_what_is_over.update_columns([Column::Value, Column::ExpiresAt, Column::Count]).action_and_where(over());
    insert().on_conflict(over_what_is_over).to_owned()
});
/// Three parameters more: now, now, the end of a window that begins now.
static COUNT: Fixed<InsertStatement> = Fixed::new(|| {
    let one = || Expr::Constant(1_i64.into());
    let counting = CaseStatement::new().case(over(), one()).finally(present(Column::Count).add(one()));
    let ending = CaseStatement::new().case(over(), parameter()).finally(present(Column::ExpiresAt));
    insert()
        .on_conflict(conflict().value(Column::Count, counting).value(Column::ExpiresAt, ending).to_owned())
        .returning(Query::returning().columns([Column::Count, Column::ExpiresAt]))
        .to_owned()
});
/// Parameters: kind, key, now.
static FIND: Fixed = Fixed::new(|| {
    Query::select()
        .columns([Column::Value, Column::ExpiresAt, Column::Count])
        .from(Entity)
        .cond_where(is_it().add(Expr::col(Column::ExpiresAt).gt(parameter())))
        .to_owned()
});
/// Parameters: kind, key, now.
static TAKE: Fixed<DeleteStatement> = Fixed::new(|| {
    Query::delete()
        .from_table(Entity)
        .cond_where(is_it().add(Expr::col(Column::ExpiresAt).gt(parameter())))
        .returning_col(Column::Value)
        .to_owned()
});
/// Parameters: kind, key.
static REMOVE: Fixed<DeleteStatement> = Fixed::new(|| Query::delete().from_table(Entity).cond_where(is_it()).to_owned());

impl SqlEphemeral {
    pub(super) async fn with_table(db: Database, owned: Owned) -> Result<Self, DbErr> {
        let mut table = Schema::new(db.get_database_backend()).create_table_from_entity(Entity);
        if owned == Owned::Yes {
            table.extra("WITHOUT ROWID"); // SQLite: a row lies in its key's tree
        }
        db.execute(table.if_not_exists()).await?;
        Ok(Self { db, owned })
    }

    pub(super) const fn shared(db: Database) -> Self {
        Self { db, owned: Owned::No }
    }

    pub(super) async fn put(&self, kind: &str, key: &str, value: &str, expires_at: Timestamp) -> Result<(), Fault> {
        PUT.run(&self.db, row(kind, key, value, expires_at, 0).into(), "store.ephemeral.put").await.map(drop)
    }

    pub(super) async fn put_if_absent(
        &self,
        kind: &str,
        key: &str,
        value: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Stored, Fault> {
        let mut values = Vec::from(row(kind, key, value, expires_at, 0));
        values.push(now.millis().into());
        let changed = PUT_IF_ABSENT.run(&self.db, values, "store.ephemeral.put_if_absent").await?;
        Ok(if changed == 0 { Stored::Present } else { Stored::First })
    }

    pub(super) async fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        let values = vec![kind.into(), key.into(), now.millis().into()];
        let mut taken = TAKE.one(&self.db, values, "store.ephemeral.take").await?;
        taken.as_mut().map(Columns::next).transpose()
    }

    pub(super) async fn peek(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        let values = vec![kind.into(), key.into(), now.millis().into()];
        let mut found = FIND.one(&self.db, values, "store.ephemeral.peek").await?;
        found.as_mut().map(Columns::next).transpose()
    }

    pub(super) async fn remove(&self, kind: &str, key: &str) -> Result<(), Fault> {
        REMOVE.run(&self.db, vec![kind.into(), key.into()], "store.ephemeral.remove").await.map(drop)
    }

    pub(super) async fn count(&self, kind: &str, key: &str, window: Ttl, now: Timestamp) -> Result<Counted, Fault> {
        let place = "store.ephemeral.count";
        let ends = now + window;
        let mut values = Vec::from(row(kind, key, "", ends, 1));
        values.extend([now, now, ends].map(|instant| instant.millis().into()));
        let counter = COUNT.one(&self.db, values, place).await?;
        let Some(mut counter) = counter else { return Err(Fault::broken(place, "a counter was not returned")) };
        counted(counter.next()?, counter.next()?)
    }

    pub(super) async fn counted(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Counted>, Fault> {
        let values = vec![kind.into(), key.into(), now.millis().into()];
        let Some(mut counter) = FIND.one(&self.db, values, "store.ephemeral.counted").await? else { return Ok(None) };
        let (_, ends, count): (String, i64, i64) = (counter.next()?, counter.next()?, counter.next()?);
        counted(count, ends).map(Some)
    }

    pub(super) async fn purge(&self, now: Timestamp) -> Result<u64, Fault> {
        let done = Entity::delete_many().filter(Column::ExpiresAt.lte(now.millis())).exec(&self.db).await;
        Ok(done.map_err(fault("store.ephemeral.purge"))?.rows_affected)
    }

    pub(super) async fn close(&self) -> Result<(), Fault> {
        match self.owned {
            Owned::Yes => self.db.close().await.map_err(fault("store.ephemeral.close")),
            Owned::No => Ok(()),
        }
    }
}

fn row(kind: &str, key: &str, value: &str, expires_at: Timestamp, count: i64) -> [Value; 5] {
    [kind.into(), key.into(), value.into(), expires_at.millis().into(), count.into()]
}

fn counted(count: i64, expires_at: i64) -> Result<Counted, Fault> {
    let count = u64::try_from(count).map_err(|error| Fault::broken("store.ephemeral.counted", error))?;
    Ok(Counted { count, resets_at: Timestamp::from_millis(expires_at) })
}
