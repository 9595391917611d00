//! The command line: for operators, who act as such and are audited like anybody else.

pub mod apply;
mod client;
mod config;
mod doctor;
pub mod export;
mod jobs;
mod keys;
mod migrate;
mod restored;
mod serve;
mod setup;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use idp_app::App;

use crate::{
    lifecycle, provider,
    settings::{self, Settings, Sources},
    telemetry,
};

/// The OpenID provider of an Aplec cluster.
#[derive(Debug, Parser)]
#[command(name = "idp", version, about)]
struct Arguments {
    /// The settings file; `idp.toml` in this directory when there is one. `idp config reference` prints every setting.
    #[arg(long, short, global = true, value_name = "FILE", env = "IDP_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until told to stop.
    Serve(serve::Serve),
    /// Bring the database's schema up to date.
    Migrate,
    /// The keys: the master key's file and the signing keys in the database.
    #[command(subcommand)]
    Keys(keys::Keys),
    Apply(apply::Apply),
    Export(export::Export),
    /// The clients of services.
    #[command(subcommand)]
    Client(client::Client),
    /// Mails and logout tokens that were given up.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Print the one-time link that founds the first collectives and the first steward.
    Setup,
    /// Run once after the database was put back from a backup: everybody signs in again, and nothing counts that was issued before.
    Restored,
    /// The settings.
    #[command(subcommand)]
    Config(config::Config),
    /// Check everything this installation needs, the whole database included.
    Doctor,
}

/// Runs the program: errors go to standard error as one line that says what to do.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match lifecycle::runtime() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::anyhow!("the runtime cannot be started: {error}")),
    };
    match runtime.block_on(run(arguments, environment(), &mut std::io::stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // our errors say the whole of it: their sources would only repeat it. Nobody reads it when standard error is gone
    let _ = writeln!(std::io::stderr(), "idp: {error}");
    ExitCode::FAILURE
}

#[expect(clippy::disallowed_methods, reason = "the program's own environment, read once and passed on")]
fn environment() -> Vec<(String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect()
}

async fn run(arguments: Arguments, environment: Vec<(String, String)>, out: &mut dyn Write) -> anyhow::Result<()> {
    let Arguments { config, command } = arguments;
    let settings = || load(config.clone(), environment.clone());
    match command {
        Command::Serve(serve) => serve.run(&logged(settings()?)?, out).await,
        Command::Migrate => migrate::run(&logged(settings()?)?, out).await,
        Command::Keys(keys) => keys.run(&settings()?, out).await,
        Command::Apply(apply) => apply.run(&apply.read()?, &open(&settings()?).await?, out).await,
        Command::Export(export) => export.run(&open(&settings()?).await?, out, &mut std::io::stderr()).await,
        Command::Client(client) => client.run(&settings()?, out).await,
        Command::Jobs(jobs) => jobs.run(&settings()?, out).await,
        Command::Setup => setup::run(&settings()?, out).await,
        Command::Restored => restored::run(&settings()?, out).await,
        Command::Config(config) => config.run(settings, out),
        Command::Doctor => doctor::run(settings, out).await,
    }
}

/// The settings of this installation.
fn load(config: Option<PathBuf>, environment: Vec<(String, String)>) -> anyhow::Result<Settings> {
    let beside = PathBuf::from("idp.toml");
    let file = config.or_else(|| beside.exists().then_some(beside));
    Ok(settings::load(&Sources::read(file, environment)?)?)
}

fn logged(settings: Settings) -> anyhow::Result<Settings> {
    telemetry::start(&settings.log_filter, settings.log_format)?;
    Ok(settings)
}

/// The application of this installation, for commands that use it without serving.
async fn open(settings: &Settings) -> anyhow::Result<App> {
    let options = provider::app_options(settings).map_err(provider::StartError::from)?;
    Ok(App::open(options).await?)
}

#[cfg(test)]
mod tests;
