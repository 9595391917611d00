//! Short-lived state in a table.

use idp_domain::{Fault, Timestamp, Ttl};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Schema,
    sea_query::{CaseStatement, Expr, ExprTrait, InsertStatement, OnConflict, Query},
};

use super::{Counted, Stored};
use crate::{
    connections::Database,
    entity::ephemeral::{Column, Entity, Model},
    error::fault,
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

fn insert(kind: &str, key: &str, value: &str, expires_at: Timestamp, count: i64) -> InsertStatement {
    Query::insert()
        .into_table(Entity)
        .columns([Column::Kind, Column::Key, Column::Value, Column::ExpiresAt, Column::Count])
        .values_panic([Expr::val(kind), Expr::val(key), Expr::val(value), Expr::val(expires_at.millis()), Expr::val(count)])
        .to_owned()
}

fn conflict() -> OnConflict {
    OnConflict::columns([Column::Kind, Column::Key])
}

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

    async fn find(&self, kind: &str, key: &str, now: Timestamp, place: &'static str) -> Result<Option<Model>, Fault> {
        Entity::find_by_id((kind.to_owned(), key.to_owned()))
            .filter(Column::ExpiresAt.gt(now.millis()))
            .one(&self.db)
            .await
            .map_err(fault(place))
    }

    pub(super) async fn put(&self, kind: &str, key: &str, value: &str, expires_at: Timestamp) -> Result<(), Fault> {
        let mut statement = insert(kind, key, value, expires_at, 0);
        statement.on_conflict(conflict().update_columns([Column::Value, Column::ExpiresAt, Column::Count]).to_owned());
        self.db.execute(&statement).await.map(drop).map_err(fault("store.ephemeral.put"))
    }

    pub(super) async fn put_if_absent(
        &self,
        kind: &str,
        key: &str,
        value: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Stored, Fault> {
        let mut statement = insert(kind, key, value, expires_at, 0);
        let over = conflict()
            .update_columns([Column::Value, Column::ExpiresAt, Column::Count])
            .action_and_where(present(Column::ExpiresAt).lte(now.millis()))
            .to_owned();
        statement.on_conflict(over);
        let done = self.db.execute(&statement).await.map_err(fault("store.ephemeral.put_if_absent"))?;
        Ok(if done.rows_affected() == 0 { Stored::Present } else { Stored::First })
    }

    pub(super) async fn take(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        let place = "store.ephemeral.take";
        let delete = Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Column::Kind).eq(kind))
            .and_where(Expr::col(Column::Key).eq(key))
            .and_where(Expr::col(Column::ExpiresAt).gt(now.millis()))
            .returning_col(Column::Value)
            .to_owned();
        let row = self.db.query_one(&delete).await.map_err(fault(place))?;
        row.map(|row| row.try_get("", "value").map_err(fault(place))).transpose()
    }

    pub(super) async fn peek(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        Ok(self.find(kind, key, now, "store.ephemeral.peek").await?.map(|row| row.value))
    }

    pub(super) async fn remove(&self, kind: &str, key: &str) -> Result<(), Fault> {
        Entity::delete_by_id((kind.to_owned(), key.to_owned())).exec(&self.db).await.map(drop).map_err(fault("store.ephemeral.remove"))
    }

    pub(super) async fn count(&self, kind: &str, key: &str, window: Ttl, now: Timestamp) -> Result<Counted, Fault> {
        let place = "store.ephemeral.count";
        let over = || present(Column::ExpiresAt).lte(now.millis());
        let fresh_end = (now + window).millis();
        let counting = CaseStatement::new().case(over(), Expr::val(1_i64)).finally(present(Column::Count).add(1_i64));
        let ending = CaseStatement::new().case(over(), Expr::val(fresh_end)).finally(present(Column::ExpiresAt));
        let mut statement = insert(kind, key, "", now + window, 1);
        statement
            .on_conflict(conflict().value(Column::Count, counting).value(Column::ExpiresAt, ending).to_owned())
            .returning(Query::returning().columns([Column::Count, Column::ExpiresAt]));
        let row = self.db.query_one(&statement).await.map_err(fault(place))?;
        let Some(row) = row else { return Err(Fault::broken(place, "a counter was not returned")) };
        counted(row.try_get("", "count").map_err(fault(place))?, row.try_get("", "expires_at").map_err(fault(place))?)
    }

    pub(super) async fn counted(&self, kind: &str, key: &str, now: Timestamp) -> Result<Option<Counted>, Fault> {
        let row = self.find(kind, key, now, "store.ephemeral.counted").await?;
        row.map(|row| counted(row.count, row.expires_at)).transpose()
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

fn counted(count: i64, expires_at: i64) -> Result<Counted, Fault> {
    let count = u64::try_from(count).map_err(|error| Fault::broken("store.ephemeral.counted", error))?;
    Ok(Counted { count, resets_at: Timestamp::from_millis(expires_at) })
}
