//! Files that hold a secret: readable by their owner alone, or refused.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

/// Far more than any key of ours needs.
const LIMIT: u64 = 16 * 1024;

/// Why a secret file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// There is no such file.
    #[error("{}: no such file", .path.display())]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// Others could read it.
    #[error("{}: expected mode 0600, found {found:04o}: chmod 600 {}", .path.display(), .path.display())]
    Mode {
        /// Where.
        path: PathBuf,
        /// The permission bits it has.
        found: u32,
    },
    /// Nothing is ever overwritten.
    #[error("{}: exists already and is never overwritten: move it away or name another path", .path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// A directory, a device, or far too long.
    #[error("{}: expected a text file of at most {LIMIT} bytes", .path.display())]
    NotAKeyFile {
        /// Where.
        path: PathBuf,
    },
    /// The operating system said no.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// Reads a text file that only its owner can read (mode 0600 or 0400 on Unix).
pub fn read(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    let failed = |source| SecretFileError::Io { path: path.to_owned(), source };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(SecretFileError::Missing { path: path.to_owned() }),
        other => other.map_err(failed)?,
    };
    // of the opened file, not of the path: what was checked is what is read
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() || metadata.len() > LIMIT {
        return Err(SecretFileError::NotAKeyFile { path: path.to_owned() });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = metadata.permissions().mode() & 0o7777;
        if !matches!(found, 0o600 | 0o400) {
            return Err(SecretFileError::Mode { path: path.to_owned(), found });
        }
    }
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(LIMIT).unwrap_or_default()));
    match file.take(LIMIT).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(SecretFileError::NotAKeyFile { path: path.to_owned() }),
        Err(error) => Err(failed(error)),
    }
}

/// Writes a new text file of mode 0600; a missing directory is made with mode 0700. Either the whole file appears or
/// none, also after a crash and beside another process doing the same; an existing file stays as it is.
pub fn create(path: &Path, text: &str) -> Result<(), SecretFileError> {
    let failed = |source| SecretFileError::Io { path: path.to_owned(), source };
    let exists = || SecretFileError::Exists { path: path.to_owned() };
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_directory(directory).map_err(failed)?;
    let draft = draft_path(path).ok_or_else(|| SecretFileError::NotAKeyFile { path: path.to_owned() })?;
    let written = write_new(&draft, text).and_then(|()| fs::hard_link(&draft, path));
    // the draft goes whatever happened; when it does not, it is as private as the file itself
    let removed = fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists()),
        other => other.map_err(failed)?,
    }
    removed.map_err(failed)?;
    // the directory entry, too, must survive a power cut
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(failed)
}

/// A name beside the file that no other process of this machine uses now.
fn draft_path(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    name.push(format!(".new-{}", std::process::id()));
    Some(path.with_file_name(name))
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    // a draft left by a crashed process that had our id
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("exists").permissions().mode() & 0o7777
    }

    #[test]
    fn a_created_file_is_private_in_a_private_directory_and_reads_back() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("a/b/secret");
        create(&path, "hola\n").expect("creates");
        assert_eq!(read(&path).expect("reads").as_str(), "hola\n");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("has one")), 0o700);
        let left = fs::read_dir(path.parent().expect("has one")).expect("lists").count();
        assert_eq!(left, 1, "the draft is gone");
    }

    #[test]
    fn an_existing_file_is_never_overwritten() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("secret");
        create(&path, "first").expect("creates");
        assert!(matches!(create(&path, "second"), Err(SecretFileError::Exists { .. })));
        assert_eq!(read(&path).expect("reads").as_str(), "first");
        assert_eq!(fs::read_dir(home.path()).expect("lists").count(), 1);
    }

    #[test]
    fn a_file_others_can_read_is_refused_with_the_command_that_helps() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("secret");
        create(&path, "hola").expect("creates");
        for allowed in [0o600, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(allowed)).expect("changes mode");
            read(&path).expect("private enough");
        }
        for refused in [0o644, 0o640, 0o604, 0o660, 0o700, 0o4600] {
            fs::set_permissions(&path, fs::Permissions::from_mode(refused)).expect("changes mode");
            let error = read(&path).expect_err("refused");
            let shown = path.display();
            assert_eq!(error.to_string(), format!("{shown}: expected mode 0600, found {refused:04o}: chmod 600 {shown}"));
        }
    }

    #[test]
    fn a_missing_file_a_directory_and_a_huge_file_are_told_apart() {
        let home = tempfile::tempdir().expect("a directory");
        assert!(matches!(read(&home.path().join("none")), Err(SecretFileError::Missing { .. })));
        assert!(matches!(read(home.path()), Err(SecretFileError::NotAKeyFile { .. })));
        let path = home.path().join("huge");
        create(&path, &"x".repeat(17 * 1024)).expect("creates");
        assert!(matches!(read(&path), Err(SecretFileError::NotAKeyFile { .. })));
    }
}
