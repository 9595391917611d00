//! `idp export`, and `aplec export`: the cluster as a file.

use std::io::Write;

use clap::Args;
use idp_app::{
    App,
    apply::{Hashes, Scope, export},
};
use idp_domain::policy::Actor;

/// Print the cluster as a file that `apply` reads, without secrets.
#[derive(Debug, Args)]
pub struct Export {
    /// With the hashes of people's passwords. Who has them can try passwords: keep the file as you keep the database.
    #[arg(long, conflicts_with = "recipe")]
    with_hashes: bool,
    /// Only what another cluster may copy: services, clients, profiles and policies.
    #[arg(long)]
    recipe: bool,
}

impl Export {
    /// Prints the file to `out`, and what a reader of it must know to `aside`.
    pub async fn run(&self, app: &App, out: &mut dyn Write, aside: &mut dyn Write) -> anyhow::Result<()> {
        let scope = match (self.recipe, self.with_hashes) {
            (true, _) => Scope::Recipe,
            (false, true) => Scope::Cluster(Hashes::Included),
            (false, false) => Scope::Cluster(Hashes::LeftOut),
        };
        if scope == Scope::Cluster(Hashes::Included) {
            writeln!(
                aside,
                "This file holds the HASHES OF PEOPLE'S PASSWORDS: keep it as you keep the database, and delete it after use."
            )?;
        }
        let exported = export(&app.act(Actor::Operator, "export"), scope).await?;
        for warning in &exported.warnings {
            writeln!(aside, "{warning}")?;
        }
        Ok(out.write_all(exported.text.as_bytes())?)
    }
}
