//! What the services said to a withdrawal or a change: never "done" before it is.

use idp_api::{ServiceTold, ToldState};
use maud::{Markup, html};
use ui_kit::{Card, Cell, Table};

use crate::texts::T;

/// One row for each service that was told of something of late; nothing when there is none.
pub(crate) fn card(collective: &str, told: &[ServiceTold], t: T) -> Markup {
    let columns = ["doors-service", "told-since", "told-state"].map(|key| t.msg(key));
    let row = |told: &ServiceTold| vec![Cell::text(&told.service.name), Cell::text(t.date_time(told.since)), Cell::text(words(told, t))];
    html! {
        @if !told.is_empty() {
            (Card::new(t.msg("told-title"), html! { (Table::new(t.msg("told-title"), columns).rows(told.iter().map(row).collect())) })
                .detail(t.args("told-detail", &[("collective", collective.into())])))
        }
    }
}

fn words(told: &ServiceTold, t: T) -> String {
    let at = [("at", t.date_time(told.at).into())];
    match told.state {
        ToldState::Confirmed => t.args("told-confirmed", &at),
        ToldState::Waiting => t.msg("told-waiting"),
        ToldState::TryingAgain => t.args("told-trying-again", &at),
        ToldState::GivenUp => t.args("told-given-up", &at),
        ToldState::CannotBeTold => t.msg("told-cannot-be-told"),
    }
}

#[cfg(test)]
mod tests {
    use idp_api::ServiceRef;
    use ui_kit::Lang;

    use super::*;
    use crate::texts;

    #[test]
    fn done_is_said_only_when_the_service_confirmed() {
        let service = ServiceRef { id: "svc_1".into(), slug: "oficina".into(), name: "Oficina".into() };
        let said = |state, lang| {
            let told = [ServiceTold { service: service.clone(), since: 1_772_546_000_000, state, at: 1_772_546_700_000 }];
            card("L’Ateneu", &told, texts::in_language(lang)).into_string()
        };
        for (lang, done) in [(Lang::Ca, "ho ha confirmat"), (Lang::Es, "lo ha confirmado"), (Lang::En, "confirmed")] {
            let confirmed = said(ToldState::Confirmed, lang);
            assert!(confirmed.contains(done) && confirmed.contains("14:05") && confirmed.contains("Oficina"), "{confirmed}");
            for open in [ToldState::Waiting, ToldState::TryingAgain, ToldState::GivenUp, ToldState::CannotBeTold] {
                assert!(!said(open, lang).contains(done), "{open:?}");
            }
        }
        assert!(card("L’Ateneu", &[], texts::in_language(Lang::Ca)).into_string().is_empty());
    }
}
