//! Pages as files: what varies is replaced, one element stands on a line. They are compared with the checked-in ones under
//! `integration-tests/tests/it/snapshots`; run with `UPDATE_EXPECT=1` to write them anew, and read the difference.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

/// Pages by name and language (`login.ca`).
#[derive(Debug)]
pub struct Snapshots {
    directory: PathBuf,
    pages: BTreeMap<String, String>,
}

impl Snapshots {
    /// The pages of one folder of the snapshots.
    pub fn of(folder: &str) -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../integration-tests/tests/it/snapshots").join(folder);
        Self { directory, pages: BTreeMap::new() }
    }

    /// Adds a page.
    pub fn add(&mut self, name: &str, body: &str) {
        let before = self.pages.insert(format!("{name}.html"), steady(body));
        assert!(before.is_none(), "two pages are called {name}");
    }

    /// Adds the first of several states of a page, so that people can read what changed; the others are looked at elsewhere.
    pub fn add_first(&mut self, name: &str, body: &str) {
        self.pages.entry(format!("{name}.html")).or_insert_with(|| steady(body));
    }

    /// Compares with the files, or writes them.
    pub fn compare(&self) -> Result<()> {
        let mut known = self.files()?;
        if is_renewed() {
            for stranger in known.iter().filter(|file| !self.pages.contains_key(*file)) {
                fs::remove_file(self.directory.join(stranger))?;
            }
            for (file, page) in &self.pages {
                fs::write(self.directory.join(file), page)?;
            }
            known = self.files()?;
        }
        let mut complaints = String::new();
        for file in known.iter().filter(|file| !self.pages.contains_key(*file)) {
            writeln!(complaints, "{file}: no test shows this page any more")?;
        }
        for (file, page) in &self.pages {
            let expected = fs::read_to_string(self.directory.join(file)).unwrap_or_default();
            if expected != *page {
                writeln!(complaints, "{file}:\n{}", difference(&expected, page))?;
            }
        }
        ensure!(complaints.is_empty(), "pages differ; if this is meant, run with UPDATE_EXPECT=1 and read the difference\n{complaints}");
        Ok(())
    }

    fn files(&self) -> Result<BTreeSet<String>> {
        fs::create_dir_all(&self.directory)?;
        let entries = fs::read_dir(&self.directory)?;
        entries.map(|entry| entry?.file_name().into_string().ok().context("a file's name")).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "the variable is the wish of whoever runs the test, no setting")]
fn is_renewed() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|wish| !wish.is_empty())
}

/// The lines between the first and the last that differ.
fn difference(expected: &str, page: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), page.lines().collect());
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[start..], &new[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let mut text = format!("  @ line {}\n", start + 1);
    for (sign, lines) in [('-', &old[..old.len() - end]), ('+', &new[..new.len() - end])] {
        text.extend(lines.iter().map(|line| format!("  {sign} {line}\n")));
    }
    text
}

/// A page without what differs from run to run.
fn steady(body: &str) -> String {
    let body = between(body, "name=\"csrf\" value=\"", "\"", "…");
    let body = between(&body, "<time datetime=\"", "</time>", "…\">…");
    let mut page = String::with_capacity(body.len() + 1024);
    let mut word = String::new();
    for character in body.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.') {
            word.push(character);
        } else {
            page.push_str(&steady_word(&word));
            word.clear();
            page.push(character);
        }
    }
    page.push_str(&steady_word(&word));
    page.replace("><", ">\n<") + "\n"
}

/// Replaces what stands between two marks, everywhere.
fn between(text: &str, from: &str, to: &str, by: &str) -> String {
    let mut parts = text.split(from);
    let mut steady = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.find(to).map_or("", |end| &part[end..]);
        steady.extend([from, by, rest]);
    }
    steady
}

/// Ids keep their kind, assets their name; references for the telephone go.
fn steady_word(word: &str) -> String {
    let is_group = |part: &str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if word.len() == 14 && word.split('-').all(is_group) {
        return "XXXX-XXXX-XXXX".to_owned();
    }
    if let Some((kind, id)) = word.split_once('_')
        && (2..=4).contains(&kind.len())
        && id.len() >= 16
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        return format!("{kind}_…");
    }
    if let Some((name, rest)) = word.rsplit_once('-')
        && let Some((hash, kind)) = rest.split_once('.')
        && hash.len() == 16
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return format!("{name}-….{kind}");
    }
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_replaced_and_nothing_else() {
        let page = concat!(
            "<link href=\"/assets/aplec-0123456789abcdef.css\"><input name=\"csrf\" value=\"aB-_9\"><input value=\"flo_0123456789abcdefghij\">",
            "<p>7F3K-9QXM-2HTB, <time datetime=\"2026-03-03T14:05:00Z\" title=\"x\">ara</time> flo_short</p>",
        );
        let expected = concat!(
            "<link href=\"/assets/aplec-….css\">\n<input name=\"csrf\" value=\"…\">\n<input value=\"flo_…\">\n",
            "<p>XXXX-XXXX-XXXX, <time datetime=\"…\">…</time> flo_short</p>\n",
        );
        assert_eq!(steady(page), expected);
        assert_eq!(difference("a\nb\nc\n", "a\nx\ny\nc\n"), "  @ line 2\n  - b\n  + x\n  + y\n");
    }
}
