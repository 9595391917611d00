#![allow(dead_code, clippy::all, clippy::pedantic, clippy::disallowed_methods)]
#[path = "it/cluster.rs"]
mod cluster;
#[path = "it/databases.rs"]
mod databases;
use cluster::*;
use databases::id;
use idp_domain::{access::evaluate, credential::*};
use idp_store::{Store, StoreOptions, Tx, desk::MemberFilter, emails::Email};
use std::time::Instant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scale() {
    let url = std::env::var("SCALE_URL").unwrap();
    let options = StoreOptions::new(url);
    Store::migrate(&options).await.unwrap();
    let store = Store::open(&options).await.unwrap();
    let make = Cluster(&store);
    let n: usize = std::env::var("SCALE_N").unwrap().parse().unwrap();
    let t = Instant::now();
    let mut cs = vec![];
    let mut wg = vec![];
    let mut services = vec![];
    let mut offers = vec![];
    for i in 0..200 {
        let c = make.collective(&format!("col-{i}")).await;
        wg.push(make.working_group(&c, "web").await);
        cs.push(c);
    }
    for i in 0..40 {
        services.push(make.service(&format!("svc-{i}"), &[&cs[i]]).await);
    }
    for c in &cs {
        let mut v = vec![];
        for k in 0..10 {
            v.push(make.offer(&services[(k * 4) % 40], c).await);
        }
        offers.push(v);
    }
    println!("structure {:?}", t.elapsed());
    let t = Instant::now();
    let tx = store.write("bulk").await.unwrap();
    let mut first = None;
    let mut sample = vec![];
    for start in (0..n).step_by(5000) {
        let people: Vec<_> = (start..(start + 5000).min(n)).map(|n| new_person(&format!("persona-{n}"), &format!("Persona {n}"))).collect();
        let emails: Vec<_> = people
            .iter()
            .map(|p| Email {
                id: id(),
                person: p.id,
                address: address(&format!("{}@example.cat", p.username)),
                signs_in: true,
                verified_at: Some(NOW),
                created_at: NOW,
            })
            .collect();
        let pw: Vec<_> = people
            .iter()
            .map(|p| PasswordCredential {
                id: id(),
                person: p.id,
                scheme: PasswordScheme::Argon2id,
                phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGFzaGFzaGFzaGFzaGFzaA".into(),
                pepper_version: 0,
                created_at: NOW,
            })
            .collect();
        let ms: Vec<_> = people
            .iter()
            .enumerate()
            .flat_map(|(i, p)| {
                let a = (start + i) % 200;
                [(a, membership(cs[a].id, p.id)), ((a + 7) % 200, membership(cs[(a + 7) % 200].id, p.id))]
            })
            .collect();
        let gs: Vec<_> = ms.iter().flat_map(|(c, m)| [grant(m, &offers[*c][0]), grant(m, &offers[*c][1])]).collect();
        let mem: Vec<_> = ms.iter().map(|x| x.1.clone()).collect();
        let pl: Vec<_> = ms.iter().map(|(c, m)| (cs[*c].id, m.id, wg[*c].id)).collect();
        tx.bulk().people(&people).await.unwrap();
        tx.bulk().emails(&emails).await.unwrap();
        tx.bulk().passwords(&pw).await.unwrap();
        tx.bulk().memberships(&mem).await.unwrap();
        tx.bulk().working_groups(&pl).await.unwrap();
        tx.bulk().grants(&gs).await.unwrap();
        first.get_or_insert(people[0].id);
        sample.push(people[people.len() / 2].id);
    }
    println!("bulk {:?}", t.elapsed());
    let t = Instant::now();
    tx.commit().await.unwrap();
    println!("commit {:?}", t.elapsed());
    let rtx = store.read();
    for p in &sample {
        assert!(evaluate(&rtx.access().facts(*p, services[0].id, NOW).await.unwrap().unwrap(), NOW).is_ok());
    }
    let t = Instant::now();
    for i in 0..1000 {
        rtx.access().facts(sample[i % sample.len()], services[0].id, NOW).await.unwrap();
    }
    println!("facts {:?} each", t.elapsed() / 1000);
    let t = Instant::now();
    for i in 0..1000 {
        rtx.people().find(sample[i % sample.len()]).await.unwrap();
    }
    println!("person {:?} each", t.elapsed() / 1000);
    let t = Instant::now();
    for i in 0..200 {
        rtx.access().facts_everywhere(sample[i % sample.len()], NOW).await.unwrap();
    }
    println!("everywhere {:?} each", t.elapsed() / 200);
    let t = Instant::now();
    for i in 0..500 {
        rtx.standing().of(sample[i % sample.len()], NOW).await.unwrap();
    }
    println!("standing {:?} each", t.elapsed() / 500);
    let t = Instant::now();
    for i in 0..20 {
        rtx.desk().members(cs[i].id, MemberFilter { state: None, text: Some("persona 9") }, None, 50, NOW).await.unwrap();
    }
    println!("desk search {:?} each", t.elapsed() / 20);
    let t = Instant::now();
    for i in 0..20 {
        rtx.desk().services(cs[i].id, NOW).await.unwrap();
    }
    println!("desk services {:?} each", t.elapsed() / 20);
}
