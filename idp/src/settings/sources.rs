//! Defaults < file < environment: which value counts, and where it came from.

use std::{collections::BTreeMap, path::PathBuf};

use toml::{Table, Value};

use super::{
    error::{Origin, Problem, SettingsError},
    raw::Raw,
};

/// What settings are read from. The environment is passed in: only `main` looks at the process's own.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file's path and text.
    pub file: Option<(PathBuf, String)>,
    /// Environment variables; those that do not begin with [`PREFIX`] are ignored.
    pub environment: Vec<(String, String)>,
}

/// What our environment variables begin with.
pub const PREFIX: &str = "IDP__";

impl Sources {
    /// Reads the file.
    pub fn read(path: Option<PathBuf>, environment: Vec<(String, String)>) -> Result<Self, SettingsError> {
        let file = match path {
            None => None,
            Some(path) => match std::fs::read_to_string(&path) {
                Ok(text) => Some((path, text)),
                Err(error) => return Err(SettingsError::Unreadable { path, why: error.to_string() }),
            },
        };
        Ok(Self { file, environment })
    }
}

/// The merged settings with the origin of each key.
pub(super) struct Merged {
    pub(super) raw: Raw,
    origins: BTreeMap<String, Origin>,
}

impl Merged {
    pub(super) fn of(sources: &Sources) -> Result<Self, SettingsError> {
        let mut table = Table::new();
        let mut origins = BTreeMap::new();
        if let Some((path, text)) = &sources.file {
            let shape = |error: toml::de::Error| SettingsError::Shape { path: path.clone(), why: error.to_string() };
            // the shape is checked on the file itself, so that an error names its line
            toml::from_str::<Raw>(text).map_err(shape)?;
            table = toml::from_str(text).map_err(shape)?;
            note(&table, "", &Origin::File(path.clone()), &mut origins);
        }
        let mut problems = Vec::new();
        for (name, value) in &sources.environment {
            let Some(path) = name.strip_prefix(PREFIX) else { continue };
            let key = path.to_ascii_lowercase().replace("__", ".");
            match read_variable(&key, value) {
                Some(value) => {
                    put(&mut table, &key, value);
                    origins.insert(key, Origin::Variable(name.clone()));
                }
                None => problems.push(Problem {
                    key,
                    origin: Origin::Variable(name.clone()),
                    expected: "expected the name of a setting and a value of its kind (see `idp config reference`)".to_owned(),
                    got: None,
                }),
            }
        }
        if !problems.is_empty() {
            return Err(SettingsError::Values(problems));
        }
        let raw = Raw::deserialize(table)?;
        Ok(Self { raw, origins })
    }

    pub(super) fn origin(&self, key: &str) -> Origin {
        self.origins.get(key).cloned().unwrap_or(Origin::Default)
    }
}

impl Raw {
    fn deserialize(table: Table) -> Result<Self, SettingsError> {
        // file and variables were checked one by one: what is left is a value where a section should be
        table.try_into().map_err(|error: toml::de::Error| {
            let problem = Problem { key: "settings".to_owned(), origin: Origin::Default, expected: error.message().to_owned(), got: None };
            SettingsError::Values(vec![problem])
        })
    }
}

fn note(table: &Table, above: &str, origin: &Origin, origins: &mut BTreeMap<String, Origin>) {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            Value::Table(inner) => note(inner, &key, origin, origins),
            _ => {
                origins.insert(key, origin.clone());
            }
        }
    }
}

/// A variable's text as the kind of value its key takes: text, a number, or a list (TOML, or with commas).
fn read_variable(key: &str, text: &str) -> Option<Value> {
    let as_toml = || toml::from_str::<Table>(&format!("value = {text}")).ok()?.remove("value");
    let as_list = || Value::Array(text.split(',').map(|item| Value::String(item.trim().to_owned())).collect());
    let candidates = [Some(Value::String(text.to_owned())), as_toml(), Some(as_list())];
    candidates.into_iter().flatten().find(|value| {
        let mut alone = Table::new();
        put(&mut alone, key, value.clone());
        alone.try_into::<Raw>().is_ok()
    })
}

fn put(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let inner = table.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
