//! `idp keys`

use std::io::Write;

use anyhow::bail;
use clap::Subcommand;
use idp_app::key_ring;
use idp_domain::{Timestamp, locale::Locale, policy::Actor};
use keys::{KeyTimes, Policy};

use super::open;
use crate::{provider, settings::Settings, texts};

/// What the audit calls acts at the console.
const CONSOLE: &str = "console";

/// The keys: the master key's file and the signing keys in the database.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Make the master key of a new installation; an existing one is never touched.
    Init,
    /// List the signing keys.
    List,
    /// Begin to replace every signing key now: successors are published at once and sign two days later.
    Rotate,
    /// Take a signing key out of use at once: tokens it signed are refused from now on.
    Revoke {
        /// Its `kid`, as `idp keys list` shows it.
        kid: String,
    },
}

impl Keys {
    pub(super) async fn run(self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
        if matches!(self, Self::Init) {
            provider::create_master_key(&settings.master_key_file)?;
            writeln!(
                out,
                "made {}: keep a copy in a safe place, apart from every backup of the database",
                settings.master_key_file.display()
            )?;
            return Ok(());
        }
        let act = open(settings).await?.act(Actor::Operator, CONSOLE);
        match self {
            Self::Init | Self::List => {}
            Self::Rotate => key_ring::rotate_keys(&act, &Policy::default().due_now()).await?,
            Self::Revoke { kid } => {
                if !key_ring::revoke_key(&act, &kid).await? {
                    bail!("there is no key `{kid}` in use: `idp keys list` shows them");
                }
            }
        }
        for key in key_ring::list_keys(&act).await? {
            writeln!(out, "{}", line(&key, act.now))?;
        }
        Ok(())
    }
}

/// `kid  purpose  algorithm  state  since when`
fn line(key: &KeyTimes, now: Timestamp) -> String {
    let since = [key.revoked_at, key.removed_at, key.retires_at, Some(key.activates_at)];
    let state = key.state(now);
    let at = since.into_iter().flatten().find(|at| *at <= now).unwrap_or(key.activates_at);
    let when = texts::in_language(Locale::En).date_time(at.millis());
    format!("{:<18} {:<8} {:<6} {:<9} {when}", key.kid, key.purpose.as_str(), key.alg.as_str(), state.as_str())
}
