//! `idp setup`

use std::io::Write;

use anyhow::bail;
use idp_app::setup::make_setup_link;
use idp_domain::policy::Actor;

use super::open;
use crate::{http::paths, settings::Settings};

pub(super) async fn run(settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
    let act = open(settings).await?.act(Actor::Operator, "console");
    match make_setup_link(&act).await? {
        Some(secret) => writeln!(out, "{}", paths::setup_link(&settings.issuer, &secret))?,
        None => bail!("this cluster was founded already: its stewards invite others"),
    }
    Ok(())
}
