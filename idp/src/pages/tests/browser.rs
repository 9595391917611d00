//! An application and a browser that walks through its pages.

use std::collections::BTreeMap;

use axum::{Router, body::Body, extract::Request, response::Response};
use http::{Method, StatusCode, header};
use idp_app::{
    App, AppOptions, AppSettings, EphemeralAt,
    apply::apply_text,
    env::{Clock, Entropy},
};
use idp_domain::{Timestamp, groups::GroupPrefix, issuer::Issuer, policy::Actor};
use keys::MasterKey;
use tower::ServiceExt as _;

use crate::{
    http::{edge::Edge, proxies::TrustedProxies, testing},
    wiring::{self, AppState},
};

pub(super) const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"
listed = true

[[service]]
name = "Oficina"
slug = "oficina"
owners = ["ateneu"]

[[service]]
name = "Fòrum"
slug = "forum"
owners = ["ateneu"]

[[client]]
client_id = "oficina"
service = "oficina"
secret = "prou-llarg-per-a-una-prova-0123456789"
redirect_uris = ["https://oficina.cat/cb"]
post_logout_redirect_uris = ["https://oficina.cat/adeu"]
consent = "ask"

[[client]]
client_id = "forum"
service = "forum"
secret = "prou-llarg-per-a-una-prova-0123456789"
redirect_uris = ["https://forum.cat/cb"]

[[offer]]
service = "oficina"
collective = "ateneu"

[[offer]]
service = "forum"
collective = "ateneu"

[[person]]
username = "laia"
name = "Laia Ferrer"
emails = ["laia@exemple.cat"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }]
grants = [{ service = "oficina", via = "ateneu" }]

[[person]]
username = "nova"
name = "Nova Veïna"
emails = ["nova@exemple.cat"]
password = "quatre gats fan un aplec"
requests = [{ kind = "join", collective = "ateneu", text = "Vaig a la coral." }]

[[person]]
username = "x-0123456789abcde"
name = "Una Altra"
emails = ["altra@exemple.cat"]
password = "quatre gats fan un aplec"
"#;
pub(super) const PASSWORD: &str = "quatre gats fan un aplec";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(super) struct World {
    pub(super) router: Router,
    _directory: tempfile::TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let options = AppOptions {
            database_url: format!("sqlite:{}", directory.path().join("aplec.db").display()),
            ephemeral: EphemeralAt::BesideDatabase,
            master: MasterKey::from_bytes([7; 32]),
            settings: AppSettings {
                issuer: Issuer::parse("http://localhost:8080").expect("an issuer"),
                admin_ui: None,
                cluster_name: "Núvol de prova".to_owned(),
                group_prefix: GroupPrefix::default(),
            },
            clock: Clock::manual(Timestamp::from_seconds(1_800_000_000)),
            entropy: Entropy::seeded(3),
        };
        App::migrate(&options).await.expect("migrated");
        let app = App::open(options).await.expect("opened");
        let act = app.act(Actor::Operator, "test");
        apply_text(&act, "cluster.toml", CLUSTER, directory.path()).await.expect("applied");
        let edge = Edge::of(&app, TrustedProxies::default());
        Self { router: wiring::router(AppState::new(app, edge).expect("a state")), _directory: directory }
    }
}

/// A browser: keeps its cookies, sends what browsers send.
pub(super) struct Browser<'w> {
    pub(super) world: &'w World,
    pub(super) cookies: BTreeMap<String, String>,
}

/// What a page answered.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) policy: String,
    pub(super) html: String,
}

impl Page {
    /// The hidden fields of the form that posts to `action`.
    pub(super) fn form(&self, action: &str) -> Vec<(String, String)> {
        let marker = format!("action=\"{action}\"");
        let form =
            self.html.split("<form").find(|form| form.contains(&marker)).unwrap_or_else(|| panic!("no form to {action} in\n{}", self.html));
        let inputs = form.split("<input").skip(1).filter(|input| input.contains("type=\"hidden\""));
        inputs.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
    }
}

pub(super) fn attribute(tag: &str, name: &str) -> String {
    let start = tag.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
    start.split('"').next().unwrap_or_default().replace("&amp;", "&")
}

impl<'w> Browser<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    pub(super) async fn send(&mut self, method: Method, path: &str, fields: &[(String, String)], site: &str) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", site)
            .header(header::USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let response: Response = self.world.router.clone().oneshot(request).await.expect("infallible");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().expect("ASCII").split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a cookie");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let (status, location, policy) = (response.status(), text(header::LOCATION), text(header::CONTENT_SECURITY_POLICY));
        Page { status, location, policy, html: testing::body(response).await }
    }
    pub(super) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[], "none").await
    }
    pub(super) async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        self.send(Method::POST, path, fields, "same-origin").await
    }
    /// Follows redirects between our own pages.
    pub(super) async fn follow(&mut self, mut page: Page) -> Page {
        while page.location.starts_with('/') {
            let next = page.location.clone();
            page = self.get(&next).await;
        }
        page
    }
    /// Fills in the form of a page and sends it.
    pub(super) async fn submit(&mut self, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
        let mut fields = page.form(action);
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let page = self.post(action, &fields).await;
        self.follow(page).await
    }
    pub(super) async fn sign_in(&mut self) -> Page {
        self.sign_in_as("laia").await
    }
    pub(super) async fn sign_in_as(&mut self, identifier: &str) -> Page {
        let page = self.get("/login").await;
        self.submit(&page, "/login", &[("identifier", identifier), ("password", PASSWORD)]).await
    }
    /// Where the way to a client ends.
    pub(super) async fn go_to(&mut self, client: &str) -> Page {
        let arrived = self.get(&authorize(client, "")).await;
        self.follow(arrived).await
    }
}

pub(super) fn authorize(client: &str, more: &str) -> String {
    let redirect = format!("https%3A%2F%2F{client}.cat%2Fcb");
    format!(
        "/oauth/authorize?client_id={client}&redirect_uri={redirect}&response_type=code&scope=openid%20profile&state=s&\
         code_challenge={CHALLENGE}&code_challenge_method=S256{more}"
    )
}
