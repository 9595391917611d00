//! One suite for every place short-lived state may live in.

use idp_domain::Ttl;
use idp_store::{
    EphemeralOptions, Store,
    ephemeral::{Counted, Stored},
};

use crate::{
    databases::{Db, databases, race, uuid, variable},
    identity::build::{NOW, later},
};

/// A place, and a word before every key, since a Redis is shared by tests.
struct Shelf {
    store: Store,
    name: &'static str,
    word: String,
    /// Keeps a file on the disk.
    _database: Option<Db>,
}

impl Shelf {
    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.word)
    }
}

async fn shelves(test: &str) -> Vec<Shelf> {
    let mut shelves = Vec::new();
    // unique across runs against one Redis
    let word = format!("{test}-{}-{}", std::process::id(), uuid());
    let databases = databases(test).await;
    if let Some(url) = variable("TEST_REDIS_URL") {
        let mut options = databases[0].options.clone();
        options.ephemeral = EphemeralOptions::Redis(url);
        let store = Store::open(&options).await.expect("opens");
        shelves.push(Shelf { store, name: "Redis", word: word.clone(), _database: None });
    } else {
        assert!(variable("TEST_REQUIRE_ALL").is_none(), "TEST_REQUIRE_ALL is set, so TEST_REDIS_URL must be set too");
    }
    for db in databases {
        shelves.push(Shelf { store: db.store.clone(), name: db.name, word: word.clone(), _database: Some(db) });
    }
    shelves
}

#[tokio::test]
async fn a_value_stays_until_its_instant_and_not_longer() {
    for shelf in shelves("value_expires").await {
        let (e, key) = (shelf.store.ephemeral(), shelf.key("k"));
        e.put("flow", &key, "a|b\n{}", later(60), NOW).await.expect("puts");
        assert_eq!(e.peek("flow", &key, later(59)).await.expect("asks").as_deref(), Some("a|b\n{}"), "{}", shelf.name);
        assert_eq!(e.peek("flow", &key, later(60)).await.expect("asks"), None, "{}: expired", shelf.name);
        assert_eq!(e.peek("other", &key, NOW).await.expect("asks"), None, "{}: another kind", shelf.name);
        assert_eq!(e.take("flow", &key, later(60)).await.expect("asks"), None, "{}: expired values cannot be taken", shelf.name);
        e.put("flow", &key, "one", later(60), NOW).await.expect("puts");
        e.put("flow", &key, "two", later(90), NOW).await.expect("replaces");
        assert_eq!(e.take("flow", &key, later(89)).await.expect("takes").as_deref(), Some("two"), "{}", shelf.name);
        assert_eq!(e.take("flow", &key, later(89)).await.expect("asks"), None, "{}: once", shelf.name);
        e.put("flow", &key, "three", later(60), NOW).await.expect("puts");
        e.remove("flow", &key).await.expect("removes");
        assert_eq!(e.peek("flow", &key, NOW).await.expect("asks"), None, "{}", shelf.name);
    }
}

#[tokio::test]
async fn of_twenty_takers_one_gets_the_value() {
    for shelf in shelves("takers").await {
        let key = shelf.key("k");
        shelf.store.ephemeral().put("flow", &key, "v", later(60), NOW).await.expect("puts");
        let outcomes = race((0..20).map(|_| {
            let (store, key) = (shelf.store.clone(), key.clone());
            async move { store.ephemeral().take("flow", &key, NOW).await.expect("takes") }
        }))
        .await;
        assert_eq!(outcomes.iter().flatten().count(), 1, "{}", shelf.name);
    }
}

#[tokio::test]
async fn of_twenty_equal_identifiers_one_is_the_first_until_it_expires() {
    for shelf in shelves("replay").await {
        let key = shelf.key("jti");
        let round = async |now, until| {
            race((0..20).map(|_| {
                let (store, key) = (shelf.store.clone(), key.clone());
                async move { store.ephemeral().put_if_absent("jti", &key, "", until, now).await.expect("puts") }
            }))
            .await
            .into_iter()
            .filter(|stored| *stored == Stored::First)
            .count()
        };
        assert_eq!(round(NOW, later(60)).await, 1, "{}", shelf.name);
        assert_eq!(round(later(59), later(90)).await, 0, "{}: seen", shelf.name);
        assert_eq!(round(later(60), later(90)).await, 1, "{}: forgotten", shelf.name);
    }
}

#[tokio::test]
async fn twenty_at_once_are_counted_twenty_times_and_anew_in_the_next_window() {
    for shelf in shelves("counting").await {
        let (e, key, window) = (shelf.store.ephemeral(), shelf.key("k"), Ttl::seconds(60));
        assert_eq!(e.counted("limit", &key, NOW).await.expect("asks"), None);
        let mut counts: Vec<_> = race((0..20).map(|_| {
            let (store, key) = (shelf.store.clone(), key.clone());
            async move { store.ephemeral().count("limit", &key, window, NOW).await.expect("counts").count }
        }))
        .await;
        counts.sort_unstable();
        assert_eq!(counts, (1..=20).collect::<Vec<_>>(), "{}", shelf.name);
        let next = e.count("limit", &key, window, later(59)).await.expect("counts");
        assert_eq!(next, Counted { count: 21, resets_at: later(60) }, "{}: the window began with the first", shelf.name);
        assert_eq!(e.counted("limit", &key, later(59)).await.expect("asks"), Some(next));
        assert_eq!(e.counted("limit", &key, later(60)).await.expect("asks"), None);
        let anew = e.count("limit", &key, window, later(60)).await.expect("counts");
        assert_eq!(anew, Counted { count: 1, resets_at: later(120) }, "{}", shelf.name);
        e.remove("limit", &key).await.expect("forgets");
        assert_eq!(e.count("limit", &key, window, later(61)).await.expect("counts").count, 1, "{}", shelf.name);
    }
}

#[tokio::test]
async fn sweeping_takes_what_has_expired_only() {
    for shelf in shelves("sweeping").await {
        let e = shelf.store.ephemeral();
        e.put("flow", &shelf.key("old"), "v", later(10), NOW).await.expect("puts");
        e.put("flow", &shelf.key("new"), "v", later(99), NOW).await.expect("puts");
        let swept = e.purge(later(10)).await.expect("sweeps");
        assert_eq!(swept, u64::from(shelf.name != "Redis"), "{}: Redis sweeps by itself", shelf.name);
        assert!(e.peek("flow", &shelf.key("new"), later(11)).await.expect("asks").is_some(), "{}", shelf.name);
    }
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_told_without_its_password() {
    let databases = databases("no_redis").await;
    let mut options = databases[0].options.clone();
    options.ephemeral = EphemeralOptions::Redis("redis://:geheim@127.0.0.1:9/".into());
    let error = Store::open(&options).await.expect_err("nobody listens").to_string();
    assert!(error.contains("127.0.0.1") && !error.contains("geheim"), "{error}");
}
