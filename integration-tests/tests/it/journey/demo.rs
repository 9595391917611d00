//! The demo as a newcomer runs it, and what it says about itself in `demo.json`.

use std::{fs, process::Command};

use anyhow::{Context, Result};
use integration_tests::process::{Running, free_ports, program};
use serde::Deserialize;
use tempfile::TempDir;

/// A running demo with its directory. Dropping it ends the programs, then deletes the directory.
pub(super) struct Demo {
    _running: Running,
    pub(super) facts: Facts,
    _home: TempDir,
}

/// What the journeys read of `demo.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    pub(super) issuer: String,
    pub(super) admin_ui: String,
    pub(super) mirador: String,
    people: Vec<Person>,
    services: Vec<Service>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) email: String,
    collectives: Vec<Belonging>,
    services: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Belonging {
    slug: String,
    roles: Vec<String>,
    state: String,
}

#[derive(Debug, Deserialize)]
struct Service {
    client_id: String,
    name: String,
    redirect_uris: Vec<String>,
}

impl Demo {
    /// Starts the programs on free ports in an empty directory.
    pub(super) async fn start() -> Result<Self> {
        let home = tempfile::tempdir()?;
        let port = free_ports(3)?;
        let mut command = Command::new(program("aplec")?);
        command.args(["demo", "--data", "data", "--port-base"]).arg(port.to_string()).current_dir(home.path());
        let mut running = Running::start("aplec", home.path(), &mut command)?;
        running.says(&format!("http://localhost:{port}")).await?;
        let file = home.path().join("data/demo.json");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        Ok(Self { _running: running, facts: serde_json::from_str(&text)?, _home: home })
    }
}

impl Facts {
    /// A manager who looks after this collective and belongs to no other, with access to Mirador.
    pub(super) fn manager_of(&self, slug: &str) -> Result<&Person> {
        let mirador = &self.mirador()?.client_id;
        let manages = |one: &Belonging| one.slug == slug && one.state == "active" && one.roles.iter().any(|role| role == "manager");
        let is_it = |person: &&Person| {
            matches!(person.collectives.as_slice(), [only] if manages(only)) && person.services.iter().any(|service| service == mirador)
        };
        self.people.iter().find(is_it).with_context(|| format!("nobody manages only {slug}"))
    }

    /// Somebody by username.
    pub(super) fn person(&self, username: &str) -> Result<&Person> {
        self.people.iter().find(|person| person.username == username).with_context(|| format!("nobody is called {username}"))
    }

    /// What people call Mirador.
    pub(super) fn mirador_name(&self) -> Result<&str> {
        Ok(&self.mirador()?.name)
    }

    fn mirador(&self) -> Result<&Service> {
        let mut services = self.services.iter();
        let found = services.find(|service| service.redirect_uris.iter().any(|uri| uri.starts_with(&self.mirador)));
        found.context("Mirador is no service of the demo")
    }
}
