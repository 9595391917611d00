//! Many rows at once are the same rows.

use idp_domain::{
    access::evaluate,
    credential::{PasswordCredential, PasswordScheme},
    membership::MandateKind,
};
use idp_store::{Tx, access::Affected, emails::Email};

use crate::{
    cluster::{Cluster, NOW, address, grant, mandate, membership, new_person},
    databases::{databases, id},
};

/// More than several statements take.
const PEOPLE: usize = 1_500;

#[tokio::test]
async fn thousands_of_people_arrive_whole() {
    for db in databases("bulk").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let web = make.working_group(&ateneu, "web").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let people: Vec<_> = (0..PEOPLE).map(|n| new_person(&format!("persona-{n}"), &format!("Persona {n}"))).collect();
        let emails: Vec<_> = people
            .iter()
            .map(|person| Email {
                id: id(),
                person: person.id,
                address: address(&format!("{}@example.cat", person.username)),
                signs_in: true,
                verified_at: Some(NOW),
                created_at: NOW,
            })
            .collect();
        let passwords: Vec<_> = people
            .iter()
            .map(|person| PasswordCredential {
                id: id(),
                person: person.id,
                scheme: PasswordScheme::Argon2id,
                phc: String::from("$argon2id$"),
                pepper_version: 0,
                created_at: NOW,
            })
            .collect();
        let memberships: Vec<_> = people.iter().map(|person| membership(ateneu.id, person.id)).collect();
        let mandates: Vec<_> = memberships.iter().take(2).map(|membership| mandate(membership, MandateKind::Manager)).collect();
        let places: Vec<_> = memberships.iter().map(|membership| (ateneu.id, membership.id, web.id)).collect();
        let grants: Vec<_> = memberships.iter().map(|membership| grant(membership, &offer)).collect();

        let tx = make.write().await;
        let bulk = tx.bulk();
        bulk.people(&people).await.expect("people");
        bulk.emails(&emails).await.expect("emails");
        bulk.passwords(&passwords).await.expect("passwords");
        bulk.memberships(&memberships).await.expect("memberships");
        bulk.mandates(&mandates, NOW).await.expect("mandates");
        bulk.working_groups(&places).await.expect("places");
        bulk.grants(&grants).await.expect("grants");
        bulk.grants(&[]).await.expect("nothing");
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let last = &people[PEOPLE - 1];
        let found = rtx.people().find_by_address(&emails[PEOPLE - 1].address).await.expect("reads").expect("is there");
        assert_eq!((found.id, &found.username), (last.id, &last.username), "{}", db.name);
        assert!(rtx.people().is_username_taken(&last.username).await.expect("reads"));
        assert!(rtx.credentials().find_password(last.id).await.expect("reads").is_some());
        let facts = rtx.access().facts(last.id, nuvol.id, NOW).await.expect("reads").expect("both exist");
        assert_eq!(evaluate(&facts, NOW).expect("open").groups.len(), 2, "{}: the collective and the working group", db.name);
        let affected = rtx.access().persons_affected(Affected::Service(nuvol.id), None, 10_000).await.expect("reads");
        assert_eq!(affected.len(), PEOPLE, "{}", db.name);
        assert_eq!(rtx.mandates().managers_of(&[ateneu.id], NOW).await.expect("reads").len(), 2);
    }
}
