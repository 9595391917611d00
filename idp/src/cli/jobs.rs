//! `idp jobs`

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use idp_app::jobs::retry_job;
use idp_domain::{id::JobId, locale::Locale, policy::Actor};

use super::open;
use crate::{settings::Settings, texts};

/// How many are listed, the newest first.
const LISTED: u64 = 100;

/// Mails and logout tokens that were given up.
#[derive(Debug, Subcommand)]
pub(super) enum Jobs {
    /// List them, with the reason of the last try.
    GivenUp,
    /// Try one again from the beginning.
    Retry {
        /// As `idp jobs given-up` shows it.
        job: JobId,
    },
}

impl Jobs {
    pub(super) async fn run(self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
        let app = open(settings).await?;
        match self {
            Self::GivenUp => {
                for job in app.list_given_up(LISTED).await? {
                    let when = job.at.map(|at| texts::in_language(Locale::En).date_time(at.millis())).unwrap_or_default();
                    writeln!(out, "{} {:<18} {when}: {}", job.id, job.kind, job.why.unwrap_or_default())?;
                }
            }
            Self::Retry { job } => {
                if !retry_job(&app.act(Actor::Operator, "console"), job).await? {
                    bail!("{job} is not among those that were given up: `idp jobs given-up` lists them");
                }
                writeln!(out, "{job} is tried again by the next worker that looks")?;
            }
        }
        Ok(())
    }
}
