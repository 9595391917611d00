use std::{
    fmt::Write,
    sync::{Arc, Mutex},
};

use idp_domain::fault::FaultKind;
use idp_store::{Inserted, Store, StoreOptions, Tx, WriteTx, cluster::Setting};

use crate::databases::{databases, race};

/// Changes something. Who comes later changes nothing, and waits for the first all the same.
async fn set(tx: &WriteTx, value: &str) {
    let (Inserted::Done | Inserted::Taken) = tx.cluster().set_once(Setting::GroupPrefix, value).await.expect("sets");
}

#[tokio::test]
async fn nothing_is_remembered_before_commit() {
    for db in databases("nothing_before_commit").await {
        let tx = db.store.write("test.commit").await.expect("begins");
        set(&tx, "Núvol").await;
        assert_eq!(
            tx.cluster().find(Setting::GroupPrefix).await.expect("asks"),
            Some("Núvol".to_owned()),
            "{}: it sees its own change",
            db.name
        );
        assert_eq!(db.store.read().cluster().find(Setting::GroupPrefix).await.expect("asks"), None, "{}: nobody else does", db.name);
        tx.commit().await.expect("commits");
        assert_eq!(db.store.read().cluster().find(Setting::GroupPrefix).await.expect("asks"), Some("Núvol".to_owned()), "{}", db.name);
    }
}

#[tokio::test]
async fn a_dropped_or_rolled_back_transaction_leaves_nothing() {
    for db in databases("dropped_leaves_nothing").await {
        let tx = db.store.write("test.dropped").await.expect("begins");
        set(&tx, "A").await;
        drop(tx);
        let tx = db.store.write("test.rolled_back").await.expect("begins again");
        set(&tx, "B").await;
        tx.rollback().await.expect("rolls back");
        assert_eq!(db.store.read().cluster().find(Setting::GroupPrefix).await.expect("asks"), None, "{}", db.name);
    }
}

#[tokio::test]
async fn a_sound_database_passes_the_full_check() {
    for db in databases("full_check").await {
        let damage = db.store.check_integrity().await.expect("checks");
        assert!(damage.is_none_or(|damage| damage.is_empty()), "{}", db.name);
    }
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_not_ready() {
    for db in databases("takes_no_writes").await {
        db.store.ping().await.expect("answers");
        if db.name == "PostgreSQL" {
            let url = format!("{}&options[default_transaction_read_only]=on", db.options.database_url);
            let standby = Store::open(&StoreOptions::new(url)).await.expect("opens");
            assert!(standby.read().cluster().epoch().await.is_ok(), "it can be read");
            assert!(standby.ping().await.is_err());
        }
    }
}

#[tokio::test]
async fn writers_wait_for_each_other_and_readers_do_not() {
    for db in databases("writers_wait").await {
        let store = db.store.clone();
        let outcomes = race((0..20).map(|n| {
            let store = store.clone();
            async move {
                let tx = store.write("test.count").await.expect("begins");
                set(&tx, &n.to_string()).await;
                tx.commit().await.expect("commits");
                store.read().cluster().epoch().await.expect("asks")
            }
        }))
        .await;
        assert_eq!(outcomes, vec![1; 20], "{}", db.name);
    }
}

#[tokio::test]
async fn a_writer_that_takes_too_long_is_not_waited_for_for_ever() {
    let databases = databases("too_long").await;
    let sqlite = databases.first().expect("there is always SQLite");
    let mut options = sqlite.options.clone();
    options.acquire_timeout = std::time::Duration::from_millis(50);
    let store = Store::open(&options).await.expect("opens");
    let held = store.write("test.holds").await.expect("begins");
    let fault = store.write("test.waits").await.expect_err("the writer is taken");
    assert_eq!(fault.kind(), FaultKind::Unavailable);
    drop(held);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("idp_store") && *metadata.level() <= tracing::Level::WARN
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Fields<'a>(&'a mut String);
        impl tracing::field::Visit for Fields<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                let _ = write!(self.0, "{field}={value:?} ");
            }
        }
        let mut text = String::new();
        event.record(&mut Fields(&mut text));
        self.0.lock().expect("nobody panicked").push(text);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn forgetting_to_commit_is_noticed_by_name() {
    let databases = databases("forgotten_commit").await;
    let store = &databases.first().expect("there is always SQLite").store;
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    drop(store.write("test.only_read").await.expect("begins"));
    let tx = store.write("test.forgotten").await.expect("begins");
    set(&tx, "A").await;
    drop(tx);
    let tx = store.write("test.committed").await.expect("begins");
    set(&tx, "A").await;
    tx.commit().await.expect("commits");
    drop(guard);
    let lines = log.0.lock().expect("nobody panicked").clone();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("test.forgotten"), "{lines:?}");
}
