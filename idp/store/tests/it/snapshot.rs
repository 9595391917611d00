//! Export and `apply` read everything a file describes, and what people decided.

use idp_domain::{
    credential::{PasswordCredential, PasswordScheme},
    membership::{MandateKind, MembershipState},
    username::Username,
};
use idp_store::{Decided, Inserted, Tx, Updated, snapshot::Hashes};

use crate::{
    cluster::{Cluster, NOW},
    databases::{databases, id},
};

#[tokio::test]
async fn a_snapshot_holds_the_structure_and_every_person() {
    for db in databases("snapshot_all").await {
        let make = Cluster(&db.store);
        let (hort, ateneu) = (make.collective("hort").await, make.collective("ateneu").await);
        let web = make.working_group(&ateneu, "web").await;
        let nuvol = make.service("nuvol", &[&ateneu, &hort]).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let (maria, jana) = (make.person("maria", "Maria").await, make.person("jana", "Jana").await);
        let membership = make.member(&ateneu, maria).await;
        let mandate = make.mandate(&membership, MandateKind::Manager).await;
        let grant = make.grant(&membership, &offer).await;
        let password = PasswordCredential {
            id: id(),
            person: maria,
            scheme: PasswordScheme::Argon2id,
            phc: String::from("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA"),
            pepper_version: 0,
            created_at: NOW,
        };
        let tx = make.write().await;
        assert_eq!(tx.working_groups().assign(ateneu.id, membership.id, web.id).await.expect("assigns"), Inserted::Done);
        tx.credentials().set_password(&password).await.expect("sets");
        let paused = tx.memberships().set_state(ateneu.id, membership.id, 1, MembershipState::Suspended, NOW, Decided::InTheWeb(NOW)).await;
        assert_eq!(paused.expect("pauses"), Updated::Done);
        assert_eq!(tx.grants().withdraw(ateneu.id, grant.id, 1, Some(jana), NOW).await.expect("withdraws"), Updated::Done);
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let structure = rtx.snapshot().structure().await.expect("reads");
        let slugs: Vec<_> = structure.collectives.iter().map(|row| (row.value.slug.to_string(), row.decided_at)).collect();
        assert_eq!(slugs, [(String::from("ateneu"), None), (String::from("hort"), None)], "{}", db.name);
        assert_eq!(structure.working_groups, std::slice::from_ref(&web));
        assert_eq!(structure.services.iter().map(|row| row.value.id).collect::<Vec<_>>(), [nuvol.id]);
        assert_eq!(structure.owners, [(nuvol.id, ateneu.id), (nuvol.id, hort.id)].into());
        assert_eq!(structure.offers.iter().map(|row| row.value.id).collect::<Vec<_>>(), [offer.id]);

        let first = rtx.snapshot().people_after(None, 1, Hashes::Included).await.expect("reads");
        let found = &first[0];
        assert_eq!(found.person.value.id, maria, "{}", db.name);
        assert_eq!(found.password.as_ref().map(|found| &found.phc), Some(&password.phc));
        let stored = &found.memberships[0];
        assert_eq!((stored.membership.value.state, stored.membership.decided_at), (MembershipState::Suspended, Some(NOW)));
        assert_eq!(stored.working_groups, [web.id]);
        assert_eq!(stored.mandates.iter().map(|row| row.value.id).collect::<Vec<_>>(), [mandate.id]);
        let given: Vec<_> = found.grants.iter().map(|row| (row.value.id, row.value.withdrawn_at, row.decided_at)).collect();
        assert_eq!(given, [(grant.id, Some(NOW), Some(NOW))], "{}: what a person withdrew stays withdrawn", db.name);

        let rest = rtx.snapshot().people_after(Some(maria), 10, Hashes::LeftOut).await.expect("reads");
        assert_eq!(rest.iter().map(|person| person.person.value.id).collect::<Vec<_>>(), [jana]);
        let named: Vec<_> = ["jana", "ningu", "maria"].into_iter().map(|name| Username::parse(name).expect("a username")).collect();
        let named = rtx.snapshot().people_named(&named, Hashes::LeftOut).await.expect("reads");
        assert_eq!(named.iter().map(|person| person.person.value.id).collect::<Vec<_>>(), [maria, jana], "{}", db.name);
        assert!(named.iter().all(|person| person.password.is_none()), "{}: no hash leaves unasked", db.name);
    }
}
