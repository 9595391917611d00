//! `idp migrate`

use std::io::Write;

use idp_app::App;

use crate::{
    provider::{self, StartError},
    settings::Settings,
};

pub(super) async fn run(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let options = provider::app_options(settings).map_err(StartError::from)?;
    let ran = App::migrate(&options).await?;
    if ran.is_empty() {
        writeln!(out, "the schema is up to date")?;
    }
    for name in ran {
        writeln!(out, "{name}")?;
    }
    Ok(())
}
