//! What the container images would do, without a container: the programs alone, an empty directory, a user who may do nothing.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use integration_tests::{
    http::Session,
    process::{Running, free_ports, release_program},
};

/// Debian's `nobody`.
const NOBODY: u32 = 65_534;

/// A directory that `nobody` can reach, with programs in it and an empty directory of `nobody`'s own: wherever the build directory
/// lies, it may be closed to others.
struct Image {
    directory: tempfile::TempDir,
    home: PathBuf,
}

impl Image {
    fn with(programs: &[&str]) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("aplec-image-").tempdir()?;
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))?;
        for name in programs {
            let program = directory.path().join(name);
            fs::copy(release_program(name)?, &program)?;
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        }
        let home = directory.path().join("empty");
        fs::create_dir(&home)?;
        if is_root(&home)? {
            chown(&home, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(Self { directory, home })
    }

    /// A program to be run by `nobody`, with nothing in its environment.
    fn command(&self, program: &str, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(self.directory.path().join(program));
        command.args(arguments).current_dir(&self.home).env_clear();
        if is_root(self.directory.path())? {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ok(command)
    }

    /// Runs a program to its end, which must be a good one.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let output = self.command(program, arguments)?.output()?;
        ensure!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    fn start(&self, program: &str, arguments: &[&str]) -> Result<Running> {
        Running::start(program, self.directory.path(), &mut self.command(program, arguments)?)
    }
}

/// Whether this test runs as root is seen from what it makes.
fn is_root(made: &Path) -> Result<bool> {
    Ok(fs::metadata(made)?.uid() == 0)
}

fn ends_well(running: Running) -> Result<()> {
    let status = running.terminate().context("a clean end")?;
    ensure!(status.success(), "asked to end, the program answered {status}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_runs_alone_as_nobody_in_an_empty_directory() -> Result<()> {
    let image = Image::with(&["aplec"])?;
    let port = free_ports(4)?;
    let issuer = format!("http://localhost:{port}");

    let mut aplec = image.start("aplec", &["demo", "--data", "data", "--port-base", &port.to_string()])?;
    aplec.says(&issuer).await?;
    let mut session = Session::new()?;
    let discovery = session.get(&format!("{issuer}/.well-known/openid-configuration")).await?.must_be(200)?.json()?;
    assert_eq!(discovery["issuer"], issuer);

    let demo = image.home.join("data/demo.json");
    ensure!(demo.is_file(), "{} was not written", demo.display());
    for entry in fs::read_dir(&image.home)? {
        let name = entry?.file_name();
        ensure!(name == "data" || name == "keys", "{} is neither data nor the master key", name.display());
    }
    ends_well(aplec)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_and_the_desk_run_apart_as_nobody_as_the_how_to_says() -> Result<()> {
    let image = Image::with(&["idp", "admin-ui"])?;
    let port = free_ports(4)?;
    let (issuer, desk) = (format!("http://localhost:{port}"), format!("http://localhost:{}", port + 1));
    let settings = format!("issuer = \"{issuer}\"\n[http]\nlisten = [\"127.0.0.1:{port}\"]\n[admin_ui]\nurl = \"{desk}\"\n");
    fs::write(image.home.join("idp.toml"), settings)?;
    fs::write(
        image.home.join("desk.toml"),
        format!(
            "issuer = \"{issuer}\"\nbase_url = \"{desk}\"\nclient_id = \"admin-ui\"\nkey_file = \"desk/admin-ui.pem\"\n\
             listen = [\"127.0.0.1:{}\"]\n",
            port + 1
        ),
    )?;
    let (callback, signed_out) = (format!("{desk}/oidc/callback"), format!("{desk}/signed-out"));
    let registration = ["--jwks", "desk/admin-ui.jwks.json", "--redirect-uri", &callback, "--post-logout-redirect-uri", &signed_out];
    image.run("idp", &["keys", "init"])?;
    image.run("idp", &["migrate"])?;
    image.run("admin-ui", &["keys", "init", "--out", "desk"])?;
    image.run("idp", &[&["client", "create", "--admin-ui"], registration.as_slice()].concat())?;

    let mut provider = image.start("idp", &["serve"])?;
    let mut session = Session::new()?;
    let discovery = provider
        .until("to answer", async || Ok(session.get(&format!("{issuer}/.well-known/openid-configuration")).await.ok()))
        .await?
        .must_be(200)?
        .json()?;
    assert_eq!(discovery["issuer"], issuer);
    let mut managers = image.start("admin-ui", &["serve", "--config", "desk.toml"])?;
    let door = managers.until("to answer", async || Ok(session.get(&format!("{desk}/")).await.ok())).await?;
    assert_eq!(door.must_be(200)?.url.port(), Some(port), "whoever comes to the desk signs in at the provider");
    ends_well(managers)?;
    ends_well(provider)
}
