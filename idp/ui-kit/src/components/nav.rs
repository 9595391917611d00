//! Ways through: tabs, pages of a list, steps of a journey, the way back.

use maud::{Markup, Render, html};

use super::Icon;
use crate::T;

/// One of several views of the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// Whether the reader is there.
    pub current: bool,
    /// How many things are there.
    pub count: Option<u64>,
}

impl Tab {
    /// A tab that is not the current one.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), current: false, count: None }
    }
    /// Marks the tab as the reader's place when `here`.
    pub fn current(self, here: bool) -> Self {
        Self { current: here, ..self }
    }
    /// Shows how many things are there.
    pub fn count(self, n: u64) -> Self {
        Self { count: Some(n), ..self }
    }
}

/// Tabs as plain links; `label` names the group for assistive technology.
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            ul {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.label) @if let Some(n) = tab.count { " " span class="count" { (n) } }
                        }
                    }
                }
            }
        }
    }
}

/// Links to the page before and after; nothing when there is neither.
pub fn pagination(t: T, previous: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        @if previous.is_some() || next.is_some() {
            nav class="pagination" aria-label=(t.msg("kit-pages")) {
                @if let Some(href) = previous {
                    a class="button button-secondary" rel="prev" href=(href) { (Icon::Left) span { (t.msg("kit-previous")) } }
                }
                @if let Some(href) = next {
                    a class="button button-secondary pagination-next" rel="next" href=(href) { span { (t.msg("kit-next")) } (Icon::Right) }
                }
            }
        }
    }
}

/// The way back, above a page's title.
pub fn back_link(href: &str, label: &str) -> Markup {
    html! { a class="back" href=(href) { (Icon::Left) span { (label) } } }
}

/// Where somebody is in a journey of several steps.
#[derive(Debug, Clone)]
pub struct Steps {
    t: T,
    labels: Vec<String>,
    current: usize,
}

impl Steps {
    /// `current` counts from 0; a number past the last means that all are done.
    pub fn new(t: T, labels: impl IntoIterator<Item = impl Into<String>>, current: usize) -> Self {
        Self { t, labels: labels.into_iter().map(Into::into).collect(), current }
    }
}

impl Render for Steps {
    fn render(&self) -> Markup {
        let total = self.labels.len();
        html! {
            ol class="steps" {
                @for (nth, label) in self.labels.iter().enumerate() {
                    @let state = match nth.cmp(&self.current) {
                        std::cmp::Ordering::Less => "done",
                        std::cmp::Ordering::Equal => "here",
                        std::cmp::Ordering::Greater => "ahead",
                    };
                    li class={ "step step-" (state) } aria-current=[(nth == self.current).then_some("step")] {
                        span class="step-dot" aria-hidden="true" { @if nth < self.current { "✓" } @else { (nth + 1) } }
                        span class="unseen" { (self.t.args("kit-step", &[("n", (nth + 1).into()), ("total", total.into())])) ": " }
                        span class="step-label" { (label) }
                        @if nth < self.current { span class="unseen" { " (" (self.t.msg("kit-step-done")) ")" } }
                    }
                }
            }
        }
    }
}
