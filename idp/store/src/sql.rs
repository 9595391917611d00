//! The few shapes every area uses: insert a row, build a hot query's text once, read rows.

use std::{
    any::TypeId,
    borrow::Cow,
    collections::HashMap,
    sync::{LazyLock, OnceLock, PoisonError, RwLock},
};

use idp_domain::{Fault, Timestamp};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, ExprTrait, IdenStatic, Iterable, ModelTrait, QuerySelect, QueryTrait, Select, Value,
    sea_query::{
        Expr, InsertStatement, OnConflict, PostgresQueryBuilder, Query, QueryStatementWriter, SelectStatement, SqliteQueryBuilder,
    },
};

use crate::{
    Inserted, WriteTx,
    connections::{Ask, Question},
    decode::{Columns, Selected},
    error::fault,
};

/// A statement whose text never changes, built once per dialect: what is asked most often should not be spelled out anew
/// each time. The builder puts dummy values where the parameters go; callers give the real ones in the same order.
pub(crate) struct Fixed<S = SelectStatement> {
    build: fn() -> S,
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl<S: QueryStatementWriter> Fixed<S> {
    pub(crate) const fn new(build: fn() -> S) -> Self {
        Self { build, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    fn question(&'static self, backend: DbBackend, values: Vec<Value>) -> Question {
        let text = match backend {
            DbBackend::Postgres => &self.postgres,
            _ => &self.sqlite,
        };
        Question { sql: Cow::Borrowed(text.get_or_init(|| build(&(self.build)(), backend).sql.into_owned())), values }
    }

    pub(crate) async fn all(&'static self, conn: &impl Ask, values: Vec<Value>, place: &'static str) -> Result<Vec<Columns>, Fault> {
        ask(conn, self.question(conn.get_database_backend(), values), place).await
    }

    pub(crate) async fn one(&'static self, conn: &impl Ask, values: Vec<Value>, place: &'static str) -> Result<Option<Columns>, Fault> {
        Ok(self.all(conn, values, place).await?.into_iter().next())
    }

    /// How many rows it changed.
    pub(crate) async fn run(&'static self, conn: &impl Ask, values: Vec<Value>, place: &'static str) -> Result<u64, Fault> {
        conn.tell(self.question(conn.get_database_backend(), values)).await.map_err(fault(place))
    }
}

fn build(statement: &impl QueryStatementWriter, backend: DbBackend) -> Question {
    let (sql, values) = match backend {
        DbBackend::Postgres => statement.build(PostgresQueryBuilder),
        _ => statement.build(SqliteQueryBuilder),
    };
    Question { sql: Cow::Owned(sql), values: values.0 }
}

/// Rows of a query whose columns are read in the order they were selected.
pub(crate) async fn rows(conn: &impl Ask, select: SelectStatement, place: &'static str) -> Result<Vec<Columns>, Fault> {
    ask(conn, build(&select, conn.get_database_backend()), place).await
}

async fn ask(conn: &impl Ask, question: Question, place: &'static str) -> Result<Vec<Columns>, Fault> {
    let rows = conn.ask(question).await.map_err(fault(place))?;
    Ok(rows.into_iter().map(|row| Columns::of(row, place)).collect())
}

/// How many rows a query has.
pub(crate) async fn count<E: EntityTrait>(conn: &impl Ask, select: Select<E>, place: &'static str) -> Result<u64, Fault> {
    let select = select.select_only().expr(Expr::cust("COUNT(*)")).into_query();
    let mut found = rows(conn, select, place).await?;
    let first = found.first_mut().ok_or_else(|| Fault::broken(place, "a count was not returned"))?;
    u64::try_from(first.next::<i64>()?).map_err(|error| Fault::broken(place, error))
}

/// The next `version` of a row that may be without one.
pub(crate) fn next_version() -> Expr {
    Expr::col("version").if_null(1).add(1)
}

/// A place for a parameter in a [`Fixed`] query.
pub(crate) fn parameter() -> Expr {
    Expr::val(0_i64)
}

/// `(alias.column AS prefix_column)` for every column of a table.
pub(crate) fn select_all<E: EntityTrait>(select: &mut SelectStatement, alias: &'static str, prefix: &str) {
    for column in E::Column::iter() {
        select.expr_as(Expr::col((alias, column)), format!("{prefix}{}", column.as_str()));
    }
}

/// The columns of a table that a [`Selected`] reads, in its order.
pub(crate) fn select_columns<S: Selected>(select: &mut SelectStatement, alias: &'static str) {
    select.columns(S::COLUMNS.iter().map(|column| (alias, *column)));
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

/// What happens to a row whose key is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Taken {
    /// The statement fails.
    Fails,
    /// Nothing.
    Stays,
}

/// Inserts one row; the text is built once for each table.
async fn insert_one<M: ModelTrait>(tx: &WriteTx, model: M, taken: Taken, place: &'static str) -> Result<u64, Fault> {
    type Texts = HashMap<(TypeId, Taken, bool), String>;
    static TEXTS: LazyLock<RwLock<Texts>> = LazyLock::new(RwLock::default);

    let backend = tx.writing().get_database_backend();
    let table = (TypeId::of::<M::Entity>(), taken, backend == DbBackend::Postgres);
    let known = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(&table).cloned();
    let question = if let Some(sql) = known {
        Question { sql: Cow::Owned(sql), values: <M::Entity as EntityTrait>::Column::iter().map(|column| model.get(column)).collect() }
    } else {
        let mut statement = insert_statement([model]);
        if taken == Taken::Stays {
            statement.on_conflict(OnConflict::new().do_nothing().to_owned());
        }
        let question = build(&statement, backend);
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(table, question.sql.clone().into_owned());
        question
    };
    tx.writing().tell(question).await.map_err(fault(place))
}

/// Inserts a row that nobody else can have inserted.
pub(crate) async fn insert<M: ModelTrait>(tx: &WriteTx, model: M, place: &'static str) -> Result<(), Fault> {
    insert_one(tx, model, Taken::Fails, place).await.map(drop)
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
    insert_one(tx, model, Taken::Stays, place).await.map(Inserted::of)
}

/// A nullable instant.
pub(crate) fn at(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
