//! The pages.

use maud::{Markup, Render as _, html};
use serde_json::Value;
use ui_kit::{
    Alert, Card, Cell, EmptyState, Icon, LangLink, LinkButton, PersonMenu, Shell, SignOut, Steps, T, Table, Tag, Tone, actions, code_block,
    definitions, disclosure, note, page, page_header, section, time,
};

use crate::{
    Settings,
    claims::{self, Claim, Origin, Shown},
    sessions::SignedIn,
};

/// What to say first to somebody who is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Nothing.
    None,
    /// They have just signed out.
    SignedOut,
    /// The provider has ended their session.
    Ended {
        /// When, in milliseconds.
        at: i64,
    },
}

fn shell(t: T, title: String) -> Shell {
    let languages = ui_kit::Lang::ALL.map(|lang| LangLink { lang, href: format!("/?ui_locales={lang}") });
    Shell { languages: languages.to_vec(), ..Shell::new(t, title, t.msg("app-name")) }
}

/// The host of the provider, for people to recognise.
fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Nobody is signed in.
pub(crate) fn welcome(t: T, issuer: &str, notice: Notice, now: i64) -> Markup {
    let provider = host(issuer);
    let body = html! {
        @match notice {
            Notice::None => {}
            Notice::SignedOut => (Alert::success(t.msg("signed-out")).announced()),
            Notice::Ended { at } => (
                Alert::warning(t.msg("ended-text"))
                    .title(t.msg("ended-title"))
                    .body(html! { p { (t.msg("ended-when")) " " (time(t, at, now)) "." } })
                    .announced()
            ),
        }
        (page_header(&t.msg("welcome-title"), Some(&t.msg("welcome-lede")), None))
        (actions(html! { (LinkButton::primary(t.msg("welcome-sign-in"), "/login").icon(Icon::Door).wide()) }))
        (note(&t.args("welcome-provider", &[("provider", provider.into())])))
        (section(&t.msg("welcome-how-title"), html! {
            (Steps::new(t, [t.msg("welcome-step-ask"), t.msg("welcome-step-door"), t.msg("welcome-step-see")], 0))
            p { (t.msg("welcome-how")) }
        }))
    };
    page(&shell(t, t.msg("welcome-title")).narrow(), body)
}

/// Somebody is signed in: who they are here, what was received and why.
pub(crate) fn who_you_are(t: T, settings: &Settings, signed_in: &SignedIn, now: i64) -> Markup {
    let text = |name: &str| claims::value(signed_in, name).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").or_else(|| text("preferred_username")).unwrap_or_else(|| t.msg("somebody"));
    let shell = Shell {
        person: Some(PersonMenu {
            name: name.clone(),
            detail: text("email"),
            links: Vec::new(),
            sign_out: Some(SignOut { action: "/logout".to_owned(), csrf: signed_in.csrf.clone(), label: t.msg("sign-out") }),
        }),
        ..shell(t, name.clone()).wide()
    };
    let title = t.args("home-title", &[("name", name.into())]);
    let (of_protocol, about_person): (Vec<Claim>, Vec<Claim>) =
        claims::received(signed_in).into_iter().partition(|claim| claim.origin == Origin::Protocol);
    let body = html! {
        (page_header(&title, Some(&t.msg("home-lede")), Some(html! { (LinkButton::secondary(t.msg("home-again"), "/login")) })))
        p class="note" { (t.msg("home-since")) " " (time(t, signed_in.since, now)) ". " (t.msg("home-stale")) }
        (summary(t, signed_in))
        (section(&t.msg("claims-title"), html! {
            p { (t.msg("claims-lede")) }
            @if signed_in.userinfo.is_none() { (Alert::warning(t.msg("claims-no-userinfo"))) }
            (claims_table(t, &t.msg("claims-title"), &about_person, now))
            (disclosure(&t.msg("claims-protocol"), claims_table(t, &t.msg("claims-protocol"), &of_protocol, now)))
        }))
        (section(&t.msg("checks-title"), html! {
            p { (t.msg("checks-lede")) }
            ul {
                li { (t.args("check-signature", &[("algorithm", signed_in.algorithm.clone().into())])) }
                li { (t.args("check-issuer", &[("issuer", settings.issuer.clone().into())])) }
                li { (t.args("check-audience", &[("client", settings.client_id.clone().into())])) }
                li { (t.msg("check-time")) }
                li { (t.msg("check-nonce")) }
                li { (t.msg("check-browser")) }
            }
        }))
        (section(&t.msg("raw-title"), html! {
            (disclosure(&t.msg("raw-id-token"), code_block(&pretty(&Value::Object(signed_in.id_claims.clone())))))
            @if let Some(userinfo) = &signed_in.userinfo {
                (disclosure(&t.msg("raw-userinfo"), code_block(&pretty(&Value::Object(userinfo.clone())))))
            }
        }))
    };
    page(&shell, body)
}

/// The few things a service really works with.
fn summary(t: T, signed_in: &SignedIn) -> Markup {
    let rows = ["name", "preferred_username", "email", "groups", "service_role", "quota"];
    let labels = rows.map(|name| t.msg(&format!("claim-{name}")));
    let items: Vec<(&str, Markup)> = rows
        .iter()
        .zip(&labels)
        .map(|(name, label)| {
            let meaning = claims::value(signed_in, name).map_or_else(
                || html! { span class="note" { (t.msg("not-received")) } },
                |value| value_markup(t, &claims::shown(name, value), signed_in.since),
            );
            (label.as_str(), meaning)
        })
        .collect();
    Card::new(t.msg("summary-title"), definitions(&items)).detail(t.msg("summary-detail")).render()
}

fn claims_table(t: T, caption: &str, received: &[Claim], now: i64) -> Markup {
    let columns = ["column-claim", "column-value", "column-why", "column-from"].map(|key| t.msg(key));
    let rows = received
        .iter()
        .map(|claim| {
            let known = claim.origin != Origin::Unknown;
            let why = if known { t.msg(&format!("why-{}", claim.name)) } else { t.msg("why-unknown") };
            vec![
                Cell::new(html! {
                    @if known { (t.msg(&format!("claim-{}", claim.name))) br; }
                    code class="note" { (claim.name) }
                }),
                Cell::new(html! { div { (value_markup(t, &claim.value, now)) } }),
                Cell::new(html! { div { p { (why) } p class="tags" { (Tag::new(Tone::Info, t.msg(claim.origin.key()))) } } }),
                Cell::new(html! {
                    div class="tags" {
                        @if claim.in_id_token { (Tag::neutral(t.msg("from-id-token"))) }
                        @if claim.in_userinfo { (Tag::neutral(t.msg("from-userinfo"))) }
                    }
                }),
            ]
        })
        .collect();
    Table::new(caption, columns).rows(rows).render()
}

fn value_markup(t: T, value: &Shown, now: i64) -> Markup {
    html! {
        @match value {
            Shown::Words(words) => (words),
            Shown::List(items) if items.is_empty() => span class="note" { (t.msg("none")) },
            Shown::List(items) => span class="tags" { @for item in items { (Tag::neutral(item.clone())) } },
            Shown::YesNo(true) => (Tag::new(Tone::Success, t.msg("yes"))),
            Shown::YesNo(false) => (Tag::new(Tone::Warning, t.msg("no"))),
            Shown::Instant(millis) => { (t.date_time(*millis)) " (" (time(t, *millis, now)) ")" },
            Shown::Size(bytes) => (t.bytes(*bytes)),
            Shown::Code(code) => code { (code) },
        }
    }
}

/// A sign-in or sign-out that did not work out. `words` names the messages `trouble-<words>-title` and `-text`; `detail` is
/// the provider's own error code and description.
pub(crate) fn trouble(t: T, words: &str, issuer: &str, detail: Option<(&str, Option<&str>)>) -> Markup {
    let title = t.msg(&format!("trouble-{words}-title"));
    let text = t.args(&format!("trouble-{words}-text"), &[("provider", host(issuer).into())]);
    let body = html! {
        (page_header(&title, None, None))
        p { (text) }
        @if let Some((code, description)) = detail {
            (disclosure(&t.msg("trouble-detail"), html! {
                p { code { (shortened(code)) } @if let Some(description) = description { ": " (shortened(description)) } }
            }))
        }
        (actions(html! {
            (LinkButton::primary(t.msg("trouble-again"), "/login").wide())
            (LinkButton::quiet(t.msg("trouble-home"), "/").wide())
        }))
    };
    page(&shell(t, title).narrow(), body)
}

/// An address that leads nowhere.
pub(crate) fn nowhere(t: T) -> Markup {
    let body = html! {
        (page_header(&t.msg("nowhere-title"), None, None))
        (EmptyState::new(Icon::Search, t.msg("nowhere-title"), t.msg("nowhere-text")).action(html! { (LinkButton::secondary(t.msg("trouble-home"), "/")) }))
    };
    page(&shell(t, t.msg("nowhere-title")).narrow(), body)
}

/// What others wrote is shown up to a length that fits a page.
fn shortened(text: &str) -> String {
    const LIMIT: usize = 300;
    match text.char_indices().nth(LIMIT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod gallery;
