//! Writing TOML by hand: `toml` would write the same values, but not in our order and layout.

use std::fmt::{Display, Write as _};

/// A basic string (TOML 1.0, "String").
pub(super) fn text(text: impl Display) -> String {
    let mut quoted = String::from('"');
    for character in text.to_string().chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                // writing to a string cannot fail
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// An array of strings on one line.
pub(super) fn texts<T: Display>(list: impl IntoIterator<Item = T>) -> String {
    format!("[{}]", list.into_iter().map(text).collect::<Vec<_>>().join(", "))
}

/// `key = value` pairs: lines of a table, or one inline table.
#[derive(Default)]
pub(super) struct Pairs(Vec<(&'static str, String)>);

impl Pairs {
    /// A value that is TOML already.
    pub(super) fn raw(&mut self, key: &'static str, value: impl Into<String>) -> &mut Self {
        self.0.push((key, value.into()));
        self
    }
    pub(super) fn text(&mut self, key: &'static str, value: impl Display) -> &mut Self {
        self.raw(key, text(value))
    }
    pub(super) fn optional(&mut self, key: &'static str, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }
    /// An array of strings, unless it is empty.
    pub(super) fn list<T: Display>(&mut self, key: &'static str, list: impl IntoIterator<Item = T>) -> &mut Self {
        let mut list = list.into_iter().peekable();
        if list.peek().is_none() { self } else { self.raw(key, texts(list)) }
    }
    /// An array of inline tables, one a line, unless it is empty.
    pub(super) fn tables(&mut self, key: &'static str, tables: &[Self]) -> &mut Self {
        if tables.is_empty() {
            return self;
        }
        let lines: String = tables.iter().fold(String::new(), |mut lines, table| {
            let _ = writeln!(lines, "    {},", table.inline());
            lines
        });
        self.raw(key, format!("[\n{lines}]"))
    }
    /// An array of inline tables on one line, unless it is empty.
    pub(super) fn inline_tables(&mut self, key: &'static str, tables: &[Self]) -> &mut Self {
        if tables.is_empty() {
            self
        } else {
            self.raw(key, format!("[{}]", tables.iter().map(Self::inline).collect::<Vec<_>>().join(", ")))
        }
    }
    pub(super) fn inline(&self) -> String {
        format!("{{ {} }}", self.0.iter().map(|(key, value)| format!("{key} = {value}")).collect::<Vec<_>>().join(", "))
    }
    /// As one element of an array of tables.
    pub(super) fn element(&self, name: &str) -> String {
        let mut lines = format!("\n[[{name}]]\n");
        for (key, value) in &self.0 {
            let _ = writeln!(lines, "{key} = {value}");
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_survives_writing_and_reading(value in any::<String>()) {
            let table: ::toml::Table = format!("x = {}", text(&value)).parse().expect("valid TOML");
            prop_assert_eq!(table["x"].as_str(), Some(value.as_str()));
        }
    }
}
