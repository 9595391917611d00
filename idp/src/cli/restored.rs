//! `idp restored`

use std::io::Write;

use anyhow::bail;
use idp_app::restore::begin_epoch;
use idp_domain::policy::Actor;

use super::open;
use crate::settings::Settings;

pub(super) async fn run(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let app = open(settings).await?;
    let damage = app.check_integrity().await?.unwrap_or_default();
    if !damage.is_empty() {
        bail!(
            "what was put back is damaged ({}): put the backup in place again, with no `-wal` and `-shm` file of the old database beside it",
            damage.join("; ")
        );
    }
    begin_epoch(&app.act(Actor::Operator, "console")).await?;
    writeln!(out, "sessions and tokens from before count for nothing; an `idp serve` that runs already must be started again")?;
    Ok(())
}
