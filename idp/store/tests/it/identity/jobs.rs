use idp_domain::{Timestamp, Ttl, id::JobId};
use idp_store::{Attempt, Store, Tx, jobs::NewJob, keeping::Aged};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, later},
};

const LEASE: Ttl = Ttl::seconds(30);

async fn enqueue(store: &Store, kind: &str, run_at: Timestamp) -> JobId {
    let job = NewJob { id: id(), kind: kind.to_owned(), payload: "{\"v\":1}".to_owned(), run_at, created_at: NOW };
    let tx = Cluster(store).write().await;
    tx.jobs().enqueue(&job).await.expect("enqueues");
    tx.commit().await.expect("commits");
    job.id
}

async fn claim(store: &Store, limit: u64, now: Timestamp) -> Vec<idp_store::jobs::ClaimedJob> {
    let tx = Cluster(store).write().await;
    let claimed = tx.jobs().claim(&["mail", "logout"], limit, LEASE, now).await.expect("claims");
    tx.commit().await.expect("commits");
    claimed
}

#[tokio::test]
async fn work_appears_with_its_transaction_when_it_is_due_and_known() {
    for db in databases("job_due").await {
        let tx = Cluster(&db.store).write().await;
        let never = NewJob { id: id(), kind: "mail".into(), payload: String::new(), run_at: NOW, created_at: NOW };
        tx.jobs().enqueue(&never).await.expect("enqueues");
        tx.rollback().await.expect("rolls back");
        assert!(!db.store.read().jobs().any_due(NOW).await.expect("asks"), "{}", db.name);
        let (later_one, first, second) = (
            enqueue(&db.store, "mail", later(60)).await,
            enqueue(&db.store, "mail", later(1)).await,
            enqueue(&db.store, "logout", later(2)).await,
        );
        enqueue(&db.store, "of_a_newer_release", NOW).await;
        let ids = |claimed: Vec<idp_store::jobs::ClaimedJob>| claimed.into_iter().map(|job| job.id).collect::<Vec<_>>();
        assert_eq!(ids(claim(&db.store, 10, later(10)).await), [first, second], "{}: oldest first, unknown kinds left", db.name);
        assert_eq!(ids(claim(&db.store, 10, later(10)).await), [], "{}: held", db.name);
        assert_eq!(ids(claim(&db.store, 1, later(70)).await), [first], "{}: the lease ended", db.name);
        assert_eq!(ids(claim(&db.store, 10, later(70)).await), [second, later_one], "{}", db.name);
        assert_eq!(db.store.read().jobs().list_open(10).await.expect("lists").len(), 4);
    }
}

#[tokio::test]
async fn of_twenty_workers_each_job_has_one() {
    for db in databases("job_race").await {
        let mut jobs = Vec::new();
        for _ in 0..5 {
            jobs.push(enqueue(&db.store, "mail", NOW).await);
        }
        let claimed = race((0..20).map(|_| {
            let store = db.store.clone();
            async move { claim(&store, 2, later(1)).await }
        }))
        .await;
        let mut seen: Vec<_> = claimed.into_iter().flatten().map(|job| job.id).collect();
        // a worker may come away empty-handed while others hold rows, so a last one sweeps up
        seen.extend(claim(&db.store, 5, later(1)).await.into_iter().map(|job| job.id));
        seen.sort();
        assert_eq!(seen, jobs, "{}", db.name);
    }
}

#[tokio::test]
async fn a_worker_that_slept_through_its_lease_changes_nothing() {
    for db in databases("job_fence").await {
        enqueue(&db.store, "mail", NOW).await;
        let slow = claim(&db.store, 1, NOW).await.pop().expect("is due");
        let quick = claim(&db.store, 1, NOW + LEASE).await.pop().expect("the lease ended");
        assert_eq!((slow.id, slow.attempts, quick.attempts), (quick.id, 1, 2), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.jobs().complete(&slow, later(31)).await.expect("asks"), Attempt::Lost, "{}", db.name);
        assert_eq!(tx.jobs().retry(&slow, "slow", later(31)).await.expect("asks"), Attempt::Lost);
        assert_eq!(tx.jobs().bury(&slow, "slow", later(31)).await.expect("asks"), Attempt::Lost);
        assert_eq!(tx.jobs().complete(&quick, later(31)).await.expect("completes"), Attempt::Won, "{}", db.name);
        assert_eq!(tx.jobs().complete(&quick, later(31)).await.expect("asks"), Attempt::Lost, "{}: once", db.name);
        tx.commit().await.expect("commits");
        assert!(!db.store.read().jobs().any_due(later(999)).await.expect("asks"), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.keeping().forget(Aged::DoneJobs, later(31), 10, NOW).await.expect("purges"), 0);
        assert_eq!(tx.keeping().forget(Aged::DoneJobs, later(32), 10, NOW).await.expect("purges"), 1);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn failed_work_waits_dies_and_can_be_revived() {
    for db in databases("job_retry").await {
        let id = enqueue(&db.store, "mail", NOW).await;
        let job = claim(&db.store, 1, NOW).await.pop().expect("is due");
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.jobs().retry(&job, "451 try later", later(60)).await.expect("reports"), Attempt::Won);
        tx.commit().await.expect("commits");
        assert!(claim(&db.store, 1, later(59)).await.is_empty(), "{}", db.name);
        let job = claim(&db.store, 1, later(60)).await.pop().expect("waited");
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.jobs().bury(&job, "550 no such mailbox", later(61)).await.expect("reports"), Attempt::Won);
        tx.commit().await.expect("commits");
        assert!(claim(&db.store, 1, later(999)).await.is_empty(), "{}", db.name);
        let dead = db.store.read().jobs().list_dead(None, 10).await.expect("lists");
        assert_eq!(dead.len(), 1, "{}", db.name);
        assert_eq!((dead[0].id, dead[0].attempts, dead[0].dead_at), (id, 2, Some(later(61))));
        assert_eq!(dead[0].last_error.as_deref(), Some("550 no such mailbox"));
        assert!(db.store.read().jobs().list_dead(Some(id), 10).await.expect("lists").is_empty());
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.jobs().revive(id, later(100)).await.expect("revives"), Attempt::Won);
        assert_eq!(tx.jobs().revive(id, later(100)).await.expect("asks"), Attempt::Lost);
        tx.commit().await.expect("commits");
        assert_eq!(claim(&db.store, 1, later(100)).await.len(), 1, "{}", db.name);
    }
}
