//! What an act did, told on the page after it: what closed, who was told, what still runs.

use idp_api::ClosedNote;
use maud::{Markup, html};
use ui_kit::{Alert, time};

use super::parts::count;
use crate::{
    http::flash::{Effects, Flash},
    texts::T,
};

/// The message.
pub(crate) fn told(flash: &Flash, t: T, now: i64) -> Markup {
    let sentence = t.args(&flash.key, &[("person", flash.person.as_str().into()), ("what", flash.what.as_str().into())]);
    let mut alert = Alert::success(sentence).announced();
    if !flash.effects.is_empty() {
        alert = alert.body(list(&flash.effects, t, now));
    }
    html! { (alert) }
}

fn list(effects: &Effects, t: T, now: i64) -> Markup {
    html! {
        ul {
            @for (service, note) in &effects.closed {
                @let key = match note {
                    ClosedNote::BeingTold => "effect-closed-being-told",
                    ClosedNote::CannotBeTold => "effect-closed-cannot-be-told",
                    ClosedNote::NoSession => "effect-closed-no-session",
                };
                li { (t.args(key, &[("service", service.as_str().into())])) }
            }
            @for service in &effects.told { li { (t.args("effect-told", &[("service", service.as_str().into())])) } }
            @for service in &effects.later { li { (t.args("effect-later", &[("service", service.as_str().into())])) } }
            @if effects.more > 0 { li { (t.args("effect-more", &[("n", count(effects.more))])) } }
        }
        @if let Some(until) = effects.until.filter(|until| *until > now) {
            p { (t.msg("effect-tokens")) " " (time(t, until, now)) "." }
        }
        @if effects.opened { p { (t.msg("effect-sign-in-again")) } }
    }
}

#[cfg(test)]
mod tests {
    use ui_kit::Lang;

    use super::*;
    use crate::texts;

    #[test]
    fn what_still_runs_is_said_in_every_language() {
        let effects = Effects {
            closed: vec![("Oficina".into(), ClosedNote::BeingTold), ("Fòrum".into(), ClosedNote::CannotBeTold)],
            until: Some(60_000),
            ..Effects::default()
        };
        let flash = Flash::new("done-suspend").person("Maria").what("L’Ateneu").effects(effects);
        for (lang, runs, others) in [
            (Lang::Ca, "continua", "altres poden haver obert"),
            (Lang::Es, "sigue", "otros pueden haber abierto"),
            (Lang::En, "keeps running", "others may have opened"),
        ] {
            let html = told(&flash, texts::in_language(lang), 0).into_string();
            let forum = html.split("<li>").find(|item| item.contains("Fòrum")).expect("named");
            assert!(forum.contains(runs), "{forum}");
            assert!(html.contains("Maria") && html.contains("<time") && html.contains(others), "{html}");
        }
    }
}
