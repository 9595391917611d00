//! What leaves the process: the real worker, the real database, real sockets, and a clock that moves when told.

mod logout;
mod mail;

use anyhow::Result;
use integration_tests::{
    pg::TestDatabase,
    world::{Database, World},
};

/// A world on each database there is.
async fn worlds(cluster: &str) -> Result<Vec<World>> {
    let mut worlds = vec![World::start(cluster).await?];
    if let Some(database) = TestDatabase::create().await? {
        worlds.push(World::on(Database::Postgres(database), cluster).await?);
    }
    Ok(worlds)
}
