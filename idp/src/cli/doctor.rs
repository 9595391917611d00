//! `idp doctor`: everything this installation needs, each with a line that says what to do.

use std::io::Write;

use anyhow::bail;
use idp_app::{App, AppOptions};

use crate::{mail::Mailer, provider, settings::Settings};

/// How many of the jobs that were given up are told, the newest first.
const GIVEN_UP_SHOWN: u64 = 20;

pub(super) async fn run(settings: impl FnOnce() -> anyhow::Result<Settings>, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut examination = Examination { out, wrong: 0 };
    if let Some(settings) = examination.note("settings", settings())? {
        let reached = match Mailer::new(&settings.mail_from, &settings.mail_route) {
            Ok(mailer) => mailer.try_to_reach().await,
            Err(error) => Err(error),
        };
        examination.note("mail", reached.map_err(anyhow::Error::from))?;
        let options = provider::app_options(&settings).map_err(|error| provider::StartError::from(error).into());
        if let Some(options) = examination.note("master key", options)? {
            examination.database(options).await?;
        }
    }
    match examination.wrong {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        n => bail!("{n} things are wrong"),
    }
}

struct Examination<'a> {
    out: &'a mut dyn Write,
    wrong: usize,
}

impl Examination<'_> {
    fn note<T>(&mut self, what: &str, found: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
        match found {
            Ok(found) => {
                writeln!(self.out, "ok     {what}")?;
                Ok(Some(found))
            }
            Err(error) => {
                self.wrong += 1;
                writeln!(self.out, "wrong  {what}: {error}")?;
                Ok(None)
            }
        }
    }

    /// Opening checks the schema, the keys and what is frozen; the full check reads every page.
    async fn database(&mut self, options: AppOptions) -> anyhow::Result<()> {
        let opened = App::open(options).await.map_err(anyhow::Error::from);
        let Some(app) = self.note("database and signing keys", opened)? else { return Ok(()) };
        self.note("writing to the database", app.ping().await.map_err(anyhow::Error::from))?;
        if let Some(whole) = app.check_integrity().await.map_err(anyhow::Error::from).transpose() {
            let whole = whole.and_then(|damage| {
                if damage.is_empty() { Ok(()) } else { Err(anyhow::anyhow!("{}: restore the last good backup", damage.join("; "))) }
            });
            self.note("every page of the database", whole)?;
        }
        let given_up = app.list_given_up(GIVEN_UP_SHOWN).await.map_err(anyhow::Error::from);
        for job in self.note("outbox", given_up)?.into_iter().flatten() {
            writeln!(self.out, "       given up: {} {}: {}", job.kind, job.id, job.why.unwrap_or_default())?;
        }
        Ok(())
    }
}
