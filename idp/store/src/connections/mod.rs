//! Connections to the database: sea-orm's pool for PostgreSQL, [`sqlite`] for a file. Entities, queries and rows are sea-orm's on
//! both, so nothing outside this module knows which it is (docs/adr/0004).

use std::{borrow::Cow, fmt, path::Path, time::Duration};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, ProxyExecResult, ProxyRow, QueryResult,
    Statement, TransactionTrait, Value, Values, prelude::async_trait::async_trait,
};

mod found;
pub(crate) mod migrating;
mod rows;
mod sqlite;

pub(crate) use found::{Found, Readable};
pub(crate) use sqlite::Role;

/// Where statements go.
#[derive(Clone)]
pub enum Database {
    /// Connections to one file.
    Sqlite(sqlite::File),
    /// A pool.
    Postgres(DatabaseConnection),
}

/// A transaction that was begun. Dropping it takes everything back.
pub enum Transaction {
    /// On a connection to a file.
    Sqlite(sqlite::Transaction),
    /// sea-orm's.
    Postgres(DatabaseTransaction),
}

/// A statement and the values of its parameters.
pub struct Question {
    pub(crate) sql: Cow<'static, str>,
    pub(crate) values: Vec<Value>,
}

impl From<Statement> for Question {
    fn from(statement: Statement) -> Self {
        Self { sql: statement.sql.into(), values: statement.values.unwrap_or(Values(Vec::new())).0 }
    }
}

impl Question {
    fn for_postgres(self) -> Statement {
        Statement { sql: self.sql.into_owned(), values: Some(Values(self.values)), db_backend: DbBackend::Postgres }
    }
}

/// Statements as they are written here, beside sea-orm's.
pub trait Ask: ConnectionTrait {
    /// Every row, with its columns in the order they were selected.
    fn ask(&self, question: Question) -> impl Future<Output = Result<Vec<Found>, DbErr>> + Send;
    /// How many rows it changed.
    fn tell(&self, question: Question) -> impl Future<Output = Result<u64, DbErr>> + Send;
}

impl Ask for Database {
    async fn ask(&self, question: Question) -> Result<Vec<Found>, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(question, rows::found).await,
            Self::Postgres(pool) => pool.query_all_raw(question.for_postgres()).await.map(as_found),
        }
    }
    async fn tell(&self, question: Question) -> Result<u64, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(question, rows::execute).await.map(|done| done.rows_affected),
            Self::Postgres(pool) => pool.execute_raw(question.for_postgres()).await.map(|done| done.rows_affected()),
        }
    }
}

impl Ask for Transaction {
    async fn ask(&self, question: Question) -> Result<Vec<Found>, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.run(|connection| rows::found(connection, &question)),
            Self::Postgres(transaction) => transaction.query_all_raw(question.for_postgres()).await.map(as_found),
        }
    }
    async fn tell(&self, question: Question) -> Result<u64, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.run(|connection| rows::execute(connection, &question)).map(|done| done.rows_affected),
            Self::Postgres(transaction) => transaction.execute_raw(question.for_postgres()).await.map(|done| done.rows_affected()),
        }
    }
}

fn as_found(rows: Vec<QueryResult>) -> Vec<Found> {
    rows.into_iter().map(Found::Postgres).collect()
}

impl Database {
    /// At most so many connections to a file, the first of them open. Whoever needs one waits this long.
    pub(crate) fn sqlite(path: &Path, role: Role, most: u32, patience: Duration) -> Result<Self, DbErr> {
        sqlite::File::open(path, role, most, patience).map(Self::Sqlite)
    }

    /// Begins a transaction that may write. On SQLite this takes the write lock.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        match self {
            Self::Sqlite(file) => file.begin().await.map(Transaction::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Transaction::Postgres),
        }
    }

    /// Closes every connection once it is given back.
    pub(crate) async fn close(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(pool) => pool.close_by_ref().await,
        }
    }
}

impl Transaction {
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await,
            Self::Postgres(transaction) => transaction.rollback().await,
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.get_database_backend())
    }
}

#[async_trait]
impl ConnectionTrait for Database {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(pool) => pool.get_database_backend(),
        }
    }
    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(statement.into(), rows::execute).await.map(ExecResult::from),
            Self::Postgres(pool) => pool.execute_raw(statement).await,
        }
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(file) => file.script(sql).await.map(|()| ProxyExecResult::default().into()),
            Self::Postgres(pool) => pool.execute_unprepared(sql).await,
        }
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(statement.into(), rows::one).await.map(|row| row.map(QueryResult::from)),
            Self::Postgres(pool) => pool.query_one_raw(statement).await,
        }
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(statement.into(), rows::all).await.map(results),
            Self::Postgres(pool) => pool.query_all_raw(statement).await,
        }
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(transaction) => transaction.get_database_backend(),
        }
    }
    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.run(|connection| rows::execute(connection, &statement.into())).map(ExecResult::from),
            Self::Postgres(transaction) => transaction.execute_raw(statement).await,
        }
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                transaction.run(|connection| connection.execute_batch(sql)).map(|()| ProxyExecResult::default().into())
            }
            Self::Postgres(transaction) => transaction.execute_unprepared(sql).await,
        }
    }
    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => {
                transaction.run(|connection| rows::one(connection, &statement.into())).map(|row| row.map(QueryResult::from))
            }
            Self::Postgres(transaction) => transaction.query_one_raw(statement).await,
        }
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.run(|connection| rows::all(connection, &statement.into())).map(results),
            Self::Postgres(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}

fn results(rows: Vec<ProxyRow>) -> Vec<QueryResult> {
    rows.into_iter().map(QueryResult::from).collect()
}
