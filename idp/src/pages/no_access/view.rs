//! The friendly page in front of a closed door.

use maud::{Markup, html};
use ui_kit::{Alert, Button, Choice, Choices, Form, Shell, T, TextArea, actions, definitions, page_header, way};

use crate::{
    http::paths,
    pages::{waiting, wrong::Wrong},
};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoAccessView {
    /// The login in progress.
    pub(crate) flow: String,
    /// The service.
    pub(crate) service: String,
    /// Why the door is closed.
    pub(crate) reason: NoAccessReason,
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

/// Why a door is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAccessReason {
    /// These collectives of the person could open it.
    Ask(Vec<DoorView>),
    /// None could; these are the person's collectives.
    Nobody(Vec<DoorView>),
    /// The membership in these is paused or has lapsed.
    Resting(Vec<DoorView>),
    /// The service rests.
    Paused,
    /// The client is switched off.
    Disabled,
    /// The managers' desk.
    Mandate,
    /// The account is not active yet: a collective was asked.
    Person,
    /// The account is not active, and no collective is asked to let it in.
    Outside,
}

/// A collective with those who decide in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DoorView {
    /// Its identifier.
    pub(crate) collective: String,
    /// Its name.
    pub(crate) name: String,
    /// Who manages it.
    pub(crate) managers: Vec<String>,
    /// When the person asked for this, in milliseconds.
    pub(crate) asked_at: Option<i64>,
}

/// The page.
pub(crate) fn page(shell: Shell, v: &NoAccessView) -> Markup {
    let t = shell.t;
    let title = match v.reason {
        NoAccessReason::Ask(_) | NoAccessReason::Nobody(_) => t.args("no-access-title", &[("service", v.service.as_str().into())]),
        _ => t.msg("no-access-title-plain"),
    };
    let text = match &v.reason {
        NoAccessReason::Ask(_) => "no-access-ask-text",
        NoAccessReason::Nobody(doors) if doors.is_empty() => "no-access-no-membership",
        NoAccessReason::Nobody(_) => "no-access-nobody",
        NoAccessReason::Resting(_) => "no-access-resting",
        NoAccessReason::Paused => "no-access-paused",
        NoAccessReason::Disabled => "no-access-disabled",
        NoAccessReason::Mandate => "no-access-mandate",
        NoAccessReason::Person => "no-access-person",
        NoAccessReason::Outside => "no-access-outside",
    };
    let shell = Shell { title: title.clone(), ..shell.narrow() };
    let form = || Form::post(paths::NO_ACCESS).csrf(v.csrf.clone()).hidden(waiting::FIELD, v.flow.clone());
    let back = |kind: fn(String) -> Button| kind(t.msg("no-access-back")).name_value("answer", "back").unchecked();
    ui_kit::page(
        &shell,
        html! {
            (page_header(&title, Some(&t.msg(text)), None))
            @match &v.reason {
                NoAccessReason::Ask(doors) => {
                    (managers(t, doors))
                    (asked(t, doors, v.now))
                    @let open: Vec<&DoorView> = doors.iter().filter(|door| door.asked_at.is_none()).collect();
                    @if open.is_empty() {
                        (form().body(html! { (back(Button::primary).wide()) }))
                    } @else {
                        (v.wrong.summary(t))
                        (form().body(html! {
                            (ask_fields(t, &open, &v.chosen, &v.text, &v.wrong))
                            (actions(html! {
                                (Button::primary(t.msg("no-access-submit")).name_value("answer", "ask"))
                                (back(Button::secondary))
                            }))
                        }))
                    }
                }
                NoAccessReason::Nobody(doors) | NoAccessReason::Resting(doors) => {
                    (managers(t, doors))
                    (form().body(html! { (back(Button::primary).wide()) }))
                }
                NoAccessReason::Outside => {
                    (form().body(html! { (back(Button::primary).wide()) }))
                    (way("", paths::JOIN, &t.msg("home-join")))
                }
                _ => { (form().body(html! { (back(Button::primary).wide()) })) }
            }
        },
    )
}

/// Who decides in each collective.
pub(in crate::pages) fn managers(t: T, doors: &[DoorView]) -> Markup {
    let lines: Vec<(String, Markup)> = doors
        .iter()
        .map(|door| {
            let name = || door.name.as_str().into();
            let who = if door.managers.is_empty() {
                html! { (t.args("no-access-managers-none", &[("collective", name())])) }
            } else {
                html! { (door.managers.join(" · ")) }
            };
            (t.args("no-access-managers", &[("collective", name())]), who)
        })
        .collect();
    let lines: Vec<(&str, Markup)> = lines.iter().map(|(term, who)| (term.as_str(), who.clone())).collect();
    html! { @if !lines.is_empty() { (definitions(&lines)) } }
}

/// What was asked already.
pub(in crate::pages) fn asked(t: T, doors: &[DoorView], now: i64) -> Markup {
    html! {
        @for door in doors {
            @if let Some(at) = door.asked_at {
                (Alert::success(t.args("no-access-asked", &[("collective", door.name.as_str().into()), ("when", t.relative(at, now).into())])).announced())
            }
        }
    }
}

/// Whom to ask and why.
pub(in crate::pages) fn ask_fields(t: T, doors: &[&DoorView], chosen: &str, text: &str, wrong: &Wrong) -> Markup {
    let only = doors.len() == 1;
    let choices = doors
        .iter()
        .map(|door| Choice::new(door.collective.clone(), door.name.clone()).chosen(only || door.collective == chosen))
        .collect();
    html! {
        (Choices::one("collective", t.msg("no-access-which"), choices).required().error(wrong.on(t, "collective")))
        (TextArea::new("text", t.msg("no-access-text"))
            .hint(t.msg("no-access-text-hint"))
            .value(text)
            .rows(3)
            .max_length(super::super::TEXT_CHARS)
            .error(wrong.on(t, "text")))
    }
}

#[cfg(test)]
impl NoAccessView {
    /// Every reason, asked and not.
    pub(crate) fn samples() -> Vec<Self> {
        let door = |name: &str, managers: &[&str], asked_at| DoorView {
            collective: format!("col_{}", name.len()),
            name: name.to_owned(),
            managers: managers.iter().map(|&name| name.to_owned()).collect(),
            asked_at,
        };
        let ateneu = || door("L’Ateneu del Poblet", &["Maria Rosell", "Òscar"], None);
        let forn = || door("Col·lectiu del Forn", &[], None);
        let view = |reason| Self {
            flow: "flo_1".to_owned(),
            service: "Oficina".to_owned(),
            reason,
            chosen: String::new(),
            text: String::new(),
            wrong: Wrong::default(),
            now: 600_000,
            csrf: "token".to_owned(),
        };
        vec![
            view(NoAccessReason::Ask(vec![ateneu()])),
            Self {
                wrong: Wrong::one("collective", "no-access-choose"),
                text: "Per escriure l’acta".to_owned(),
                ..view(NoAccessReason::Ask(vec![ateneu(), forn()]))
            },
            view(NoAccessReason::Ask(vec![DoorView { asked_at: Some(0), ..ateneu() }, forn()])),
            view(NoAccessReason::Ask(vec![DoorView { asked_at: Some(0), ..ateneu() }])),
            view(NoAccessReason::Nobody(vec![ateneu(), forn()])),
            view(NoAccessReason::Nobody(Vec::new())),
            view(NoAccessReason::Resting(vec![ateneu()])),
            view(NoAccessReason::Paused),
            view(NoAccessReason::Disabled),
            view(NoAccessReason::Mandate),
            view(NoAccessReason::Person),
            view(NoAccessReason::Outside),
        ]
    }
}
