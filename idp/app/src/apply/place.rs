//! Where something stands in a file, and what is wrong there.

use std::{fmt, ops::Range};

/// A file's text with its name, to turn byte offsets into lines.
#[derive(Debug, Clone)]
pub(super) struct Source {
    name: String,
    line_starts: Vec<usize>,
}

impl Source {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { name: name.to_owned(), line_starts: starts.collect() }
    }
    /// The line of a byte offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset)
    }
    pub(super) fn line_of(&self, span: &Range<usize>) -> usize {
        self.line(span.start)
    }
    pub(super) fn problem(&self, line: usize, message: impl Into<String>) -> Problem {
        Problem { file: self.name.clone(), line, message: message.into() }
    }
}

/// A value with the line it was read from.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The line, from 1.
    pub line: usize,
}

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What was found and what was expected.
    pub message: String,
}

/// Everything that is wrong in a file: at least one thing, in order of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The problems in order of lines, when there are any.
    pub(super) fn from_found(mut found: Vec<Problem>) -> Result<(), Self> {
        found.sort();
        found.dedup();
        if found.is_empty() { Ok(()) } else { Err(Self(found)) }
    }
    pub(super) fn one(problem: Problem) -> Self {
        Self(vec![problem])
    }
    /// What is wrong.
    pub fn list(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}
impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines() {
        let source = Source::new("x", "a\nbc\n\nd");
        assert_eq!([0, 1, 2, 4, 5, 6].map(|offset| source.line(offset)), [1, 1, 2, 2, 3, 4]);
    }
}
