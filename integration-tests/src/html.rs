//! Reads the pages of our programs as far as a test needs: the visible words, the links and the forms.
//!
//! Our pages are well formed (maud writes them), so this is a reader of well-formed HTML, not a browser's forgiving parser.

use anyhow::{Context, Result, bail};
use url::Url;

/// A form as it stands in the page; fill it with [`Form::set`] and press a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Absolute address.
    pub action: Url,
    /// `get` or `post`.
    pub method: String,
    /// What would be sent now, in page order, hidden fields included.
    pub fields: Vec<(String, String)>,
    /// Every named control, also an unchecked box, which sends nothing.
    controls: Vec<Control>,
    buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Control {
    name: String,
    hidden: bool,
    /// The values that may be chosen; empty where anything may be written.
    choices: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Button {
    label: String,
    name: Option<String>,
    value: String,
    action: Option<String>,
}

impl Form {
    /// Writes into a visible field, chooses an option or ticks a box.
    ///
    /// An error when a person could not do that: no such field, a hidden one, or a value that is not offered.
    pub fn set(mut self, name: &str, value: &str) -> Result<Self> {
        let mut controls = self.controls.iter().filter(|control| control.name == name && !control.hidden).peekable();
        if controls.peek().is_none() {
            let names: Vec<&str> = self.controls.iter().filter(|control| !control.hidden).map(|control| control.name.as_str()).collect();
            bail!("no visible field {name:?}; there are {names:?}");
        }
        let choices: Vec<&String> = controls.flat_map(|control| &control.choices).collect();
        if !choices.is_empty() && !choices.iter().any(|choice| *choice == value) {
            bail!("{name} does not offer {value:?}; it offers {choices:?}");
        }
        self.put(name, value);
        Ok(self)
    }

    /// Writes what no honest browser would send: any field, hidden or unknown.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.put(name, value);
        self
    }

    fn put(&mut self, name: &str, value: &str) {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Presses the button with this label: its name, value and `formaction` count.
    pub fn press(mut self, label: &str) -> Result<Self> {
        let button = self.buttons.iter().find(|button| button.label == label).with_context(|| {
            format!("no button {label:?}; there are {:?}", self.buttons.iter().map(|button| &button.label).collect::<Vec<_>>())
        })?;
        if let Some(action) = &button.action {
            self.action = self.action.join(action)?;
        }
        if let Some(name) = &button.name {
            self.fields.push((name.clone(), button.value.clone()));
        }
        Ok(self)
    }

    /// What the field would send now.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    fn has_button(&self, label: &str) -> bool {
        self.buttons.iter().any(|button| button.label == label)
    }
}

/// The words a person sees, one space between them.
pub fn text(html: &str) -> String {
    let mut words = String::new();
    let mut within_head = false;
    for token in tokens(html) {
        match token {
            Token::Open(tag) if tag.name == "head" => within_head = true,
            Token::Close("head") => within_head = false,
            Token::Text(text) if !within_head => words.push_str(&text),
            // inline marks do not part words; everything else does
            Token::Open(Tag { name: "b" | "em" | "strong" | "i" | "abbr" | "code" | "span", .. })
            | Token::Close("b" | "em" | "strong" | "i" | "abbr" | "code" | "span") => {}
            _ => words.push(' '),
        }
    }
    squeeze(&words)
}

/// The links with their words, absolute, in page order.
pub fn links(html: &str, page: &Url) -> Vec<(String, Url)> {
    let mut found = Vec::new();
    let mut current: Option<(Url, String)> = None;
    for token in tokens(html) {
        match token {
            Token::Open(tag) if tag.name == "a" => {
                current = tag.attribute("href").and_then(|href| page.join(href).ok()).map(|url| (url, String::new()));
            }
            Token::Text(text) => {
                if let Some((_, words)) = &mut current {
                    words.push_str(&text);
                }
            }
            Token::Close("a") => found.extend(current.take().map(|(url, words)| (squeeze(&words), url))),
            _ => {}
        }
    }
    found
}

/// The form that has a button with this label.
pub fn form_with_button(html: &str, page: &Url, label: &str) -> Result<Form> {
    let forms = forms(html, page)?;
    let labels: Vec<String> = forms.iter().flat_map(|form| &form.buttons).map(|button| button.label.clone()).collect();
    forms.into_iter().find(|form| form.has_button(label)).with_context(|| format!("no form has a button {label:?}; there are {labels:?}"))
}

/// Every form of the page, in page order.
pub fn forms(html: &str, page: &Url) -> Result<Vec<Form>> {
    let mut reader = FormReader { page, forms: Vec::new(), open: false, text_of: None, select: None };
    for token in tokens(html) {
        reader.read(&token)?;
    }
    Ok(reader.forms)
}

struct FormReader<'a> {
    page: &'a Url,
    forms: Vec<Form>,
    open: bool,
    /// What the words up to the closing tag are for.
    text_of: Option<&'static str>,
    /// Name of the open `select`, and whether an option was marked as selected.
    select: Option<(String, bool)>,
}

impl FormReader<'_> {
    fn read(&mut self, token: &Token<'_>) -> Result<()> {
        match token {
            Token::Open(tag) if tag.name == "form" => {
                self.forms.push(Form {
                    action: self.page.join(tag.attribute("action").unwrap_or_default())?,
                    method: tag.attribute("method").unwrap_or("get").to_ascii_lowercase(),
                    fields: Vec::new(),
                    controls: Vec::new(),
                    buttons: Vec::new(),
                });
                self.open = true;
            }
            Token::Close("form") => self.open = false,
            _ if !self.open => {}
            Token::Open(tag) => self.open_control(tag),
            Token::Text(text) => self.read_words(text),
            Token::Close("button" | "textarea") => self.text_of = None,
            Token::Close("select") => self.select = None,
            Token::Close(_) => {}
        }
        Ok(())
    }

    fn open_control(&mut self, tag: &Tag<'_>) {
        let Some(form) = self.forms.last_mut() else { return };
        let name = tag.attribute("name").map(str::to_owned);
        let value = tag.attribute("value");
        let kind = tag.attribute("type").unwrap_or("text");
        if tag.has("disabled") {
            return;
        }
        match (tag.name, kind) {
            ("button", "button" | "reset") => {}
            ("button", _) => {
                let action = tag.attribute("formaction").map(str::to_owned);
                form.buttons.push(Button { label: String::new(), name, value: value.unwrap_or_default().to_owned(), action });
                self.text_of = Some("button");
            }
            ("input", "submit") => {
                let label = value.unwrap_or_default().to_owned();
                form.buttons.push(Button { label: label.clone(), name, value: label, action: None });
            }
            ("input", "checkbox" | "radio") => {
                let Some(name) = name else { return };
                let value = value.unwrap_or("on").to_owned();
                if tag.has("checked") {
                    form.fields.push((name.clone(), value.clone()));
                }
                form.controls.push(Control { name, hidden: false, choices: vec![value] });
            }
            ("input", kind) => {
                let Some(name) = name else { return };
                form.fields.push((name.clone(), value.unwrap_or_default().to_owned()));
                form.controls.push(Control { name, hidden: kind == "hidden", choices: Vec::new() });
            }
            ("textarea", _) => {
                let Some(name) = name else { return };
                form.fields.push((name.clone(), String::new()));
                form.controls.push(Control { name, hidden: false, choices: Vec::new() });
                self.text_of = Some("textarea");
            }
            ("select", _) => {
                let Some(name) = name else { return };
                form.controls.push(Control { name: name.clone(), hidden: false, choices: Vec::new() });
                self.select = Some((name, false));
            }
            ("option", _) => self.open_option(value.unwrap_or_default(), tag.has("selected")),
            _ => {}
        }
    }

    /// Without a marked option the first one is sent, as browsers do.
    fn open_option(&mut self, value: &str, selected: bool) {
        let (Some((name, marked)), Some(form)) = (&mut self.select, self.forms.last_mut()) else { return };
        let Some(control) = form.controls.iter_mut().rfind(|control| control.name == *name) else { return };
        let first = control.choices.is_empty();
        control.choices.push(value.to_owned());
        if first || (selected && !*marked) {
            form.put(name, value);
        }
        *marked |= selected;
    }

    fn read_words(&mut self, text: &str) {
        let Some(form) = self.forms.last_mut() else { return };
        match self.text_of {
            Some("button") => {
                if let Some(button) = form.buttons.last_mut() {
                    button.label = squeeze(&format!("{} {text}", button.label));
                }
            }
            Some("textarea") => {
                if let Some((_, value)) = form.fields.last_mut() {
                    value.push_str(text.strip_prefix('\n').unwrap_or(text));
                }
            }
            _ => {}
        }
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

enum Token<'a> {
    Open(Tag<'a>),
    Close(&'a str),
    Text(String),
}

struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(attribute, _)| *attribute == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }
}

fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        if start > 0 {
            tokens.push(Token::Text(decode(&rest[..start])));
        }
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let end = tag_end(rest);
        let inner = rest[1..end].trim_end_matches('/');
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = inner.strip_prefix('/') {
            tokens.push(Token::Close(name.trim()));
        } else if !inner.starts_with('!') {
            let tag = read_tag(inner);
            // what these two hold is not words
            if matches!(tag.name, "script" | "style") {
                let close = format!("</{}>", tag.name);
                rest = rest.find(&close).map_or("", |end| &rest[end + close.len()..]);
            } else {
                tokens.push(Token::Open(tag));
            }
        }
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(decode(rest)));
    }
    tokens
}

/// Where the tag that starts this text ends; a `>` within quotes does not count.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn read_tag(inner: &str) -> Tag<'_> {
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Tag { name, attributes };
        }
        let end = rest.find(|character: char| character == '=' || character.is_whitespace()).unwrap_or(rest.len());
        let attribute = &rest[..end];
        rest = &rest[end..];
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((attribute, String::new()));
            continue;
        };
        let quote = value.chars().next().filter(|character| matches!(character, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        attributes.push((attribute, decode(value)));
        rest = after;
    }
}

/// The entities that maud writes, and numbers.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        let (character, length) = entity(rest).unwrap_or(('&', 1));
        decoded.push(character);
        rest = &rest[length..];
    }
    decoded + rest
}

/// The character that an entity at the start of this text stands for, and how many bytes it takes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.find(';').filter(|end| *end < 12)?;
    let character = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "middot" => '·',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests;
