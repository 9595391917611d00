//! What is wrong with the settings: which key, from where, what was expected and what was there.

use std::{fmt, path::PathBuf};

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("not set"),
            Self::File(path) => write!(f, "in {}", path.display()),
            Self::Variable(name) => write!(f, "from {name}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub(super) key: String,
    pub(super) origin: Origin,
    pub(super) expected: String,
    /// What was there; absent for secrets.
    pub(super) got: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({}): {}", self.key, self.origin, self.expected)?;
        match &self.got {
            Some(got) => write!(f, ", got `{got}`"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong, so that an operator mends it in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsError {
    /// A file that cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        why: String,
    },
    /// A file that is not TOML of the expected shape; the text names line, key and what was expected.
    Shape {
        /// Which.
        path: PathBuf,
        /// What is wrong, with the line.
        why: String,
    },
    /// Values that cannot be used.
    Values(Vec<Problem>),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, why } => write!(f, "the settings in {} cannot be read: {why}", path.display()),
            Self::Shape { path, why } => write!(f, "the settings in {}: {}", path.display(), why.trim_end()),
            Self::Values(problems) => {
                f.write_str("the settings cannot be used:")?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))?;
                f.write_str("\n`idp config reference` explains every setting")
            }
        }
    }
}
impl std::error::Error for SettingsError {}
