use behind_its_back::tamper;
use idp_domain::{
    audit::{AuditEntry, AuditEvent},
    id::{AuditId, CollectiveId, PersonId},
    policy::Actor,
};
use idp_store::{
    Store, Tx,
    audit::{AuditedActor, ChainCheck},
};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, later},
};

/// Changes rows behind the store's back, as somebody with the database in hands could.
mod behind_its_back {
    use idp_store::StoreOptions;
    use sqlx::{ConnectOptions, Executor};

    pub(super) async fn tamper(options: &StoreOptions, sql: &str) -> Result<(), Box<dyn std::error::Error>> {
        if let Some(path) = options.database_url.strip_prefix("sqlite:") {
            Ok(rusqlite::Connection::open(path)?.execute_batch(sql)?)
        } else {
            let mut connection = options.database_url.parse::<sqlx::postgres::PgConnectOptions>()?.connect().await?;
            Ok(connection.execute(sqlx::AssertSqlSafe(sql.to_owned())).await.map(drop)?)
        }
    }
}

fn entry(collective: Option<CollectiveId>, actor: Actor, person: Option<PersonId>, event: AuditEvent) -> AuditEntry {
    AuditEntry { at: NOW, actor, collective, person, event, request_id: "r-1".to_owned() }
}

async fn append(store: &Store, entry: &AuditEntry, detail: Option<Vec<u8>>) -> AuditId {
    let id = id();
    let tx = Cluster(store).write().await;
    tx.audit().append(id, entry, detail).await.expect("appends");
    tx.commit().await.expect("commits");
    id
}

#[tokio::test]
async fn facts_are_read_back_in_their_chain_and_by_their_person() {
    for db in databases("audit_read").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria Puig").await, cluster.person("pere", "Pere").await);
        let (ateneu, forn) = (cluster.collective("ateneu").await.id, cluster.collective("forn").await.id);
        let (grant, service) = (id(), id());
        let given = entry(Some(ateneu), Actor::Person(maria), Some(pere), AuditEvent::GrantGiven { grant, service });
        let first = append(&db.store, &given, Some(b"sealed".to_vec())).await;
        let viewed = append(&db.store, &entry(Some(ateneu), Actor::Person(maria), Some(pere), AuditEvent::PersonViewed {}), None).await;
        let elsewhere = append(&db.store, &entry(Some(forn), Actor::System, Some(pere), AuditEvent::PersonActivated {}), None).await;
        let founded = append(&db.store, &entry(None, Actor::Operator, None, AuditEvent::ClusterFounded {}), None).await;

        let read = db.store.read();
        let listed = read.audit().list(Some(ateneu), None, 10).await.expect("lists");
        assert_eq!(listed.iter().map(|record| (record.id, record.seq)).collect::<Vec<_>>(), [(viewed, 2), (first, 1)], "{}", db.name);
        let record = &listed[1];
        assert_eq!((record.kind.as_str(), record.at, record.request_id.as_str()), ("grant.given", NOW, "r-1"));
        assert_eq!(record.fields, [("grant".to_owned(), grant.to_string()), ("service".to_owned(), service.to_string())]);
        let AuditedActor::Person(Some(actor)) = &record.actor else { panic!("{record:?}") };
        assert_eq!((actor.id, actor.name.as_str()), (maria, "Maria Puig"));
        assert_eq!(record.person.as_ref().map(|person| person.id), Some(pere));
        assert_eq!((record.collective, record.detail_sealed.as_deref()), (Some(ateneu), Some(&b"sealed"[..])));
        assert_eq!(read.audit().list(Some(ateneu), Some(2), 10).await.expect("lists").len(), 1, "{}: after a cursor", db.name);
        let latest =
            async |actor, person, kind, since| read.audit().find_latest_by(actor, person, (ateneu, kind), since).await.expect("reads");
        assert_eq!(latest(maria, pere, "person.viewed", NOW).await, Some(NOW), "{}", db.name);
        assert_eq!(latest(maria, pere, "person.viewed", NOW + idp_domain::Ttl::millis(1)).await, None, "{}: too long ago", db.name);
        assert_eq!(latest(pere, maria, "person.viewed", NOW).await, None, "{}: the other way round", db.name);
        assert_eq!(latest(maria, pere, "person.activated", NOW).await, None, "{}: another kind", db.name);

        let about_pere = read.audit().list_for_person(pere, None, 10).await.expect("lists");
        assert_eq!(about_pere.iter().map(|record| record.id).collect::<Vec<_>>(), [elsewhere, viewed, first], "{}", db.name);
        assert_eq!(read.audit().list_for_person(pere, Some(elsewhere), 1).await.expect("lists")[0].id, viewed);
        assert!(read.audit().list_for_person(maria, None, 10).await.expect("lists").is_empty(), "an act is not about its actor");
        let in_ateneu = read.audit().list_for_person_in(ateneu, pere, 10).await.expect("lists");
        assert_eq!(in_ateneu.iter().map(|record| record.id).collect::<Vec<_>>(), [viewed, first], "{}: walls", db.name);
        let cluster_chain = read.audit().list(None, None, 10).await.expect("lists");
        assert_eq!((cluster_chain[0].id, &cluster_chain[0].actor), (founded, &AuditedActor::Operator));
        assert_eq!(read.audit().list_chains().await.expect("lists").len(), 3);
        for chain in read.audit().list_chains().await.expect("lists") {
            let check = read.audit().verify(chain).await.expect("checks");
            assert!(matches!(check, ChainCheck::Sound { rows, .. } if rows > 0), "{}: {check:?}", db.name);
        }
        let empty = read.audit().verify(Some(id())).await.expect("checks");
        assert_eq!(empty, ChainCheck::Sound { rows: 0, head: [0; 32] });
    }
}

#[tokio::test]
async fn twenty_facts_at_once_form_one_chain() {
    for db in databases("audit_race").await {
        let ateneu = Cluster(&db.store).collective("ateneu").await.id;
        race((0..20).map(|_| {
            let store = db.store.clone();
            async move { append(&store, &entry(Some(ateneu), Actor::System, None, AuditEvent::ClusterFounded {}), None).await }
        }))
        .await;
        let check = db.store.read().audit().verify(Some(ateneu)).await.expect("checks");
        assert!(matches!(check, ChainCheck::Sound { rows: 20, .. }), "{}: {check:?}", db.name);
    }
}

#[tokio::test]
async fn rows_of_the_audit_can_be_neither_changed_nor_deleted() {
    for db in databases("audit_append_only").await {
        append(&db.store, &entry(None, Actor::System, None, AuditEvent::ClusterFounded {}), None).await;
        for sql in ["UPDATE audit SET kind = 'x'", "DELETE FROM audit"] {
            let error = tamper(&db.options, sql).await.expect_err("is refused");
            assert!(error.to_string().contains("append-only"), "{}: {error}", db.name);
        }
    }
}

#[tokio::test]
async fn an_edit_a_removal_and_a_cut_are_noticed() {
    for db in databases("audit_tampered").await {
        let (sqlite, ateneu) = (db.name == "SQLite", Cluster(&db.store).collective("ateneu").await.id);
        for _ in 0..4 {
            append(&db.store, &entry(Some(ateneu), Actor::Operator, None, AuditEvent::ClusterFounded {}), None).await;
        }
        let sound = db.store.read().audit().verify(Some(ateneu)).await.expect("checks");
        assert!(matches!(sound, ChainCheck::Sound { rows: 4, .. }));
        let open = if sqlite {
            "DROP TRIGGER audit_keeps_updates_out; DROP TRIGGER audit_keeps_deletes_out"
        } else {
            "DROP TRIGGER audit_keeps_changes_out ON audit"
        };
        for sql in open.split("; ") {
            tamper(&db.options, sql).await.expect("somebody with the database in hands can");
        }
        let check = async || db.store.read().audit().verify(Some(ateneu)).await.expect("checks");
        tamper(&db.options, "UPDATE audit SET at = at + 1 WHERE seq = 2").await.expect("edits");
        assert!(matches!(check().await, ChainCheck::Broken { seq: 2, .. }), "{}: an edited column", db.name);
        tamper(&db.options, "UPDATE audit SET at = at - 1 WHERE seq = 2").await.expect("edits back");
        assert_eq!(check().await, sound);
        tamper(&db.options, "UPDATE audit SET canonical = prev_hash WHERE seq = 3").await.expect("edits");
        assert!(matches!(check().await, ChainCheck::Broken { seq: 3, .. }), "{}: edited bytes", db.name);
        tamper(&db.options, "DELETE FROM audit WHERE seq = 3").await.expect("deletes");
        assert!(matches!(check().await, ChainCheck::Broken { seq: 3, .. }), "{}: a removed row", db.name);
        tamper(&db.options, "DELETE FROM audit WHERE seq > 2").await.expect("cuts");
        assert!(matches!(check().await, ChainCheck::Broken { seq: 3, .. }), "{}: a cut end", db.name);
    }
}

#[tokio::test]
async fn a_fact_about_somebody_unknown_is_a_fault_and_leaves_no_gap() {
    for db in databases("audit_unknown").await {
        let tx = Cluster(&db.store).write().await;
        let about_nobody = entry(None, Actor::System, Some(id()), AuditEvent::PersonActivated {});
        assert!(tx.audit().append(id(), &about_nobody, None).await.is_err(), "{}", db.name);
        tx.rollback().await.expect("rolls back");
        append(&db.store, &AuditEntry { at: later(1), ..entry(None, Actor::System, None, AuditEvent::ClusterFounded {}) }, None).await;
        let check = db.store.read().audit().verify(None).await.expect("checks");
        assert!(matches!(check, ChainCheck::Sound { rows: 1, .. }), "{}: {check:?}", db.name);
    }
}
