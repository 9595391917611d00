//! The launcher.

use maud::{Markup, html};
use ui_kit::{Alert, Button, EmptyState, Form, Icon, LinkButton, Shell, Tag, Tile, Tone, actions, back_link, page_header, section, tiles};

use crate::{
    http::paths,
    pages::{
        no_access::view::{DoorView, ask_fields, asked, managers},
        wrong::Wrong,
    },
};

/// The services of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServicesView {
    /// Who.
    pub(crate) name: String,
    /// Whom the account waits for.
    pub(crate) awaiting: Awaiting,
    /// Invitations and mandates that wait for the person's answer.
    pub(crate) to_answer: usize,
    /// The managers' desk, for those who have something to do there.
    pub(crate) desk: Option<String>,
    /// Open doors.
    pub(crate) open: Vec<OpenTile>,
    /// Doors to ask for.
    pub(crate) closed: Vec<ClosedTile>,
}

/// Whom an account that is not active yet waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Awaiting {
    /// It is active, or what it waits for is the person's own answer.
    Nothing,
    /// The managers of a collective that was asked.
    Managers,
    /// Nobody: no collective was asked, or none said yes.
    Nobody,
}

/// An open door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenTile {
    /// The service.
    pub(crate) name: String,
    /// One sentence.
    pub(crate) description: String,
    /// Where it is.
    pub(crate) url: Option<String>,
    /// Who opened it.
    pub(crate) via: Vec<String>,
    /// How much room, in bytes.
    pub(crate) quota: Option<u64>,
}

/// A closed door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClosedTile {
    /// The service.
    pub(crate) name: String,
    /// One sentence.
    pub(crate) description: String,
    /// The page to ask for it.
    pub(crate) ask: String,
    /// Whether that waits already.
    pub(crate) asked: bool,
}

/// Asking for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskView {
    /// Its identifier.
    pub(crate) service: String,
    /// Its name.
    pub(crate) name: String,
    /// Who could open it.
    pub(crate) doors: Vec<DoorView>,
    /// The collective chosen before.
    pub(crate) chosen: String,
    /// What was written before.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) wrong: Wrong,
    /// This instant, in milliseconds.
    pub(crate) now: i64,
    /// The form's token.
    pub(crate) csrf: String,
}

/// The launcher.
pub(crate) fn services(shell: Shell, v: &ServicesView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("account-nav-services"), ..shell.wide() };
    let title = t.args("account-services-title", &[("name", v.name.as_str().into())]);
    let aside = v.desk.as_ref().map(|desk| html! { (LinkButton::secondary(t.msg("account-desk"), desk.clone()).icon(Icon::People)) });
    let tags = |tile: &OpenTile| {
        html! {
            @for name in &tile.via { (Tag::neutral(t.args("account-via", &[("name", name.as_str().into())]))) " " }
            @if let Some(bytes) = tile.quota { (Tag::neutral(t.args("account-quota", &[("quota", t.bytes(bytes).into())]))) }
        }
    };
    let reachable: Vec<Tile> = v
        .open
        .iter()
        .filter_map(|tile| Some(Tile::new(tile.url.clone()?, tile.name.clone()).detail(tile.description.clone()).tags(tags(tile))))
        .collect();
    ui_kit::page(
        &shell,
        html! {
            (page_header(&title, (!v.open.is_empty()).then(|| t.msg("account-services-text")).as_deref(), aside))
            @if v.to_answer > 0 {
                (Alert::info("").body(html! {
                    p { a href=(paths::ACCOUNT_COLLECTIVES) { (t.args("account-to-answer", &[("n", v.to_answer.into())])) } }
                }))
            }
            @match v.awaiting {
                Awaiting::Nothing => {}
                Awaiting::Managers => { (Alert::info(t.msg("account-awaiting"))) }
                Awaiting::Nobody => {
                    (Alert::info(t.msg("account-outside")))
                    (actions(html! { (LinkButton::primary(t.msg("home-join"), paths::JOIN)) }))
                }
            }
            @if v.open.is_empty() {
                (EmptyState::new(Icon::Door, t.msg("account-services-empty-title"), t.msg("account-services-empty-text")))
            }
            @if !reachable.is_empty() { (tiles(&reachable)) }
            // a service without an address of its own, such as mail in a program, is still the person's to know of
            @for tile in v.open.iter().filter(|tile| tile.url.is_none()) {
                p { strong { (tile.name) } @if !tile.description.is_empty() { " — " (tile.description) } " " (tags(tile)) }
            }
            @if !v.closed.is_empty() { (closed(&shell, &v.closed)) }
        },
    )
}

fn closed(shell: &Shell, closed: &[ClosedTile]) -> Markup {
    let t = shell.t;
    let ask = |tile: &ClosedTile| {
        let door =
            Tile::new(tile.ask.clone(), t.args("account-ask", &[("service", tile.name.as_str().into())])).detail(tile.description.clone());
        if tile.asked {
            door.icon(Icon::Clock).tags(html! { (Tag::new(Tone::Warning, t.msg("account-waiting"))) })
        } else {
            door.icon(Icon::Plus)
        }
    };
    let doors: Vec<Tile> = closed.iter().map(ask).collect();
    section(&t.msg("account-closed-title"), html! { p { (t.msg("account-closed-text")) } (tiles(&doors)) })
}

/// The form to ask with.
pub(crate) fn ask(shell: Shell, v: &AskView) -> Markup {
    let t = shell.t;
    let title = t.args("account-ask-title", &[("service", v.name.as_str().into())]);
    let shell = Shell { title: title.clone(), ..shell };
    let open: Vec<&DoorView> = v.doors.iter().filter(|door| door.asked_at.is_none()).collect();
    ui_kit::page(
        &shell,
        html! {
            (back_link(paths::ACCOUNT, &t.msg("account-nav-services")))
            (page_header(&title, Some(&t.msg("no-access-ask-text")), None))
            (managers(t, &v.doors))
            (asked(t, &v.doors, v.now))
            @if !open.is_empty() {
                (v.wrong.summary(t))
                (Form::post(paths::ACCOUNT_ASK).csrf(v.csrf.clone()).hidden("service", v.service.clone()).body(html! {
                    (ask_fields(t, &open, &v.chosen, &v.text, &v.wrong))
                    (actions(html! { (Button::primary(t.msg("no-access-submit"))) }))
                }))
            }
        },
    )
}

#[cfg(test)]
impl ServicesView {
    /// Lively; empty, waiting; empty, with nobody to wait for.
    pub(crate) fn samples() -> Vec<Self> {
        let tile = |name: &str, url: Option<&str>, via: &[&str], quota| OpenTile {
            name: name.to_owned(),
            description: "Fitxers, calendaris i documents de tothom.".to_owned(),
            url: url.map(str::to_owned),
            via: via.iter().map(|&name| name.to_owned()).collect(),
            quota,
        };
        let closed = |name: &str, asked| ClosedTile {
            name: name.to_owned(),
            description: "La conversa de totes les sòcies.".to_owned(),
            ask: "/account/ask?service=x".to_owned(),
            asked,
        };
        let empty = Self {
            name: "Laia Ferrer".to_owned(),
            awaiting: Awaiting::Managers,
            to_answer: 0,
            desk: None,
            open: Vec::new(),
            closed: Vec::new(),
        };
        let full = Self {
            name: "Maria Montserrat d’Entença i Casagran-Gallifa de l’Hospitalet".to_owned(),
            awaiting: Awaiting::Nothing,
            to_answer: 2,
            desk: Some("http://localhost:8081/".to_owned()),
            open: vec![
                tile(
                    "Oficina de L’Ateneu",
                    Some("https://oficina.exemple.cat"),
                    &["L’Ateneu del Poblet", "Col·lectiu Ronda"],
                    Some(5 << 30),
                ),
                tile("Fòrum", Some("https://forum.exemple.cat"), &["L’Ateneu del Poblet"], None),
                tile("Correu", None, &["L’Ateneu del Poblet"], Some(1 << 30)),
            ],
            closed: vec![closed("Videotrucades", false), closed("Pads", true)],
        };
        vec![full, empty.clone(), Self { awaiting: Awaiting::Nobody, ..empty }]
    }
}
#[cfg(test)]
impl AskView {
    /// One and several doors, asked already.
    pub(crate) fn samples() -> Vec<Self> {
        let door = |name: &str, asked_at| DoorView {
            collective: format!("col_{}", name.len()),
            name: name.to_owned(),
            managers: vec!["Maria Rosell".to_owned()],
            asked_at,
        };
        let view = Self {
            service: "svc_1".to_owned(),
            name: "Videotrucades".to_owned(),
            doors: vec![door("L’Ateneu del Poblet", None), door("Col·lectiu Ronda", None)],
            chosen: String::new(),
            text: String::new(),
            wrong: Wrong::default(),
            now: 600_000,
            csrf: "token".to_owned(),
        };
        vec![
            view.clone(),
            Self { wrong: Wrong::one("text", "field-text-long"), ..view.clone() },
            Self { doors: vec![door("L’Ateneu del Poblet", Some(0))], ..view },
        ]
    }
}
