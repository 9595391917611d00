//! Connections to the database: sea-orm's pool for PostgreSQL, [`sqlite`] for a file. Entities, queries and rows are sea-orm's on
//! both, so nothing outside this module knows which it is (docs/adr/0004).

use std::{fmt, path::Path, time::Duration};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, ProxyExecResult, ProxyRow, QueryResult,
    Statement, TransactionTrait, prelude::async_trait::async_trait,
};

pub(crate) mod migrating;
mod rows;
mod sqlite;

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

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(file) => file.script("SELECT 1").await,
            Self::Postgres(pool) => pool.ping().await,
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
            Self::Sqlite(transaction) => transaction.rollback(),
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
            Self::Sqlite(file) => file.run(statement, rows::execute).await.map(ExecResult::from),
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
            Self::Sqlite(file) => file.run(statement, rows::one).await.map(|row| row.map(QueryResult::from)),
            Self::Postgres(pool) => pool.query_one_raw(statement).await,
        }
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(file) => file.run(statement, rows::all).await.map(results),
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
            Self::Sqlite(transaction) => transaction.run(|connection| rows::execute(connection, &statement)).map(ExecResult::from),
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
                transaction.run(|connection| rows::one(connection, &statement)).map(|row| row.map(QueryResult::from))
            }
            Self::Postgres(transaction) => transaction.query_one_raw(statement).await,
        }
    }
    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(transaction) => transaction.run(|connection| rows::all(connection, &statement)).map(results),
            Self::Postgres(transaction) => transaction.query_all_raw(statement).await,
        }
    }
}

fn results(rows: Vec<ProxyRow>) -> Vec<QueryResult> {
    rows.into_iter().map(QueryResult::from).collect()
}
