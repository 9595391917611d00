//! A cluster from a file on both databases.

use anyhow::{Result, ensure};
use idp_app::{
    App,
    apply::{Hashes, Mode, Scope, Verdict, apply_text, export},
};
use idp_domain::policy::Actor;
use integration_tests::{
    pg::TestDatabase,
    world::{Database, World},
};

const DEMO: &str = include_str!("../../../idp/bundle/src/demo/cluster.toml");

async fn exported(app: &App) -> Result<String> {
    Ok(export(&app.act(Actor::Operator, "test"), Scope::Cluster(Hashes::LeftOut)).await?.text)
}

#[tokio::test]
async fn the_demo_is_the_same_cluster_on_both_databases_and_applies_twice() -> Result<()> {
    let sqlite = World::start(DEMO).await?;
    let Some(database) = TestDatabase::create().await? else { return Ok(()) };
    let postgres = World::on(Database::Postgres(database), DEMO).await?;
    let again = apply_text(&postgres.app.act(Actor::Operator, "test"), "cluster.toml", DEMO, postgres.directory.path()).await?;
    ensure!(again.mode == Mode::Write && again.entries.iter().all(|entry| entry.verdict == Verdict::Unchanged), "{again:#?}");
    let (one, other) = (exported(&sqlite.app).await?, exported(&postgres.app).await?);
    ensure!(one.matches("[[person]]").count() == 40, "the demo has forty people");
    ensure!(one == other, "what SQLite exports differs from what PostgreSQL exports");
    Ok(())
}
