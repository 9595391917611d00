//! The demo: invented people in a real cluster, filled through the same `apply` that operators use.

mod file;
mod tour;

use std::{collections::BTreeMap, io::Write, path::Path};

use anyhow::{Context as _, anyhow, bail};
use idp::{
    apply::{ClusterFacts, ClusterFile},
    newcomer::{self, Newcomer},
};

use crate::{Place, house::Ground, listen};
use file::DemoFile;

/// The client of the demo's relying service.
const MIRADOR: &str = "mirador";
/// Where the cluster file thinks that Mirador is.
const USUAL_MIRADOR: &str = "http://localhost:8082";
const CLUSTER: &str = include_str!("cluster.toml");

/// Runs the demo until told to stop.
pub async fn run(place: Place, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    // a port in use is told before anything is written
    let listeners = listen::take(place.mirador_port()).await?;
    let ground = Ground::prepare(place.clone()).await?;
    let cluster = cluster(&place)?;
    let secrets = fill(&place, &ground.newcomer, &cluster).await?;
    let facts = ground.newcomer.facts().await?;
    let demo = DemoFile::new(&place, &cluster, &facts, &secrets);
    demo.write(&place.demo_file())?;
    let mailbox = newcomer::mailbox(&ground.newcomer.settings);
    let secret = secrets.get(MIRADOR).ok_or_else(|| anyhow!("the demo's file has no client `{MIRADOR}`"))?;
    let settings = mirador::Settings::new(place.issuer(), MIRADOR, secret, place.mirador())?;
    let mut house = ground.build().await?;
    house.add_mirador(settings, listeners)?;
    out.write_all(tour::text(&place, &mailbox, &demo).as_bytes())?;
    out.flush()?;
    house.serve().await
}

/// The demo's cluster, with Mirador where it is.
fn cluster(place: &Place) -> anyhow::Result<ClusterFile> {
    let text = CLUSTER.replace(USUAL_MIRADOR, &place.mirador());
    Ok(ClusterFile::parse("cluster.toml", &text, Path::new(""))?)
}

/// Fills an empty installation, or finds the demo that is there. Returns the clients' secrets.
async fn fill(place: &Place, newcomer: &Newcomer, cluster: &ClusterFile) -> anyhow::Result<BTreeMap<String, String>> {
    let facts = newcomer.facts().await?;
    if !is_empty(&facts) {
        check_is_ours(place, &facts)?;
        if let Some(secrets) = file::secrets(&place.demo_file()) {
            return Ok(secrets);
        }
    }
    let secrets = newcomer.new_secrets(cluster);
    newcomer.fill(cluster.clone(), &secrets).await.context("the demo cannot be filled")?;
    Ok(secrets)
}

fn is_empty(facts: &ClusterFacts) -> bool {
    facts.collectives.is_empty() && facts.people.is_empty()
}

/// Another cluster is not filled with invented people, and a demo for other ports would send its people there.
fn check_is_ours(place: &Place, facts: &ClusterFacts) -> anyhow::Result<()> {
    let data = place.data().display();
    let Some(mirador) = facts.services.iter().find(|service| service.client_id == MIRADOR) else {
        bail!("{data} holds a cluster that is not the demo: run `aplec up` for it, or the demo with another --data");
    };
    let wanted = format!("{}/callback", place.mirador());
    if mirador.redirect_uris.contains(&wanted) {
        return Ok(());
    }
    let there = mirador.redirect_uris.first().map(String::as_str).unwrap_or_default();
    let base =
        there.rsplit_once(':').and_then(|(_, rest)| rest.split('/').next()?.parse::<u16>().ok()).and_then(|port| port.checked_sub(2));
    match base {
        Some(base) => bail!("the demo in {data} was made for --port-base {base}: use that, or another --data"),
        None => bail!("the demo in {data} was made for Mirador at {there}: use another --data"),
    }
}

#[cfg(test)]
mod tests;
