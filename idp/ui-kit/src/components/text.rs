//! Headings, explanations and the other plain parts of a page.

use maud::{Markup, Render, html};

use super::Icon;
use crate::{T, i18n::rfc3339};

/// The page's `h1` with a sentence under it and buttons beside it.
pub fn page_header(title: &str, detail: Option<&str>, actions: Option<Markup>) -> Markup {
    html! {
        div class="page-header" {
            div {
                h1 { (title) }
                @if let Some(detail) = detail { p class="lede" { (detail) } }
            }
            @if let Some(actions) = actions { div class="actions" { (actions) } }
        }
    }
}

/// An introducing sentence.
pub fn lede(text: &str) -> Markup {
    html! { p class="lede" { (text) } }
}

/// Small print.
pub fn note(text: &str) -> Markup {
    html! { p class="note" { (text) } }
}

/// A line that leads elsewhere, high enough for a finger: words, then a link.
pub fn way(words: &str, href: &str, link: &str) -> Markup {
    html! { p class="way" { @if !words.is_empty() { (words) " " } a href=(href) { (link) } } }
}

/// Things below each other in one column of a grid.
pub fn stack(things: Markup) -> Markup {
    html! { div class="stack" { (things) } }
}

/// A part of a page under an `h2`, without a frame.
pub fn section(title: &str, body: Markup) -> Markup {
    html! { section class="section" { h2 { (title) } (body) } }
}

/// Buttons beside each other; below each other on a phone.
pub fn actions(buttons: Markup) -> Markup {
    html! { div class="actions" { (buttons) } }
}

/// Terms and what they stand for.
pub fn definitions(items: &[(&str, Markup)]) -> Markup {
    html! { dl class="definitions" { @for (term, meaning) in items { div { dt { (term) } dd { (meaning) } } } } }
}

/// More, for those who want it.
pub fn disclosure(summary: &str, body: Markup) -> Markup {
    html! { details class="disclosure" { summary { (Icon::Right) span { (summary) } } div class="disclosure-body" { (body) } } }
}

/// Text for machines, shown as it is.
pub fn code_block(text: &str) -> Markup {
    html! { pre class="code" { code { (text) } } }
}

/// An instant: far or near in words, the exact time on hovering and for machines.
pub fn time(t: T, millis: i64, now: i64) -> Markup {
    html! { time datetime=(rfc3339(millis)) title=(t.date_time(millis)) { (t.relative(millis, now)) } }
}

/// Nothing here yet: what this place is for and what to do.
#[derive(Debug, Clone)]
pub struct EmptyState {
    icon: Icon,
    title: String,
    text: String,
    action: Option<Markup>,
}

impl EmptyState {
    /// Says that there is nothing, and what would be here.
    pub fn new(icon: Icon, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), action: None }
    }
    /// What to do about it.
    pub fn action(self, action: Markup) -> Self {
        Self { action: Some(action), ..self }
    }
}

impl Render for EmptyState {
    fn render(&self) -> Markup {
        html! {
            div class="empty" {
                span class="empty-icon" { (self.icon) }
                p class="empty-title" { (self.title) }
                p { (self.text) }
                @if let Some(action) = &self.action { div class="actions" { (action) } }
            }
        }
    }
}
