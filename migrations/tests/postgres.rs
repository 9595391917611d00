//! The history runs on PostgreSQL, once, whoever starts it. On SQLite the store's tests run it: the driver is theirs.

use migrations::{Lock, Status};
use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};

#[expect(clippy::disallowed_methods, reason = "the test server is named by the environment")]
fn postgres_url() -> Option<String> {
    let url = std::env::var("TEST_POSTGRES_URL").ok();
    assert!(
        url.is_some() || std::env::var_os("TEST_REQUIRE_ALL").is_none(),
        "TEST_REQUIRE_ALL is set, so TEST_POSTGRES_URL must be set too"
    );
    url
}

async fn in_schema(url: &str, schema: &str) -> DatabaseConnection {
    let plain = Database::connect(url).await.expect("the test server answers");
    plain.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await.expect("a fresh schema");
    let mut options = ConnectOptions::new(url);
    options.set_schema_search_path(schema);
    Database::connect(options).await.expect("the test server answers")
}

async fn audit_is_append_only(db: &DatabaseConnection) {
    db.execute_unprepared(
        "INSERT INTO audit (chain, seq, id, prev_hash, hash, canonical, at, kind)
         VALUES ('cluster', 1, '0190b0c4-0000-7000-8000-000000000001', '', '', '', 0, 'x')",
    )
    .await
    .expect("a row is appended");
    for change in ["UPDATE audit SET at = 1", "DELETE FROM audit"] {
        let refusal = db.execute_unprepared(change).await.expect_err(change).to_string();
        assert!(refusal.contains("append-only"), "{refusal}");
    }
}

#[tokio::test]
async fn the_history_runs_on_postgres_and_leaves_nothing_pending() {
    let Some(url) = postgres_url() else { return };
    let db = in_schema(&url, "migrations_once").await;
    assert!(!migrations::migrate(&db, Lock::Postgres(&url)).await.expect("migrates").is_empty());
    assert_eq!(migrations::status(&db).await.expect("reads"), Status::Current);
    audit_is_append_only(&db).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_processes_that_migrate_an_empty_postgres_schema_all_succeed() {
    let Some(url) = postgres_url() else { return };
    in_schema(&url, "migrations_race").await.close().await.expect("closes");
    let racers: Vec<_> = (0..4)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move {
                let mut options = ConnectOptions::new(&url);
                options.set_schema_search_path("migrations_race");
                let db = Database::connect(options).await.expect("opens");
                migrations::migrate(&db, Lock::Postgres(&url)).await
            })
        })
        .collect();
    exactly_one_ran(racers).await;
}

async fn exactly_one_ran(racers: Vec<tokio::task::JoinHandle<Result<Vec<String>, migrations::MigrateError>>>) {
    let mut ran = 0;
    for racer in racers {
        ran += usize::from(!racer.await.expect("joins").expect("migrates").is_empty());
    }
    assert_eq!(ran, 1);
}
