//! Buttons do something; link buttons go somewhere. Both look alike, each keeps its own element.

use maud::{Markup, Render, html};

use super::Icon;

/// How loud a button is. A page has at most one primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ButtonKind {
    /// What most people want to do here.
    Primary,
    /// Another choice.
    Secondary,
    /// Takes something away; its label names what and whose.
    Danger,
    /// Hardly a button.
    Quiet,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

fn classes(kind: ButtonKind, wide: bool, small: bool) -> String {
    let wide = if wide { " button-wide" } else { "" };
    let small = if small { " button-small" } else { "" };
    format!("{}{wide}{small}", kind.class())
}

/// A button that sends the form it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a boolean attribute or class of the element")]
pub struct Button {
    kind: ButtonKind,
    label: String,
    icon: Option<Icon>,
    name_value: Option<(String, String)>,
    form_action: Option<String>,
    unchecked: bool,
    wide: bool,
    small: bool,
    disabled: bool,
}

impl Button {
    fn new(kind: ButtonKind, label: impl Into<String>) -> Self {
        Self {
            kind,
            label: label.into(),
            icon: None,
            name_value: None,
            form_action: None,
            unchecked: false,
            wide: false,
            small: false,
            disabled: false,
        }
    }
    /// What most people want to do here.
    pub fn primary(label: impl Into<String>) -> Self {
        Self::new(ButtonKind::Primary, label)
    }
    /// Another choice.
    pub fn secondary(label: impl Into<String>) -> Self {
        Self::new(ButtonKind::Secondary, label)
    }
    /// Takes something away.
    pub fn danger(label: impl Into<String>) -> Self {
        Self::new(ButtonKind::Danger, label)
    }
    /// Hardly a button.
    pub fn quiet(label: impl Into<String>) -> Self {
        Self::new(ButtonKind::Quiet, label)
    }
    /// An icon before the words.
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }
    /// What the form carries when this button sent it.
    pub fn name_value(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name_value: Some((name.into(), value.into())), ..self }
    }
    /// Sends the form to another address.
    pub fn form_action(self, url: impl Into<String>) -> Self {
        Self { form_action: Some(url.into()), ..self }
    }
    /// Sends the form even when its required fields are empty: for "back" and "cancel".
    pub fn unchecked(self) -> Self {
        Self { unchecked: true, ..self }
    }
    /// As wide as its container.
    pub fn wide(self) -> Self {
        Self { wide: true, ..self }
    }
    /// For rows of lists.
    pub fn small(self) -> Self {
        Self { small: true, ..self }
    }
    /// Cannot be pressed; say why beside it.
    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        html! {
            button
                type="submit"
                class=(classes(self.kind, self.wide, self.small))
                name=[self.name_value.as_ref().map(|(name, _)| name)]
                value=[self.name_value.as_ref().map(|(_, value)| value)]
                formaction=[&self.form_action]
                formnovalidate[self.unchecked]
                disabled[self.disabled]
            {
                @if let Some(icon) = self.icon { (icon) }
                span { (self.label) }
            }
        }
    }
}

/// A link that looks like a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkButton {
    kind: ButtonKind,
    label: String,
    href: String,
    icon: Option<Icon>,
    wide: bool,
    small: bool,
}

impl LinkButton {
    fn new(kind: ButtonKind, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { kind, label: label.into(), href: href.into(), icon: None, wide: false, small: false }
    }
    /// What most people want to do here.
    pub fn primary(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(ButtonKind::Primary, label, href)
    }
    /// Another choice.
    pub fn secondary(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(ButtonKind::Secondary, label, href)
    }
    /// Leads to taking something away.
    pub fn danger(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(ButtonKind::Danger, label, href)
    }
    /// Hardly a button.
    pub fn quiet(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self::new(ButtonKind::Quiet, label, href)
    }
    /// An icon before the words.
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }
    /// As wide as its container.
    pub fn wide(self) -> Self {
        Self { wide: true, ..self }
    }
    /// For rows of lists.
    pub fn small(self) -> Self {
        Self { small: true, ..self }
    }
}

impl Render for LinkButton {
    fn render(&self) -> Markup {
        html! {
            a class=(classes(self.kind, self.wide, self.small)) href=(self.href) {
                @if let Some(icon) = self.icon { (icon) }
                span { (self.label) }
            }
        }
    }
}
