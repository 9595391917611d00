//! The few shapes every area uses: insert a row, build a hot query's text once, read rows.

use std::sync::OnceLock;

use idp_domain::{Fault, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, Iterable, ModelTrait, QueryResult, QuerySelect, QueryTrait, Select,
    Statement, Value,
    sea_query::{Expr, InsertStatement, OnConflict, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder, Values},
};

use crate::{
    Inserted, WriteTx,
    decode::{Columns, column_name},
    error::fault,
};

/// A query whose text never changes, built once per dialect: what is asked most often should not be spelled out anew
/// each time. The builder puts dummy values where the parameters go; callers give the real ones in the same order.
pub(crate) struct Fixed {
    build: fn() -> SelectStatement,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl Fixed {
    pub(crate) const fn new(build: fn() -> SelectStatement) -> Self {
        Self { build, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    fn statement(&self, backend: DbBackend, values: Vec<Value>) -> Statement {
        let sql = match backend {
            DbBackend::Postgres => self.postgres.get_or_init(|| (self.build)().build(PostgresQueryBuilder).0),
            _ => self.sqlite.get_or_init(|| (self.build)().build(SqliteQueryBuilder).0),
        };
        Statement { sql: sql.clone(), values: Some(Values(values)), db_backend: backend }
    }

    pub(crate) async fn all(
        &self,
        conn: &impl ConnectionTrait,
        values: Vec<Value>,
        place: &'static str,
    ) -> Result<Vec<QueryResult>, Fault> {
        conn.query_all_raw(self.statement(conn.get_database_backend(), values)).await.map_err(fault(place))
    }

    pub(crate) async fn one(
        &self,
        conn: &impl ConnectionTrait,
        values: Vec<Value>,
        place: &'static str,
    ) -> Result<Option<QueryResult>, Fault> {
        conn.query_one_raw(self.statement(conn.get_database_backend(), values)).await.map_err(fault(place))
    }
}

/// The columns of a query by number: for rows that are read in the order they were selected, with [`Columns`].
pub(crate) fn numbered(mut select: SelectStatement) -> SelectStatement {
    let mut number = 0;
    select.exprs_mut_for_each(|column| {
        column.alias = Some(column_name(number).into());
        number += 1;
    });
    select
}

/// Rows of a query whose columns are read in the order they were selected.
pub(crate) async fn rows(conn: &impl ConnectionTrait, select: SelectStatement, place: &'static str) -> Result<Vec<QueryResult>, Fault> {
    conn.query_all(&numbered(select)).await.map_err(fault(place))
}

/// How many rows a query has.
pub(crate) async fn count<E: EntityTrait>(conn: &impl ConnectionTrait, select: Select<E>, place: &'static str) -> Result<u64, Fault> {
    let select = select.select_only().expr(Expr::cust("COUNT(*)")).into_query();
    let found = rows(conn, select, place).await?;
    let first = found.first().ok_or_else(|| Fault::broken(place, "a count was not returned"))?;
    u64::try_from(Columns::of(first, place).next::<i64>()?).map_err(|error| Fault::broken(place, error))
}

/// A place for a parameter in a [`Fixed`] query.
pub(crate) fn parameter() -> Expr {
    Expr::val(0_i64)
}

/// `(alias.column AS prefix_column)` for every column of a table.
pub(crate) fn select_all<E: EntityTrait>(select: &mut SelectStatement, alias: &'static str, prefix: &str) {
    select_some(select, alias, prefix, E::Column::iter());
}

/// `(alias.column AS prefix_column)` for some columns of a table.
pub(crate) fn select_some<C: ColumnTrait>(
    select: &mut SelectStatement,
    alias: &'static str,
    prefix: &str,
    columns: impl IntoIterator<Item = C>,
) {
    for column in columns {
        select.expr_as(Expr::col((alias, column)), format!("{prefix}{}", column.to_string()));
    }
}

/// Whether two columns hold the same.
pub(crate) fn same(one: (&'static str, &'static str), other: (&'static str, &'static str)) -> Expr {
    Expr::col(one).equals(other)
}

fn insert_statement<M>(models: impl IntoIterator<Item = M>) -> InsertStatement
where
    M: ModelTrait,
{
    let columns = || <M::Entity as EntityTrait>::Column::iter();
    let mut statement = Query::insert();
    statement.into_table(M::Entity::default()).columns(columns());
    for model in models {
        statement.values_panic(columns().map(|column| Expr::val(model.get(column))));
    }
    statement
}

/// Inserts a row that nobody else can have inserted.
pub(crate) async fn insert<M: ModelTrait>(tx: &WriteTx, model: M, place: &'static str) -> Result<(), Fault> {
    tx.writing().execute(&insert_statement([model])).await.map(drop).map_err(fault(place))
}

/// Inserts several rows in one statement; does nothing for none.
pub(crate) async fn insert_many<M: ModelTrait>(tx: &WriteTx, models: Vec<M>, place: &'static str) -> Result<(), Fault> {
    if models.is_empty() {
        return Ok(());
    }
    tx.writing().execute(&insert_statement(models)).await.map(drop).map_err(fault(place))
}

/// Inserts a row unless one of its unique keys is taken. A conflict does not spoil the transaction.
pub(crate) async fn insert_new<M: ModelTrait>(tx: &WriteTx, model: M, place: &'static str) -> Result<Inserted, Fault> {
    let mut statement = insert_statement([model]);
    statement.on_conflict(OnConflict::new().do_nothing().to_owned());
    tx.writing().execute(&statement).await.map(|done| Inserted::of(done.rows_affected())).map_err(fault(place))
}

/// A nullable instant.
pub(crate) fn at(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
