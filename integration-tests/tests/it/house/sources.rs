//! What holds for every source file, whoever wrote it.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};
use idp_domain::audit::AuditEvent;

use super::{files, read};

/// A file that needs more is two files.
const MOST_LINES: usize = 450;

fn rust_sources() -> Result<Vec<PathBuf>> {
    Ok(files()?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect())
}

/// Under a `tests` directory, or the `tests.rs` beside a module.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| part == Component::Normal("tests".as_ref())) || path.file_name().is_some_and(|name| name == "tests.rs")
}

/// Lines up to the tests at the end of the file.
fn program_lines(source: &str) -> usize {
    source.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

#[test]
fn no_source_file_is_longer_than_a_person_reads_at_once() -> Result<()> {
    let mut long = Vec::new();
    for path in rust_sources()?.into_iter().filter(|path| !is_test(path)) {
        let lines = program_lines(&read(&path)?);
        if lines > MOST_LINES {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "over {MOST_LINES} lines without tests:\n{}", long.join("\n"));
    Ok(())
}

#[test]
fn every_module_says_what_it_owns() -> Result<()> {
    let mut silent = Vec::new();
    for path in rust_sources()?.into_iter().filter(|path| !is_test(path)) {
        let source = read(&path)?;
        let first = source.lines().find(|line| !line.is_empty() && !line.starts_with("#!"));
        if !first.is_some_and(|line| line.starts_with("//!")) {
            silent.push(path.display().to_string());
        }
    }
    assert!(silent.is_empty(), "without a module comment (`//!`):\n{}", silent.join("\n"));
    Ok(())
}

/// Put together from pieces, so that this file does not find itself.
fn strangers() -> [String; 6] {
    [
        // somebody's machine
        ["/ho", "me/"].concat(),
        ["/ro", "ot/"].concat(),
        ["/wo", "rk/"].concat(),
        // where packages come from is the reader's business, and cargo's
        ["index.crates", ".io"].concat(),
        ["static.crates", ".io"].concat(),
        ["registry.npmjs", ".org"].concat(),
    ]
}

#[test]
fn no_file_names_somebodys_machine_or_a_registry() -> Result<()> {
    let mut found = Vec::new();
    for path in files()? {
        // pictures and databases hold no words
        let Ok(text) = read(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            found.extend(
                strangers().iter().filter(|word| line.contains(*word)).map(|word| format!("{}:{}: {word}", path.display(), number + 1)),
            );
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// `PersonViewed` of `PersonViewed {} = "person.viewed";`.
fn variant_of<'a>(events: &'a str, kind: &str) -> Option<&'a str> {
    let end = format!(" = \"{kind}\";");
    events.lines().find(|line| line.ends_with(&end))?.split_whitespace().next()
}

#[test]
fn every_kind_of_fact_is_recorded_by_some_use_case() -> Result<()> {
    let events = read(Path::new("idp/domain/src/audit.rs"))?;
    let mut use_cases = String::new();
    for path in rust_sources()?.iter().filter(|path| path.starts_with("idp/app/src") && !is_test(path)) {
        use_cases.push_str(&read(path)?);
    }
    for kind in AuditEvent::KINDS {
        let name = variant_of(&events, kind).with_context(|| format!("{kind} stands on no line of its own"))?;
        assert!(use_cases.contains(&format!("AuditEvent::{name} ")), "no use case records `{kind}`");
    }
    Ok(())
}

#[test]
fn the_house_is_looked_at_from_the_right_place() -> Result<()> {
    let files = files()?;
    for expected in ["Cargo.toml", "idp/domain/src/lib.rs", "integration-tests/run"] {
        assert!(files.contains(&PathBuf::from(expected)), "{expected} was not found");
    }
    assert!(!files.iter().any(|path| path.starts_with("target") || path.starts_with(".git")));
    Ok(())
}
