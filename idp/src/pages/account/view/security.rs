//! Password, sessions, services that act without one, language.

use idp_domain::locale::Locale;
use maud::{Markup, html};
use ui_kit::{
    Button, Card, Cell, Checkbox, Choice, Field, Form, Select, Shell, T, Table, Tag, Tone, definitions, grid, page_header, stack, time,
};

use crate::{http::paths, pages::wrong::Wrong};

/// What protects an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecurityView {
    /// The name shown to others.
    pub(crate) name: String,
    /// The login name; absent for who has to choose one.
    pub(crate) username: Option<String>,
    /// The address that signs in.
    pub(crate) email: Option<String>,
    /// Language of pages and mails.
    pub(crate) locale: Locale,
    /// Where the person is signed in, newest first.
    pub(crate) sessions: Vec<SessionView>,
    /// What can act in the person's name after they sign out, newest first.
    pub(crate) acting: Vec<ActingView>,
    /// What is wrong with the change of password.
    pub(crate) wrong: Wrong,
    /// This instant, in milliseconds.
    pub(crate) now: i64,
    /// The token of the password's form.
    pub(crate) password_csrf: String,
    /// The token of the sessions' forms.
    pub(crate) session_csrf: String,
    /// The token of the forms that take such a permission back.
    pub(crate) authorization_csrf: String,
    /// The token of the language's form.
    pub(crate) language_csrf: String,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionView {
    /// Which.
    pub(crate) id: String,
    /// What the browser is recognised by.
    pub(crate) label: Option<String>,
    /// Whether it is the one that reads this.
    pub(crate) here: bool,
    /// In milliseconds.
    pub(crate) began_at: i64,
    /// In milliseconds.
    pub(crate) last_used_at: i64,
}

/// A service that acts in the person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActingView {
    /// Which authorization.
    pub(crate) authorization: String,
    /// The service.
    pub(crate) name: String,
    /// In milliseconds.
    pub(crate) since: i64,
}

/// The page.
pub(crate) fn security(shell: Shell, v: &SecurityView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("account-security-title"), ..shell.wide() };
    let (name, username, email) = (t.msg("account-fact-name"), t.msg("account-fact-username"), t.msg("account-fact-email"));
    let address = v.email.clone().unwrap_or_else(|| t.msg("account-fact-email-none"));
    let mut facts = vec![(name.as_str(), html! { (v.name) })];
    if let Some(own) = &v.username {
        facts.push((&username, html! { (own) }));
    }
    facts.push((&email, html! { (address) }));
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("account-security-title"), None, None))
            (v.wrong.summary(t))
            (grid(html! {
                (stack(html! {
                    (Card::new(t.msg("account-facts"), definitions(&facts)))
                    (Card::new(t.msg("account-language-title"), language(t, v)))
                }))
                (Card::new(t.msg("account-password-title"), password(t, v)).id("password"))
            }))
            (Card::new(t.msg("account-sessions-title"), sessions(t, v)).detail(t.msg("account-sessions-text")))
            @if !v.acting.is_empty() {
                (Card::new(t.msg("account-offline-title"), acting(t, v)).detail(t.msg("account-offline-text")))
            }
        },
    )
}

fn language(t: T, v: &SecurityView) -> Markup {
    let choices = Locale::ALL.into_iter().map(|locale| Choice::new(locale.as_str(), locale.endonym()).chosen(locale == v.locale)).collect();
    html! {
        (Form::post(paths::ACCOUNT_LANGUAGE).csrf(v.language_csrf.clone()).body(html! {
            (Select::new("language", t.msg("account-language-field"), choices))
            (Button::secondary(t.msg("account-language-submit")))
        }))
    }
}

fn password(t: T, v: &SecurityView) -> Markup {
    // what password managers keep the password under
    let identifier = v.username.as_ref().or(v.email.as_ref()).cloned().unwrap_or_default();
    html! {
        (Form::post(paths::ACCOUNT_PASSWORD).csrf(v.password_csrf.clone()).hidden("username", identifier).body(html! {
            (Field::password("current", t.msg("account-password-current")).required().error(v.wrong.on(t, "current")))
            (Field::new_password("password", t.msg("account-password-new")).hint(t.msg("join-field-password-hint")).required()
                .error(v.wrong.on(t, "password")))
            (Checkbox::new("elsewhere", t.msg("account-password-elsewhere")).hint(t.msg("account-password-elsewhere-hint")))
            (Button::primary(t.msg("account-password-submit")))
        }))
    }
}

fn sessions(t: T, v: &SecurityView) -> Markup {
    let columns =
        ["account-session-column", "account-session-used", "account-session-browser", "account-request-act"].map(|key| t.msg(key));
    let row = |session: &SessionView| {
        let began = t.relative(session.began_at, v.now);
        let form = Form::post(paths::ACCOUNT_SESSION)
            .csrf(v.session_csrf.clone())
            .hidden("session", session.id.clone())
            .label(t.args("account-session-end-label", &[("when", began.into())]))
            .inline();
        let button = Button::danger(t.msg("account-session-end")).small();
        vec![
            Cell::new(time(t, session.began_at, v.now)),
            Cell::new(time(t, session.last_used_at, v.now)),
            Cell::new(html! {
                @if let Some(label) = &session.label { (label) " · " }
                @if session.here { (Tag::new(Tone::Success, t.msg("account-session-here"))) } @else { (t.msg("account-session-elsewhere")) }
            }),
            Cell::new(html! { (form.body(html! { (button) })) }),
        ]
    };
    html! { (Table::new(t.msg("account-sessions-title"), columns).rows(v.sessions.iter().map(row).collect())) }
}

fn acting(t: T, v: &SecurityView) -> Markup {
    let columns = ["account-offline-column", "account-offline-since", "account-request-act"].map(|key| t.msg(key));
    let row = |service: &ActingView| {
        let since = t.relative(service.since, v.now);
        let form = Form::post(paths::ACCOUNT_AUTHORIZATION)
            .csrf(v.authorization_csrf.clone())
            .hidden("authorization", service.authorization.clone())
            .label(t.args("account-offline-end-label", &[("service", service.name.as_str().into()), ("when", since.into())]))
            .inline();
        let button = Button::danger(t.msg("account-offline-end")).small();
        vec![Cell::text(&service.name), Cell::new(time(t, service.since, v.now)), Cell::new(html! { (form.body(html! { (button) })) })]
    };
    html! { (Table::new(t.msg("account-offline-title"), columns).rows(v.acting.iter().map(row).collect())) }
}

#[cfg(test)]
impl SecurityView {
    /// Fine, and wrong.
    pub(crate) fn samples() -> Vec<Self> {
        let session = |here, label: Option<&str>| SessionView {
            id: "ses_1".to_owned(),
            label: label.map(str::to_owned),
            here,
            began_at: 1_772_546_700_000,
            last_used_at: 1_772_547_000_000,
        };
        let fine = Self {
            name: "Laia Ferrer".to_owned(),
            username: Some("laia".to_owned()),
            email: Some("laia@exemple.cat".to_owned()),
            locale: Locale::Ca,
            sessions: vec![session(true, None), session(false, Some("Firefox · Linux"))],
            acting: vec![ActingView { authorization: "azn_1".to_owned(), name: "Oficina".to_owned(), since: 1_772_546_700_000 }],
            wrong: Wrong::default(),
            now: 1_772_550_300_000,
            password_csrf: "token".to_owned(),
            session_csrf: "token".to_owned(),
            authorization_csrf: "token".to_owned(),
            language_csrf: "token".to_owned(),
        };
        let mut wrong = Wrong::one("current", "account-password-wrong");
        wrong.add("password", "field-password-guessable");
        vec![fine.clone(), Self { email: None, acting: Vec::new(), wrong, ..fine }]
    }
}
