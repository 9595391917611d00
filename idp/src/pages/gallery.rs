//! Every page in every state and every language, checked for what no reader should meet.

use idp_domain::locale::Locale;
use maud::Markup;
use ui_kit::{Shell, testing::Snapshots};

use super::{account, choose, consent, home, join, login, logout, no_access, setup, verify, welcome};
use crate::http::{
    context::Cx,
    testing::{body, cx},
};

/// Name of a page with its states, rendered.
fn pages(shell: &dyn Fn() -> Shell) -> Vec<(String, Markup)> {
    let mut pages = Vec::new();
    let mut add = |name: &str, rendered: Vec<Markup>| {
        pages.extend(rendered.into_iter().enumerate().map(|(nth, markup)| (format!("{name}-{nth}"), markup)));
    };
    macro_rules! page {
        ($name:literal, $view:path, $samples:expr) => {
            add($name, $samples.iter().map(|sample| $view(shell(), sample)).collect())
        };
    }
    page!("login", login::view::page, login::view::LoginView::samples());
    page!("choose", choose::view::page, choose::view::ChooseView::samples());
    page!("consent", consent::view::page, consent::view::ConsentView::samples());
    page!("no-access", no_access::view::page, no_access::view::NoAccessView::samples());
    page!("join-pick", join::view::pick, join::view::PickView::samples());
    page!("join", join::view::newcomer, join::view::JoinView::samples());
    page!("join-member", join::view::member, join::view::JoinAsMemberView::samples());
    page!("join-mail", join::view::check_mail, join::view::CheckMailView::samples());
    page!("verify", verify::view::page, verify::view::VerifyView::samples());
    page!("verify-waiting", verify::view::waiting, verify::view::WaitingView::samples());
    page!("welcome", welcome::view::page, welcome::view::WelcomeView::samples());
    page!("welcome-done", welcome::view::done, welcome::view::WelcomeDoneView::samples());
    page!("account-services", account::view::services, account::view::ServicesView::samples());
    page!("account-ask", account::view::ask, account::view::AskView::samples());
    page!("account-collectives", account::view::collectives, account::view::CollectivesView::samples());
    page!("account-security", account::view::security, account::view::SecurityView::samples());
    page!("account-record", account::view::record, account::view::RecordView::samples());
    page!("logout", logout::view::page, logout::view::LogoutView::samples());
    page!("setup", setup::view::page, setup::view::SetupView::samples());
    page!("setup-done", setup::view::done, setup::view::SetupDoneView::samples());
    add("home", vec![home::view::page(shell())]);
    add("farewell", vec![logout::view::farewell(shell())]);
    add("verify-done", verify::view::DoneView::samples().into_iter().map(|done| verify::view::done(shell(), done)).collect());
    pages
}

fn in_every_language() -> Vec<(Locale, String, String)> {
    let mut all = Vec::new();
    for locale in Locale::ALL {
        let cx: Cx = cx().in_language(locale);
        for (name, markup) in pages(&|| cx.shell("")) {
            all.push((locale, name, markup.into_string()));
        }
    }
    all
}

/// The keys of our own texts, as they would show if one were missing.
fn keys() -> Vec<&'static str> {
    let source = include_str!("../../locales/ca/pages.ftl");
    source.lines().filter_map(|line| line.split_once(" =").map(|(key, _)| key)).filter(|key| !key.starts_with([' ', '#'])).collect()
}

/// What no journey of the integration tests keeps already.
const KEPT_HERE: [&str; 7] = ["join-mail", "verify", "welcome", "account-ask", "account-record", "setup", "no-access"];

#[test]
fn every_page_says_what_was_read() -> anyhow::Result<()> {
    let mut seen = Snapshots::of("gallery/provider");
    for (locale, name, html) in in_every_language() {
        if KEPT_HERE.iter().any(|kept| name.starts_with(kept)) {
            seen.add(&format!("{name}.{locale}"), &html);
        }
    }
    seen.compare()
}

#[test]
fn every_page_says_everything_in_every_language() {
    let prefixes = ["page-", "field-", "home-", "login-", "choose-", "consent-", "no-access-", "join-", "verify-", "waiting-", "welcome-"];
    let more = ["account-", "logout-", "signed-out-", "continue-", "setup-", "kit-", "error-"];
    for (locale, name, html) in in_every_language() {
        assert!(html.contains(&format!("<html lang=\"{locale}\">")), "{locale} {name}");
        let visible = text(&html);
        for prefix in prefixes.iter().chain(&more) {
            let missing = visible.split_whitespace().find(|word| word.starts_with(prefix));
            assert_eq!(missing, None, "{locale} {name}: a text is missing");
        }
        assert!(!html.contains("{$") && !html.contains("{ $"), "{locale} {name}: a variable is missing in\n{html}");
    }
}

#[test]
fn every_text_is_used_by_some_page_or_its_code() {
    let sources = sources(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    // the last part of these is computed
    let computed = ["consent-scope-", "account-role-", "account-did-", "account-mandate-text-", "account-request-"];
    for key in keys() {
        let used = sources.contains(&format!("\"{key}\"")) || computed.iter().any(|prefix| key.starts_with(prefix));
        assert!(used, "`{key}` is said nowhere");
    }
}

#[test]
fn nothing_on_a_page_needs_more_than_the_strict_policy_allows() {
    for (_, name, html) in in_every_language() {
        for forbidden in [" style=", "<style", "<script", " onclick", "javascript:", "data:"] {
            assert!(!html.contains(forbidden), "{name}: {forbidden}");
        }
    }
}

#[test]
fn every_form_that_changes_something_carries_its_token() {
    for (_, name, html) in in_every_language() {
        for form in html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            if form.contains("method=\"post\"") {
                assert!(form.contains("name=\"csrf\""), "{name}: {form}");
            }
        }
        assert!(!html.contains("type=\"password\" value"), "{name}: a password is never filled in");
    }
}

#[test]
fn ids_are_unique_references_find_them_and_controls_have_labels() {
    for (_, name, html) in in_every_language() {
        let mut ids: Vec<&str> = attribute(&html, "id").collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id is given twice");
        let labelled: Vec<&str> = attribute(&html, "for").collect();
        let described = attribute(&html, "aria-describedby").flat_map(|list| list.split(' '));
        let linked = attribute(&html, "href").filter_map(|href| href.strip_prefix('#'));
        for target in labelled.iter().copied().chain(described).chain(linked) {
            assert!(ids.contains(&target), "{name}: nothing has the id {target}");
        }
        for tag in ["<input ", "<select ", "<textarea "] {
            for control in html.split(tag).skip(1).filter_map(|rest| rest.split('>').next()) {
                let id = attribute(&format!(" {control}>"), "id").next().map(str::to_owned);
                assert!(control.contains(r#"type="hidden""#) || id.is_some_and(|id| labelled.contains(&id.as_str())), "{name}: {control}");
            }
        }
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one main heading");
    }
}

#[tokio::test]
async fn a_farewell_is_a_whole_page() {
    let html = body(logout::farewell(&cx())).await;
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<h1"));
}

/// What a reader sees of a page.
fn text(html: &str) -> String {
    html.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text)).collect::<Vec<_>>().join(" ")
}

fn attribute<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let marker = format!(" {name}=\"");
    let starts: Vec<usize> = html.match_indices(&marker).map(|(at, _)| at + marker.len()).collect();
    starts.into_iter().filter_map(|start| html[start..].split('"').next())
}

/// Every source file below a folder, in one text.
fn sources(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(&path).expect("a source file"));
        }
    }
    text
}
