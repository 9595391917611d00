//! The first page of the cluster.

use maud::{Markup, html};
use ui_kit::{LinkButton, Shell, actions, page_header};

use crate::http::paths;

/// What the place is and the two ways in.
pub(crate) fn page(shell: Shell) -> Markup {
    let t = shell.t;
    let cluster = shell.app_name.clone();
    let shell = Shell { title: t.msg("home-title"), ..shell.narrow() };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("home-title"), Some(&t.args("home-text", &[("cluster", cluster.into())])), None))
            (actions(html! {
                (LinkButton::primary(t.msg("page-sign-in"), paths::LOGIN).wide())
                (LinkButton::secondary(t.msg("home-join"), paths::JOIN).wide())
            }))
        },
    )
}
