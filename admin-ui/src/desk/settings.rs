//! The collective itself: name, language, listing, and the link people join by.

use axum::{extract::Path, response::Response};
use idp_api::{Collective, EditCollective, FieldError, Language};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Checkbox, Field, Form, Select, actions, code_block, note, page_header, required_note};

use super::{invite::languages, parts::draft_note};
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
    let (draft, csrf) = (desk.cx.draft().onto(&values(&collective)), desk.csrf_here());
    let view = Settings { collective: &collective, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::Settings, &desk.t().msg("nav-settings"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path(id): Path<String>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    desk.managed(&id)?;
    let Some(seen) = fields.get("seen").and_then(|seen| seen.parse().ok()) else { return Err(desk.again(Why::Changed)) };
    let Some(name) = fields.get("name") else {
        return Err(desk.again_with(Why::Invalid, vec![FieldError { field: "name".into(), code: "empty".into() }]));
    };
    let edit = EditCollective {
        name: Some(name.to_owned()),
        locale: fields.get("locale").and_then(Language::from_tag),
        listed: Some(fields.ticked("listed")),
    };
    let edited = desk.or_stop(desk.api().edit_collective(&id, seen, &edit).await)?;
    Ok(desk.done(&paths::to(paths::SETTINGS, &[&id]), &Flash::new("done-settings").what(edited.name)))
}

/// The fields with their values.
fn values(collective: &Collective) -> [(&'static str, &str); 3] {
    [("name", &collective.name), ("locale", collective.locale.tag()), ("listed", if collective.listed { "on" } else { "" })]
}

/// How the collective stands: `L’Ateneu · Català · surt a la llista pública`.
fn words(collective: &Collective, t: T) -> String {
    let language = ui_kit::Lang::from_tag(collective.locale.tag()).map_or(collective.locale.tag(), ui_kit::Lang::endonym);
    let listed = t.msg(if collective.listed { "settings-is-listed" } else { "settings-is-not-listed" });
    [&collective.name, language, &listed].join(" · ")
}

/// The form.
pub(crate) struct Settings<'a> {
    pub collective: &'a Collective,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Settings<'_>, t: T) -> Markup {
    let Settings { collective, draft, .. } = *v;
    let named = [("collective", collective.name.as_str().into())];
    let language = draft.value("locale", collective.locale.tag());
    let mut form = Form::post(paths::to(paths::SETTINGS, &[&collective.id])).csrf(v.csrf).hidden("seen", draft.seen(collective.version));
    for (name, value) in values(collective) {
        form = form.hidden(format!("was.{name}"), draft.was(name, value));
    }
    let form = form.body(html! {
        (required_note(t))
        (Field::text("name", t.msg("settings-name")).required().max_length(120)
            .value(draft.value("name", &collective.name)).error(draft.error(t, "name")))
        (Select::new("locale", t.msg("settings-language"), languages(language)).hint(t.msg("settings-language-hint")).error(draft.error(t, "locale")))
        (Checkbox::new("listed", t.msg("settings-listed")).hint(t.msg("settings-listed-hint"))
            .checked(draft.ticked("listed", collective.listed)).error(draft.error(t, "listed")))
        (actions(html! { (Button::primary(t.args("settings-button", &named))) }))
    });
    html! {
        (page_header(&t.args("settings-title", &named), None, None))
        (draft_note(t, draft))
        @if draft.why == Some(Why::Changed) { (Alert::info(t.args("change-now", &[("terms", words(collective, t).into())]))) }
        (Card::plain(html! { (form) }))
        (Card::new(t.msg("join-link-title"), html! { (note(&t.msg("join-link-text"))) (code_block(&collective.join_link)) }))
        (note(&t.args("settings-slug", &[("slug", collective.slug.as_str().into())])))
    }
}
