//! Receipts: what became of a withdrawal at each service.

use idp_domain::{Timestamp, Ttl, id::CollectiveId};
use idp_store::{
    Tx,
    receipts::{Receipt, ReceiptKind, ReceiptState},
};

use crate::{
    cluster::{Cluster, NOW},
    databases::{databases, id},
};

fn later(minutes: i64) -> Timestamp {
    NOW + Ttl::minutes(minutes)
}

#[tokio::test]
async fn what_a_service_confirmed_stays_confirmed_and_another_collective_reads_nothing() {
    for db in databases("desk_receipts").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let membership = make.member(&ateneu, make.person("maria", "Maria").await).await;
        let grant = make.grant(&membership, &make.offer(&nuvol, &ateneu).await).await;
        let client = make.client("nuvol", nuvol.id).await;
        let receipt = |told_at| Receipt {
            id: id(),
            grant: grant.id,
            client,
            session: Some(id()),
            kind: ReceiptKind::BackchannelLogout,
            state: ReceiptState::Pending,
            told_at,
            at: told_at,
            detail: None,
        };
        let (old, one, other) = (receipt(later(0)), receipt(later(1)), receipt(later(1)));
        let tx = make.write().await;
        tx.receipts().insert(&[old.clone(), one.clone(), other.clone()]).await.expect("inserts");
        tx.receipts().note_failed_try(&[one.id, other.id], "no answer in time", later(2)).await.expect("notes");
        tx.commit().await.expect("commits");
        let read = async |collective: CollectiveId, since| {
            let listed = db.store.read().receipts().list_of_membership(collective, membership.id, since).await.expect("lists");
            listed.into_iter().map(|(service, receipt)| (service == nuvol.id, receipt)).collect::<Vec<_>>()
        };
        let tried = |receipt: &Receipt| Receipt { at: later(2), detail: Some("no answer in time".into()), ..receipt.clone() };
        assert_eq!(read(ateneu.id, later(0)).await, [(true, old), (true, tried(&one)), (true, tried(&other))], "{}", db.name);

        let settle = async |receipt: &Receipt, state, at| {
            let tx = make.write().await;
            tx.receipts().settle(&[receipt.id], state, None, at).await.expect("settles");
            tx.commit().await.expect("commits");
        };
        settle(&one, ReceiptState::Confirmed, later(3)).await;
        settle(&one, ReceiptState::Failed, later(4)).await;
        settle(&other, ReceiptState::Failed, later(3)).await;
        settle(&other, ReceiptState::Confirmed, later(4)).await;
        let confirmed = |receipt: Receipt, at| (true, Receipt { state: ReceiptState::Confirmed, at, ..receipt });
        let now = read(ateneu.id, later(1)).await;
        assert_eq!(now, [confirmed(one, later(3)), confirmed(other, later(4))], "{}", db.name);
        assert!(read(hort.id, later(0)).await.is_empty(), "{}", db.name);
    }
}
