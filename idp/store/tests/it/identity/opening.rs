use std::{fs, os::unix::fs::PermissionsExt};

use idp_store::{OpenError, Store, StoreOptions};
use tempfile::tempdir;

use crate::databases::{databases, race};

fn at(path: &std::path::Path) -> StoreOptions {
    StoreOptions::new(format!("sqlite:{}", path.display()))
}

#[tokio::test]
async fn a_missing_database_says_how_to_make_one() {
    let folder = tempdir().expect("a folder");
    let error = Store::open(&at(&folder.path().join("none.db"))).await.expect_err("is not there");
    assert!(matches!(error, OpenError::CannotOpen { .. }));
    assert!(error.to_string().contains("idp migrate"), "{error}");
    assert!(!folder.path().join("none.db").exists(), "looking does not create");
}

#[tokio::test]
async fn an_empty_database_is_not_migrated() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("empty.db");
    fs::write(&path, "").expect("writes");
    let error = Store::open(&at(&path)).await.expect_err("has no tables");
    assert!(matches!(&error, OpenError::NotMigrated { pending, first, .. } if *pending >= 10 && first.starts_with("m2026")), "{error:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("notes.txt");
    let text = "these are notes, not a database\n".repeat(400);
    fs::write(&path, &text).expect("writes");
    for error in [
        Store::open(&at(&path)).await.expect_err("is no database").to_string(),
        Store::migrate(&at(&path)).await.expect_err("is no database").to_string(),
    ] {
        assert!(error.contains("notes.txt") && error.contains("not a database"), "{error}");
    }
    assert_eq!(fs::read_to_string(&path).expect("reads"), text);
}

#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("deep/inside/idp.db");
    Store::migrate(&at(&path)).await.expect("migrates");
    let store = Store::open(&at(&path)).await.expect("opens");
    store.ping().await.expect("answers");
    for file in fs::read_dir(path.parent().expect("has one")).expect("lists") {
        let file = file.expect("reads");
        if file.file_name().to_string_lossy().ends_with(".lock") {
            continue;
        }
        let mode = file.metadata().expect("reads").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[tokio::test]
async fn migrating_twice_does_nothing_and_pending_is_told() {
    for db in databases("migrating_twice").await {
        assert_eq!(Store::migrate(&db.options).await.expect("migrates"), Vec::<String>::new(), "{}", db.name);
        assert_eq!(Store::pending_migrations(&db.options).await.expect("asks"), Vec::<String>::new(), "{}", db.name);
    }
}

#[tokio::test]
async fn several_processes_may_migrate_at_once() {
    let folder = tempdir().expect("a folder");
    let options = at(&folder.path().join("idp.db"));
    let ran = race((0..4).map(|_| {
        let options = options.clone();
        async move { Store::migrate(&options).await.expect("migrates").len() }
    }))
    .await;
    assert_eq!(ran.iter().filter(|&&ran| ran > 0).count(), 1, "{ran:?}");
    Store::open(&options).await.expect("opens").close().await.expect("closes");
}

#[tokio::test]
async fn urls_of_other_databases_are_refused_without_their_password() {
    for url in ["mysql://ada:geheim@db/aplec", "sqlite::memory:", "nonsense"] {
        let error = Store::open(&StoreOptions::new(url)).await.expect_err("is refused");
        assert!(matches!(error, OpenError::UnknownUrl { .. }), "{error:?}");
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_without_its_password() {
    let mut options = StoreOptions::new("postgres://ada:geheim@127.0.0.1:9/aplec");
    options.acquire_timeout = std::time::Duration::from_millis(200);
    let error = Store::open(&options).await.expect_err("nobody listens");
    assert!(matches!(error, OpenError::CannotOpen { .. }), "{error:?}");
    assert!(!error.to_string().contains("geheim"), "{error}");
}
