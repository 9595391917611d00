//! The generator: so many connections, each doing its work over and over, until the server has worked long enough to be measured.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::{task::JoinSet, time::interval};

use super::{
    machine::{Stopwatch, Watched},
    wire::Connection,
    work::Work,
};

/// When a measurement ends: at whichever comes first.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The server has used this much processor time; its clock ticks in hundredths of a second.
    pub cpu: Duration,
    /// So much time has passed.
    pub wall: Duration,
    /// So many operations were done by each connection.
    pub operations: u64,
}

impl Bounds {
    /// To be measured.
    pub const fn full(cpu: Duration) -> Self {
        Self { cpu, wall: Duration::from_secs(30), operations: u64::MAX }
    }
    /// To be seen working, no more.
    pub const GLANCE: Self = Self { cpu: Duration::MAX, wall: Duration::from_mins(1), operations: 2 };

    /// Before measuring: connections open, code and pages in the caches.
    const fn warm_up(self) -> Self {
        let operations = if self.operations < 20 { 1 } else { 20 };
        Self { cpu: Duration::MAX, wall: Duration::from_secs(2), operations }
    }
}

/// What was measured.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sample {
    pub connections: usize,
    pub operations: u64,
    /// Processor seconds of the server for a thousand operations.
    pub cpu_per_1000: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p99: f64,
    pub per_second: f64,
    /// The most resident memory of the server that was seen meanwhile, in bytes.
    pub resident: u64,
}

/// Where to knock and whom to watch.
#[derive(Debug, Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub host: String,
    pub process: Watched,
}

/// Lets every worker do its work on a connection of its own.
pub async fn drive(target: &Target, workers: Vec<Work>, bounds: Bounds) -> Result<Sample> {
    let connections = workers.len();
    let mut ready = Vec::with_capacity(connections);
    for work in workers {
        ready.push((Connection::open(target.address, &target.host).await?, work));
    }
    let Ran { ready, .. } = run(target, ready, bounds.warm_up()).await?;
    let before = target.process.cpu()?;
    let watch = Stopwatch::start();
    // the connections stay open until everything is read
    let Ran { ready: _ready, mut latencies, resident } = run(target, ready, bounds).await?;
    let wall = watch.elapsed();
    let cpu = target.process.cpu()?.saturating_sub(before);
    latencies.sort_unstable();
    let operations = u64::try_from(latencies.len())?;
    Ok(Sample {
        connections,
        operations,
        cpu_per_1000: cpu.as_secs_f64() * 1000.0 / as_f64(operations).max(1.0),
        p50: percentile(&latencies, 50),
        p99: percentile(&latencies, 99),
        per_second: as_f64(operations) / wall.as_secs_f64(),
        resident,
    })
}

type Ready = Vec<(Connection, Work)>;

/// What became of the connections, and what was seen meanwhile.
#[derive(Default)]
struct Ran {
    ready: Ready,
    /// Microseconds.
    latencies: Vec<u32>,
    resident: u64,
}

async fn run(target: &Target, ready: Ready, bounds: Bounds) -> Result<Ran> {
    let enough = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    for (connection, work) in ready {
        tasks.spawn(repeat(connection, work, bounds.operations, Arc::clone(&enough)));
    }
    // ends when it is dropped
    let mut awake = JoinSet::new();
    awake.spawn(stay_awake());
    let mut ran = Ran::default();
    let (watch, before) = (Stopwatch::start(), target.process.cpu()?);
    let mut look = interval(Duration::from_millis(20));
    loop {
        tokio::select! {
            ended = tasks.join_next() => match ended {
                None => return Ok(ran),
                Some(done) => {
                    let (connection, work, mut own) = done?.inspect_err(|_| enough.store(true, Ordering::Relaxed))?;
                    ran.ready.push((connection, work));
                    ran.latencies.append(&mut own);
                }
            },
            _ = look.tick() => {
                ran.resident = ran.resident.max(target.process.resident()?);
                if watch.elapsed() >= bounds.wall || target.process.cpu()?.saturating_sub(before) >= bounds.cpu {
                    enough.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}

/// Keeps a thread of the generator from sleeping: whoever sleeps is woken for an answer, by the server and at its expense, which
/// a client elsewhere is not. From four cores on the generator has more threads, and those may sleep.
async fn stay_awake() {
    loop {
        // the processor first to whoever else has work, then the connections
        std::thread::yield_now();
        tokio::task::yield_now().await;
    }
}

/// Latencies in microseconds.
async fn repeat(mut connection: Connection, mut work: Work, most: u64, enough: Arc<AtomicBool>) -> Result<(Connection, Work, Vec<u32>)> {
    static TURN: AtomicU64 = AtomicU64::new(0);
    let mut latencies = Vec::new();
    for _ in 0..most {
        let watch = Stopwatch::start();
        work.once(&mut connection, TURN.fetch_add(1, Ordering::Relaxed)).await.with_context(|| work.name())?;
        latencies.push(u32::try_from(watch.elapsed().as_micros()).unwrap_or(u32::MAX));
        if enough.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok((connection, work, latencies))
}

/// In milliseconds, of sorted microseconds.
fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |&micros| f64::from(micros) / 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of operations are far below 2^52")]
pub(super) fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let sorted: Vec<u32> = (1..=100).map(|n| n * 1000).collect();
        assert!((percentile(&sorted, 50) - 51.0).abs() < f64::EPSILON);
        assert!((percentile(&sorted, 99) - 100.0).abs() < f64::EPSILON);
        assert!(percentile(&[], 99).abs() < f64::EPSILON);
    }
}
