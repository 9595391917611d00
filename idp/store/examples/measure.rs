#![allow(warnings, clippy::all, clippy::pedantic, clippy::allow_attributes)]
use std::time::Instant;
use idp_domain::{Timestamp, Ttl, id::Id, client::*, secret::*, session::*, scope::*, refresh::RefreshToken, code::Code, profile::Preset, redirect::RedirectUri, locale::Locale, name::DisplayName, username::Username, person::PersonState};
use idp_store::{*, people::NewPerson, sessions::NewSession, authorizations::NewAuthorization, tokens::NewRefreshToken};
fn cpu() -> f64 { let s = std::fs::read_to_string("/proc/self/stat").unwrap(); let f: Vec<_> = s.rsplit(')').next().unwrap().split_whitespace().collect(); (f[11].parse::<f64>().unwrap()+f[12].parse::<f64>().unwrap())/100.0 }
static N: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
fn u() -> uuid::Uuid { uuid::Uuid::from_u128((0x0193_0000_0000_7000_8000u128 << 48) | u128::from(N.fetch_add(1, std::sync::atomic::Ordering::Relaxed))) }
fn id<K>() -> Id<K> { Id::from_uuid(u()) }
fn h(k: SecretKind) -> SecretHash { let mut b=[0;32]; b[..16].copy_from_slice(u().as_bytes()); Secret::from_entropy(k,b).hash() }
async fn bench<F: Future<Output=()>>(name: &str, n: u32, f: impl Fn(u32)->F) {
    for i in 0..50 { f(i).await; }
    let (c,t)=(cpu(),Instant::now());
    for i in 0..n { f(i).await; }
    println!("{name:40} cpu {:7.1} us  wall {:7.1} us", (cpu()-c)*1e6/f64::from(n), t.elapsed().as_secs_f64()*1e6/f64::from(n));
}
#[tokio::main(worker_threads = 2)]
async fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let _ = std::fs::remove_dir_all(&dir); std::fs::create_dir_all(&dir).unwrap();
    let o = StoreOptions::new(format!("sqlite:{dir}/t.db"));
    Store::migrate(&o).await.unwrap();
    let t=Instant::now();
    let s = Store::open(&o).await.unwrap();
    println!("open {:?}", t.elapsed());
    let now = Timestamp::from_seconds(1_800_000_000);
    let tx = s.write("x").await.unwrap();
    let p = NewPerson{ id:id(), username: Username::parse("maria").unwrap(), display_name: DisplayName::parse("Maria").unwrap(), given_name:None, family_name:None, locale:Locale::Ca, zoneinfo:None, state:PersonState::Active, user_handle:[1;64], audit_index:u(), sealed_audit_key:vec![1], created_at: now};
    let _ = tx.people().insert(&p).await.unwrap();
    let c = Client{ id:id(), client_id: ClientIdentifier::parse("nuvol").unwrap(), name:"n".into(), role:ClientRole::AdminUi, auth_method:ClientAuthMethod::Secret, secrets:vec![], jwks:None, grant_types:vec![GrantType::AuthorizationCode], redirect_uris:vec![RedirectUri::parse("https://a.cat/cb").unwrap()], post_logout_redirect_uris:vec![RedirectUri::parse("https://a.cat/").unwrap()], scopes:ScopeSet::parse("openid profile"), resources:vec![], introspects:vec![], backchannel_logout_uri:None, sector:String::new(), consent:ConsentRule::FirstParty, profile:Preset::Nextcloud.profile(), disabled_at:None };
    let _ = tx.clients().insert(&c, now).await.unwrap();
    let _ = tx.clients().add_secret(id(), c.id, &h(SecretKind::ClientSecret), now).await.unwrap();
    let (b, cookie)=(id(), h(SecretKind::Browser));
    tx.sessions().insert_browser(b,&cookie,now).await.unwrap();
    let sid = id();
    tx.sessions().insert(&NewSession{id:sid,browser:b,person:p.id,created_at:now,idle:IDLE,expires_at:now+idp_domain::session::ABSOLUTE,epoch:1,label:None,proof_id:id(),proof:AuthEvent{method:AuthMethod::Password,at:now}}).await.unwrap();
    let a = tx.authorizations().upsert(&NewAuthorization{id:id(),person:p.id,client:c.id,session:sid,scope:ScopeSet::parse("openid profile"),claims:None,now}).await.unwrap();
    tx.subjects().release(p.id, "", "sub1", now).await.unwrap();
    let rid = id();
    let rt = NewRefreshToken{hash:h(SecretKind::RefreshToken), token: RefreshToken{id:rid,authorization:a.id,client:c.id,generation:0,audience:None,claims:None,auth_time:now,cnf_jkt:None,epoch:1,created_at:now,last_used_at:now,expires_at:now+idp_domain::refresh::ABSOLUTE,superseded_at:None,revoked_at:None}, family:rid, sid:Some(sid)};
    tx.refresh_tokens().insert(&rt).await.unwrap();
    tx.commit().await.unwrap();
    let n = 5000;
    bench("epoch (one row)", n, |_| async { s.read().cluster().epoch().await.unwrap(); }).await;
    bench("client by identifier", n, |_| async { s.read().clients().find_by_identifier(&c.client_id, now).await.unwrap().unwrap(); }).await;
    bench("session by browser", n, |_| async { s.read().sessions().find_by_browser(&cookie).await.unwrap().unwrap(); }).await;
    bench("backing", n, |_| async { s.read().authorizations().find_backing(a.id).await.unwrap().unwrap(); }).await;
    bench("backing with client", n, |_| async { s.read().authorizations().find_backing_with_client(a.id).await.unwrap().unwrap(); }).await;
    bench("refresh found", n, |_| async { s.read().refresh_tokens().find_by_hash(&rt.hash).await.unwrap().unwrap(); }).await;
    bench("write: empty tx", 2000, |_| async { s.write("x").await.unwrap().commit().await.unwrap(); }).await;
    bench("write: refresh use_again commit", 1000, |_| async { let tx = s.write("x").await.unwrap(); let _ = tx.refresh_tokens().use_again(rid, c.id, now).await.unwrap(); tx.commit().await.unwrap(); }).await;
    bench("write: code insert commit", 1000, |_| async { let tx = s.write("x").await.unwrap(); tx.codes().insert(&h(SecretKind::Code), &Code{id:id(),client:c.id,authorization:a.id,redirect_uri:"https://a.cat/cb".into(),challenge:None,nonce:None,resource:None,claims:None,auth_time:now,expires_at:now,redeemed_at:None}).await.unwrap(); tx.commit().await.unwrap(); }).await;
    bench("ephemeral count", 2000, |_| async { s.ephemeral().count("k","x",Ttl::seconds(60),now).await.unwrap(); }).await;
    let t=Instant::now(); let c0=cpu();
    let mut js=vec![]; for _ in 0..16 { let s=s.clone(); let id=a.id; js.push(tokio::spawn(async move { for _ in 0..1000 { s.read().authorizations().find_backing(id).await.unwrap(); } })); } for j in js { j.await.unwrap(); }
    println!("16 tasks backing: cpu {:.1} us wall {:.1} us each", (cpu()-c0)*1e6/16000.0, t.elapsed().as_secs_f64()*1e6/16000.0);
}
