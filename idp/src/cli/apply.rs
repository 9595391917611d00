//! `idp apply`, and `aplec apply`: a cluster from a file.

use std::{io::Write, path::PathBuf};

use anyhow::anyhow;
use clap::Args;
use idp_app::{
    App, Failure,
    apply::{ClusterFile, Diff, Mode, apply_file},
};
use idp_domain::policy::Actor;

/// Bring a cluster to what a file says, as far as nobody decided otherwise; see docs/how-to/apply.md.
#[derive(Debug, Args)]
pub struct Apply {
    /// The cluster file.
    file: PathBuf,
    /// Only print what would change.
    #[arg(long)]
    dry_run: bool,
}

impl Apply {
    /// Whether nothing is to be written.
    pub const fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// Reads the file; what is wrong in it is told line by line.
    pub fn read(&self) -> anyhow::Result<ClusterFile> {
        Ok(ClusterFile::load(&self.file)?)
    }

    /// Applies what was read and prints what that changed.
    pub async fn run(&self, file: &ClusterFile, app: &App, out: &mut dyn Write) -> anyhow::Result<()> {
        let mode = if self.dry_run { Mode::DryRun } else { Mode::Write };
        match apply_file(&app.act(Actor::Operator, "apply"), file, mode).await {
            Ok(applied) => Ok(writeln!(out, "{}", Diff(&applied))?),
            Err(Failure::Refused(refusal)) => Err(anyhow!("nothing was applied:\n{refusal}")),
            Err(Failure::Fault(fault)) => Err(anyhow!("nothing was applied: {fault}")),
        }
    }
}
