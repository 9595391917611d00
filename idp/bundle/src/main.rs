//! `aplec`: a cluster on this machine, for newcomers and for a first look.

use std::{
    io::{Write, stderr, stdout},
    path::PathBuf,
    process::ExitCode,
};

use bundle::{
    Place, demo,
    house::{self, Ground},
};
use clap::{Parser, Subcommand};
use idp::{
    cli::{apply::Apply, export::Export},
    lifecycle,
};

// without it freed page and hash buffers stay resident; see docs/performance.md
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sign-in for a cooperative cloud, on this machine.
#[derive(Parser)]
#[command(name = "aplec", version)]
struct Cli {
    /// Where everything is kept, except for the master key in keys/local.
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    data: PathBuf,
    /// The first of three neighbouring ports: provider, managers' desk, Mirador.
    #[arg(long, global = true, value_name = "N", default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..=65533))]
    port_base: u16,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a lively example: invented collectives, people and services, and a small service to sign in to.
    Demo,
    /// Run a cluster of your own; prints the link that founds it.
    Up,
    Apply(Apply),
    Export(Export),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = lifecycle::runtime().map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(run(cli)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // nobody reads it when standard error is gone
            let _ = writeln!(stderr(), "aplec: {}", told(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, each text once: many of ours repeat what caused them.
fn told(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        match (told.is_empty(), told.contains(&cause)) {
            (true, _) => cause,
            (false, true) => told,
            (false, false) => format!("{told}: {cause}"),
        }
    })
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let place = Place::new(cli.data, cli.port_base)?;
    match cli.command {
        Command::Demo => demo::run(place, &mut stdout()).await,
        Command::Up => up(place).await,
        Command::Apply(apply) => {
            let file = apply.read()?;
            if apply.is_dry_run() {
                place.must_hold_a_cluster()?;
            }
            apply.run(&file, &house::open(&place).await?.app, &mut stdout()).await
        }
        Command::Export(export) => {
            place.must_hold_a_cluster()?;
            export.run(&house::open(&place).await?.app, &mut stdout(), &mut stderr()).await
        }
    }
}

async fn up(place: Place) -> anyhow::Result<()> {
    let ground = Ground::prepare(place.clone()).await?;
    let link = ground.newcomer.setup_link().await?;
    let mailbox = idp::newcomer::mailbox(&ground.newcomer.settings);
    let house = ground.build().await?;
    let mut out = stdout();
    writeln!(out, "\nAplec runs.\n")?;
    if let Some(link) = link {
        writeln!(out, "  Begin here, once:   {link}\n")?;
    }
    writeln!(out, "  Accounts            {}", place.issuer())?;
    writeln!(out, "  The managers' desk  {}", place.desk())?;
    writeln!(out, "  The mailbox         {mailbox}\n")?;
    writeln!(
        out,
        "Everything is in {}. Its master key, keys/local/master.key, is not: keep a copy apart from your backups, for nothing opens\n\
         the data without it. Ctrl-C stops it.\n",
        place.data().display()
    )?;
    out.flush()?;
    house.serve().await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from(["aplec", "demo", "--data", "elsewhere", "--port-base", "9000"]);
        assert_eq!((cli.data, cli.port_base), (PathBuf::from("elsewhere"), 9000));
    }

    #[test]
    fn the_image_starts_the_program_as_it_wants_to_be_started() {
        let dockerfile = include_str!("../../../Dockerfile");
        let stage = dockerfile.split("\nFROM ").find(|stage| stage.starts_with("ground AS aplec\n")).expect("its stage");
        let words = ["ENTRYPOINT ", "CMD "].map(|name| {
            let line = stage.lines().find_map(|line| line.strip_prefix(name)).expect("a line of its own");
            serde_json::from_str::<Vec<String>>(line).expect("its words as JSON")
        });
        let cli = Cli::try_parse_from(words.concat()).expect("understood");
        assert!(matches!(cli.command, Command::Up) && cli.data.as_os_str() == "/data", "the image keeps its files in /data");
    }
}
