//! Log lines: to standard error, as text or JSON. What must not be in them is kept out where it is known: secrets have no
//! `Display`, requests are named by their path without its query.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, filter::ParseError, util::TryInitError};

use crate::settings::LogFormat;

/// Why nothing is logged.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is no list of levels.
    #[error("`log.filter`: expected levels by module such as info,idp=debug ({0})")]
    Filter(#[from] ParseError),
    /// Somebody else in this process logs already.
    #[error("logging was started twice: {0}")]
    Twice(#[from] TryInitError),
}

/// Reads a filter.
pub(crate) fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(text)
}

/// Starts logging for the whole process.
pub fn start(filter: &str, format: LogFormat) -> Result<(), TelemetryError> {
    use tracing_subscriber::util::SubscriberInitExt as _;

    let lines = tracing_subscriber::fmt().with_env_filter(self::filter(filter)?).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_cannot_be_read_names_its_setting() {
        let error = start("info,idp=louder", LogFormat::Text).expect_err("no level").to_string();
        assert!(error.starts_with("`log.filter`: expected levels by module"), "{error}");
    }
}
