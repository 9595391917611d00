//! Cards group what belongs together; tiles lead somewhere.

use maud::{Markup, Render, html};

use super::Icon;

/// A framed part of a page.
#[derive(Debug, Clone)]
pub struct Card {
    title: Option<String>,
    id: Option<String>,
    detail: Option<String>,
    aside: Option<Markup>,
    body: Markup,
    actions: Option<Markup>,
    danger: bool,
}

impl Card {
    /// Without a title.
    pub fn plain(body: Markup) -> Self {
        Self { title: None, id: None, detail: None, aside: None, body, actions: None, danger: false }
    }
    /// With an `h2`.
    pub fn new(title: impl Into<String>, body: Markup) -> Self {
        Self { title: Some(title.into()), ..Self::plain(body) }
    }
    /// An id to link to.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }
    /// A sentence under the title.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// Beside the title: a tag, a small link.
    pub fn aside(self, aside: Markup) -> Self {
        Self { aside: Some(aside), ..self }
    }
    /// Buttons at the foot.
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
    /// What is in it takes something away.
    pub fn danger(self) -> Self {
        Self { danger: true, ..self }
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        html! {
            section class={ "card" @if self.danger { " card-danger" } } id=[&self.id] {
                @if self.title.is_some() || self.aside.is_some() {
                    div class="card-head" {
                        @if let Some(title) = &self.title { h2 { (title) } }
                        @if let Some(aside) = &self.aside { div class="card-aside" { (aside) } }
                        @if let Some(detail) = &self.detail { p class="card-detail" { (detail) } }
                    }
                }
                (self.body)
                @if let Some(actions) = &self.actions { div class="actions" { (actions) } }
            }
        }
    }
}

/// A door: a service to go to, a collective to choose. The whole tile is the link.
#[derive(Debug, Clone)]
pub struct Tile {
    href: String,
    title: String,
    detail: Option<String>,
    tags: Option<Markup>,
    icon: Icon,
}

impl Tile {
    /// Leads to `href`.
    pub fn new(href: impl Into<String>, title: impl Into<String>) -> Self {
        Self { href: href.into(), title: title.into(), detail: None, tags: None, icon: Icon::Door }
    }
    /// A sentence under the title.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// Tags under it.
    pub fn tags(self, tags: Markup) -> Self {
        Self { tags: Some(tags), ..self }
    }
    /// Another drawing than a door.
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon, ..self }
    }
}

impl Render for Tile {
    fn render(&self) -> Markup {
        html! {
            li class="tile" {
                span class="tile-icon" { (self.icon) }
                div class="tile-text" {
                    a class="tile-link" href=(self.href) { (self.title) }
                    @if let Some(detail) = &self.detail { p { (detail) } }
                    @if let Some(tags) = &self.tags { p class="tags" { (tags) } }
                }
            }
        }
    }
}

/// Tiles beside each other as far as there is room.
pub fn tiles(tiles: &[Tile]) -> Markup {
    html! { ul class="tiles" { @for tile in tiles { (tile) } } }
}

/// Tiles below each other, each as wide as the page: where the order matters.
pub fn tile_rows(tiles: &[Tile]) -> Markup {
    html! { ul class="tiles tile-rows" { @for tile in tiles { (tile) } } }
}

/// Cards beside each other as far as there is room.
pub fn grid(cards: Markup) -> Markup {
    html! { div class="grid" { (cards) } }
}
