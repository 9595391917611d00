//! Turns raw values into domain values and remembers what is wrong, so that everything is told at once.

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
};

use idp_domain::{Timestamp, limits, secret::Typed};
use keys::secret_file;
use toml::{Spanned, value::Datetime};

use crate::apply::{
    instant,
    place::{Located, Problem, Source},
    raw::Text,
};

pub(super) struct Reader<'s> {
    source: &'s Source,
    folder: &'s Path,
    problems: Vec<Problem>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(source: &'s Source, folder: &'s Path) -> Self {
        Self { source, folder, problems: Vec::new() }
    }
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
    /// How much was wrong until now.
    pub(super) fn problems(&self) -> usize {
        self.problems.len()
    }
    pub(super) fn line<T>(&self, raw: &Spanned<T>) -> usize {
        self.source.line_of(&raw.span())
    }
    pub(super) fn wrong(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(self.source.problem(line, message));
    }

    /// A value, or a problem that quotes what was found and says what was expected.
    pub(super) fn value<T, E: Display>(&mut self, field: &str, raw: &Text, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<Located<T>> {
        let line = self.line(raw);
        match parse(raw.get_ref()) {
            Ok(value) => Some(Located { value, line }),
            Err(error) => {
                self.wrong(line, format!("`{field}` is `{}`: {error}", shown(raw.get_ref())));
                None
            }
        }
    }
    pub(super) fn optional<T, E: Display>(
        &mut self,
        field: &str,
        raw: Option<&Text>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Located<T>> {
        raw.and_then(|raw| self.value(field, raw, parse))
    }
    /// A list; wrong entries are problems and are left out.
    pub(super) fn list<T, E: Display>(&mut self, field: &str, raw: &[Text], parse: impl Fn(&str) -> Result<T, E>) -> Vec<Located<T>> {
        raw.iter().filter_map(|raw| self.value(field, raw, &parse)).collect()
    }
    /// One of a closed set of words.
    pub(super) fn word<T>(&mut self, field: &str, raw: Option<&Text>, words: &[&str], find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let expected = || format!("expected {}", quoted(words));
        self.optional(field, raw, |text| find(text).ok_or_else(expected)).map(|word| word.value)
    }
    pub(super) fn instant(&mut self, field: &str, raw: Option<&Spanned<Datetime>>) -> Option<Timestamp> {
        let raw = raw?;
        let at = instant::read(raw.get_ref());
        if at.is_none() {
            let line = self.line(raw);
            self.wrong(line, format!("`{field}` is `{}`: expected {}", raw.get_ref(), instant::EXPECTED));
        }
        at
    }

    /// What a secret file holds, without the line break at its end.
    pub(super) fn secret_file(&mut self, field: &str, raw: &Text) -> Option<Typed> {
        let read = secret_file::read(&self.beside(raw)).map(|text| Typed::new(text.trim_end_matches(['\r', '\n']).to_owned()));
        self.told(field, raw, read).filter(|secret| {
            let empty = secret.expose().is_empty();
            if empty {
                let line = self.line(raw);
                self.wrong(line, format!("`{field}` names `{}`, which is empty", raw.get_ref()));
            }
            !empty
        })
    }
    /// What a file without secrets holds.
    pub(super) fn plain_file(&mut self, field: &str, raw: &Text) -> Option<String> {
        let path = self.beside(raw);
        let read = fs::metadata(&path).and_then(|found| {
            if found.len() > limits::JWKS as u64 {
                Err(std::io::Error::other("expected a file of at most 64 KiB"))
            } else {
                fs::read_to_string(&path)
            }
        });
        self.told(field, raw, read.map_err(|error| format!("{}: {error}", path.display())))
    }
    fn beside(&self, raw: &Text) -> PathBuf {
        self.folder.join(raw.get_ref())
    }
    fn told<T, E: Display>(&mut self, field: &str, raw: &Text, read: Result<T, E>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                let line = self.line(raw);
                self.wrong(line, format!("`{field}`: {error}"));
                None
            }
        }
    }
}

/// As much of a value as helps to find it.
fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\n', " ")
}

/// `` `a`, `b` or `c` ``
pub(super) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}
