//! From text to a [`ClusterFile`]: keys, values, and what can be told without knowing the database.

mod clients;
mod people;
mod reader;
mod structure;
mod whole;

use std::{path::Path, string::FromUtf8Error};

use idp_domain::limits;

use super::{
    file::ClusterFile,
    place::{Problems, Source},
    raw::RawFile,
};
use reader::Reader;

/// Why a file cannot be read at all, or what is wrong in it.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The operating system said no.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// What it said.
        source: std::io::Error,
    },
    /// More than [`limits::CLUSTER_FILE`].
    #[error("{path}: expected at most {} bytes", limits::CLUSTER_FILE)]
    TooLong {
        /// Which file.
        path: String,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Problems(#[from] Problems),
}

/// Where a file stops being text, as one saved in another encoding does at its first accent.
fn no_text(name: &str, error: &FromUtf8Error) -> Problems {
    let text = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
    let line = text.matches('\n').count() + 1;
    Problems::one(Source::new(name, &text).problem(line, "this is no UTF-8: save the file in that encoding"))
}

/// What the TOML reader says, in one line and in words of this format.
fn readable(message: &str) -> String {
    match message.trim() {
        "invalid type: map, expected a sequence" => "expected a list: its heading has double brackets, as in `[[collective]]`".to_owned(),
        message => message.replace('\n', ", "),
    }
}

impl ClusterFile {
    /// Reads a file; files it names are looked for beside it. Every problem is told at once, with its line.
    pub fn load(path: &Path) -> Result<Self, ReadError> {
        let name = path.display().to_string();
        let failed = |source| ReadError::Io { path: name.clone(), source };
        let length = std::fs::metadata(path).map_err(failed)?.len();
        if usize::try_from(length).map_or(true, |length| length > limits::CLUSTER_FILE) {
            return Err(ReadError::TooLong { path: name });
        }
        let text = String::from_utf8(std::fs::read(path).map_err(failed)?).map_err(|error| no_text(&name, &error))?;
        Ok(Self::parse(&name, &text, path.parent().unwrap_or(Path::new("")))?)
    }

    /// Reads a text under the name that its problems will carry; files it names are looked for in `folder`.
    pub fn parse(name: &str, text: &str, folder: &Path) -> Result<Self, Problems> {
        let source = Source::new(name, text);
        let raw: RawFile = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let line = error.span().map_or(1, |span| source.line_of(&span));
                return Err(Problems::one(source.problem(line, readable(error.message()))));
            }
        };
        let mut reader = Reader::new(&source, folder);
        let collectives: Vec<_> = raw.collective.into_iter().filter_map(|raw| structure::collective(&mut reader, raw)).collect();
        let services: Vec<_> = raw.service.into_iter().filter_map(|raw| structure::service(&mut reader, raw)).collect();
        let clients: Vec<_> = raw.client.into_iter().filter_map(|raw| clients::client(&mut reader, raw)).collect();
        let offers: Vec<_> = raw.offer.into_iter().filter_map(|raw| structure::offer(&mut reader, raw)).collect();
        let people: Vec<_> = raw.person.iter().filter_map(|raw| people::person(&mut reader, raw)).collect();
        let mut problems = reader.into_problems();
        let file = Self { source, collectives, services, clients, offers, people };
        whole::check(&file, &mut problems);
        Problems::from_found(problems)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests;
