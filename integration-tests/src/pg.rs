//! A PostgreSQL database per test, gone when the test ends.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use url::Url;

use crate::ambient;

/// An empty database on the server that `TEST_POSTGRES_URL` names.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
}

impl TestDatabase {
    /// `None` means: skip the test, no server is known and none is required.
    pub async fn create() -> Result<Option<Self>> {
        match ambient::needed("TEST_POSTGRES_URL", "PostgreSQL")? {
            Some(server) => Ok(Some(Self::create_on(Url::parse(&server).context("TEST_POSTGRES_URL")?).await?)),
            None => Ok(None),
        }
    }

    async fn create_on(server: Url) -> Result<Self> {
        static CREATED: AtomicU32 = AtomicU32::new(0);
        let name = format!("aplec_test_{}_{}", std::process::id(), CREATED.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        run(&server, &format!("CREATE DATABASE {name} TEMPLATE template0")).await?;
        Ok(Self { server, name })
    }

    /// The address of this database, as the programs take it.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for TestDatabase {
    /// Another thread, because a runtime cannot be entered from within one. A database that stays is only untidy.
    fn drop(&mut self) {
        let (server, statement) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let dropped = std::thread::spawn(move || -> Result<()> {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(&server, &statement))
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("the test database {} stays behind", self.name);
        }
    }
}

/// One statement without parameters; the names in it are our own.
async fn run(server: &Url, statement: &str) -> Result<()> {
    let mut connection = PgConnection::connect(server.as_str()).await.context("the PostgreSQL server of TEST_POSTGRES_URL")?;
    connection.execute(AssertSqlSafe(statement)).await.with_context(|| statement.to_owned())?;
    connection.close().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_test_gets_an_empty_database_that_goes_with_it() -> Result<()> {
        let Some(one) = TestDatabase::create().await? else { return Ok(()) };
        let Some(other) = TestDatabase::create().await? else { return Ok(()) };
        assert_ne!(one.url(), other.url());

        let here = Url::parse(&one.url())?;
        run(&here, "CREATE TABLE only_here (id bigint)").await?;
        assert!(run(&Url::parse(&other.url())?, "SELECT * FROM only_here").await.is_err());
        run(&here, "SELECT * FROM only_here").await?;

        drop(one);
        assert!(run(&here, "SELECT 1").await.is_err(), "a dropped database still answers");
        Ok(())
    }
}
