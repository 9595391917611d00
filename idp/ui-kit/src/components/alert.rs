//! Messages: something to know, something that worked, something to look at twice, something that failed.

use maud::{Markup, Render, html};

use super::{Icon, Tone};
use crate::T;

/// A message in the page.
#[derive(Debug, Clone)]
pub struct Alert {
    tone: Tone,
    title: Option<String>,
    text: String,
    body: Option<Markup>,
    announced: bool,
}

impl Alert {
    /// A message of this tone.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, title: None, text: text.into(), body: None, announced: false }
    }
    /// Good to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Tone::Info, text)
    }
    /// It worked.
    pub fn success(text: impl Into<String>) -> Self {
        Self::new(Tone::Success, text)
    }
    /// Look twice.
    pub fn warning(text: impl Into<String>) -> Self {
        Self::new(Tone::Warning, text)
    }
    /// It failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self::new(Tone::Error, text)
    }
    /// A line above the text.
    pub fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }
    /// More than a sentence: lists, links, buttons.
    pub fn body(self, body: Markup) -> Self {
        Self { body: Some(body), ..self }
    }
    /// Read aloud by assistive technology when the page opens: for what just happened.
    pub fn announced(self) -> Self {
        Self { announced: true, ..self }
    }
}

impl Render for Alert {
    fn render(&self) -> Markup {
        let role = if self.tone == Tone::Error { "alert" } else { "status" };
        html! {
            div class={ "alert alert-" (self.tone.class()) } role=[self.announced.then_some(role)] {
                (self.tone.icon())
                div class="alert-text" {
                    @if let Some(title) = &self.title { p class="alert-title" { (title) } }
                    @if !self.text.is_empty() { p { (self.text) } }
                    @if let Some(body) = &self.body { (body) }
                }
            }
        }
    }
}

/// What is wrong with a form, each line leading to its field. `wrong` is `(field id, sentence)`; the id of a field called
/// `email` is `f-email`. Empty for an empty list.
pub fn error_summary(t: T, wrong: &[(&str, &str)]) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div class="alert alert-error" role="alert" {
                (Icon::Stop)
                div class="alert-text" {
                    p class="alert-title" { (t.args("kit-errors-title", &[("n", wrong.len().into())])) }
                    ul { @for (id, sentence) in wrong { li { a href={ "#" (id) } { (sentence) } } } }
                }
            }
        }
    }
}
