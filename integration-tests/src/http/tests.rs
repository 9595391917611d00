//! Against a small server of our own that shows what it was sent.

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::Request as Incoming,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::*;

const COOKIE: &str = "; Path=/; HttpOnly; SameSite=Lax";

async fn echo(request: Incoming) -> Response {
    let headers = request.headers().clone();
    let text = |name: &str| headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    let line = format!(
        "{} site={} origin={} lang={} cookie={}",
        request.method(),
        text("sec-fetch-site"),
        text("origin"),
        text("accept-language"),
        text("cookie")
    );
    let body = to_bytes(request.into_body(), 4096).await.unwrap();
    format!("{line} body={}", String::from_utf8_lossy(&body)).into_response()
}

async fn server() -> Result<Url> {
    let page = r#"<form action="/echo" method="post"><input type="hidden" name="csrf" value="t"><input name="who"><button>Go</button></form><a href="/echo">There</a>"#;
    let router =
        Router::new()
            .route(
                "/",
                get(move || async move {
                    ([("content-type", "text/html"), ("set-cookie", &*format!("browser=1{COOKIE}"))], page).into_response()
                }),
            )
            .route("/hop", get(|| async { ([("set-cookie", format!("hop=2{COOKIE}"))], Redirect::to("/echo")) }))
            .route("/round", get(|| async { Redirect::to("/round") }))
            .route("/careless", get(|| async { ([("set-cookie", "a=1")], "") }))
            .route("/bytes", get(|| async { Bytes::from_static(&[0xff]) }))
            .route("/out", post(|| async { Redirect::to("http://service.example/callback?code=c%20d") }))
            .route("/echo", get(echo).post(echo));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(Url::parse(&format!("http://{address}/"))?)
}

#[tokio::test]
async fn a_form_is_sent_as_a_browser_sends_it() -> Result<()> {
    let url = server().await?;
    let mut session = Session::new()?.speaking("ca");
    let page = session.get(url.as_str()).await?.must_be(200)?;
    let form = page.form("Go")?.set("who", "Núria & Pau")?.press("Go")?;
    let answer = session.submit(&page, &form).await?;
    let origin = url.origin().ascii_serialization();
    assert_eq!(answer.body, format!("POST site=same-origin origin={origin} lang=ca cookie=browser=1 body=csrf=t&who=N%C3%BAria+%26+Pau"));
    assert!(session.click(&page, "There").await?.body.starts_with("GET site=same-origin origin=- "));
    Ok(())
}

#[tokio::test]
async fn redirects_are_followed_with_the_cookies_met_on_the_way() -> Result<()> {
    let url = server().await?;
    let mut session = Session::new()?;
    let page = session.get(url.join("/hop")?.as_str()).await?;
    assert!(page.body.contains("cookie=hop=2"), "{}", page.body);
    assert_eq!(session.trail.iter().map(Url::path).collect::<Vec<_>>(), ["/hop", "/echo"]);
    assert!(session.get(url.join("/round")?.as_str()).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_test_can_stop_before_a_strangers_address() -> Result<()> {
    let url = server().await?;
    let mut session = Session::new()?;
    let page = session.step(Request::post(url.join("/out")?, [("a", "b")]), None).await?;
    let page = session.follow_until(page, |next| next.host_str() == Some("service.example")).await?;
    let location = page.location().context("a redirect")?;
    assert_eq!(parameter(&location, "code").as_deref(), Some("c d"));
    Ok(())
}

#[tokio::test]
async fn careless_answers_fail_the_test_that_meets_them() -> Result<()> {
    let url = server().await?;
    let mut session = Session::new()?;
    assert!(session.get(url.join("/careless")?.as_str()).await.is_err());
    assert!(session.get(url.join("/bytes")?.as_str()).await.is_err());
    assert!(session.get(url.join("/nowhere")?.as_str()).await?.must_be(200).is_err());
    Ok(())
}

#[test]
fn ports_part_origins_but_not_sites() {
    let url = |text: &str| Url::parse(text).unwrap();
    let from = url("http://localhost:8080/a");
    assert_eq!(relation(&from, &url("http://localhost:8080/b")), "same-origin");
    assert_eq!(relation(&from, &url("http://localhost:8082/")), "same-site");
    assert_eq!(relation(&from, &url("http://elsewhere.example/")), "cross-site");
}
