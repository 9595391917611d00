//! `idp config`

use std::io::Write;

use clap::Subcommand;

use crate::settings::{self, Settings};

/// The settings.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Say whether the settings can work, and everything that is wrong with them.
    Check,
    /// Show the settings in force; passwords are never shown.
    Show {
        /// Accepted for clarity: there is no other way to show them.
        #[arg(long)]
        redacted: bool,
    },
    /// Print a file that explains every setting.
    Reference,
    /// Print the JSON Schema of the file, for editors.
    Schema,
}

impl Config {
    pub(super) fn run(self, settings: impl FnOnce() -> anyhow::Result<Settings>, out: &mut dyn Write) -> anyhow::Result<()> {
        match self {
            Self::Check => {
                let settings = settings()?;
                writeln!(out, "the settings can be used; the issuer is {}", settings.issuer)?;
            }
            Self::Show { redacted: _ } => write!(out, "{}", settings::show(&settings()?))?,
            Self::Reference => write!(out, "{}", settings::REFERENCE)?,
            Self::Schema => writeln!(out, "{:#}", settings::schema())?,
        }
        Ok(())
    }
}
