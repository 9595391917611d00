//! Which collective to look after.

use axum::response::Response;
use idp_api::{Me, MyCollective};
use maud::{Markup, html};
use ui_kit::{Alert, EmptyState, Icon, LinkButton, Tag, Tile, Tone, page_header, tiles};

use super::parts::count;
use crate::{
    http::{answer::see_other, caller::Desk, paths},
    texts::T,
};

/// Goes to the collective worked on last, or to the only one; asks otherwise.
pub(crate) async fn home(desk: Desk) -> Response {
    let only = || {
        let mut all = desk.all_managed();
        all.next().filter(|_| all.next().is_none())
    };
    match desk.last_used().or_else(only) {
        Some(collective) => see_other(&paths::to(paths::DESK, &[&collective.id])),
        None => collectives(desk.clone()).await,
    }
}

/// All collectives somebody manages.
pub(crate) async fn collectives(desk: Desk) -> Response {
    let t = desk.t();
    let managed: Vec<MyCollective> = desk.all_managed().cloned().collect();
    let portal = desk.cx.app.settings.issuer.to_string();
    if managed.is_empty() {
        let view = NothingToManage { me: &desk.me, portal: &portal };
        return desk.plain_page(&t.msg("nothing-title"), &nothing_to_manage(&view, t));
    }
    desk.plain_page(&t.msg("collectives-title"), &choice(&Choice { collectives: &managed }, t))
}

/// The collectives to choose from.
pub(crate) struct Choice<'a> {
    pub collectives: &'a [MyCollective],
}

pub(crate) fn choice(v: &Choice<'_>, t: T) -> Markup {
    let tile = |collective: &MyCollective| {
        let waiting = collective.open_requests;
        let tile = Tile::new(paths::to(paths::DESK, &[&collective.id]), collective.name.clone()).icon(Icon::People);
        if waiting == 0 {
            tile.detail(t.msg("collectives-nothing-waits"))
        } else {
            tile.tags(html! { (Tag::new(Tone::Warning, t.args("collectives-waiting", &[("n", count(waiting))]))) })
        }
    };
    let all: Vec<Tile> = v.collectives.iter().map(tile).collect();
    html! {
        (page_header(&t.msg("collectives-title"), Some(&t.msg("collectives-lede")), None))
        (tiles(&all))
    }
}

/// Somebody who manages nothing.
pub(crate) struct NothingToManage<'a> {
    pub me: &'a Me,
    pub portal: &'a str,
}

pub(crate) fn nothing_to_manage(v: &NothingToManage<'_>, t: T) -> Markup {
    html! {
        (page_header(&t.msg("nothing-title"), None, None))
        @if v.me.community_steward || v.me.operations_steward { (Alert::info(t.msg("nothing-steward"))) }
        (EmptyState::new(Icon::People, t.args("nothing-lede", &[("person", v.me.name.as_str().into())]), t.msg("nothing-text")).action(html! {
            (LinkButton::primary(t.msg("nothing-portal"), v.portal))
        }))
    }
}
