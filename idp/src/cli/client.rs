//! `idp client`: for bringing up, and for the day a secret leaks; whole clusters are described in a file and applied.

use std::{io::Write, path::PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use idp_app::{
    Act, Failure,
    apply::{ApplyRefusal, ClusterFile, Mode, apply_file},
    clients::{
        Disabled, Enabled, ListedClient, RetireRefusal, Retiring, SwitchedOff, UnknownClient, disable_client, enable_client, list_clients,
        retire_secrets,
    },
};
use idp_domain::{
    Timestamp, Ttl,
    client::{ClientIdentifier, ClientRole, SecretTimes},
    issuer::Issuer,
    locale::Locale,
    policy::Actor,
    secret::{SecretKind, Typed},
};
use toml::{Table, Value};

use super::open;
use crate::{http::paths, settings::Settings, texts};

/// The clients of services.
#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Register a client and print what it needs to know; its secret is shown this once.
    Create(Create),
    /// List them: whose each one is, how it proves who it is, whether it is switched on, and its secrets that count.
    List,
    /// Let every secret of a client but the newest end: the other half of giving it a new one.
    RetireSecrets(RetireSecrets),
    /// Switch a client off: at once, and with everything it was given.
    Disable {
        /// As `idp client list` shows it.
        #[arg(value_parser = ClientIdentifier::parse)]
        client_id: ClientIdentifier,
    },
    /// Switch a client on again; people sign in to it anew.
    Enable {
        /// As `idp client list` shows it.
        #[arg(value_parser = ClientIdentifier::parse)]
        client_id: ClientIdentifier,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The managers' desk: signs in whoever has a mandate, and may use the management API.
    #[arg(long, requires = "jwks")]
    admin_ui: bool,
    /// The service it signs people in to, by its slug.
    #[arg(long, value_name = "SLUG", required_unless_present = "admin_ui", conflicts_with = "admin_ui")]
    service: Option<String>,
    /// The public identifier; `admin-ui`, or the service's slug.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Its public keys, when it proves who it is by private_key_jwt; without them it gets a secret.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Where people come back to; may be given several times.
    #[arg(long = "redirect-uri", value_name = "URI", required = true)]
    redirect_uris: Vec<String>,
    /// Where people may be sent after signing out; may be given several times.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// Where it hears that a session ended.
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RetireSecrets {
    /// As `idp client list` shows it.
    #[arg(value_parser = ClientIdentifier::parse)]
    client_id: ClientIdentifier,
    /// For how many days they count yet; at once without it.
    #[arg(long = "in", value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=90))]
    days: u8,
    /// The newest one too: the client proves who it is by another method, or not at all.
    #[arg(long)]
    all: bool,
}

impl Client {
    pub(super) async fn run(self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
        let act = async || open(settings).await.map(|app| app.act(Actor::Operator, "console"));
        match self {
            Self::Create(create) => {
                let file = create.as_file(&settings.issuer)?;
                create.register(&act().await?, file, out).await
            }
            Self::List => {
                let act = act().await?;
                for listed in list_clients(&act).await? {
                    writeln!(out, "{}", line(&listed, act.now))?;
                }
                Ok(())
            }
            Self::RetireSecrets(retire) => retire.run(&act().await?, out).await,
            Self::Disable { client_id } => disable(&act().await?, &client_id, out).await,
            Self::Enable { client_id } => enable(&act().await?, &client_id, out).await,
        }
    }
}

/// `client_id  service  method  state  secrets`
fn line(listed: &ListedClient, now: Timestamp) -> String {
    let ListedClient { client, service, secrets } = listed;
    let whose = match (client.role, service) {
        (ClientRole::Service(_), Some(slug)) => slug.as_str(),
        (ClientRole::Service(_), None) => "",
        (ClientRole::AdminUi, _) => "(admin_ui)",
        (ClientRole::Machine, _) => "(machine)",
    };
    let state = if client.disabled_at.is_some() { "disabled" } else { "active" };
    let secrets: Vec<_> = secrets.iter().map(|secret| told_of(secret, now)).collect();
    let secrets = if secrets.is_empty() { "no secret".to_owned() } else { secrets.join("; ") };
    format!("{:<20} {whose:<20} {:<15} {state:<8} {secrets}", client.client_id.as_str(), client.auth_method.as_str())
}

/// A secret in words: there is no other way to name one.
fn told_of(secret: &SecretTimes, now: Timestamp) -> String {
    let days = now.since(secret.created_at).as_seconds() / Ttl::days(1).as_seconds();
    let end = secret.expires_at.map(|end| format!(", until {}", date_time(end))).unwrap_or_default();
    format!("secret of {} ({days} days old{end})", date_time(secret.created_at))
}

fn date_time(at: Timestamp) -> String {
    texts::in_language(Locale::En).date_time(at.millis())
}

fn unknown(client_id: &ClientIdentifier) -> anyhow::Error {
    anyhow!("there is no client `{client_id}`: `idp client list` shows them")
}

impl RetireSecrets {
    async fn run(&self, act: &Act, out: &mut dyn Write) -> anyhow::Result<()> {
        let Self { client_id, days, all } = self;
        let which = if *all { Retiring::All } else { Retiring::AllButNewest };
        let done = match retire_secrets(act, client_id, which, Ttl::days((*days).into())).await {
            Ok(done) => done,
            Err(Failure::Refused(RetireRefusal::UnknownClient)) => return Err(unknown(client_id)),
            Err(Failure::Refused(RetireRefusal::NoSecret)) => bail!("`{client_id}` has no secret that counts"),
            Err(Failure::Refused(RetireRefusal::OnlyOne)) => bail!(
                "`{client_id}` has one secret only and could not prove who it is without it: add a new one first, with another `secret` or \
                 `secret_file` in its table and `aplec apply`, or retire this one too with `--all`"
            ),
            Err(Failure::Fault(fault)) => return Err(anyhow!(fault)),
        };
        for secret in &done.retired {
            let made = date_time(secret.created_at);
            match secret.expires_at.filter(|end| *end > act.now) {
                Some(end) => writeln!(out, "the secret of {made} counts until {}", date_time(end))?,
                None => writeln!(out, "the secret of {made} counts no more, from {} on", date_time(act.now))?,
            }
        }
        match done.kept {
            Some(kept) => {
                let end = kept.expires_at.map(|end| format!(" until {}", date_time(end))).unwrap_or_default();
                writeln!(out, "the secret of {} counts on{end}", date_time(kept.created_at))?;
            }
            None => writeln!(out, "then `{client_id}` has no secret left: add one with `aplec apply`, or it cannot prove who it is")?,
        }
        Ok(())
    }
}

async fn disable(act: &Act, client_id: &ClientIdentifier, out: &mut dyn Write) -> anyhow::Result<()> {
    let off = match disable_client(act, client_id).await {
        Ok(Disabled::Now(off)) => off,
        Ok(Disabled::Already) => return Ok(writeln!(out, "`{client_id}` is switched off already")?),
        Err(Failure::Refused(UnknownClient)) => return Err(unknown(client_id)),
        Err(Failure::Fault(fault)) => return Err(anyhow!(fault)),
    };
    let SwitchedOff { role, ended, told_at, access_tokens_live_until } = off;
    writeln!(out, "`{client_id}` is switched off: nothing is issued to it, and nothing it was given counts here")?;
    let told = match told_at {
        _ if ended == 0 => "nobody has to be told".to_owned(),
        Some(uri) => format!("{uri} is told by the next worker that looks"),
        None => "it takes no back-channel logout, so its own sessions run until it ends them".to_owned(),
    };
    writeln!(out, "authorizations that ended: {ended}; {told}")?;
    writeln!(out, "who checks access tokens without asking may accept one until {}", date_time(access_tokens_live_until))?;
    if role == ClientRole::AdminUi {
        writeln!(out, "this is the managers' desk: no manager can invite, admit or withdraw anything until it is switched on again")?;
    }
    Ok(writeln!(out, "`idp client enable {client_id}` switches it on again")?)
}

async fn enable(act: &Act, client_id: &ClientIdentifier, out: &mut dyn Write) -> anyhow::Result<()> {
    match enable_client(act, client_id).await {
        Ok(Enabled::Now) => Ok(writeln!(out, "`{client_id}` is switched on again: people sign in to it anew")?),
        Ok(Enabled::Already) => Ok(writeln!(out, "`{client_id}` is switched on already")?),
        Err(Failure::Refused(UnknownClient)) => Err(unknown(client_id)),
        Err(Failure::Fault(fault)) => Err(anyhow!(fault)),
    }
}

impl Create {
    fn client_id(&self) -> String {
        self.client_id.clone().or_else(|| self.service.clone()).unwrap_or_else(|| "admin-ui".to_owned())
    }

    /// The client as a cluster file has it: one way to register, whoever asks for it.
    fn as_file(&self, issuer: &Issuer) -> anyhow::Result<ClusterFile> {
        let mut client = Table::new();
        let mut put = |key: &str, value: Value| client.insert(key.to_owned(), value);
        put("client_id", self.client_id().into());
        if let Some(service) = &self.service {
            put("service", service.clone().into());
        } else {
            put("kind", "admin_ui".into());
            put("resources", list(&[issuer.join(paths::MANAGE_AUDIENCE)]));
        }
        if let Some(path) = &self.jwks {
            let jwks = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            put("jwks", jwks.into());
            put("auth", "private_key_jwt".into());
        }
        put("redirect_uris", list(&self.redirect_uris));
        put("post_logout_redirect_uris", list(&self.post_logout_redirect_uris));
        if let Some(uri) = &self.backchannel_logout_uri {
            put("backchannel_logout_uri", uri.clone().into());
        }
        let file = Table::from_iter([("client".to_owned(), Value::Array(vec![Value::Table(client)]))]);
        Ok(ClusterFile::parse("idp client create", &file.to_string(), std::path::Path::new(""))?)
    }

    async fn register(&self, act: &Act, mut file: ClusterFile, out: &mut dyn Write) -> anyhow::Result<()> {
        let client_id = self.client_id();
        if apply(act, &file, Mode::DryRun).await? == 0 {
            bail!("there is a client `{client_id}` already: `aplec apply` changes it");
        }
        let secret = self.jwks.is_none().then(|| act.app.entropy().secret(SecretKind::ClientSecret));
        if let Some(secret) = &secret {
            file.set_client_secret(&ClientIdentifier::parse(&client_id)?, &Typed::new(secret.expose().to_owned()));
        }
        apply(act, &file, Mode::Write).await?;
        writeln!(out, "client_id = {client_id}")?;
        if let Some(secret) = &secret {
            writeln!(out, "client_secret = {}", secret.expose())?;
        }
        Ok(())
    }
}

/// How many objects are new.
async fn apply(act: &Act, file: &ClusterFile, mode: Mode) -> anyhow::Result<usize> {
    match apply_file(act, file, mode).await {
        Ok(applied) => Ok(applied.creations()),
        Err(Failure::Refused(ApplyRefusal::Problems(problems))) => Err(problems.into()),
        Err(Failure::Refused(refusal)) => Err(refusal.into()),
        Err(Failure::Fault(fault)) => Err(anyhow!(fault)),
    }
}

fn list(texts: &[String]) -> Value {
    Value::Array(texts.iter().cloned().map(Value::String).collect())
}
