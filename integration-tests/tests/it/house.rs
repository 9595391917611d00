//! The rules of the house that no compiler knows: who depends on whom, how long a file may be, which words stay out of the
//! repository, whether every language says everything.

mod dependencies;
mod graph;
mod languages;
mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use integration_tests::process::workspace;

/// Every file of the work tree that could be committed, relative to the root, in order; build products and data left out.
pub(crate) fn files() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(workspace(), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let (path, kind) = { entry.map(|entry| (entry.path(), entry.file_type()))? };
        let relative = path.strip_prefix(workspace())?.to_owned();
        let left_out = ["target", "data", ".git", "keys/local"].iter().any(|out| relative == Path::new(out));
        if kind?.is_dir() {
            if !left_out {
                collect(&path, found)?;
            }
        } else if !left_out {
            found.push(relative);
        }
    }
    Ok(())
}

pub(crate) fn read(relative: &Path) -> Result<String> {
    fs::read_to_string(workspace().join(relative)).with_context(|| relative.display().to_string())
}
