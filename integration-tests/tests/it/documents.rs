//! What the documents promise is there: the tests they name, the files they link to.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use anyhow::Result;

use crate::house::{files, read};

const COVERAGE: &str = "docs/spec-coverage.md";

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The names of all functions in a source.
fn functions(source: &str) -> impl Iterator<Item = &str> {
    let words = source.lines().filter_map(|line| line.trim_start().split_once("fn ").map(|(_, rest)| rest));
    words.map(|rest| rest.split(|character: char| !(character.is_alphanumeric() || character == '_')).next().unwrap_or_default())
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of a row of a table, `\|` being no border.
fn cells(row: &str) -> Option<Vec<String>> {
    let inner = row.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.replace("\\|", "\u{0}").split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect())
}

/// Test names in the columns called "test", with the line they stand in.
fn promised(document: &str) -> Vec<(usize, String)> {
    let (mut column, mut found) = (None, Vec::new());
    for (number, line) in document.lines().enumerate() {
        let Some(cells) = cells(line) else {
            column = None;
            continue;
        };
        match column {
            None => column = cells.iter().position(|cell| cell == "test"),
            Some(column) => {
                let cell = cells.get(column).map(String::as_str).unwrap_or_default();
                found.extend(quoted(cell).map(|name| (number + 1, name.to_owned())));
            }
        }
    }
    found
}

/// The lines of rows that say "supported" and name no test.
fn unproven(document: &str) -> Vec<usize> {
    let (mut columns, mut found) = (None, Vec::new());
    for (number, line) in document.lines().enumerate() {
        let Some(cells) = cells(line) else {
            columns = None;
            continue;
        };
        let column = |name: &str| cells.iter().position(|cell| cell == name);
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        match columns {
            None => columns = column("state").zip(column("test")),
            Some((state, test)) if cell(state).starts_with("supported") && quoted(cell(test)).next().is_none() => found.push(number + 1),
            Some(_) => {}
        }
    }
    found
}

/// The targets of links `[words](target)`, code left out, with the line they stand in.
fn links(document: &str) -> Vec<(usize, String)> {
    let (mut code, mut found) = (false, Vec::new());
    for (number, line) in document.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_owned()));
        found.extend(targets.map(|target| (number + 1, target)));
    }
    found
}

/// `a/b/../c` is `a/c`; the root's own parent is nothing.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::CurDir => {}
            Component::ParentDir if plain.pop() => {}
            _ => return None,
        }
    }
    Some(plain)
}

fn is_elsewhere(target: &str) -> bool {
    target.starts_with('#') || target.split_once(':').is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[test]
fn every_test_named_in_the_coverage_table_exists() -> Result<()> {
    let mut known = BTreeSet::new();
    for path in files()?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        known.extend(functions(&read(&path)?).map(str::to_owned));
    }
    let promised = promised(&read(Path::new(COVERAGE))?);
    assert!(promised.len() > 30, "the table was not read: {promised:?}");
    let missing: Vec<String> = promised
        .iter()
        .filter(|(_, name)| !is_name(name) || !known.contains(name))
        .map(|(line, name)| format!("{COVERAGE}:{line}: no test {name}"))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    Ok(())
}

#[test]
fn what_the_coverage_table_calls_supported_names_a_test() -> Result<()> {
    let unproven = unproven(&read(Path::new(COVERAGE))?);
    assert!(unproven.is_empty(), "{COVERAGE} names no test in lines {unproven:?}");
    Ok(())
}

#[test]
fn every_link_of_the_documents_leads_somewhere() -> Result<()> {
    let files = files()?;
    let is_there = |path: &Path| files.iter().any(|file| file == path || file.starts_with(path));
    let documents: Vec<&PathBuf> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.starts_with("docs") || path.components().count() == 1)
        .collect();
    assert!(documents.iter().any(|path| path.ends_with("README.md")), "{documents:?}");
    let (mut broken, mut followed) = (Vec::new(), 0);
    for path in documents {
        for (line, target) in links(&read(path)?).into_iter().filter(|(_, target)| !is_elsewhere(target)) {
            followed += 1;
            let file = target.split_once('#').map_or(target.as_str(), |(file, _)| file);
            let from = path.parent().unwrap_or(Path::new(""));
            if !plain(&from.join(file)).is_some_and(|path| is_there(&path)) {
                broken.push(format!("{}:{line}: {target}", path.display()));
            }
        }
    }
    assert!(followed > 0, "no document links to another");
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
    Ok(())
}

#[test]
fn tables_and_links_are_read_as_written() {
    let table = "| a | test |\n|---|---|\n| `x` | `one`, `two` |\n| y | |\n\n| test |\n|---|\n| `three` \\| `four` |\n";
    let names: Vec<String> = promised(table).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["one", "two", "three", "four"]);
    let table = "| a | state | test |\n|---|---|---|\n| x | supported: all | |\n| y | supported | `one` |\n| z | refused | |\n";
    assert_eq!(unproven(table), [3]);
    let prose = "see [x](a.md#b) and `[y](no)`\n```\n[z](no)\n```\n[w](https://x.test/)";
    assert_eq!(links(prose), [(1, "a.md#b".to_owned()), (5, "https://x.test/".to_owned())]);
    assert_eq!(plain(Path::new("docs/adr/../x.md")), Some(PathBuf::from("docs/x.md")));
    assert_eq!(plain(Path::new("docs/../../x.md")), None);
    assert_eq!(functions("    async fn it_holds() {\nlet x = 1;").collect::<Vec<_>>(), ["it_holds"]);
}
