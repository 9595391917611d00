//! The direction of dependencies as a checked-in picture: changing it is a visible line in a review.

use std::{collections::BTreeSet, fs, process::Command};

use anyhow::{Context, Result, ensure};
use integration_tests::{ambient::variable, process::workspace};
use serde::Deserialize;

/// Libraries whose users are worth seeing; `deny.toml` says the same for most of them, also for indirect ones.
const GUARDED: [&str; 12] = [
    "argon2",
    "aws-lc-rs",
    "axum",
    "jsonwebtoken",
    "lettre",
    "maud",
    "openidconnect",
    "redis",
    "reqwest",
    "sea-orm",
    "sea-orm-migration",
    "sqlx",
];

const PICTURE: &str = "integration-tests/tests/it/dependency_graph.txt";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` is what a program is built with; the others are for tests and build scripts.
    kind: Option<String>,
}

fn picture() -> Result<String> {
    let output = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"])
        .current_dir(workspace())
        .output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;

    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut lines: Vec<String> = metadata.packages.iter().map(|package| line(package, &ours)).collect();
    lines.sort();
    Ok(lines.concat())
}

/// `package → our packages · guarded libraries`
fn line(package: &Package, ours: &BTreeSet<&str>) -> String {
    let used: BTreeSet<&str> =
        package.dependencies.iter().filter(|dependency| dependency.kind.is_none()).map(|dependency| dependency.name.as_str()).collect();
    let (packages, libraries): (Vec<&str>, Vec<&str>) =
        used.into_iter().filter(|name| ours.contains(name) || GUARDED.contains(name)).partition(|name| ours.contains(name));
    let mut line = package.name.clone();
    for (mark, names) in [(" → ", packages), (" · ", libraries)] {
        if !names.is_empty() {
            line += mark;
            line += &names.join(" ");
        }
    }
    line + "\n"
}

#[test]
fn the_direction_of_dependencies_is_the_checked_in_one() -> Result<()> {
    let (path, drawn) = (workspace().join(PICTURE), picture()?);
    if variable("UPDATE_EXPECT").is_some() {
        fs::write(&path, &drawn)?;
    }
    let expected = fs::read_to_string(&path).with_context(|| PICTURE.to_owned())?;
    let gone = expected.lines().filter(|line| !drawn.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let new = drawn.lines().filter(|line| !expected.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    let differences: Vec<String> = gone.chain(new).collect();
    ensure!(
        differences.is_empty(),
        "the dependencies differ from {PICTURE}:\n{}\nIf this is meant (docs/adr/0002), run this test with UPDATE_EXPECT=1.",
        differences.join("\n")
    );
    Ok(())
}

#[test]
fn no_program_depends_on_the_tests() -> Result<()> {
    let drawn = picture()?;
    let users: Vec<&str> = drawn.lines().filter(|line| line.split(' ').skip(1).any(|name| name == "integration-tests")).collect();
    assert!(users.is_empty(), "{users:?}");
    Ok(())
}
