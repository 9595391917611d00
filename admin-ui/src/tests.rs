//! The desk without its issuer: what it does before anybody answers. Journeys through the real one are the integration
//! tests' business.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicI64},
};

use ::http::{HeaderMap, Request, StatusCode, header};
use axum::body::{Body, to_bytes};
use keys::{AssertionSigner, SigningAlg, Timestamp, Ttl};
use tower::ServiceExt;

use crate::{
    App, Clock, Entropy, Settings,
    http::{
        cookies::Cookie,
        draft::{Draft, Why},
        paths,
    },
    router,
    seal::Purpose,
    session::{self, Session},
};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
const SUSPEND: &str = "/c/col_1/people/mem_1/suspend";

struct Desk {
    app: App,
    _home: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
    /// The value of a cookie that the answer sets.
    fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        set.filter_map(|line| line.split(';').next()?.split_once('=')).find(|(this, _)| *this == name).map(|(_, value)| value.to_owned())
    }
}

impl Desk {
    /// A desk whose issuer nobody runs.
    fn alone() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let key = home.path().join("key.pem");
        AssertionSigner::generate(SigningAlg::EdDsa).expect("generates").save(&key).expect("saves");
        let listen = vec![SocketAddr::from(([127, 0, 0, 1], 8081))];
        let settings = Settings::new("http://localhost:1", "http://localhost:8081", "admin-ui", key, listen).expect("valid");
        let clock = Clock::Manual(Arc::new(AtomicI64::new(NOW.millis())));
        Self { app: App::open(settings, clock, Entropy::seeded(1)).expect("opens"), _home: home }
    }

    fn sealed(&self, session: &Session) -> String {
        self.app.sealer.seal(Purpose::Session, session, &self.app.entropy).expect("seals")
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = router(self.app.clone()).oneshot(request).await.expect("infallible");
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        Answer { status, headers, body: String::from_utf8(body.to_vec()).expect("UTF-8") }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(Request::get(path).header("host", "localhost:8081").header("cookie", cookie).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, cookie: &str, site: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "localhost:8081")
            .header("cookie", cookie)
            .header("sec-fetch-site", site)
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    fn draft_of(&self, answer: &Answer) -> Draft {
        self.app.sealer.open(Purpose::Draft, &answer.cookie("aplec_desk_draft").expect("a draft")).expect("opens")
    }
}

#[tokio::test]
async fn nobody_in_particular_is_sent_to_sign_in_and_back_to_where_they_wanted() {
    let desk = Desk::alone();
    let answer = desk.get("/c/col_1/people?q=N%C3%BAria", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/sign-in?to=%2Fc%2Fcol_1%2Fpeople%3Fq%3DN%25C3%25BAria");
}

#[tokio::test]
async fn a_form_sent_without_a_session_survives_the_sign_in() {
    let desk = Desk::alone();
    let answer = desk.post(SUSPEND, "", "same-origin", "csrf=old&seen=3&reason=No+paga+les+quotes").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?to=%2Fc%2Fcol_1%2Fpeople%2Fmem_1%2Fsuspend"));
    let draft = desk.draft_of(&answer);
    assert_eq!((draft.page.as_str(), draft.why), (SUSPEND, Some(Why::SignedInAgain)));
    assert_eq!((draft.fields.get("reason"), draft.fields.raw("csrf")), (Some("No paga les quotes"), None));
}

#[tokio::test]
async fn a_text_too_long_for_a_cookie_is_shown_ready_to_be_sent_again() {
    let desk = Desk::alone();
    let answer = desk.post(SUSPEND, "", "same-origin", &format!("seen=3&reason={}", "%F0%9F%8C%B1".repeat(2_000))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.cookie("aplec_desk_draft").is_none());
    assert!(answer.body.contains(&"🌱".repeat(2_000)) && answer.body.contains(&format!("action=\"{SUSPEND}\"")));
    assert!(answer.body.contains("/sign-in?to="), "a way to sign in beside it");
    assert!(answer.body.contains("massa llarg per guardar-ho") && !answer.body.contains("Has tornat a entrar"), "{}", answer.body);
}

#[tokio::test]
async fn what_was_typed_is_not_lost_when_nobody_answers() {
    let desk = Desk::alone();
    let cookie = format!("aplec_desk={}", desk.sealed(&session::sample(NOW)));
    let answer = desk.post(SUSPEND, &cookie, "same-origin", "seen=3&reason=No+paga").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("value=\"No paga\""), "{}", answer.body);
    let token = desk.app.sealer.token(&session::sample(NOW).csrf_seed, SUSPEND);
    assert!(answer.body.contains(&token), "it can be sent again as it is");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_before_anything_is_done() {
    let desk = Desk::alone();
    for site in ["cross-site", "same-site", "none"] {
        let answer = desk.post(SUSPEND, "", site, "reason=x").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
        assert!(answer.cookie("aplec_desk_draft").is_none());
    }
}

#[tokio::test]
async fn a_form_that_is_no_form_is_refused_in_words() {
    let desk = Desk::alone();
    assert_eq!(desk.post(SUSPEND, "", "same-origin", "a=1&a=2").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(desk.post(SUSPEND, "", "same-origin", &"a".repeat(70_000)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(desk.get("/collectives?q=1&q=2", "").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_is_a_page_that_says_so() {
    let desk = Desk::alone();
    let answer = desk.get(&paths::sign_in("/"), "aplec_desk_lang=en").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("We cannot reach it right now"));
}

#[tokio::test]
async fn an_answer_without_a_sign_in_of_this_browser_signs_nobody_in() {
    let desk = Desk::alone();
    let answer = desk.get("/oidc/callback?code=c&state=abc&iss=http%3A%2F%2Flocalhost%3A1", "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.cookie("aplec_desk").is_none());
}

#[tokio::test]
async fn a_session_of_somebody_elses_making_is_none() {
    let desk = Desk::alone();
    let forged = Desk::alone().sealed(&session::sample(NOW));
    assert_eq!(desk.get("/collectives", &format!("aplec_desk={forged}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_takes_everything_away_even_when_the_issuer_is_gone() {
    let desk = Desk::alone();
    let session = Session { expires_at: 0, ..session::sample(NOW) };
    let cookie = format!("aplec_desk={}; aplec_desk_draft=x", desk.sealed(&session));
    let token = desk.app.sealer.token(&session.csrf_seed, paths::SIGN_OUT);
    let answer = desk.post(paths::SIGN_OUT, &cookie, "same-origin", &format!("csrf={token}")).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, paths::SIGNED_OUT));
    assert_eq!((answer.cookie("aplec_desk").as_deref(), answer.cookie("aplec_desk_draft").as_deref()), (Some(""), Some("")));
    let refused = desk.post(paths::SIGN_OUT, &cookie, "same-origin", "csrf=x").await;
    assert_eq!((refused.status, refused.cookie("aplec_desk")), (StatusCode::FORBIDDEN, None));
}

#[tokio::test]
async fn the_desk_answers_to_its_own_name_only() {
    let desk = Desk::alone();
    let named = |host: &str, path: &str| Request::get(path).header("host", host).body(Body::empty()).expect("a request");
    assert_eq!(desk.ask(named("evil.example", "/")).await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(desk.ask(named("10.0.0.7:8081", paths::HEALTH)).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn every_answer_is_protected_and_only_assets_are_kept() {
    let desk = Desk::alone();
    for path in ["/", "/nowhere", "/signed-out", "/assets/none.css"] {
        let headers = desk.get(path, "").await.headers;
        let policy = headers.get("content-security-policy").and_then(|value| value.to_str().ok()).expect("a policy");
        assert!(policy.contains("form-action 'self' http://localhost:1;") && policy.contains("default-src 'none'"), "{policy}");
        assert_eq!(headers.get("referrer-policy").expect("set"), "same-origin");
        assert_eq!(headers.get("cache-control").expect("set"), "no-store");
    }
    let style = desk.get(&ui_kit::assets::stylesheet().path, "").await;
    assert_eq!(
        (style.status, style.headers.get("cache-control").expect("set").as_bytes()),
        (StatusCode::OK, ui_kit::assets::CACHE_CONTROL.as_bytes())
    );
}

#[tokio::test]
async fn a_chosen_language_is_remembered() {
    let desk = Desk::alone();
    let answer = desk.get("/signed-out?ui_locales=es", "").await;
    assert!(answer.body.contains("lang=\"es\"") && answer.body.contains("Has salido"));
    assert_eq!(answer.cookie("aplec_desk_lang").as_deref(), Some("es"));
    assert!(desk.get("/signed-out", "aplec_desk_lang=es").await.body.contains("Has salido"));
    assert!(desk.get("/signed-out", "").await.body.contains("Has sortit"), "Catalan first");
}

#[test]
fn a_session_with_real_tokens_fits_into_a_cookie() {
    let desk = Desk::alone();
    // a JWT signed with RS256 has some 900 characters, an ID token some 1,100
    let session = Session {
        access_token: "a".repeat(900),
        refresh_token: Some("r".repeat(80)),
        id_token: Some("i".repeat(1_100)),
        collective: Some("col_00000000000000000000000000000001".into()),
        ..session::sample(NOW + Ttl::hours(1))
    };
    let jar = crate::http::cookies::Jar::of(&HeaderMap::new(), true);
    assert!(jar.put(Cookie::Session, &desk.sealed(&session), None));
}
