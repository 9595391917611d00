//! Every dependency has its line in the list of decisions: what it replaces and why this one.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, Result};

use super::read;

const LIST: &str = "docs/adr/0005-dependencies.md";

/// The names in `[workspace.dependencies]` that are not packages of ours.
fn declared() -> Result<BTreeSet<String>> {
    let manifest = read(Path::new("Cargo.toml"))?;
    let (_, section) = manifest.split_once("[workspace.dependencies]\n").context("no [workspace.dependencies] in Cargo.toml")?;
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    Ok(lines
        .filter(|line| !line.starts_with('#') && !line.contains("path = "))
        .filter_map(|line| line.split_once(" ="))
        .map(|(name, _)| name.to_owned())
        .collect())
}

/// The names that begin a row of a table in the list.
fn explained() -> Result<BTreeSet<String>> {
    let list = read(Path::new(LIST))?;
    Ok(list.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect())
}

#[test]
fn every_dependency_is_explained_and_nothing_else_is() -> Result<()> {
    let (declared, explained) = (declared()?, explained()?);
    assert!(declared.len() > 30, "only {} dependencies were found in Cargo.toml", declared.len());
    let silent: Vec<_> = declared.difference(&explained).collect();
    let gone: Vec<_> = explained.difference(&declared).collect();
    assert!(silent.is_empty() && gone.is_empty(), "{LIST}: no line for {silent:?}; lines for what is gone: {gone:?}");
    Ok(())
}
