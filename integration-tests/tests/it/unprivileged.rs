//! What a container image would do, without a container: the program alone, an empty directory, a user who may do nothing.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, ensure};
use integration_tests::{
    http::Session,
    process::{Running, free_ports, release_program},
};

/// Debian's `nobody`.
const NOBODY: u32 = 65_534;

/// A directory that `nobody` can reach, with the program in it: wherever the build directory lies, it may be closed to others.
fn image() -> Result<tempfile::TempDir> {
    let image = tempfile::Builder::new().prefix("aplec-image-").tempdir()?;
    fs::set_permissions(image.path(), fs::Permissions::from_mode(0o755))?;
    let program = image.path().join("aplec");
    fs::copy(release_program("aplec")?, &program)?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(image)
}

/// Whether this test runs as root is seen from what it makes.
fn is_root(made: &Path) -> Result<bool> {
    Ok(fs::metadata(made)?.uid() == 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_runs_alone_as_nobody_in_an_empty_directory() -> Result<()> {
    let image = image()?;
    let home = image.path().join("empty");
    fs::create_dir(&home)?;
    let port = free_ports(4)?;
    let issuer = format!("http://localhost:{port}");

    let mut command = Command::new(image.path().join("aplec"));
    command.args(["demo", "--data", "data", "--port-base"]).arg(port.to_string());
    command.current_dir(&home).env_clear();
    if is_root(image.path())? {
        chown(&home, Some(NOBODY), Some(NOBODY))?;
        command.uid(NOBODY).gid(NOBODY);
    }

    let mut aplec = Running::start("aplec", image.path(), &mut command)?;
    aplec.says(&issuer).await?;
    let mut session = Session::new()?;
    let discovery = session.get(&format!("{issuer}/.well-known/openid-configuration")).await?.must_be(200)?.json()?;
    assert_eq!(discovery["issuer"], issuer);

    let demo = home.join("data/demo.json");
    ensure!(demo.is_file(), "{} was not written", demo.display());
    for entry in fs::read_dir(&home)? {
        let name = entry?.file_name();
        ensure!(name == "data" || name == "keys", "{} is neither data nor the master key", name.display());
    }

    let status = aplec.terminate().context("a clean end")?;
    ensure!(status.success(), "asked to end, the program answered {status}");
    Ok(())
}
