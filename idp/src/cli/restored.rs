//! `idp restored`

use std::io::Write;

use idp_app::restore::begin_epoch;
use idp_domain::policy::Actor;

use super::open;
use crate::settings::Settings;

pub(super) async fn run(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    begin_epoch(&open(settings).await?.act(Actor::Operator, "console")).await?;
    writeln!(out, "sessions and tokens from before count for nothing; an `idp serve` that runs already must be started again")?;
    Ok(())
}
