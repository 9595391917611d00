//! The pages of joining.

use maud::{Markup, html};
use ui_kit::{
    Button, EmptyState, Field, Form, Icon, LinkButton, SearchForm, Shell, Steps, T, TextArea, Tile, actions, note, page_header, pagination,
    required_note, tiles, way,
};

use crate::{
    http::paths,
    pages::{NAME_CHARS, TEXT_CHARS, wrong::Wrong},
};

/// The picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PickView {
    /// What was searched for.
    pub(crate) searched: String,
    /// What was found.
    pub(crate) collectives: Vec<PickedCollective>,
    /// Where there is more.
    pub(crate) next: Option<String>,
    /// Whether somebody is signed in.
    pub(crate) signed_in: bool,
}

/// A collective to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PickedCollective {
    /// Its name.
    pub(crate) name: String,
    /// Its own page.
    pub(crate) href: String,
}

/// A newcomer's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JoinView {
    /// Where it goes.
    pub(crate) action: String,
    /// Which collective.
    pub(crate) collective: String,
    /// What was typed before.
    pub(crate) name: String,
    /// What was typed before.
    pub(crate) username: String,
    /// What was typed before.
    pub(crate) email: String,
    /// What was typed before.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) wrong: Wrong,
    /// The form's token.
    pub(crate) csrf: String,
}

/// The form of somebody who has an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JoinAsMemberView {
    /// Where it goes.
    pub(crate) action: String,
    /// Which collective.
    pub(crate) collective: String,
    /// Who asks.
    pub(crate) person: String,
    /// What was typed before by somebody who has to choose a username; absent for who has one.
    pub(crate) username: Option<String>,
    /// What was typed before.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) wrong: Wrong,
    /// The form's token.
    pub(crate) csrf: String,
}

/// What comes after the form: the same for known and unknown addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckMailView {
    /// Where the mail went.
    pub(crate) address: String,
    /// The form.
    pub(crate) again: String,
}

/// The picker.
pub(crate) fn pick(shell: Shell, v: &PickView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("join-title"), ..shell };
    let found: Vec<Tile> = v.collectives.iter().map(|one| Tile::new(one.href.clone(), one.name.clone()).icon(Icon::People)).collect();
    let nothing = if v.searched.is_empty() { "join-none-text" } else { "join-empty-text" };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("join-title"), Some(&t.msg("join-text")), None))
            (SearchForm::new(t, paths::JOIN, t.msg("join-search")).value(v.searched.clone()))
            @if found.is_empty() {
                (EmptyState::new(Icon::Search, t.msg("join-empty-title"), t.msg(nothing)))
            } @else {
                (tiles(&found))
                (pagination(t, None, v.next.as_deref()))
                (note(&t.msg("join-empty-text")))
            }
            @if !v.signed_in { (way(&t.msg("join-have-account"), paths::LOGIN, &t.msg("page-sign-in"))) }
        },
    )
}

/// The form of a newcomer.
pub(crate) fn newcomer(shell: Shell, v: &JoinView) -> Markup {
    let t = shell.t;
    let collective = || v.collective.as_str().into();
    let title = t.args("join-form-title", &[("collective", collective())]);
    let shell = Shell { title: title.clone(), ..shell };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&title, Some(&t.args("join-form-text", &[("collective", collective())])), None))
            (steps(&shell, 0))
            (v.wrong.summary(t))
            (Form::post(v.action.clone()).csrf(v.csrf.clone()).body(html! {
                (required_note(t))
                (Field::text("name", t.msg("join-field-name")).hint(t.msg("join-field-name-hint")).value(v.name.clone())
                    .autocomplete("name").max_length(NAME_CHARS).required().error(v.wrong.on(t, "name")))
                (Field::email("email", t.msg("join-field-email")).hint(t.msg("join-field-email-hint")).value(v.email.clone())
                    .required().error(v.wrong.on(t, "email")))
                (username(t, &v.username, &v.wrong))
                (Field::new_password("password", t.msg("join-field-password")).hint(t.msg("join-field-password-hint"))
                    .required().error(v.wrong.on(t, "password")))
                (TextArea::new("text", t.msg("join-field-text")).hint(t.args("join-field-text-hint", &[("collective", collective())]))
                    .value(v.text.clone()).max_length(TEXT_CHARS).error(v.wrong.on(t, "text")))
                (actions(html! { (Button::primary(t.msg("join-submit"))) }))
            }))
            (way("", paths::JOIN, &t.msg("join-wrong-collective")))
            (way(&t.msg("join-have-account"), paths::LOGIN, &t.msg("page-sign-in")))
        },
    )
}

fn username(t: T, typed: &str, wrong: &Wrong) -> Field {
    Field::exact("username", t.msg("join-field-username"))
        .hint(t.msg("join-field-username-hint"))
        .value(typed)
        .autocomplete("username")
        .max_length(30)
        .required()
        .error(wrong.on(t, "username"))
}

/// The form of somebody who has an account.
pub(crate) fn member(shell: Shell, v: &JoinAsMemberView) -> Markup {
    let t = shell.t;
    let collective = || v.collective.as_str().into();
    let title = t.args("join-form-title", &[("collective", collective())]);
    let shell = Shell { title: title.clone(), ..shell.narrow() };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&title, Some(&t.args("join-form-text", &[("collective", collective())])), None))
            (v.wrong.summary(t))
            (Form::post(v.action.clone()).csrf(v.csrf.clone()).body(html! {
                p { (t.msg("consent-person")) ": " strong { (v.person) } }
                @if let Some(typed) = &v.username { (username(t, typed, &v.wrong)) }
                (TextArea::new("text", t.msg("join-field-text")).hint(t.args("join-field-text-hint", &[("collective", collective())]))
                    .value(v.text.clone()).max_length(TEXT_CHARS).error(v.wrong.on(t, "text")))
                (actions(html! {
                    (Button::primary(t.msg("join-submit")))
                    (LinkButton::quiet(t.msg("join-wrong-collective"), paths::JOIN))
                }))
            }))
        },
    )
}

/// The same page for known and unknown addresses.
pub(crate) fn check_mail(shell: Shell, v: &CheckMailView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("join-mail-title"), languages: Vec::new(), ..shell.narrow() };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("join-mail-title"), Some(&t.args("join-mail-text", &[("address", v.address.as_str().into())])), None))
            (steps(&shell, 1))
            (note(&t.msg("join-mail-hint")))
            (actions(html! { (LinkButton::secondary(t.msg("join-mail-again"), v.again.clone())) }))
        },
    )
}

/// Where somebody is on the way in.
pub(in crate::pages) fn steps(shell: &Shell, current: usize) -> Steps {
    let t = shell.t;
    Steps::new(t, [t.msg("join-step-form"), t.msg("join-step-mail"), t.msg("join-step-validation")], current)
}

#[cfg(test)]
impl PickView {
    /// Some, none found, none at all.
    pub(crate) fn samples() -> Vec<Self> {
        let one = |name: &str| PickedCollective { name: name.to_owned(), href: "/join/x".to_owned() };
        let some = Self {
            searched: String::new(),
            collectives: vec![
                one("Col·lectiu Ronda"),
                one("L’Ateneu del Poblet"),
                one("Àgora de les sòcies de l’Hospitalet i el Baix Llobregat"),
            ],
            next: Some("/join?after=x".to_owned()),
            signed_in: false,
        };
        let none = Self { searched: "xyz".to_owned(), collectives: Vec::new(), next: None, signed_in: true };
        vec![some, none.clone(), Self { searched: String::new(), ..none }]
    }
}
#[cfg(test)]
impl JoinView {
    /// Empty, and with everything wrong.
    pub(crate) fn samples() -> Vec<Self> {
        let empty = Self {
            action: "/join/ateneu".to_owned(),
            collective: "L’Ateneu del Poblet".to_owned(),
            name: String::new(),
            username: String::new(),
            email: String::new(),
            text: String::new(),
            wrong: Wrong::default(),
            csrf: "token".to_owned(),
        };
        let mut wrong = Wrong::one("name", "field-name-empty");
        for (field, key) in [
            ("email", "field-email-invalid"),
            ("username", "field-username-characters"),
            ("password", "field-password-short"),
            ("text", "field-text-long"),
        ] {
            wrong.add(field, key);
        }
        vec![empty.clone(), Self { username: "maría".to_owned(), email: "maria".to_owned(), wrong, ..empty }]
    }
}
#[cfg(test)]
impl JoinAsMemberView {
    /// Empty, wrong, and of somebody who has to choose a username.
    pub(crate) fn samples() -> Vec<Self> {
        let empty = Self {
            action: "/join/ateneu".to_owned(),
            collective: "L’Ateneu del Poblet".to_owned(),
            person: "Laia Ferrer".to_owned(),
            username: None,
            text: String::new(),
            wrong: Wrong::default(),
            csrf: "token".to_owned(),
        };
        let nameless = Self { username: Some("maria".to_owned()), wrong: Wrong::one("username", "field-username-taken"), ..empty.clone() };
        vec![empty.clone(), Self { wrong: Wrong::one("text", "field-text-control"), ..empty }, nameless]
    }
}
#[cfg(test)]
impl CheckMailView {
    /// A long address.
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self { address: "mariamontserrat.dentenca@cooperativa-de-consum.exemple.cat".to_owned(), again: "/join/ateneu".to_owned() }]
    }
}
