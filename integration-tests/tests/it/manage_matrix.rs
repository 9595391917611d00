//! Each route of the management API, called by everybody the policy knows, answers as declared beside its router
//! (`idp::manage::matrix`): 404, never 403, for whoever has nothing to do with the collective.

use anyhow::{Context as _, Result, ensure};
use http::Method;
use idp::manage::matrix::{As, ROUTES, Route};
use idp_api::{client::Portion, paths, version};
use idp_domain::{membership::MandateKind, username::Username};
use idp_store::{Attempt, Decided, Store, StoreOptions, Tx as _};
use integration_tests::{
    desk::{self, Desk},
    http::{Request, Session},
    world::World,
};
use url::Url;

const PASSWORD: &str = "quatre gats fan un aplec";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"
listed = true

[[collective]]
name = "L'Hort"
slug = "hort"
listed = true

[[service]]
name = "Oficina"
slug = "oficina"

[[service]]
name = "Xat"
slug = "xat"

[[offer]]
service = "oficina"
collective = "ateneu"

[[offer]]
service = "xat"
collective = "ateneu"

[[person]]
username = "gemma"
name = "Gemma, gestora"
emails = ["gemma@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]

[[person]]
username = "maria"
name = "Maria, que en gestiona un altre"
emails = ["maria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }, { collective = "hort", mandates = [{ kind = "manager" }] }]

[[person]]
username = "hug"
name = "Hug, de l'altre"
emails = ["hug@hort.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "hort", mandates = [{ kind = "manager" }] }]

[[person]]
username = "estela"
name = "Estela, de l'equip comú"
emails = ["estela@hort.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "hort", mandates = [{ kind = "community_steward" }] }]

[[person]]
username = "pau"
name = "Pau, que ho havia estat"
emails = ["pau@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]

[[person]]
username = "roser"
name = "Roser, la de qui es tracta"
emails = ["roser@ateneu.test"]
memberships = [{ collective = "ateneu" }]
grants = [{ service = "oficina", via = "ateneu" }]

[[person]]
username = "primera"
name = "Primera"
emails = ["primera@exemple.test"]
state = "awaiting_validation"
requests = [{ kind = "join", collective = "ateneu" }]

[[person]]
username = "segona"
name = "Segona"
emails = ["segona@exemple.test"]
state = "awaiting_validation"
requests = [{ kind = "join", collective = "ateneu" }]

[[person]]
username = "tercera"
name = "Tercera"
emails = ["tercera@exemple.test"]
state = "awaiting_validation"
requests = [{ kind = "join", collective = "ateneu" }]
"#;

/// Everybody's desk. Pau's token is from when he was a manager.
struct Callers {
    pau: Desk,
    maria: Desk,
    hug: Desk,
    gemma: Desk,
    estela: Desk,
}

impl Callers {
    async fn sign_in(world: &World) -> Result<Self> {
        let open = |username| Desk::open(world, username, PASSWORD);
        let callers = Self {
            pau: open("pau").await?,
            maria: open("maria").await?,
            hug: open("hug").await?,
            gemma: open("gemma").await?,
            estela: open("estela").await?,
        };
        end_mandate(world, "pau").await?;
        Ok(callers)
    }

    fn token(&self, caller: As) -> Option<&str> {
        match caller {
            As::Anonymous => None,
            As::Member => Some(self.pau.token()),
            As::MemberManagingElsewhere => Some(self.maria.token()),
            As::ManagerOfAnother => Some(self.hug.token()),
            As::Manager => Some(self.gemma.token()),
            As::Steward => Some(self.estela.token()),
        }
    }
}

/// Takes a person's mandate of manager back.
async fn end_mandate(world: &World, username: &str) -> Result<()> {
    let url = format!("sqlite:{}", world.directory.path().join("aplec.db").display());
    let store = Store::open(&StoreOptions::new(url)).await?;
    let tx = store.write("test").await?;
    let person = tx.people().find_by_username(&Username::parse(username)?).await?.context("a person")?;
    for (membership, collective) in tx.memberships().list_of_person(person.id).await? {
        for mandate in tx.mandates().list_of_membership(collective.id, membership.id).await? {
            ensure!(mandate.kind == MandateKind::Manager, "{username} holds something else");
            let ended = tx.mandates().end(collective.id, mandate.id, world.clock.now(), Decided::ByFile).await?;
            ensure!(ended == Attempt::Won, "{username} held nothing");
        }
    }
    tx.commit().await?;
    Ok(store.close().await?)
}

/// What the names in a route stand for now, as the manager sees it.
struct Target {
    names: Vec<(&'static str, String)>,
    collective_version: i64,
    member_version: i64,
    grant_version: i64,
}

impl Target {
    async fn now(gemma: &Desk, hort: &str) -> Result<Self> {
        let id = gemma.collective("ateneu").await?;
        let collective = gemma.api().collective(&id).await?;
        let roser = gemma.detail(&id, "roser").await?;
        let services = gemma.api().services(&id).await?.items;
        let xat = services.into_iter().find(|offered| offered.service.slug == "xat").context("Xat is offered")?;
        let waiting = gemma.api().requests(&id, None, Portion::default()).await?.items;
        let door = roser.doors.iter().find(|door| door.service.slug == "oficina");
        let names = [
            ("{collective}", id),
            ("{member}", roser.membership.id),
            ("{request}", waiting.first().map(|request| request.id.clone()).unwrap_or_default()),
            ("{grant}", door.map(|door| door.grant_id.clone()).unwrap_or_default()),
            ("{mandate}", roser.mandates.first().map(|mandate| mandate.id.clone()).unwrap_or_default()),
            ("{offered_service}", xat.service.id),
            ("{target}", hort.to_owned()),
        ];
        Ok(Self {
            names: names.into(),
            collective_version: collective.version,
            member_version: roser.membership.version,
            grant_version: door.map_or(0, |door| door.version),
        })
    }

    fn filled(&self, template: &str) -> String {
        self.names.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    fn version_of(&self, path: &str) -> i64 {
        if path.contains("{grant}") {
            self.grant_version
        } else if path.contains("{member}") {
            self.member_version
        } else {
            self.collective_version
        }
    }

    fn request(&self, world: &World, route: &Route, token: Option<&str>) -> Result<Request> {
        let mut request = Request::get(Url::parse(&world.at(&self.filled(route.path)))?);
        request.method = route.method.clone();
        if let Some(body) = route.body {
            request.body = Some(self.filled(body));
            request = request.header("content-type", "application/json");
        }
        if route.versioned {
            request = request.header("if-match", &version::tag(self.version_of(route.path)));
        }
        Ok(match token {
            Some(token) => request.header("authorization", &format!("Bearer {token}")),
            None => request,
        })
    }
}

/// How many facts the collective's chain holds.
async fn facts(gemma: &Desk, collective: &str) -> Result<i64> {
    let newest = gemma.api().audit(collective, Portion { limit: Some(1), ..Portion::default() }).await?;
    Ok(newest.items.first().map_or(0, |fact| fact.sequence))
}

#[tokio::test]
async fn every_route_answers_everybody_as_declared() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let callers = Callers::sign_in(&world).await?;
    let hort = callers.hug.collective("hort").await?;
    let mut wrong = Vec::new();
    for route in &ROUTES {
        // whoever may not comes first: nothing may have changed when the manager calls
        let mut everybody = As::ALL;
        everybody.sort_by_key(|caller| *caller == As::Manager);
        let target = Target::now(&callers.gemma, &hort).await?;
        for caller in everybody {
            let request = target.request(&world, route, callers.token(caller))?;
            let before = facts(&callers.gemma, &target.filled("{collective}")).await?;
            let answer = Session::new()?.step(request, None).await?;
            let declared = route.answers[As::ALL.iter().position(|known| *known == caller).context("a known caller")?];
            if answer.status.as_u16() != declared {
                wrong.push(format!("{} {} as {caller:?}: declared {declared}, got {}", route.method, route.path, answer.describe()));
            }
            // looking at a person is a fact too, a refusal is none
            if route.method != Method::GET {
                let more = facts(&callers.gemma, &target.filled("{collective}")).await? - before;
                let changed = answer.status.is_success();
                ensure!((more > 0) == changed, "{} {} as {caller:?} left {more} facts", route.method, route.path);
            }
            let problem = answer.header("content-type") == idp_api::PROBLEM_JSON;
            ensure!(problem == (answer.status.as_u16() >= 400), "{} {}: {}", route.method, route.path, answer.describe());
            if answer.status == 401 {
                ensure!(answer.header("www-authenticate").starts_with("Bearer "), "{} without a challenge", route.path);
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn what_is_not_documented_is_refused() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let gemma = Desk::open(&world, "gemma", PASSWORD).await?;
    let target = Target::now(&gemma, "col_0").await?;
    let call = async |method: &str, path: &str, headers: &[(&'static str, &str)], body: Option<&str>| -> Result<u16> {
        let mut request = Request::get(Url::parse(&world.at(&target.filled(path)))?);
        request.method = method.parse()?;
        request.body = body.map(str::to_owned);
        request = request.header("authorization", &format!("Bearer {}", gemma.token()));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        Ok(Session::new()?.step(request, None).await?.status.as_u16())
    };
    let json = ("content-type", "application/json");
    let members = format!("{}?page=2", paths::MEMBERS);
    let twice = format!("{}?q=a&q=b", paths::MEMBERS);
    let cursor = format!("{}?cursor=x", paths::MEMBERS);
    for (method, path, headers, body, status) in [
        ("GET", members.as_str(), vec![], None, 400),
        ("GET", &twice, vec![], None, 400),
        ("GET", &cursor, vec![], None, 400),
        ("GET", "/manage/v1/nowhere", vec![], None, 404),
        ("GET", "/manage/v1/collectives/ateneu", vec![], None, 404),
        ("DELETE", paths::COLLECTIVE, vec![], None, 405),
        ("PATCH", paths::COLLECTIVE, vec![json], Some("{}"), 428),
        ("PATCH", paths::COLLECTIVE, vec![json, ("if-match", "\"99\"")], Some("{}"), 412),
        ("PATCH", paths::COLLECTIVE, vec![json, ("if-match", "*")], Some("{}"), 400),
        ("PATCH", paths::COLLECTIVE, vec![json, ("if-match", "\"1\"")], Some(r#"{"slug": "altre"}"#), 400),
        ("PATCH", paths::COLLECTIVE, vec![json, ("if-match", "\"1\"")], Some(r#"{"name": "  "}"#), 422),
        ("POST", paths::GRANTS, vec![json], Some("{"), 400),
        ("POST", paths::GRANTS, vec![("content-type", "text/plain")], Some("{}"), 415),
        ("POST", paths::GRANTS, vec![json], Some(r#"{"service_id": "svc_x"}"#), 422),
        ("POST", paths::GRANTS, vec![json, ("idempotency-key", "a b")], Some("{}"), 400),
        ("POST", paths::INVITATIONS, vec![json], Some(r#"{"email": "no és cap adreça"}"#), 422),
    ] {
        let got = call(method, path, &headers, body).await?;
        ensure!(got == status, "{method} {path} {headers:?} {body:?}: expected {status}, got {got}");
    }
    let large = format!(r#"{{"reason": "{}"}}"#, "a".repeat(300 * 1024));
    ensure!(call("POST", paths::REQUEST_REFUSE, &[json], Some(&large)).await? == 413, "a body has a limit");
    Ok(())
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_once() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let gemma = Desk::open(&world, "gemma", PASSWORD).await?;
    let collective = gemma.collective("ateneu").await?;
    let member = gemma.member(&collective, "roser").await?;
    let services = gemma.api().services(&collective).await?.items;
    let xat = services.iter().find(|offered| offered.service.slug == "xat").context("Xat is offered")?;
    let grant = |ends_at| idp_api::Grant { service_id: xat.service.id.clone(), role: None, quota: None, ends_at };
    let first = gemma.api().grant(&collective, &member.id, &grant(None), "key-1").await?;
    let second = gemma.api().grant(&collective, &member.id, &grant(None), "key-1").await?;
    ensure!(first == second, "{first:?} {second:?}");
    let other = Desk::problem(gemma.api().grant(&collective, &member.id, &grant(Some(i64::MAX)), "key-1").await)?;
    ensure!(other.kind == idp_api::ProblemType::IdempotencyKeyReused, "{other:?}");
    let again = Desk::problem(gemma.api().grant(&collective, &member.id, &grant(None), "key-2").await)?;
    ensure!(again.code.as_deref() == Some("already_open"), "{again:?}");
    ensure!(gemma.detail(&collective, "roser").await?.doors.len() == 2, "one door more");
    Ok(())
}
