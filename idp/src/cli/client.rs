//! `idp client`: for bringing up; whole clusters are described in a file and applied.

use std::{io::Write, path::PathBuf};

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, Subcommand};
use idp_app::{
    Act, Failure,
    apply::{ApplyRefusal, ClusterFile, Mode, apply_file},
};
use idp_domain::{
    client::ClientIdentifier,
    issuer::Issuer,
    policy::Actor,
    secret::{SecretKind, Typed},
};
use toml::{Table, Value};

use super::open;
use crate::{http::paths, settings::Settings};

/// The clients of services.
#[derive(Debug, Subcommand)]
pub(super) enum Client {
    /// Register a client and print what it needs to know; its secret is shown this once.
    Create(Create),
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

impl Client {
    pub(super) async fn run(self, settings: &Settings, out: &mut dyn Write) -> anyhow::Result<()> {
        let Self::Create(create) = self;
        let file = create.as_file(&settings.issuer)?;
        let act = open(settings).await?.act(Actor::Operator, "console");
        create.register(&act, file, out).await
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
