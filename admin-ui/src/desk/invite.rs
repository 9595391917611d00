//! Inviting somebody by address. Nothing is told about whether the address is known.

use axum::{extract::Path, response::Response};
use idp_api::{FieldError, Invite, Language};
use maud::{Markup, html};
use ui_kit::{Button, Card, Choice, Field, Form, LinkButton, Select, actions, back_link, hidden, note, page_header, required_note};

use super::parts::draft_note;
use crate::{
    http::{
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::Stop,
        flash::Flash,
        paths,
    },
    texts::T,
};

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let collective = desk.or_stop(desk.api().collective(&id).await)?;
    let (draft, csrf, key) = (desk.cx.draft(), desk.csrf_here(), desk.cx.app.entropy.word());
    let view = Invitation {
        collective: &id,
        name: &here.name,
        locale: collective.locale,
        join_link: &collective.join_link,
        draft: &draft,
        csrf: &csrf,
        key: &key,
    };
    Ok(desk.page(here, Place::People, &desk.t().msg("invite-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path(id): Path<String>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    let Some(email) = fields.get("email") else {
        return Err(desk.again_with(Why::Invalid, vec![FieldError { field: "email".into(), code: "empty".into() }]));
    };
    let invite = Invite {
        email: email.to_owned(),
        name: fields.get("name").map(str::to_owned),
        language: fields.get("language").and_then(Language::from_tag),
    };
    // the key is of the form, so that a second click sends no second mail
    let key = fields.get("key").unwrap_or_default();
    let invitation = desk.or_stop(desk.api().invite(&id, &invite, key).await)?;
    let flash = Flash::new("done-invite").person(invitation.email).what(here.name.clone());
    Ok(desk.done(&paths::to(paths::PEOPLE, &[&id]), &flash))
}

/// The form.
pub(crate) struct Invitation<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub locale: Language,
    pub join_link: &'a str,
    pub draft: &'a Draft,
    pub csrf: &'a str,
    pub key: &'a str,
}

pub(crate) fn page(v: &Invitation<'_>, t: T) -> Markup {
    let people = paths::to(paths::PEOPLE, &[v.collective]);
    let named = [("collective", v.name.into())];
    let language = v.draft.value("language", v.locale.tag());
    let form = Form::post(paths::to(paths::INVITE, &[v.collective])).csrf(v.csrf).body(html! {
        (required_note(t))
        (hidden("key", v.draft.value("key", v.key)))
        (Field::email("email", t.msg("invite-email")).autocomplete("off").required().value(v.draft.value("email", "")).error(v.draft.error(t, "email")))
        (Field::text("name", t.msg("invite-name")).hint(t.msg("invite-name-hint")).autocomplete("off").max_length(120)
            .value(v.draft.value("name", "")).error(v.draft.error(t, "name")))
        (Select::new("language", t.msg("invite-language"), languages(language)).error(v.draft.error(t, "language")))
        (actions(html! {
            (Button::primary(t.args("invite-button", &named)))
            (LinkButton::quiet(t.msg("back"), people.clone()))
        }))
    });
    html! {
        (back_link(&people, &t.msg("people-title")))
        (page_header(&t.args("invite-heading", &named), Some(&t.msg("invite-lede")), None))
        (draft_note(t, v.draft))
        (Card::plain(html! { (form) }))
        (Card::new(t.msg("join-link-title"), html! { (note(&t.msg("join-link-text"))) (ui_kit::code_block(v.join_link)) }))
    }
}

/// The languages there are texts in.
pub(crate) fn languages(chosen: &str) -> Vec<Choice> {
    let endonym = |tag: &'static str| ui_kit::Lang::from_tag(tag).map_or(tag, ui_kit::Lang::endonym);
    Language::ALL.map(|language| Choice::new(language.tag(), endonym(language.tag())).chosen(language.tag() == chosen)).into()
}
