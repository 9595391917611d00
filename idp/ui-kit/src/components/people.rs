//! Lists of people.

use maud::{Markup, Render, html};

use super::Avatar;

/// One person in a list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    name: String,
    href: Option<String>,
    detail: Option<String>,
    tags: Option<Markup>,
    actions: Option<Markup>,
}

impl PersonRow {
    /// Somebody by the name they chose.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), href: None, detail: None, tags: None, actions: None }
    }
    /// Their page.
    pub fn href(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
    /// A second line: user name, address, since when.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// Their states and roles.
    pub fn tags(self, tags: Markup) -> Self {
        Self { tags: Some(tags), ..self }
    }
    /// Buttons.
    pub fn actions(self, actions: Markup) -> Self {
        Self { actions: Some(actions), ..self }
    }
}

impl Render for PersonRow {
    fn render(&self) -> Markup {
        html! {
            li class="person" {
                (Avatar::new(self.name.clone()))
                div class="person-text" {
                    div class="person-who" {
                        p class="person-name" {
                            @if let Some(href) = &self.href { a href=(href) { (self.name) } } @else { (self.name) }
                        }
                        @if let Some(detail) = &self.detail { p class="person-detail" { (detail) } }
                    }
                    @if let Some(tags) = &self.tags { p class="tags" { (tags) } }
                }
                @if let Some(actions) = &self.actions { div class="person-actions" { (actions) } }
            }
        }
    }
}

/// A list of people.
pub fn people(rows: &[PersonRow]) -> Markup {
    html! { ul class="people" { @for row in rows { (row) } } }
}
