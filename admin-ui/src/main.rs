//! `admin-ui serve --config FILE` and `admin-ui keys init --out DIR`.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use admin_ui::{App, Clock, Entropy, KeyFiles, Settings};
use anyhow::anyhow;
use clap::{Parser, Subcommand};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The managers' desk of an Aplec cluster.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the desk.
    Serve {
        /// The settings, TOML: issuer, base_url, client_id, key_file, listen.
        #[arg(long)]
        config: PathBuf,
    },
    /// The desk's own key.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Makes a key: `admin-ui.pem` stays here, `admin-ui.jwks.json` is registered with
    /// `idp client create --admin-ui --jwks FILE --redirect-uri …`.
    Init {
        /// Where to write both files.
        #[arg(long)]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve { config } => run(&config),
        Command::Keys { command: KeysCommand::Init { out } } => init(&out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // the last word goes to whoever started the program, whatever becomes of the log
            let _ = writeln!(std::io::stderr(), "admin-ui: {error}");
            ExitCode::FAILURE
        }
    }
}

fn init(out: &std::path::Path) -> anyhow::Result<()> {
    let files = KeyFiles::in_directory(out);
    files.create()?;
    writeln!(std::io::stdout(), "{} stays here; register {}", files.private.display(), files.public.display())?;
    Ok(())
}

fn run(config: &std::path::Path) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr).init();
    let settings = Settings::load(config)?;
    tracing::info!("{settings}");
    let listen = settings.listen.clone();
    let app = App::open(settings, Clock::System, Entropy::Os)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(listen, app))
}

async fn serve(listen: Vec<std::net::SocketAddr>, app: App) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut listeners = JoinSet::new();
    for address in listen {
        let listener = TcpListener::bind(address).await.map_err(|error| anyhow!("{address} cannot be listened on: {error}"))?;
        let mut stopped = stopped.clone();
        let router = admin_ui::router(app.clone());
        listeners.spawn(admin_ui::serve(listener, router, async move {
            // an error means that the sender is gone, which is an end too
            let _ = stopped.wait_for(|stopped| *stopped).await;
        }));
    }
    signal().await?;
    stop.send_replace(true);
    while let Some(ended) = listeners.join_next().await {
        ended??;
    }
    Ok(())
}

/// Waits until somebody wants the program to end.
async fn signal() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_starts_the_program_as_it_wants_to_be_started() {
        let dockerfile = include_str!("../../Dockerfile");
        let stage = dockerfile.split("\nFROM ").find(|stage| stage.starts_with("ground AS admin-ui\n")).expect("its stage");
        let words = ["ENTRYPOINT ", "CMD "].map(|name| {
            let line = stage.lines().find_map(|line| line.strip_prefix(name)).expect("a line of its own");
            serde_json::from_str::<Vec<String>>(line).expect("its words as JSON")
        });
        let cli = Cli::try_parse_from(words.concat()).expect("understood");
        assert!(matches!(cli.command, Command::Serve { config } if config.starts_with("/data")), "the image keeps its files in /data");
    }
}
