//! What the harness takes from the machine it runs on: environment variables, the clock for deadlines, pauses between two
//! looks at something that another process does.
//!
//! Tests themselves never pause: they say what they wait for with [`eventually`]. This is the harness's only exemption from
//! the bans in `clippy.toml`.

#![expect(clippy::disallowed_methods, reason = "the one place of the harness that reads the environment and waits for other processes")]

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, bail};

/// How long a test waits for another process before it fails.
pub const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// The variable's value; `None` when it is unset or empty.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether a test without its server or browser fails instead of being skipped (`TEST_REQUIRE_ALL`).
pub fn everything_is_required() -> bool {
    variable("TEST_REQUIRE_ALL").is_some_and(|value| value != "0")
}

/// The value of a variable that names something this test needs, for instance a database.
///
/// `Ok(None)` means: skip, say so on standard error. Where everything is required it is an error instead, so that skipping cannot
/// go unnoticed.
pub fn needed(name: &str, what: &str) -> Result<Option<String>> {
    match variable(name) {
        Some(value) => Ok(Some(value)),
        None if everything_is_required() => bail!("{name} is not set: this test needs {what} (see integration-tests/run)"),
        None => {
            eprintln!("skipped: needs {what} ({name} is not set; integration-tests/run sets it)");
            Ok(None)
        }
    }
}

/// Looks until the probe finds something, at most [`PATIENCE`].
///
/// The probe answers `Ok(None)` for "not yet" and an error for "never". The failure tells what was waited for.
pub async fn eventually<T>(what: impl Display, mut probe: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe().await? {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            return Err(anyhow!("waited {} seconds for {what}", PATIENCE.as_secs()));
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// As [`eventually`], for code that cannot be asynchronous (a `Drop`): whether the probe came true within the given time.
pub fn soon(within: Duration, mut probe: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + within;
    loop {
        if probe() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_appears_is_found_and_what_never_will_fails_at_once() {
        let mut looks = 0;
        let found = eventually("the third look", async || {
            looks += 1;
            Ok((looks == 3).then_some(looks))
        });
        assert_eq!(found.await.unwrap(), 3);
        let never = eventually::<()>("nothing", async || bail!("the process is gone"));
        assert_eq!(never.await.unwrap_err().to_string(), "the process is gone");
    }

    #[test]
    fn waiting_in_a_drop_ends() {
        assert!(!soon(Duration::from_millis(1), || false));
        assert!(soon(Duration::ZERO, || true));
    }
}
