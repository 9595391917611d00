//! A whole run: for each size a cluster, a provider, and in turn every operation and every floor on the same data.

use std::{collections::BTreeMap, io::Write as _, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use tokio::time::interval;

use super::{
    data::{self, PASSWORD, Place},
    floors::{Cost, Floor},
    load::{Bounds, Sample, Target, drive},
    machine,
    operations::{Operation, Scene},
    report::{Memory, Report, Row, Size},
    servers::{Player, Provider},
    wire::{Connection, Exchange},
    work::{Crowd, Work, sign_in},
};
use crate::process::free_ports;

/// How many connections the costs are told of.
pub(super) const COUNTED: usize = 16;
/// With how many the loaded memory is told of.
const CROWD: usize = 64;
const CONNECTIONS: [usize; 3] = [1, COUNTED, CROWD];

/// What to measure, and how long.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The `idp` program.
    pub idp: &'a Path,
    /// This program, for the processes of the floors.
    pub own: &'a Path,
    pub sizes: Vec<usize>,
    /// Operations whose names begin so; all when empty.
    pub only: Vec<String>,
    pub bounds: Bounds,
    /// How often the provider is started on the same database.
    pub starts: usize,
    /// How often everything is measured, in turn. The least counts: what disturbs a measurement only adds to it.
    pub rounds: usize,
}

impl Plan<'_> {
    /// Measures everything.
    pub async fn run(&self) -> Result<Report> {
        let operations = self.operations()?;
        let mut sizes = Vec::new();
        for &people in &self.sizes {
            sizes.push(self.size(people, &operations).await.with_context(|| format!("with {people} people"))?);
        }
        let build = if cfg!(debug_assertions) { "development" } else { "release" };
        Ok(Report { machine: machine::description(), build, sizes })
    }

    fn operations(&self) -> Result<Vec<Operation>> {
        let wanted =
            |operation: &Operation| self.only.is_empty() || self.only.iter().any(|only| operation.name().starts_with(only.as_str()));
        let operations: Vec<Operation> = Operation::ALL.into_iter().filter(wanted).collect();
        let names: Vec<String> = Operation::ALL.into_iter().map(Operation::name).collect();
        ensure!(!operations.is_empty(), "no operation begins so; there are {}", names.join(", "));
        Ok(operations)
    }

    async fn size(&self, people: usize, operations: &[Operation]) -> Result<Size> {
        let home = tempfile::tempdir()?;
        let place = Place::new(home.path());
        told(format_args!("generating {people} people"))?;
        let parties = data::generate(&place, people).await?;
        let (provider, starts) = self.start(&place).await?;
        // what starting leaves behind is put away within a moment
        pause().await;
        let mut memory = Memory { idle: mebibytes(provider.target.process.resident()?), loaded: 0.0, after_sign_ins: 0.0 };

        let crowd = Crowd { people, password: PASSWORD.to_owned(), issuer: provider.issuer.clone() };
        let mut scene = Scene { parties, crowd, cookies: Vec::new() };
        for turn in 0..64 {
            let mut connection = connect(&provider.target).await?;
            let (_, party) = scene.parties.confidential.first().context("a client")?;
            scene.cookies.push(sign_in(&mut connection, party, &scene.crowd, 1_000_000 + turn).await?);
        }
        let mut measured: Vec<Measured> = operations.iter().copied().map(Measured::new).collect();
        let mut floors = BTreeMap::new();
        for round in 0..self.rounds {
            for measured in &mut measured {
                told(format_args!("{}", measured.operation.name()))?;
                measured.keep(self.samples(measured.operation, &scene, &provider.target, round).await?);
            }
            if round == 0 {
                for measured in &mut measured {
                    measured.exchanges = recorded(measured.operation, &scene, &provider.target).await?;
                }
                memory.after_sign_ins = mebibytes(provider.target.process.resident()?);
            }
            for (name, cost) in self.floors(&place)? {
                floors.entry(name).and_modify(|least: &mut Cost| least.keep(cost)).or_insert(cost);
            }
            for measured in &mut measured {
                told(format_args!("http floor of {}", measured.operation.name()))?;
                let mut http = Vec::new();
                for exchange in &measured.exchanges {
                    http.push(self.http(home.path(), exchange).await?);
                }
                measured.keep_http(&http);
            }
        }
        provider.stop()?;
        memory.loaded = measured.iter().filter_map(Measured::loaded).map(mebibytes).fold(0.0, f64::max);
        let rows = measured.into_iter().map(|measured| measured.row(&floors)).collect::<Result<_>>()?;
        Ok(Size { people, rows, floors, memory, starts })
    }

    /// Starts the provider several times on the same database; the last one stays.
    async fn start(&self, place: &Place) -> Result<(Provider, Vec<f64>)> {
        let port = free_ports(1)?;
        let mut starts = Vec::new();
        loop {
            let provider = Provider::start(self.idp, place, port).await?;
            starts.push(provider.started_in.as_secs_f64());
            if starts.len() >= self.starts {
                return Ok((provider, starts));
            }
            provider.stop()?;
        }
    }

    /// One sample for each number of connections in the first round, in the others for the one that counts.
    async fn samples(&self, operation: Operation, scene: &Scene, target: &Target, round: usize) -> Result<Vec<Sample>> {
        let mut samples = Vec::new();
        for connections in CONNECTIONS.into_iter().filter(|&connections| round == 0 || connections == COUNTED) {
            let workers = operation.workers(scene, &mut connect(target).await?, connections).await?;
            samples.push(drive(target, workers, self.bounds).await?);
        }
        Ok(samples)
    }

    /// Processor seconds for a thousand such exchanges where nothing but the listener works.
    async fn http(&self, directory: &Path, exchange: &Exchange) -> Result<f64> {
        let player = Player::start(self.own, directory, exchange).await?;
        let work = Work::Same { name: "http", ask: exchange.ask.clone(), status: exchange.answer.status };
        Ok(drive(&player.target, vec![work; COUNTED], self.bounds).await?.cpu_per_1000)
    }

    /// Each in a process of its own.
    fn floors(&self, place: &Place) -> Result<BTreeMap<String, Cost>> {
        let mut floors = BTreeMap::new();
        for floor in Floor::ALL {
            told(format_args!("floor {}", floor.name()))?;
            let mut command = Command::new(self.own);
            command.args(["floor", &floor.name()]).arg(place.directory());
            command.args(["--cpu-seconds", &self.bounds.cpu.as_secs_f64().min(3600.0).to_string()]);
            if self.bounds.operations == Bounds::GLANCE.operations {
                command.arg("--glance");
            }
            let output = command.output().context("the floor's process")?;
            ensure!(output.status.success(), "floor {}: {}", floor.name(), String::from_utf8_lossy(&output.stderr));
            floors.insert(floor.name(), serde_json::from_slice(&output.stdout)?);
        }
        Ok(floors)
    }
}

/// What was measured of one operation; of several measurements the least.
struct Measured {
    operation: Operation,
    samples: Vec<Sample>,
    /// Of which its `http` floor is made.
    exchanges: Vec<Exchange>,
    http: Vec<f64>,
}

impl Measured {
    const fn new(operation: Operation) -> Self {
        Self { operation, samples: Vec::new(), exchanges: Vec::new(), http: Vec::new() }
    }

    fn keep(&mut self, samples: Vec<Sample>) {
        for sample in samples {
            match self.samples.iter_mut().find(|least| least.connections == sample.connections) {
                Some(least) if least.cpu_per_1000 <= sample.cpu_per_1000 => {}
                Some(least) => *least = sample,
                None => self.samples.push(sample),
            }
        }
    }

    fn keep_http(&mut self, http: &[f64]) {
        self.http.resize(http.len(), f64::INFINITY);
        self.http.iter_mut().zip(http).for_each(|(least, cost)| *least = least.min(*cost));
    }

    /// The most resident memory that was seen with 64 connections, in bytes. Hashes need theirs besides.
    fn loaded(&self) -> Option<u64> {
        let crowded = self.samples.iter().find(|sample| sample.connections == CROWD);
        crowded.filter(|_| !matches!(self.operation, Operation::SignIn(_))).map(|sample| sample.resident)
    }

    fn row(self, floors: &BTreeMap<String, Cost>) -> Result<Row> {
        let Self { operation, samples, http, .. } = self;
        let aim = operation.aim(floors, &http)?;
        Ok(Row { operation: operation.name(), samples, http, aim: aim.text, floor: aim.floor, limit: aim.limit })
    }
}

/// The requests that the operation is made of, with their answers.
async fn recorded(operation: Operation, scene: &Scene, target: &Target) -> Result<Vec<Exchange>> {
    let mut connection = connect(target).await?;
    let mut once = operation.workers(scene, &mut connection, 1).await?;
    connection.record();
    for work in &mut once {
        work.once(&mut connection, 2_000_000).await?;
    }
    Ok(operation.counted(connection.take_recorded()))
}

async fn connect(target: &Target) -> Result<Connection> {
    Connection::open(target.address, &target.host).await
}

/// A second.
async fn pause() {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.tick().await;
    ticks.tick().await;
}

/// Progress goes to standard error: the report is what is printed.
fn told(what: std::fmt::Arguments<'_>) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "bench: {what}")?)
}

fn mebibytes(bytes: u64) -> f64 {
    super::load::as_f64(bytes) / f64::from(1 << 20)
}
