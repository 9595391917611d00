//! Every language says everything: the files of one `locales` directory have the same messages with the same variables.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{files, read};

/// Who speaks with people, and so must have words.
const SPEAKING: [&str; 2] = ["admin-ui/locales", "idp/locales"];
const LANGUAGES: [&str; 3] = ["ca", "en", "es"];
const REFERENCE: &str = "ca";

/// Message or term → the variables and terms it mentions.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Reads Fluent as far as this test needs. A message begins a line; what is indented, or stands alone as `}`, belongs to it; an
/// attribute counts as a message of its own.
fn messages(source: &str) -> Messages {
    let mut found = Messages::new();
    let mut message = String::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let trimmed = line.trim_start();
        if let Some((name, _)) = line.split_once('=').filter(|_| line == trimmed && !line.starts_with('}')) {
            name.trim().clone_into(&mut message);
            current.clone_from(&message);
        } else if let Some((attribute, _)) = trimmed.strip_prefix('.').and_then(|rest| rest.split_once('=')) {
            current = format!("{message}.{}", attribute.trim());
        }
        if !current.is_empty() {
            found.entry(current.clone()).or_default().extend(mentions(line));
        }
    }
    found
}

/// `$variables` of a line.
fn mentions(line: &str) -> Vec<String> {
    line.split('$')
        .skip(1)
        .map(|rest| rest.chars().take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_')).collect())
        .collect()
}

/// `locales` directory → language → its messages. Languages are files (`ca.ftl`) or directories (`ca/…ftl`).
fn spoken() -> Result<BTreeMap<PathBuf, BTreeMap<String, Messages>>> {
    let mut spoken: BTreeMap<PathBuf, BTreeMap<String, Messages>> = BTreeMap::new();
    for path in files()?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "ftl")) {
        let root =
            path.ancestors().find(|part| part.ends_with("locales")).with_context(|| format!("{}: not under locales/", path.display()))?;
        let first = path.strip_prefix(root)?.components().next().context("a file within locales/")?;
        let language = Path::new(first.as_os_str()).with_extension("").display().to_string();
        spoken.entry(root.to_owned()).or_default().entry(language).or_default().extend(messages(&read(&path)?));
    }
    Ok(spoken)
}

#[test]
fn every_language_has_every_message_with_the_same_variables() -> Result<()> {
    let mut wrong = Vec::new();
    for (root, languages) in spoken()? {
        let Some(reference) = languages.get(REFERENCE) else {
            wrong.push(format!("{}: no {REFERENCE}", root.display()));
            continue;
        };
        for language in LANGUAGES {
            let Some(messages) = languages.get(language) else {
                wrong.push(format!("{}: no {language}", root.display()));
                continue;
            };
            let place = format!("{}/{language}", root.display());
            wrong.extend(reference.keys().filter(|key| !messages.contains_key(*key)).map(|key| format!("{place}: {key} is missing")));
            wrong.extend(
                messages.keys().filter(|key| !reference.contains_key(*key)).map(|key| format!("{place}: {key} is not in {REFERENCE}")),
            );
            wrong.extend(messages.iter().filter_map(|(key, variables)| {
                let expected = reference.get(key).filter(|expected| *expected != variables)?;
                Some(format!("{place}: {key} has the variables {variables:?}, {REFERENCE} has {expected:?}"))
            }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn whoever_speaks_with_people_has_words() -> Result<()> {
    let spoken = spoken()?;
    for root in SPEAKING {
        let languages = spoken.get(Path::new(root)).with_context(|| format!("{root} is empty"))?;
        assert!(languages.get(REFERENCE).is_some_and(|messages| messages.len() > 10), "{root} says almost nothing");
    }
    Ok(())
}

#[test]
fn a_message_is_read_with_its_attributes_and_variables() {
    let read = messages(
        "# comment = no\nlogin-title = Hola, { $name }\n-brand = Aplec\npeople =\n    { $count ->\n        [one] una\n       *[other] { $count } sòcies de { $collective }\n    }\n    .hint = Fins { $day }\n\nend = x\n",
    );
    let variables = |key: &str| read.get(key).map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(read.keys().map(String::as_str).collect::<Vec<_>>(), ["-brand", "end", "login-title", "people", "people.hint"]);
    assert_eq!(variables("people"), Some(vec!["collective", "count"]));
    assert_eq!(variables("people.hint"), Some(vec!["day"]));
    assert_eq!(variables("login-title"), Some(vec!["name"]));
}
