//! The benchmark still works: every operation, every floor, every column, done hardly once. Nothing here is timed.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};
use integration_tests::process::{Running, program};
use serde_json::Value;

const OPERATIONS: [&str; 13] = [
    "discovery",
    "jwks",
    "client_credentials",
    "introspection",
    "userinfo",
    "refresh EdDSA",
    "refresh ES256",
    "refresh RS256",
    "refresh, rotated ES256",
    "SSO hop EdDSA",
    "SSO hop ES256",
    "SSO hop RS256",
    "password login ES256",
];

const FLOORS: [&str; 10] =
    ["argon", "commit", "gate", "read", "sign-eddsa", "sign-es256", "sign-rs256", "verify-eddsa", "verify-es256", "verify-rs256"];

fn texts<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|item| item[name].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_benchmark_measures_everything_it_promises() -> Result<()> {
    let home = tempfile::tempdir()?;
    let json = home.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    command.args(["--glance", "--people", "120", "--json"]).arg(&json).arg("--idp").arg(program("idp")?);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "bench failed:\n{told}");

    let report: Value = serde_json::from_slice(&fs::read(&json)?)?;
    let size = &report["sizes"][0];
    assert_eq!(size["people"], 120);
    assert_eq!(texts(&size["rows"], "operation"), OPERATIONS);
    for row in size["rows"].as_array().context("rows")? {
        let connections: Vec<_> = row["samples"].as_array().into_iter().flatten().map(|sample| sample["connections"].as_u64()).collect();
        assert_eq!(connections, [Some(1), Some(16), Some(64)], "{row}");
        let done = |sample: &Value| sample["operations"].as_u64() >= sample["connections"].as_u64();
        assert!(row["samples"].as_array().is_some_and(|samples| samples.iter().all(done)), "{row}");
        assert!(row["http"].as_array().is_some_and(|http| !http.is_empty()), "{row}");
        assert!(said.contains(row["operation"].as_str().context("a name")?), "{row} is not in\n{said}");
    }
    let floors: Vec<&str> = size["floors"].as_object().context("floors")?.keys().map(String::as_str).collect();
    assert_eq!(floors, FLOORS);
    assert!(size["memory"]["idle"].as_f64() > Some(1.0) && size["memory"]["loaded"].as_f64() > Some(1.0), "{}", size["memory"]);
    assert!(size["starts"][0].as_f64() > Some(0.0), "{}", size["starts"]);
    Ok(())
}

#[tokio::test]
async fn the_benchmark_says_which_operations_there_are() -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    command.args(["--only", "juggling", "--idp", "idp"]);
    let (status, said) = Running::start("bench", home.path(), &mut command)?.ends().await?;
    assert!(!status.success() && said.contains("discovery, jwks, client_credentials"), "{said}");
    Ok(())
}
