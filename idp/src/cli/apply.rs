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
    /// Applies the file and prints what that changed, or what is wrong in it, line by line.
    pub async fn run(&self, app: &App, out: &mut dyn Write) -> anyhow::Result<()> {
        let file = ClusterFile::load(&self.file)?;
        let mode = if self.dry_run { Mode::DryRun } else { Mode::Write };
        match apply_file(&app.act(Actor::Operator, "apply"), &file, mode).await {
            Ok(applied) => Ok(writeln!(out, "{}", Diff(&applied))?),
            Err(Failure::Refused(refusal)) => Err(anyhow!("nothing was applied:\n{refusal}")),
            Err(Failure::Fault(fault)) => Err(anyhow!("nothing was applied: {fault}")),
        }
    }
}
