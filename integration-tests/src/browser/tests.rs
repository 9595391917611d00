//! Against a page of our own that shows what the browser is.

use axum::{Router, http::HeaderMap, response::Html, routing::get};

use super::*;

async fn page(headers: HeaderMap) -> Html<String> {
    let languages = headers.get("accept-language").map_or("-", |value| value.to_str().unwrap());
    Html(format!(
        r#"<!DOCTYPE html><html><head><style>
        #scheme::after {{ content: "llum" }} @media (prefers-color-scheme: dark) {{ #scheme::after {{ content: "fosc" }} }}
        </style></head><body><p>Accept-Language: {languages}</p><p id="scheme"></p><p id="script">sense</p>
        <form action="/said"><label for="who">Nom d'usuària "curt"</label><input id="who" name="who" value="abans">
        <label>Rol <select name="role"><option value="u">Usuària</option><option value="a">Gestora</option></select></label>
        <label><input type="checkbox" name="remember" value="yes"> Recorda'm</label><button hidden>Entra</button><button>Entra</button></form>
        <ul><li>Maria <a href="/maria">Obre</a></li><li>Núria <a href="/nuria">Obre</a></li></ul>
        <script>document.getElementById("script").textContent = "amb guions " + innerWidth</script></body></html>"#
    ))
}

async fn server() -> Result<String> {
    let router = Router::new()
        .route("/", get(page))
        .route("/nuria", get(|| async { Html("La Núria") }))
        .route("/said", get(|url: axum::extract::OriginalUri| async move { Html(url.query().unwrap_or_default().replace('&', " ")) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}/"))
}

/// What stands in a style cannot be read as text, so the page is asked.
async fn scheme(browser: &Browser) -> Result<bool> {
    Ok(browser.run("return matchMedia('(prefers-color-scheme: dark)').matches").await? == true)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_fills_a_form_by_its_labels() -> Result<()> {
    let Some(browser) = Browser::open(&Setup::default()).await? else { return Ok(()) };
    browser.goto(&server().await?).await?;
    browser.fill("Nom d'usuària \"curt\"", "maria").await?;
    browser.choose("role", "Gestora").await?;
    browser.toggle("Recorda'm").await?;
    browser.click("Entra").await?;
    let url = browser.wait_for_url("the answer", |url| url.path() == "/said").await?;
    assert_eq!(url.query(), Some("who=maria&role=a&remember=yes"));
    browser.wait_for_text("who=maria role=a").await?;

    browser.client().back().await?;
    browser.click_near("Núria", "Obre").await?;
    browser.wait_for_text("La Núria").await?;
    let picture = tempfile::tempdir()?;
    let path = picture.path().join("nuria.png");
    browser.screenshot(&path).await?;
    assert!(std::fs::read(path)?.starts_with(b"\x89PNG"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_set_up_as_the_test_says() -> Result<()> {
    let setup = Setup { languages: "es,en", window: (390, 844), scheme: Scheme::Dark, scripts: Scripts::Run };
    let Some(browser) = Browser::open(&setup).await? else { return Ok(()) };
    let address = server().await?;
    browser.goto(&address).await?;
    let text = browser.text().await?;
    assert!(text.contains("Accept-Language: es,en") && text.contains("amb guions 390"), "{text}");
    assert!(scheme(&browser).await?);
    browser.set_scheme(Scheme::Light).await?;
    assert!(!scheme(&browser).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_can_be_tried_without_scripts() -> Result<()> {
    let setup = Setup { scripts: Scripts::Blocked, ..Setup::default() };
    let Some(browser) = Browser::open(&setup).await? else { return Ok(()) };
    browser.goto(&server().await?).await?;
    let text = browser.text().await?;
    assert!(text.contains("Accept-Language: ca") && text.contains("\nsense\n") && !text.contains("amb guions"), "{text}");
    Ok(())
}

#[test]
fn any_words_can_be_looked_for() {
    assert_eq!(xpath_literal("Entra"), "'Entra'");
    assert_eq!(xpath_literal("L'Ateneu"), "\"L'Ateneu\"");
    assert_eq!(xpath_literal("L'\"A\""), "concat('L', \"'\", '\"A\"')");
}
