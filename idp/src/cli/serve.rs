//! `idp serve`

use std::io::Write;

use clap::Args;
use idp_app::App;

use crate::{
    lifecycle,
    provider::{self, Provider, StartError},
    settings::Settings,
    stop,
};

/// Serve until told to stop.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Refuse to start on an old schema instead of bringing it up to date.
    #[arg(long)]
    no_migrate: bool,
}

impl Serve {
    pub(super) async fn run(self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
        let options = provider::app_options(settings).map_err(StartError::from)?;
        if !self.no_migrate {
            App::migrate(&options).await?;
        }
        let app = App::open(options).await?;
        let provider = Provider::start(app, settings).await?;
        let addresses: Vec<String> = provider.addresses().iter().map(ToString::to_string).collect();
        writeln!(out, "{} answers on {}", settings.issuer, addresses.join(" and "))?;
        out.flush()?;
        let (stopper, stop) = stop::channel();
        let running = tokio::spawn(provider.run(stop));
        lifecycle::signalled().await?;
        stopper.stop();
        running.await?;
        Ok(())
    }
}
