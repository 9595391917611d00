//! What was measured, for people (a table) and for programs (JSON).

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use super::{floors::Cost, load::Sample, run::COUNTED};

/// Mebibytes that an idle and a loaded provider may hold.
const IDLE_AT_MOST: f64 = 30.0;
const LOADED_AT_MOST: f64 = 80.0;
/// Seconds to the first answer.
const START_AT_MOST: f64 = 0.3;
/// How much higher a ratio may be on the largest database than on the smallest.
const GROWTH_AT_MOST: f64 = 0.10;

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Report {
    pub machine: String,
    pub build: &'static str,
    pub sizes: Vec<Size>,
}

/// Everything measured with one number of people.
#[derive(Debug, Serialize)]
pub struct Size {
    pub people: usize,
    pub rows: Vec<Row>,
    pub floors: BTreeMap<String, Cost>,
    pub memory: Memory,
    /// Seconds from the start of the process to the first answered discovery, each time it was started.
    pub starts: Vec<f64>,
}

/// One operation.
#[derive(Debug, Serialize)]
pub struct Row {
    pub operation: String,
    /// At 1, 16 and 64 connections.
    pub samples: Vec<Sample>,
    /// Processor seconds for a thousand, of each exchange played by a server that does nothing else.
    pub http: Vec<f64>,
    /// How the aim is made.
    pub aim: String,
    pub floor: f64,
    pub limit: f64,
}

/// Resident memory of the provider in mebibytes.
#[derive(Debug, Serialize)]
pub struct Memory {
    pub idle: f64,
    /// The most that was seen under load at 64 connections, sign-ins aside.
    pub loaded: f64,
    /// With the memory that hashing passwords keeps.
    pub after_sign_ins: f64,
}

impl Row {
    /// At the number of connections that the floors are measured with.
    fn cost(&self) -> f64 {
        self.samples.iter().find(|sample| sample.connections == COUNTED).or(self.samples.last()).map_or(0.0, |sample| sample.cpu_per_1000)
    }
    /// How often the floor fits into it.
    pub fn ratio(&self) -> f64 {
        if self.floor > 0.0 { self.cost() / self.floor } else { 0.0 }
    }
}

impl Size {
    /// The middle one.
    fn start(&self) -> f64 {
        let mut starts = self.starts.clone();
        starts.sort_by(f64::total_cmp);
        starts.get(starts.len() / 2).copied().unwrap_or_default()
    }
}

impl Report {
    /// As tables in Markdown.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        // writing to a string cannot fail
        let _ = writeln!(out, "{} ({} build)", self.machine, self.build);
        for size in &self.sizes {
            size.write(&mut out);
        }
        if let (Some(small), Some(large)) = (self.sizes.first(), self.sizes.get(1)) {
            growth(small, large, &mut out);
        }
        out
    }
}

const fn reached(yes: bool) -> &'static str {
    if yes { "yes" } else { "**no**" }
}

impl Size {
    fn write(&self, out: &mut String) {
        let _ = writeln!(out, "\n### {} people\n", self.people);
        let _ = writeln!(out, "Processor seconds of the server for 1,000 operations at {COUNTED} connections; milliseconds p50 / p99.\n");
        let _ = writeln!(out, "| operation | CPU | floor | ratio | aim | at most | reached | 1 | 16 | 64 |");
        let _ = writeln!(out, "|---|--:|--:|--:|---|--:|---|--:|--:|--:|");
        for row in &self.rows {
            let (cost, yes) = (row.cost(), reached(row.cost() <= row.limit));
            let _ = write!(
                out,
                "| {} | {cost:.3} | {:.3} | {:.2} | {} | {:.3} | {yes}",
                row.operation,
                row.floor,
                row.ratio(),
                row.aim,
                row.limit
            );
            for sample in &row.samples {
                let _ = write!(out, " | {:.2} / {:.2}", sample.p50, sample.p99);
            }
            let _ = writeln!(out, " |");
        }
        let floors: Vec<String> = self.floors.iter().map(|(name, cost)| format!("{name} {:.4}", cost.cpu_per_1000)).collect();
        let _ = writeln!(out, "\nFloors, the same unit: {}.", floors.join(", "));
        let http: Vec<String> = self.rows.iter().map(|row| format!("{} {:.4}", row.operation, row.http.iter().sum::<f64>())).collect();
        let _ = writeln!(out, "\nOf these floors, `http` is: {}.\n", http.join(", "));
        let _ = writeln!(out, "| | measured | at most | reached |");
        let _ = writeln!(out, "|---|--:|--:|---|");
        let Memory { idle, loaded, after_sign_ins } = self.memory;
        let _ = writeln!(out, "| memory, idle | {idle:.1} MiB | {IDLE_AT_MOST} MiB | {} |", reached(idle <= IDLE_AT_MOST));
        let _ =
            writeln!(out, "| memory, 64 connections | {loaded:.1} MiB | {LOADED_AT_MOST} MiB | {} |", reached(loaded <= LOADED_AT_MOST));
        let _ = writeln!(out, "| memory, after sign-ins | {after_sign_ins:.1} MiB | | |");
        let start = self.start();
        let _ = writeln!(out, "| start to the first answer | {start:.3} s | {START_AT_MOST} s | {} |", reached(start <= START_AT_MOST));
    }
}

fn growth(small: &Size, large: &Size, out: &mut String) {
    let _ = writeln!(out, "\n### Growth from {} to {} people\n", small.people, large.people);
    let _ = writeln!(out, "| operation | ratio before | ratio after | growth | at most | reached |");
    let _ = writeln!(out, "|---|--:|--:|--:|--:|---|");
    for row in &large.rows {
        let Some(before) = small.rows.iter().find(|before| before.operation == row.operation).map(Row::ratio) else { continue };
        let grown = if before > 0.0 { row.ratio() / before - 1.0 } else { 0.0 };
        let yes = reached(grown <= GROWTH_AT_MOST);
        let _ = writeln!(
            out,
            "| {} | {before:.2} | {:.2} | {:+.0} % | {:.0} % | {yes} |",
            row.operation,
            row.ratio(),
            grown * 100.0,
            GROWTH_AT_MOST * 100.0
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(people: usize, cpu_per_1000: f64) -> Size {
        let sample = |connections| Sample { connections, operations: 9, cpu_per_1000, p50: 1.0, p99: 2.0, per_second: 3.0, resident: 4 };
        let row = Row {
            operation: "userinfo".to_owned(),
            samples: [1, 16, 64].map(sample).to_vec(),
            http: vec![0.1],
            aim: "1.5 × (…)".to_owned(),
            floor: 0.1,
            limit: 0.15,
        };
        let memory = Memory { idle: 31.0, loaded: 40.0, after_sign_ins: 60.0 };
        Size { people, rows: vec![row], floors: BTreeMap::new(), memory, starts: vec![0.5, 0.1, 0.2] }
    }

    #[test]
    fn the_tables_say_what_was_reached_and_what_was_not() {
        let report = Report { machine: "a machine".to_owned(), build: "release", sizes: vec![size(1_000, 0.12), size(100_000, 0.18)] };
        let text = report.to_markdown();
        for line in [
            "| userinfo | 0.120 | 0.100 | 1.20 | 1.5 × (…) | 0.150 | yes | 1.00 / 2.00 | 1.00 / 2.00 | 1.00 / 2.00 |",
            "| userinfo | 0.180 | 0.100 | 1.80 | 1.5 × (…) | 0.150 | **no** | 1.00 / 2.00 | 1.00 / 2.00 | 1.00 / 2.00 |",
            "| memory, idle | 31.0 MiB | 30 MiB | **no** |",
            "| start to the first answer | 0.200 s | 0.3 s | yes |",
            "| userinfo | 1.20 | 1.80 | +50 % | 10 % | **no** |",
        ] {
            assert!(text.contains(line), "{line}\nis not in\n{text}");
        }
    }
}
