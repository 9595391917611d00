//! What a running process costs, as the kernel counts it, and how long things take.

#![expect(clippy::disallowed_methods, reason = "measuring is reading the clock")]

use std::{
    fs,
    process::Command,
    sync::OnceLock,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// A process to look at.
#[derive(Debug, Clone, Copy)]
pub struct Watched(u32);

impl Watched {
    pub const fn new(process: u32) -> Self {
        Self(process)
    }

    /// The process that asks.
    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Processor time of all its threads, those that ended too: user and system. Counted in hundredths of a second.
    pub fn cpu(self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // the name may hold blanks and brackets; utime and stime are the 14th and 15th field (proc_pid_stat(5))
        let (_, fields) = stat.rsplit_once(')').context("a stat line")?;
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(|field| field.parse().unwrap_or(0)).sum();
        Ok(Duration::from_nanos(ticks * 1_000_000_000 / ticks_per_second()))
    }

    /// Resident memory in bytes.
    pub fn resident(self) -> Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    fn read(self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.0);
        fs::read_to_string(&path).with_context(|| path)
    }
}

fn ticks_per_second() -> u64 {
    static TICKS: OnceLock<u64> = OnceLock::new();
    *TICKS.get_or_init(|| {
        let asked = Command::new("getconf").arg("CLK_TCK").output().ok();
        let told = asked.and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok());
        // what Linux says everywhere
        told.unwrap_or(100)
    })
}

/// Runs since it was made.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The machine in one line: processor, cores, kernel.
pub fn description() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{}, {cores} cores, Linux {}", model.trim_start_matches([' ', '\t', ':']), kernel.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_this_process_is_counted() -> Result<()> {
        let before = Watched::own().cpu()?;
        let watch = Stopwatch::start();
        let mut sum = 0_u64;
        while watch.elapsed() < Duration::from_millis(200) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let spent = Watched::own().cpu()?.checked_sub(before).context("time only grows")?;
        assert!(spent >= Duration::from_millis(50), "{spent:?} of 200 ms of work");
        assert!(Watched::own().resident()? > 1 << 20);
        Ok(())
    }
}
