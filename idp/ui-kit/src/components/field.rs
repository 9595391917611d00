//! One-line and many-line fields, each with its label, hint and error linked to it.

use maud::{Markup, Render, html};

use super::Icon;

/// A one-line field. Its id is `f-<name>` unless said otherwise, so that an error summary can link to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    kind: &'static str,
    name: String,
    id: String,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    autofocus: bool,
    autocomplete: Option<&'static str>,
    input_mode: Option<&'static str>,
    pattern: Option<String>,
    min: Option<String>,
    max: Option<String>,
    max_length: Option<u32>,
    suffix: Option<String>,
    /// Words to be read (a name) rather than spelled exactly (a code).
    exact: bool,
}

impl Field {
    fn new(kind: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            kind,
            id: format!("f-{name}"),
            name,
            label: label.into(),
            value: String::new(),
            hint: None,
            error: None,
            required: false,
            autofocus: false,
            autocomplete: None,
            input_mode: None,
            pattern: None,
            min: None,
            max: None,
            max_length: None,
            suffix: None,
            exact: false,
        }
    }
    /// Free text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new("text", name, label)
    }
    /// A name or code that must be spelled exactly: no capitals, corrections or spelling marks by the device.
    pub fn exact(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { exact: true, ..Self::new("text", name, label) }
    }
    /// An e-mail address.
    pub fn email(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { exact: true, autocomplete: Some("email"), ..Self::new("email", name, label) }
    }
    /// The password somebody has; password managers fill it in.
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { exact: true, autocomplete: Some("current-password"), ..Self::new("password", name, label) }
    }
    /// A password being chosen; password managers propose one.
    pub fn new_password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { exact: true, autocomplete: Some("new-password"), ..Self::new("password", name, label) }
    }
    /// A whole number.
    pub fn number(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { input_mode: Some("numeric"), ..Self::new("number", name, label) }
    }
    /// A day, `2026-03-03`.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new("date", name, label)
    }
    /// What is in the field already. Never given for passwords.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    /// Help under the label.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    /// What is wrong and how to put it right.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// Must be filled in; marked with an asterisk.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    /// The first field people will want; one on a page.
    pub fn autofocus(self) -> Self {
        Self { autofocus: true, ..self }
    }
    /// What browsers may fill in: `username`, `name`, `one-time-code`, `off`.
    pub fn autocomplete(self, token: &'static str) -> Self {
        Self { autocomplete: Some(token), ..self }
    }
    /// Another id than `f-<name>`, when a name appears twice on a page.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }
    /// What the browser checks before sending, as a regular expression; say it in the hint too.
    pub fn pattern(self, pattern: impl Into<String>) -> Self {
        Self { pattern: Some(pattern.into()), ..self }
    }
    /// The least number or day.
    pub fn min(self, min: impl Into<String>) -> Self {
        Self { min: Some(min.into()), ..self }
    }
    /// The greatest number or day.
    pub fn max(self, max: impl Into<String>) -> Self {
        Self { max: Some(max.into()), ..self }
    }
    /// How many characters fit.
    pub fn max_length(self, characters: u32) -> Self {
        Self { max_length: Some(characters), ..self }
    }
    /// A unit after the field, as `GB`.
    pub fn suffix(self, unit: impl Into<String>) -> Self {
        Self { suffix: Some(unit.into()), ..self }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let frame =
            Frame { id: &self.id, label: &self.label, hint: self.hint.as_deref(), error: self.error.as_deref(), required: self.required };
        let input = html! {
            input
                class={ "input" @if matches!(self.kind, "number" | "date") { " input-short" } }
                type=(self.kind)
                id=(self.id)
                name=(self.name)
                value=[(!self.value.is_empty()).then_some(&self.value)]
                required[self.required]
                autofocus[self.autofocus]
                autocomplete=[self.autocomplete]
                inputmode=[self.input_mode]
                pattern=[&self.pattern]
                min=[&self.min]
                max=[&self.max]
                maxlength=[self.max_length]
                autocapitalize=[self.exact.then_some("none")]
                autocorrect=[self.exact.then_some("off")]
                spellcheck=[self.exact.then_some("false")]
                aria-invalid=[self.error.is_some().then_some("true")]
                aria-describedby=[frame.described_by()];
        };
        frame.around(html! {
            @if let Some(suffix) = &self.suffix {
                div class="input-with-suffix" { (input) span class="input-suffix" { (suffix) } }
            } @else {
                (input)
            }
        })
    }
}

/// A field of several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextArea {
    name: String,
    id: String,
    label: String,
    value: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    rows: u8,
    max_length: Option<u32>,
}

impl TextArea {
    /// Four lines high.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: format!("f-{name}"),
            name,
            label: label.into(),
            value: String::new(),
            hint: None,
            error: None,
            required: false,
            rows: 4,
            max_length: None,
        }
    }
    /// What is in it already.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
    /// Help under the label.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
    /// What is wrong and how to put it right.
    pub fn error(self, error: Option<impl Into<String>>) -> Self {
        Self { error: error.map(Into::into), ..self }
    }
    /// Must be filled in.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }
    /// How many lines are seen at once.
    pub fn rows(self, rows: u8) -> Self {
        Self { rows, ..self }
    }
    /// Another id than `f-<name>`, when a name appears twice on a page.
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }
    /// How many characters fit.
    pub fn max_length(self, characters: u32) -> Self {
        Self { max_length: Some(characters), ..self }
    }
}

impl Render for TextArea {
    fn render(&self) -> Markup {
        let frame =
            Frame { id: &self.id, label: &self.label, hint: self.hint.as_deref(), error: self.error.as_deref(), required: self.required };
        frame.around(html! {
            textarea
                class="input"
                id=(self.id)
                name=(self.name)
                rows=(self.rows)
                required[self.required]
                maxlength=[self.max_length]
                aria-invalid=[self.error.is_some().then_some("true")]
                aria-describedby=[frame.described_by()]
            // a parser drops the first line break inside a text area, so a text that begins with one needs another
            { "\n" (self.value) }
        })
    }
}

/// Label, hint and error around one control.
pub(super) struct Frame<'a> {
    pub(super) id: &'a str,
    pub(super) label: &'a str,
    pub(super) hint: Option<&'a str>,
    pub(super) error: Option<&'a str>,
    pub(super) required: bool,
}

impl Frame<'_> {
    /// The ids of what explains the control, for `aria-describedby`.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| format!("{}-hint", self.id));
        let error = self.error.map(|_| format!("{}-error", self.id));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn around(&self, control: Markup) -> Markup {
        html! {
            div class={ "field" @if self.error.is_some() { " field-wrong" } } {
                label for=(self.id) { (self.label) @if self.required { (asterisk()) } }
                (self.hint())
                (self.error())
                (control)
            }
        }
    }

    pub(super) fn hint(&self) -> Markup {
        html! { @if let Some(hint) = self.hint { p class="hint" id={ (self.id) "-hint" } { (hint) } } }
    }

    pub(super) fn error(&self) -> Markup {
        html! { @if let Some(error) = self.error { p class="field-error" id={ (self.id) "-error" } { (Icon::Stop) span { (error) } } } }
    }
}

/// The visible mark of a required field; assistive technology hears `required` instead.
pub(super) fn asterisk() -> Markup {
    html! { span class="asterisk" aria-hidden="true" { " *" } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_linked_to_its_field() {
        let html = Field::email("email", "Adreça").hint("La de sempre").error(Some("Falta l’arrova")).required().render().into_string();
        assert!(html.contains(r#"aria-describedby="f-email-hint f-email-error""#), "{html}");
        assert!(html.contains(r#"id="f-email-error""#) && html.contains(r#"aria-invalid="true""#), "{html}");
        assert!(html.contains(r#"<label for="f-email">"#) && html.contains(" required"), "{html}");
    }

    #[test]
    fn what_people_wrote_is_escaped() {
        let html = Field::text("n", "N").value("\"><script>").render().into_string();
        assert!(!html.contains("<script>"), "{html}");
        let html = TextArea::new("n", "N").value("</textarea><b>").render().into_string();
        assert!(!html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_plain_field_describes_itself_by_nothing() {
        let html = Field::text("n", "N").error(None::<String>).render().into_string();
        assert!(!html.contains("aria-") && !html.contains("required"), "{html}");
    }
}
