//! Pages against a whole application: cookies, tokens, the way of a login.

mod browser;

use http::{Method, StatusCode};

use browser::{Browser, PASSWORD, World, authorize};

#[tokio::test]
async fn a_person_signs_in_and_the_cookie_changes_with_it() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/account").await.location, "/login");
    let before = browser.cookies.clone();
    assert!(before.contains_key("aplec_idp"), "the first form needs a cookie");
    let account = browser.sign_in().await;
    assert!(account.html.contains("Hola, Laia Ferrer") && account.html.contains("Oficina"), "{}", account.html);
    assert_ne!(before["aplec_idp"], browser.cookies["aplec_idp"]);
    let mut thief = Browser { world: &world, cookies: before };
    assert_eq!(thief.get("/account").await.location, "/login", "a planted cookie is worth nothing after the sign-in");
}

#[tokio::test]
async fn people_recognise_their_browser_among_their_sessions() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let security = browser.get("/account/security").await;
    assert!(security.html.contains("Firefox · Linux"), "{}", security.html);
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_and_never_the_password() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let page = browser.get("/login").await;
    let mut answers = Vec::new();
    for name in ["laia", "ningú"] {
        let again = browser.submit(&page, "/login", &[("identifier", name), ("password", "no és aquesta, no")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.html.contains(&format!("value=\"{name}\"")) && !again.html.contains("no és aquesta"), "{}", again.html);
        answers.push(again.html.replace(name, "").len());
    }
    assert_eq!(answers[0], answers[1], "known and unknown accounts are answered alike");
}

#[tokio::test]
async fn the_answer_to_a_form_offers_no_language_that_would_lose_it() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let login = browser.go_to("oficina").await;
    assert!(login.html.contains("ui_locales=en"), "{}", login.html);
    let again = browser.submit(&login, "/login", &[("identifier", "laia"), ("password", "no és aquesta, no")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.html.contains("ui_locales"), "the way to the service would be lost: {}", again.html);
}

#[tokio::test]
async fn a_password_chosen_on_one_keyboard_is_right_on_another() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let security = browser.get("/account/security").await;
    let chosen = [("current", PASSWORD), ("password", "cafe\u{301} amb llet i melindros")];
    let changed = browser.submit(&security, "/account/password", &chosen).await;
    assert!(changed.html.contains("La contrasenya ha canviat."), "{}", changed.html);
    let mut elsewhere = Browser::new(&world);
    for typed in ["cafe\u{301} amb llet i melindros", "caf\u{e9} amb llet i melindros"] {
        let login = elsewhere.get("/login").await;
        let account = elsewhere.submit(&login, "/login", &[("identifier", "laia"), ("password", typed)]).await;
        assert!(account.html.contains("Hola, Laia Ferrer"), "{typed}: {}", account.html);
        elsewhere = Browser::new(&world);
    }
}

#[tokio::test]
async fn a_form_is_for_one_browser_and_sent_from_our_own_pages_only() {
    let world = World::new().await;
    let (mut browser, mut other) = (Browser::new(&world), Browser::new(&world));
    let page = browser.get("/login").await;
    let mut fields = page.form("/login");
    fields.extend([("identifier", "laia"), ("password", PASSWORD)].map(|(name, value)| (name.to_owned(), value.to_owned())));
    other.get("/login").await;
    assert_eq!(other.post("/login", &fields).await.status, StatusCode::FORBIDDEN, "another browser's token");
    assert_eq!(browser.send(Method::POST, "/login", &fields, "cross-site").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.send(Method::POST, "/login", &fields, "same-site").await.status, StatusCode::FORBIDDEN, "a sibling is another site");
    let without: Vec<_> = fields.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    assert_eq!(browser.post("/login", &without).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post("/login", &fields).await.location, "/account");
}

#[tokio::test]
async fn a_login_asks_for_consent_once_and_ends_at_the_client() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let arrived = browser.get(&authorize("oficina", "")).await;
    let login = browser.follow(arrived).await;
    assert!(login.html.contains("Oficina"), "the page names the service");
    assert!(login.policy.ends_with("form-action 'self' https://oficina.cat"), "{}", login.policy);
    let consent = browser.submit(&login, "/login", &[("identifier", "laia"), ("password", PASSWORD)]).await;
    assert!(consent.html.contains("L&#39;Ateneu") || consent.html.contains("L'Ateneu"), "who answers for it: {}", consent.html);
    assert!(consent.html.contains("oficina.cat") && consent.policy.ends_with("form-action 'self' https://oficina.cat"));
    let flow = consent.form("/consent").iter().find(|(name, _)| name == "flow").expect("a flow").1.clone();
    assert_eq!(Browser::new(&world).get(&format!("/consent?flow={flow}")).await.status, StatusCode::GONE, "a flow is one browser's own");
    let done = browser.submit(&consent, "/consent", &[("answer", "agree")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(done.location.starts_with("https://oficina.cat/cb?code=ac_"), "{}", done.location);
    assert_eq!(browser.get(&format!("/consent?flow={flow}")).await.status, StatusCode::GONE, "the flow is over");
    let again = browser.get(&authorize("oficina", "")).await;
    assert!(again.location.starts_with("https://oficina.cat/cb?code=ac_"), "asked once: {}", again.location);
}

#[tokio::test]
async fn a_yes_counts_for_what_the_page_showed_and_nothing_more() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let arrived = browser.get(&authorize("oficina", "")).await;
    let consent = browser.follow(arrived).await;
    let mut fields = consent.form("/consent");
    fields.push(("answer".to_owned(), "agree".to_owned()));
    for narrower in ["", "openid"] {
        let sent: Vec<_> =
            fields.iter().map(|(name, value)| (name.clone(), if name == "scope" { narrower } else { value }.to_owned())).collect();
        let again = browser.post("/consent", &sent).await;
        assert!(again.location.starts_with("/consent?flow=flo_"), "asked again: {}", again.location);
    }
    let done = browser.post("/consent", &fields).await;
    assert!(done.location.starts_with("https://oficina.cat/cb?code=ac_"), "{}", done.location);
}

#[tokio::test]
async fn the_answer_to_a_right_password_is_what_comes_next() {
    let world = World::new().await;
    let mut agreed = Browser::new(&world);
    agreed.sign_in().await;
    let arrived = agreed.get(&authorize("oficina", "")).await;
    assert!(arrived.location.starts_with("/consent?flow=flo_"), "straight to the page: {}", arrived.location);
    let consent = agreed.follow(arrived).await;
    agreed.submit(&consent, "/consent", &[("answer", "agree")]).await;
    let ways = [
        ("oficina", "", "https://oficina.cat/cb?code=ac_", ""),
        ("oficina", "&response_mode=form_post", "", "action=\"https://oficina.cat/cb\""),
        ("forum", "", "/no-access?flow=flo_", ""),
    ];
    for (client, more, location, html) in ways {
        let mut browser = Browser::new(&world);
        let arrived = browser.get(&authorize(client, more)).await;
        assert!(arrived.location.starts_with("/login?flow=flo_"), "straight to the page: {}", arrived.location);
        let login = browser.follow(arrived).await;
        let before = browser.cookies["aplec_idp"].clone();
        let mut fields = login.form("/login");
        fields.extend([("identifier", "laia"), ("password", PASSWORD)].map(|(name, value)| (name.to_owned(), value.to_owned())));
        let answer = browser.post("/login", &fields).await;
        assert!(answer.location.starts_with(location) && answer.html.contains(html), "{client}{more}: {} {}", answer.location, answer.html);
        assert_ne!(browser.cookies["aplec_idp"], before, "with the browser's new cookie");
        assert!(browser.get("/account").await.html.contains("Laia"), "which is that of the session");
        assert_ne!(browser.follow(answer).await.status, StatusCode::GONE, "and of the login that goes on");
    }
}

#[tokio::test]
async fn who_says_no_goes_back_with_the_standard_error() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let arrived = browser.get(&authorize("oficina", "")).await;
    let consent = browser.follow(arrived).await;
    let back = browser.submit(&consent, "/consent", &[("answer", "refuse")]).await;
    assert!(back.location.starts_with("https://oficina.cat/cb?error=access_denied"), "{}", back.location);
}

#[tokio::test]
async fn somebody_without_the_service_asks_and_turns_back() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let arrived = browser.get(&authorize("forum", "")).await;
    let door = browser.follow(arrived).await;
    assert!(door.html.contains("No tens accés a Fòrum"), "{}", door.html);
    let empty = browser.submit(&door, "/no-access", &[("answer", "ask")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "a collective must be chosen");
    let collective =
        door.html.split("name=\"collective\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a choice").to_owned();
    let asked = browser.submit(&door, "/no-access", &[("answer", "ask"), ("collective", &collective), ("text", "Per parlar")]).await;
    assert!(asked.html.contains("Sol·licitud enviada a"), "{}", asked.html);
    let back = browser.submit(&asked, "/no-access", &[("answer", "back")]).await;
    assert!(back.location.starts_with("https://forum.cat/cb?error=access_denied"), "{}", back.location);
    let silent = browser.get(&authorize("forum", "&prompt=none")).await;
    assert!(silent.location.contains("error=access_denied"), "{}", silent.location);
}

#[tokio::test]
async fn who_asked_waits_for_the_managers_and_who_took_it_back_is_shown_the_way_to_ask() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let (waits, ask) = ("espera que una gestora el validi", "href=\"/join\"");
    let account = browser.sign_in_as("nova").await;
    assert!(account.html.contains(waits), "{}", account.html);
    assert!(browser.go_to("forum").await.html.contains("una gestora ha de validar la teva sol·licitud"));

    let collectives = browser.get("/account/collectives").await;
    browser.submit(&collectives, "/account/answer", &[]).await;
    let account = browser.get("/account").await;
    assert!(!account.html.contains(waits) && account.html.contains(ask), "{}", account.html);
    let door = browser.go_to("forum").await;
    assert!(!door.html.contains("ha de validar") && door.html.contains(ask), "{}", door.html);
}

#[tokio::test]
async fn who_has_no_username_any_more_chooses_one_with_the_request() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in_as("altra@exemple.cat").await;
    let form = browser.get("/join/ateneu").await;
    let mut pages = vec![browser.get("/account/security").await];
    for (typed, remark) in [("", "com a mínim"), ("x-0123456789abcdf", "reservat"), ("laia", "ja el té algú")] {
        let refused = browser.submit(&form, "/join/ateneu", &[("username", typed), ("text", "Hola")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(refused.html.contains("href=\"#f-username\"") && refused.html.contains(remark), "{typed}: {}", refused.html);
        pages.push(refused);
    }
    assert!(pages.iter().all(|page| !page.html.contains("x-0123456789abcde\"")), "nobody is shown the stand-in");
    let asked = browser.submit(&form, "/join/ateneu", &[("username", "altra"), ("text", "Hola")]).await;
    assert!(asked.html.contains("en espera"), "{}", asked.html);
    assert!(browser.get("/account/security").await.html.contains("altra</dd>"));
    assert!(!browser.get("/join/ateneu").await.html.contains("f-username"), "asked once");
}

#[tokio::test]
async fn a_farewell_goes_only_where_the_page_said() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    browser.sign_in().await;
    let asked = browser.get("/oauth/logout?client_id=oficina&post_logout_redirect_uri=https://oficina.cat/adeu&state=x").await;
    assert!(asked.html.contains("Vols sortir?") && asked.policy.ends_with("form-action 'self' https:"));
    let mut planted = asked.form("/logout");
    for field in &mut planted {
        if field.0 == "to" {
            "https://evil.cat/".clone_into(&mut field.1);
        }
    }
    assert_eq!(browser.post("/logout", &planted).await.status, StatusCode::FORBIDDEN);
    assert!(browser.get("/account").await.html.contains("Laia"), "still signed in");
    let left = browser.submit(&asked, "/logout", &[]).await;
    assert_eq!(left.location, "https://oficina.cat/adeu?state=x");
    assert_eq!(browser.get("/account").await.location, "/login");
}

#[tokio::test]
async fn a_registration_refills_its_form_and_answers_alike_for_known_addresses() {
    let world = World::new().await;
    let mut browser = Browser::new(&world);
    let page = browser.get("/join/ateneu").await;
    let wrong = browser
        .submit(&page, "/join/ateneu", &[("name", "Maria Puig"), ("username", "mària"), ("email", "maria"), ("password", PASSWORD)])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains("value=\"Maria Puig\"") && wrong.html.contains("href=\"#f-username\""), "{}", wrong.html);
    assert!(!wrong.html.contains(PASSWORD));
    let mut answers = Vec::new();
    for (username, email) in [("maria1", "maria@exemple.cat"), ("maria2", "laia@exemple.cat")] {
        let typed = [("name", "Maria Puig"), ("username", username), ("email", email), ("password", PASSWORD)];
        let sent = browser.submit(&page, "/join/ateneu", &typed).await;
        assert_eq!(sent.status, StatusCode::OK);
        answers.push(sent.html.replace(email, ""));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(browser.get("/join/enlloc").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/verify?link=ln_x").await.status, StatusCode::GONE);
    assert_eq!(browser.get("/setup?link=ln_x").await.status, StatusCode::GONE);
}
