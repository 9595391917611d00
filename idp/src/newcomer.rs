//! What the newcomer's single program does to an installation beyond running it: makes its master key, registers the
//! managers' desk, prints the way in, fills a demo.

use std::{collections::BTreeMap, path::Path};

use anyhow::{anyhow, bail};
use idp_app::{
    App, Failure,
    apply::{ClusterFacts, ClusterFile, Mode, apply_file, cluster_facts},
    setup::make_setup_link,
};
use idp_domain::{client::ClientIdentifier, policy::Actor, secret::SecretKind, secret::Typed};
use toml::{Table, Value};

use crate::{
    http::paths,
    provider::{self, StartError},
    settings::Settings,
};

/// The desk's identifier at the provider.
pub const DESK_CLIENT_ID: &str = "admin-ui";

/// An installation on this machine.
#[derive(Clone)]
pub struct Newcomer {
    /// The use cases, open.
    pub app: App,
    /// What was decided for it.
    pub settings: Settings,
}

/// Where browsers come back to after signing in at the desk, and after signing out.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The desk's public keys, a JWK set.
    pub jwks: String,
    /// After signing in.
    pub redirect_uri: String,
    /// After signing out.
    pub post_logout_redirect_uri: String,
}

impl Newcomer {
    /// Opens the installation, made on the spot when there is none: master key, schema, signing keys. `database` is the
    /// file of the SQLite database.
    pub async fn open(settings: Settings, database: &Path) -> anyhow::Result<Self> {
        let key = &settings.master_key_file;
        if !key.exists() {
            if database.exists() {
                bail!(
                    "{} is missing, and {} was made with it: put it back from where you keep it, or begin anew with another --data",
                    key.display(),
                    database.display()
                );
            }
            provider::create_master_key(key).map_err(StartError::from)?;
        }
        let options = provider::app_options(&settings).map_err(StartError::from)?;
        App::migrate(&options).await?;
        Ok(Self { app: App::open(options).await?, settings })
    }

    /// Registers the managers' desk; nothing changes when it is as it was.
    pub async fn register_desk(&self, desk: &Desk) -> anyhow::Result<()> {
        let list = |text: String| Value::Array(vec![Value::String(text)]);
        let client = Table::from_iter([
            ("client_id".to_owned(), DESK_CLIENT_ID.into()),
            ("kind".to_owned(), "admin_ui".into()),
            ("name".to_owned(), "Gestió".into()),
            ("auth".to_owned(), "private_key_jwt".into()),
            ("jwks".to_owned(), desk.jwks.clone().into()),
            ("resources".to_owned(), list(self.settings.issuer.join(paths::MANAGE_AUDIENCE))),
            ("redirect_uris".to_owned(), list(desk.redirect_uri.clone())),
            ("post_logout_redirect_uris".to_owned(), list(desk.post_logout_redirect_uri.clone())),
        ]);
        let file = Table::from_iter([("client".to_owned(), Value::Array(vec![Value::Table(client)]))]);
        self.apply(&ClusterFile::parse("the managers' desk", &file.to_string(), Path::new(""))?).await
    }

    /// The one-time link that founds the cluster; nothing once somebody is there.
    pub async fn setup_link(&self) -> anyhow::Result<Option<String>> {
        let secret = make_setup_link(&self.app.act(Actor::Operator, "console")).await?;
        Ok(secret.map(|secret| paths::setup_link(&self.settings.issuer, &secret)))
    }

    /// Who is there and who gets in where.
    pub async fn facts(&self) -> anyhow::Result<ClusterFacts> {
        Ok(cluster_facts(&self.app.act(Actor::Operator, "console")).await?)
    }

    /// A new secret for each client of a cluster file that proves itself by one.
    pub fn new_secrets(&self, file: &ClusterFile) -> BTreeMap<String, String> {
        let secret = || self.app.entropy().secret(SecretKind::ClientSecret).expose().to_owned();
        file.secret_clients().map(|client| (client.to_string(), secret())).collect()
    }

    /// Applies a cluster file whose clients get these secrets.
    pub async fn fill(&self, mut file: ClusterFile, secrets: &BTreeMap<String, String>) -> anyhow::Result<()> {
        for (client, secret) in secrets {
            file.set_client_secret(&ClientIdentifier::parse(client)?, &Typed::new(secret.clone()));
        }
        self.apply(&file).await
    }

    async fn apply(&self, file: &ClusterFile) -> anyhow::Result<()> {
        match apply_file(&self.app.act(Actor::Operator, "start"), file, Mode::Write).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(refusal)) => Err(refusal.into()),
            Err(Failure::Fault(fault)) => Err(anyhow!(fault)),
        }
    }
}

/// The mailbox page of an installation without SMTP.
pub fn mailbox(settings: &Settings) -> String {
    settings.issuer.join(paths::MAILBOX)
}
