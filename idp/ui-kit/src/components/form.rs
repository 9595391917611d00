//! Forms: where they go, their token, and searching.

use maud::{Markup, Render, html};

use super::{Button, Icon};
use crate::T;

/// A form and what is in it.
#[derive(Debug, Clone)]
pub struct Form {
    method: &'static str,
    action: String,
    csrf: Option<String>,
    hidden: Vec<(String, String)>,
    label: Option<String>,
    inline: bool,
    body: Markup,
}

impl Form {
    fn new(method: &'static str, action: impl Into<String>) -> Self {
        Self { method, action: action.into(), csrf: None, hidden: Vec::new(), label: None, inline: false, body: html! {} }
    }
    /// Changes something; give it a token with [`Form::csrf`].
    pub fn post(action: impl Into<String>) -> Self {
        Self::new("post", action)
    }
    /// Only looks something up.
    pub fn get(action: impl Into<String>) -> Self {
        Self::new("get", action)
    }
    /// The token of this form and session, in the hidden field `csrf`.
    pub fn csrf(self, token: impl Into<String>) -> Self {
        Self { csrf: Some(token.into()), ..self }
    }
    /// Another value the form carries unseen.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
    /// What the form is for, said to assistive technology when several stand on a page.
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), ..self }
    }
    /// A single button in a row: takes no room of its own.
    pub fn inline(self) -> Self {
        Self { inline: true, ..self }
    }
    /// Fields and buttons.
    pub fn body(self, body: Markup) -> Self {
        Self { body, ..self }
    }
}

impl Render for Form {
    fn render(&self) -> Markup {
        html! {
            form
                class=(if self.inline { "form-inline" } else { "form" })
                method=(self.method)
                action=(self.action)
                aria-label=[&self.label]
            {
                @if let Some(token) = &self.csrf { (csrf(token)) }
                @for (name, value) in &self.hidden { (hidden(name, value)) }
                (self.body)
            }
        }
    }
}

/// The hidden field `csrf`.
pub fn csrf(token: &str) -> Markup {
    hidden("csrf", token)
}

/// A value the form carries unseen.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Fields that belong together, under a legend.
pub fn field_group(legend: &str, body: Markup) -> Markup {
    html! { fieldset class="field-group" { legend { (legend) } (body) } }
}

/// Says what the asterisk means; once in a form with required fields.
pub fn required_note(t: T) -> Markup {
    html! { p class="hint required-note" { (t.msg("kit-required-note")) } }
}

/// A search field with its button, sent as `GET <action>?<name>=…`.
#[derive(Debug, Clone)]
pub struct SearchForm {
    t: T,
    action: String,
    name: String,
    label: String,
    value: String,
    hidden: Vec<(String, String)>,
}

impl SearchForm {
    /// Searches for `name` = `q`.
    pub fn new(t: T, action: impl Into<String>, label: impl Into<String>) -> Self {
        Self { t, action: action.into(), name: "q".to_owned(), label: label.into(), value: String::new(), hidden: Vec::new() }
    }
    /// What was searched for.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    /// Another filter the search keeps.
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

impl Render for SearchForm {
    fn render(&self) -> Markup {
        html! {
            form class="search" method="get" action=(self.action) role="search" {
                @for (name, value) in &self.hidden { (hidden(name, value)) }
                label for="f-search" class="unseen" { (self.label) }
                div class="search-row" {
                    input class="input" type="search" id="f-search" name=(self.name) value=(self.value) placeholder=(self.label) maxlength="200";
                    (Button::secondary(self.t.msg("kit-search")).icon(Icon::Search))
                }
                @if !self.value.is_empty() { a class="search-clear" href=(self.action) { (self.t.msg("kit-clear-search")) } }
            }
        }
    }
}
