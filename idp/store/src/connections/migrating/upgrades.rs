//! What a migration makes of rows that were there before it, on both databases.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use tempfile::NamedTempFile;

/// An empty database as it was before a migration, on every database that is there. Foreign keys are not enforced, so
/// that a test makes only the rows it is about.
async fn databases_before(migration: &str) -> Vec<(Option<NamedTempFile>, DatabaseConnection)> {
    let file = NamedTempFile::new().expect("a file");
    let sqlite = super::connect(file.path()).await.expect("opens");
    sqlite.execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("foreign keys are off");
    let mut databases = vec![(Some(file), sqlite)];
    if let Some(url) = postgres_url() {
        databases.push((None, schema(&url, migration).await));
    }
    for (_, db) in &databases {
        migrations::migrate_until(db, migration).await.expect("migrates");
    }
    databases
}

async fn schema(url: &str, name: &str) -> DatabaseConnection {
    let plain = Database::connect(url).await.expect("the test server answers");
    plain.execute_unprepared(&format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await.expect("a fresh schema");
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).set_schema_search_path(name);
    let db = Database::connect(options).await.expect("opens");
    db.execute_unprepared("SET session_replication_role = replica").await.expect("foreign keys are off");
    db
}

#[expect(clippy::disallowed_methods, reason = "the test server is named by the environment")]
fn postgres_url() -> Option<String> {
    let url = std::env::var("TEST_POSTGRES_URL").ok();
    assert!(
        url.is_some() || std::env::var_os("TEST_REQUIRE_ALL").is_none(),
        "TEST_REQUIRE_ALL is set, so TEST_POSTGRES_URL must be set too"
    );
    url
}

/// The one column `text` of a query, row by row.
async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<Option<String>> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("asks");
    rows.iter().map(|row| row.try_get("", "text").expect("is a text")).collect()
}

/// A literal; `x'…'` means bits to PostgreSQL.
fn uuid(db: &DatabaseConnection, last: u8) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => format!("'00000000-0000-0000-0000-0000000000{last:02x}'"),
        _ => format!("x'000000000000000000000000000000{last:02x}'"),
    }
}

fn blob(db: &DatabaseConnection, byte: u8) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => format!("'\\x{byte:02x}'"),
        _ => format!("x'{byte:02x}'"),
    }
}

#[tokio::test]
async fn codes_and_refresh_tokens_from_before_keep_the_scopes_of_their_authorization() {
    for (_file, db) in databases_before("m20261123_000101_token_scopes").await {
        for (number, scopes) in [(1, "openid"), (2, "openid email")] {
            let (id, hash) = (uuid(&db, number), blob(&db, number));
            db.execute_unprepared(&format!(
                "INSERT INTO authorizations (id, person_id, client_id, session_id, scopes, created_at)
                     VALUES ({id}, {id}, {id}, {id}, '{scopes}', 0);
                 INSERT INTO codes (id, hash, client_id, authorization_id, redirect_uri, auth_time_at, expires_at)
                     VALUES ({id}, {hash}, {id}, {id}, '', 0, {number});
                 INSERT INTO refresh_tokens (id, hash, authorization_id, client_id, family, generation, auth_time_at, epoch,
                                             created_at, last_used_at, expires_at)
                     VALUES ({id}, {hash}, {id}, {id}, {id}, 0, 0, 1, 0, 0, {number})"
            ))
            .await
            .expect("inserts");
        }
        migrations::migrate(&db, migrations::Lock::Unshared).await.expect("migrates");
        for table in ["codes", "refresh_tokens"] {
            let kept = texts(&db, &format!("SELECT scopes AS text FROM {table} ORDER BY expires_at")).await;
            assert_eq!(kept, [Some("openid".to_owned()), Some("openid email".to_owned())], "{table} on {:?}", db.get_database_backend());
        }
    }
}

#[tokio::test]
async fn of_requests_that_slipped_in_twice_the_first_stays_open() {
    for (_file, db) in databases_before("m20261123_000102_open_requests").await {
        let (one, other) = (uuid(&db, 0xa1), uuid(&db, 0xa2));
        for (number, kind, service, person, state) in [
            (1, "join", "NULL", &one, "open"),
            (2, "join", "NULL", &one, "open"),
            (3, "join", "NULL", &other, "open"),
            (4, "access", &*one, &one, "open"),
            (5, "access", &*other, &one, "open"),
            (6, "access", &*one, &one, "open"),
            (7, "join", "NULL", &one, "refused"),
            (8, "join", "NULL", &one, "open"),
        ] {
            let id = uuid(&db, number);
            db.execute_unprepared(&format!(
                "INSERT INTO requests (id, kind, collective_id, person_id, service_id, state, text, created_at, version)
                 VALUES ({id}, '{kind}', {one}, {person}, {service}, '{state}', '', {number}, 1)"
            ))
            .await
            .expect("inserts");
        }
        migrations::migrate(&db, migrations::Lock::Unshared).await.expect("migrates");
        let states = texts(&db, "SELECT state AS text FROM requests ORDER BY created_at").await;
        let states: Vec<_> = states.iter().flatten().map(String::as_str).collect();
        assert_eq!(
            states,
            ["open", "withdrawn", "open", "open", "open", "withdrawn", "refused", "withdrawn"],
            "{:?}",
            db.get_database_backend()
        );
        for (number, kind, service) in [(9, "join", "NULL"), (10, "access", &*one)] {
            let id = uuid(&db, number);
            let again = db
                .execute_unprepared(&format!(
                    "INSERT INTO requests (id, kind, collective_id, person_id, service_id, state, text, created_at, version)
                     VALUES ({id}, '{kind}', {one}, {one}, {service}, 'open', '', 9, 1)"
                ))
                .await;
            assert!(again.is_err(), "{kind}");
        }
    }
}

#[tokio::test]
async fn mandates_and_working_groups_from_before_begin_at_version_one() {
    for (_file, db) in databases_before("m20261123_000302_versions_and_keys_expand").await {
        let id = uuid(&db, 1);
        db.execute_unprepared(&format!(
            "INSERT INTO mandates (id, collective_id, membership_id, kind, starts_at, created_at) VALUES ({id}, {id}, {id}, 'manager', 0, 0);
             INSERT INTO working_groups (id, collective_id, slug, name, created_at) VALUES ({id}, {id}, 'hort', 'Hort', 0)"
        ))
        .await
        .expect("inserts");
        migrations::migrate(&db, migrations::Lock::Unshared).await.expect("migrates");
        for table in ["mandates", "working_groups"] {
            let versions = texts(&db, &format!("SELECT CAST(version AS TEXT) AS text FROM {table}")).await;
            assert_eq!(versions, [Some("1".to_owned())], "{table} on {:?}", db.get_database_backend());
        }
    }
}

#[tokio::test]
async fn memberships_from_before_that_the_person_answered_are_known_as_such() {
    for (_file, db) in databases_before("m20261123_000201_membership_answered_expand").await {
        for (number, state, starts_at) in
            [(1, "active", "5"), (2, "requested", "NULL"), (3, "invited", "NULL"), (4, "ended", "5"), (5, "ended", "NULL")]
        {
            let id = uuid(&db, number);
            db.execute_unprepared(&format!(
                "INSERT INTO memberships (id, collective_id, person_id, state, starts_at, created_at, version)
                 VALUES ({id}, {id}, {id}, '{state}', {starts_at}, {number}, 1)"
            ))
            .await
            .expect("inserts");
        }
        migrations::migrate(&db, migrations::Lock::Unshared).await.expect("migrates");
        let accepted = texts(&db, "SELECT CAST(accepted_at AS TEXT) AS text FROM memberships ORDER BY created_at").await;
        let accepted: Vec<_> = accepted.iter().map(Option::as_deref).collect();
        assert_eq!(accepted, [Some("5"), Some("2"), None, Some("5"), None], "{:?}", db.get_database_backend());
    }
}
