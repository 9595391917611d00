//! Choosing: a list, one of several cards, several of several cards, one box.

use maud::{Markup, Render, html};

use super::field::{Frame, asterisk};

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    value: String,
    label: String,
    detail: Option<String>,
    chosen: bool,
    disabled: bool,
}

impl Choice {
    /// A choice that sends `value`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
    /// A second line.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// Chosen already.
    pub fn chosen(self, chosen: bool) -> Self {
        Self { chosen, ..self }
    }
    /// Shown but not to be chosen; the detail says why.
    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }
}

/// A drop-down list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    name: String,
    id: String,
    label: String,
    choices: Vec<Choice>,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
}

impl Select {
    /// A list of these choices; `detail` is shown after the label.
    pub fn new(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        let name = name.into();
        Self { id: format!("f-{name}"), name, label: label.into(), choices, hint: None, error: None, required: false }
    }
    /// Help under the label.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    /// What is wrong and how to put it right.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// Must be chosen.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    /// Another id than `f-<name>`, when a name appears twice on a page.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        let frame =
            Frame { id: &self.id, label: &self.label, hint: self.hint.as_deref(), error: self.error.as_deref(), required: self.required };
        frame.around(html! {
            select
                class="input"
                id=(self.id)
                name=(self.name)
                required[self.required]
                aria-invalid=[self.error.is_some().then_some("true")]
                aria-describedby=[frame.described_by()]
            {
                @for choice in &self.choices {
                    option value=(choice.value) selected[choice.chosen] disabled[choice.disabled] {
                        (choice.label) @if let Some(detail) = &choice.detail { " · " (detail) }
                    }
                }
            }
        })
    }
}

/// Choices as cards, all to be seen at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    kind: &'static str,
    name: String,
    legend: String,
    choices: Vec<Choice>,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
}

impl Choices {
    fn new(kind: &'static str, name: impl Into<String>, legend: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { kind, name: name.into(), legend: legend.into(), choices, hint: None, error: None, required: false }
    }
    /// Exactly one.
    pub fn one(name: impl Into<String>, legend: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new("radio", name, legend, choices)
    }
    /// Any number.
    pub fn any(name: impl Into<String>, legend: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new("checkbox", name, legend, choices)
    }
    /// Help under the legend.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    /// What is wrong and how to put it right.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// One must be chosen (for [`Choices::one`]).
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

impl Render for Choices {
    fn render(&self) -> Markup {
        let id = format!("f-{}", self.name);
        let frame =
            Frame { id: &id, label: &self.legend, hint: self.hint.as_deref(), error: self.error.as_deref(), required: self.required };
        html! {
            fieldset class={ "field choices" @if self.error.is_some() { " field-wrong" } } aria-describedby=[frame.described_by()] {
                legend { (self.legend) @if self.required { (asterisk()) } }
                (frame.hint())
                (frame.error())
                @for (nth, choice) in self.choices.iter().enumerate() {
                    // the first carries the group's id, so that an error summary leads to it
                    @let choice_id = if nth == 0 { id.clone() } else { format!("{id}-{nth}") };
                    div class="choice" {
                        input
                            type=(self.kind)
                            id=(choice_id)
                            name=(self.name)
                            value=(choice.value)
                            checked[choice.chosen]
                            disabled[choice.disabled]
                            required[self.required && self.kind == "radio"]
                            aria-describedby=[choice.detail.as_ref().map(|_| format!("{choice_id}-detail"))];
                        label for=(choice_id) {
                            span class="choice-label" { (choice.label) }
                        }
                        @if let Some(detail) = &choice.detail {
                            p class="choice-detail" id={ (choice_id) "-detail" } { (detail) }
                        }
                    }
                }
            }
        }
    }
}

/// One box to tick: a choice by itself, an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkbox {
    name: String,
    value: String,
    id: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    checked: bool,
    required: bool,
}

impl Checkbox {
    /// Sends `name=on` when ticked.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: format!("f-{name}"),
            name,
            value: "on".to_owned(),
            label: label.into(),
            hint: None,
            error: None,
            checked: false,
            required: false,
        }
    }
    /// Sends this value instead.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    /// Ticked already.
    pub fn checked(self, checked: bool) -> Self {
        Self { checked, ..self }
    }
    /// Help under the label.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    /// What is wrong and how to put it right.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// Must be ticked.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    /// Another id than `f-<name>`, when a name appears twice on a page.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }
}

impl Render for Checkbox {
    fn render(&self) -> Markup {
        let frame =
            Frame { id: &self.id, label: &self.label, hint: self.hint.as_deref(), error: self.error.as_deref(), required: self.required };
        html! {
            div class={ "field checkbox" @if self.error.is_some() { " field-wrong" } } {
                input
                    type="checkbox"
                    id=(self.id)
                    name=(self.name)
                    value=(self.value)
                    checked[self.checked]
                    required[self.required]
                    aria-invalid=[self.error.is_some().then_some("true")]
                    aria-describedby=[frame.described_by()];
                label for=(self.id) { (self.label) @if self.required { (asterisk()) } }
                (frame.hint())
                (frame.error())
            }
        }
    }
}
