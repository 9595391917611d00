//! Runs the programs that people run: built once, each in a process of its own, with its output kept, ended when the test ends.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, Ipv6Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::ambient::{self, eventually, soon};

/// How long a program may take to end after it was asked to.
const FAREWELL: Duration = Duration::from_secs(15);

/// The path of one of our programs (`aplec`, `idp`, `admin-ui`), built from the sources as they are.
///
/// `cargo test` builds a package's programs only for that package's own integration tests, and nothing tells it that ours run
/// programs of other packages. So the first caller builds them all; that takes a moment when they are fresh, and no test ever
/// judges a program of yesterday.
pub fn program(name: &str) -> Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let directory = BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}"))).as_ref().map_err(|error| anyhow!("{error}"))?;
    in_directory(directory, name)
}

/// The release build of a program, where `TEST_RELEASE_PROGRAMS` names the directory that holds it; otherwise as [`program`].
pub fn release_program(name: &str) -> Result<PathBuf> {
    if let Some(directory) = ambient::variable("TEST_RELEASE_PROGRAMS") {
        return in_directory(Path::new(&directory), name);
    }
    eprintln!("a development build of {name} stands in for its release build (.ci/run sets TEST_RELEASE_PROGRAMS)");
    program(name)
}

fn in_directory(directory: &Path, name: &str) -> Result<PathBuf> {
    let path = directory.join(name);
    ensure!(path.is_file(), "there is no program {} after the build", path.display());
    Ok(path)
}

/// Builds into the directory from which this test runs, with the flags of `integration-tests/run`, so that the same libraries serve.
fn build() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let directory = test.parent().and_then(Path::parent).context("a test lies in <target>/<profile>/deps")?.to_owned();
    let cargo = ambient::variable("CARGO").unwrap_or_else(|| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(workspace()).args(["build", "--workspace", "--all-targets", "--locked", "--quiet"]);
    command.env("CARGO_TARGET_DIR", directory.parent().context("a target directory")?);
    if directory.file_name().is_some_and(|profile| profile == "release") {
        command.arg("--release");
    }
    let output = command.stdin(Stdio::null()).output().context("cargo build")?;
    ensure!(output.status.success(), "cargo build failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(directory)
}

/// The root of the repository.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The first of `count` neighbouring ports that are free on both loopback addresses.
///
/// Below the range from which the kernel serves port 0, and never handed out twice by one test run.
pub fn free_ports(count: u16) -> Result<u16> {
    const FIRST: u16 = 32_100;
    const SPAN: u16 = 600;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    ensure!((1..=16).contains(&count), "one to sixteen ports");
    let start = u16::try_from(std::process::id() % u32::from(SPAN))?;
    for _ in 0..SPAN / 16 {
        let offset = (start + TAKEN.fetch_add(16, Ordering::Relaxed) % SPAN) % SPAN;
        let base = FIRST + offset;
        if (base..base + count).all(is_free) {
            return Ok(base);
        }
    }
    bail!("no {count} neighbouring free ports between {FIRST} and {}", FIRST + SPAN + 16)
}

fn is_free(port: u16) -> bool {
    let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
    let has_v6 = !matches!(&v6, Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable);
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && (v6.is_ok() || !has_v6)
}

/// A program at work. Dropping it asks it to end and waits until it has.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts the command in a process group of its own; everything it says goes to `<directory>/<name>.log`.
    pub fn start(name: &str, directory: &Path, command: &mut Command) -> Result<Self> {
        let log = directory.join(format!("{name}.log"));
        let output = File::create(&log).with_context(|| log.display().to_string())?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name}: {}", command.get_program().display()))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// The process, as the system counts it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything the program has said so far, on either stream.
    pub fn log(&self) -> String {
        fs::read(&self.log).map_or_else(|error| format!("({error})"), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Waits until the program says `words`; gives the line. Fails at once, with the log, when it has ended.
    pub async fn says(&mut self, words: &str) -> Result<String> {
        let name = self.name.clone();
        eventually(format!("{name} to say {words:?}"), async || {
            let log = self.log();
            let complete = log.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
            let line = complete.into_iter().find(|line| line.contains(words)).map(str::to_owned);
            if line.is_none() {
                self.must_live()?;
            }
            Ok(line)
        })
        .await
        .with_context(|| format!("{name} said:\n{}", self.log()))
    }

    /// Waits until the probe is content; fails at once, with the log, when the program has ended.
    pub async fn until<T>(&mut self, what: &str, mut probe: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        let name = self.name.clone();
        eventually(format!("{name}: {what}"), async || {
            let found = probe().await?;
            if found.is_none() {
                self.must_live()?;
            }
            Ok(found)
        })
        .await
        .with_context(|| format!("{name} said:\n{}", self.log()))
    }

    fn must_live(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended: {status}", self.name),
            None => Ok(()),
        }
    }

    /// Waits for a program that ends by itself.
    pub async fn ends(mut self) -> Result<(ExitStatus, String)> {
        let name = self.name.clone();
        let status = eventually(format!("{name} to end"), async || Ok(self.child.try_wait()?)).await?;
        Ok((status, self.log()))
    }

    /// Asks the program to end (SIGTERM) and gives its status; an error when it does not listen.
    pub fn terminate(mut self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        ensure!(soon(FAREWELL, || self.has_ended()), "{} did not end within {FAREWELL:?} of SIGTERM:\n{}", self.name, self.log());
        Ok(self.child.wait()?)
    }

    /// Pulls the plug (SIGKILL): what a crash or a power cut would leave behind.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Through the shell's own `kill`: no package of the workspace contains unsafe code, and a system call would be that.
    fn signal(&self, signal: &str) -> Result<()> {
        let status = Command::new("sh").arg("-c").arg(format!("kill -s {signal} {}", self.child.id())).stderr(Stdio::null()).status()?;
        ensure!(status.success(), "{} is already gone:\n{}", self.name, self.log());
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_ended() && (self.signal("TERM").is_err() || !soon(FAREWELL, || self.has_ended())) {
            eprintln!("{} had to be killed", self.name);
            // it may have ended between the two lines; then there is nothing left to do
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(directory: &Path, script: &str) -> Result<Running> {
        Running::start("shell", directory, Command::new("sh").arg("-c").arg(script))
    }

    #[tokio::test]
    async fn a_program_is_heard_and_ends_when_asked() -> Result<()> {
        let home = tempfile::tempdir()?;
        let mut running =
            shell(home.path(), "trap 'echo bye; exit 3' TERM; echo ready on 8080; while :; do read line < /dev/null || :; done")?;
        assert_eq!(running.says("ready").await?, "ready on 8080");
        let log = running.log.clone();
        assert_eq!(running.terminate()?.code(), Some(3));
        assert_eq!(fs::read_to_string(log)?, "ready on 8080\nbye\n");
        Ok(())
    }

    #[tokio::test]
    async fn a_program_that_dies_early_fails_at_once_with_its_words() -> Result<()> {
        let home = tempfile::tempdir()?;
        let mut running = shell(home.path(), "echo port in use >&2; exit 1")?;
        let error = format!("{:#}", running.says("ready").await.unwrap_err());
        assert!(error.contains("port in use") && error.contains("exit status: 1"), "{error}");
        Ok(())
    }

    #[tokio::test]
    async fn a_dropped_program_is_gone() -> Result<()> {
        let home = tempfile::tempdir()?;
        let mut running = shell(home.path(), "echo $$; exec tail -f /dev/null")?;
        let pid: u32 = running.says("").await?.trim().parse()?;
        assert!(Path::new(&format!("/proc/{pid}")).exists());
        drop(running);
        assert!(!Path::new(&format!("/proc/{pid}")).exists());
        Ok(())
    }

    #[test]
    fn ports_are_free_and_never_given_twice() -> Result<()> {
        let (one, other) = (free_ports(4)?, free_ports(4)?);
        assert!(one.abs_diff(other) >= 4, "{one} and {other} overlap");
        assert!((one..one + 4).all(is_free));
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, one))?;
        assert!(!is_free(one));
        Ok(())
    }
}
