//! `demo.json`: the demo's facts for scripts. Readable by its owner only, since it holds passwords and secrets.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;
use idp::apply::{ClusterFacts, ClusterFile};
use serde::{Deserialize, Serialize};

use crate::Place;

/// Everything a script needs to drive the demo.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DemoFile {
    issuer: String,
    admin_ui: String,
    mirador: String,
    pub(super) people: Vec<DemoPerson>,
    services: Vec<DemoService>,
}

/// Somebody who can try to sign in.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DemoPerson {
    pub(super) username: String,
    email: Option<String>,
    pub(super) password: String,
    pub(super) collectives: Vec<DemoCollective>,
    /// The clients that the gate lets them through to.
    pub(super) services: Vec<String>,
}

/// Where somebody belongs.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DemoCollective {
    pub(super) slug: String,
    roles: Vec<String>,
    pub(super) state: String,
}

/// A client.
#[derive(Debug, Serialize, Deserialize)]
struct DemoService {
    client_id: String,
    client_secret: String,
    name: String,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    owners: Vec<String>,
    offered_to: Vec<String>,
}

impl DemoFile {
    pub(super) fn new(place: &Place, cluster: &ClusterFile, facts: &ClusterFacts, secrets: &BTreeMap<String, String>) -> Self {
        let passwords: BTreeMap<String, &str> =
            cluster.passwords().map(|(username, password)| (username.to_string(), password.expose())).collect();
        // who came since chose a password of their own
        let people = facts.people.iter().filter_map(|person| {
            Some(DemoPerson {
                password: (*passwords.get(&person.username)?).to_owned(),
                username: person.username.clone(),
                email: person.email.clone(),
                collectives: person
                    .collectives
                    .iter()
                    .map(|collective| DemoCollective {
                        slug: collective.slug.clone(),
                        roles: collective.roles.iter().map(|&role| role.to_owned()).collect(),
                        state: collective.state.to_owned(),
                    })
                    .collect(),
                services: person.services.clone(),
            })
        });
        let services = facts.services.iter().filter_map(|service| {
            Some(DemoService {
                client_secret: secrets.get(&service.client_id)?.clone(),
                client_id: service.client_id.clone(),
                name: service.name.clone(),
                redirect_uris: service.redirect_uris.clone(),
                post_logout_redirect_uris: service.post_logout_redirect_uris.clone(),
                owners: service.owners.clone(),
                offered_to: service.offered_to.clone(),
            })
        });
        Self {
            issuer: place.issuer(),
            admin_ui: place.desk(),
            mirador: place.mirador(),
            people: people.collect(),
            services: services.collect(),
        }
    }

    /// Replaces the file as a whole: a script never reads half of it.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let draft = path.with_extension("json.new");
        let written = || -> std::io::Result<()> {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            fs::rename(&draft, path)
        };
        written().with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// The clients' secrets, as an earlier start wrote them down.
pub(super) fn secrets(path: &Path) -> Option<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).ok()?;
    let file: DemoFile = serde_json::from_str(&text).ok()?;
    Some(file.services.into_iter().map(|service| (service.client_id, service.client_secret)).collect())
}
