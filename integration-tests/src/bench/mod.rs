//! The benchmark: what each operation costs the server, and how far that is from what it cannot go below.
//!
//! Machines are noisy, so time is not what is compared: the server's processor time is, with the processor time of the same work
//! done alone on the same data in the same run. `docs/performance.md` says how to run it and what was reached. In reading order:
//! [`run`] (the whole run), [`operations`] (what is measured and the aim), [`work`] (how an operation is done), [`load`] (the
//! generator), [`floors`] and [`servers`] (what it is compared with), [`report`].

pub mod data;
pub mod floors;
pub mod load;
pub mod machine;
pub mod operations;
pub mod report;
pub mod run;
pub mod servers;
pub mod wire;
pub mod work;

use std::{io::Write as _, path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::{Args, Parser, Subcommand};

use self::{data::Place, floors::Floor, load::Bounds, run::Plan};
use crate::{ambient, process::workspace};

/// Measures `idp serve` on SQLite: processor time, latency, memory, start. Takes some ten minutes.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub struct Arguments {
    /// How many people the database holds; may be given several times. 1,000 and 100,000 unless told otherwise.
    #[arg(long)]
    people: Vec<usize>,
    /// Only operations whose names begin so; may be given several times.
    #[arg(long, value_name = "OPERATION")]
    only: Vec<String>,
    /// Writes everything that was measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The `idp` program to measure; built like this one unless told otherwise.
    #[arg(long, value_name = "FILE")]
    idp: Option<PathBuf>,
    #[command(flatten)]
    length: Length,
    #[command(subcommand)]
    part: Option<Part>,
}

/// How long each measurement lasts.
#[derive(Debug, Args)]
struct Length {
    /// Processor seconds that each measurement costs the measured process.
    #[arg(long, global = true, default_value_t = 0.8)]
    cpu_seconds: f64,
    /// Does everything hardly once: to see that it works, not to measure.
    #[arg(long, global = true)]
    glance: bool,
}

/// The processes that a run starts by itself.
#[derive(Debug, Subcommand)]
enum Part {
    /// Does one kind of work alone and prints its cost.
    #[command(hide = true)]
    Floor { name: String, directory: PathBuf },
    /// Generates a cluster in an empty directory and stops there: to look at a provider with a profiler.
    #[command(hide = true)]
    Generate { directory: PathBuf },
    /// Answers everything with one recorded answer.
    #[command(hide = true)]
    Play { file: PathBuf, port: u16 },
}

impl Length {
    fn bounds(&self) -> Result<Bounds> {
        let cpu = Duration::try_from_secs_f64(self.cpu_seconds).context("--cpu-seconds")?;
        Ok(if self.glance { Bounds::GLANCE } else { Bounds::full(cpu) })
    }
}

/// Runs what was asked for.
pub async fn main(arguments: Arguments) -> Result<()> {
    let bounds = arguments.length.bounds()?;
    let mut out = std::io::stdout();
    match arguments.part {
        Some(Part::Floor { name, directory }) => {
            let floor = Floor::from_name(&name).with_context(|| format!("no floor is called {name}"))?;
            let cost = floor.measure(&Place::new(directory), bounds).await?;
            return Ok(writeln!(out, "{}", serde_json::to_string(&cost)?)?);
        }
        Some(Part::Play { file, port }) => return servers::play(file, port).await,
        Some(Part::Generate { directory }) => {
            let people = arguments.people.first().copied().unwrap_or(1_000);
            return data::generate(&Place::new(directory), people).await.map(drop);
        }
        None => {}
    }
    let own = std::env::current_exe()?;
    // the provider is started elsewhere
    let idp = arguments.idp.map_or_else(built, |path| Ok(std::path::absolute(path)?))?;
    let sizes = if arguments.people.is_empty() { vec![1_000, 100_000] } else { arguments.people };
    let (starts, rounds) = if arguments.length.glance { (1, 1) } else { (5, 5) };
    let report = Plan { idp: &idp, own: &own, sizes, only: arguments.only, bounds, starts, rounds }.run().await?;
    if let Some(file) = arguments.json {
        std::fs::write(&file, serde_json::to_vec_pretty(&report)?).with_context(|| file.display().to_string())?;
    }
    write!(out, "{}", report.to_markdown())?;
    Ok(())
}

/// The `idp` program beside this one, built from the same libraries with the same profile.
fn built() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let directory = own.parent().context("a program lies in a directory")?;
    let mut command = Command::new(ambient::variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    command.current_dir(workspace()).args(["build", "--locked", "--package", "idp", "--package", "integration-tests", "--bin", "idp"]);
    if directory.file_name().is_some_and(|profile| profile == "release") {
        command.arg("--release");
    }
    command.env("CARGO_TARGET_DIR", directory.parent().context("a target directory")?);
    ensure!(command.status().context("cargo build")?.success(), "cargo could not build `idp`");
    Ok(directory.join("idp"))
}
