//! The operations of the benchmark: how each is done, and the floor it is compared with.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use idp::http::paths;
use idp_domain::profile::SigningAlg;

use super::{
    data::Parties,
    floors::{Cost, Floor},
    wire::{Connection, Exchange},
    work::{Crowd, Party, Work, hop},
};

/// Access tokens for our own endpoints are signed with this, whatever the client's ID tokens are.
const ACCESS: SigningAlg = SigningAlg::EdDsa;

/// An operation, where it matters with the algorithm of the client's ID tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Discovery,
    Jwks,
    ClientCredentials,
    Introspection,
    Userinfo,
    Refresh(SigningAlg),
    /// By a public client, whose token is replaced each time.
    RefreshRotated,
    Hop(SigningAlg),
    SignIn(SigningAlg),
}

/// What the measurements of one size have in common.
#[derive(Debug)]
pub struct Scene {
    pub parties: Parties,
    pub crowd: Crowd,
    /// Live sessions, one for each connection.
    pub cookies: Vec<String>,
}

impl Scene {
    fn party(&self, alg: SigningAlg) -> Result<&Party> {
        let found = self.parties.confidential.iter().find(|(own, _)| *own == alg);
        found.map(|(_, party)| party).with_context(|| format!("no client signs with {}", alg.as_str()))
    }
}

impl Operation {
    /// Sign-ins last: they leave the hashing memory behind.
    pub const ALL: [Self; 13] = [
        Self::Discovery,
        Self::Jwks,
        Self::ClientCredentials,
        Self::Introspection,
        Self::Userinfo,
        Self::Refresh(SigningAlg::EdDsa),
        Self::Refresh(SigningAlg::Es256),
        Self::Refresh(SigningAlg::Rs256),
        Self::RefreshRotated,
        Self::Hop(SigningAlg::EdDsa),
        Self::Hop(SigningAlg::Es256),
        Self::Hop(SigningAlg::Rs256),
        Self::SignIn(SigningAlg::Es256),
    ];

    pub fn name(self) -> String {
        match self {
            Self::Discovery => "discovery".to_owned(),
            Self::Jwks => "jwks".to_owned(),
            Self::ClientCredentials => "client_credentials".to_owned(),
            Self::Introspection => "introspection".to_owned(),
            Self::Userinfo => "userinfo".to_owned(),
            Self::Refresh(alg) => format!("refresh {}", alg.as_str()),
            Self::RefreshRotated => "refresh, rotated ES256".to_owned(),
            Self::Hop(alg) => format!("SSO hop {}", alg.as_str()),
            Self::SignIn(alg) => format!("password login {}", alg.as_str()),
        }
    }

    /// Work for so many connections.
    pub async fn workers(self, scene: &Scene, connection: &mut Connection, count: usize) -> Result<Vec<Work>> {
        let mut workers = Vec::with_capacity(count);
        for number in 0..count {
            let cookie = &scene.cookies[number % scene.cookies.len()];
            workers.push(match self {
                Self::Discovery => Work::discovery(),
                Self::Jwks => Work::jwks(),
                Self::ClientCredentials => Work::client_credentials(scene.party(ACCESS)?)?,
                Self::Introspection => {
                    let party = scene.party(ACCESS)?;
                    Work::introspection(party, &hop(connection, party, cookie).await?)?
                }
                Self::Userinfo => Work::userinfo(&hop(connection, scene.party(ACCESS)?, cookie).await?)?,
                Self::Refresh(alg) => refresh(connection, scene.party(alg)?, cookie).await?,
                Self::RefreshRotated => refresh(connection, &scene.parties.public, cookie).await?,
                Self::Hop(alg) => Work::Hop { party: scene.party(alg)?.clone(), cookie: cookie.clone() },
                Self::SignIn(alg) => Work::SignIn { party: scene.party(alg)?.clone(), crowd: scene.crowd.clone() },
            });
        }
        Ok(workers)
    }

    /// The exchanges of one operation that its floor counts as `http`: at a sign-in the form, its answer and the three of the hop.
    pub fn counted(self, exchanges: Vec<Exchange>) -> Vec<Exchange> {
        if !matches!(self, Self::SignIn(_)) {
            return exchanges;
        }
        let last = exchanges.len().saturating_sub(3);
        let at_form = |exchange: &Exchange| exchange.ask.target.starts_with(paths::LOGIN);
        exchanges
            .into_iter()
            .enumerate()
            .filter(|(index, exchange)| *index >= last || at_form(exchange))
            .map(|(_, exchange)| exchange)
            .collect()
    }

    /// The floor and the aim; `http` holds one cost for each counted exchange.
    pub fn aim(self, floors: &BTreeMap<String, Cost>, http: &[f64]) -> Result<Aim> {
        let of = |floor: Floor| floors.get(&floor.name()).map(|cost| cost.cpu_per_1000).with_context(|| floor.name());
        let (read, gate, commit) = (of(Floor::Read)?, of(Floor::Gate)?, of(Floor::Commit)?);
        let (sign, verify, access) = (|alg| of(Floor::Sign(alg)), of(Floor::Verify(ACCESS))?, of(Floor::Sign(ACCESS))?);
        let all: f64 = http.iter().sum();
        let times = |factor: f64, text: &str, floor: f64| Aim { text: format!("{factor} × ({text})"), floor, limit: factor * floor };
        let hop = |http: f64, alg| Ok::<_, anyhow::Error>(http + access + sign(alg)? + 4.0 * read + 2.0 * gate + 2.0 * commit);
        Ok(match self {
            Self::Discovery | Self::Jwks => times(2.0, "http", all),
            Self::ClientCredentials => times(1.5, "http + sign + read", all + access + read),
            Self::Introspection | Self::Userinfo => times(1.5, "http + verify + read + gate", all + verify + read + gate),
            Self::Refresh(alg) => refreshed(all, access + sign(alg)?, read, gate, commit),
            Self::RefreshRotated => refreshed(all, access + sign(SigningAlg::Es256)?, read, gate, commit),
            Self::Hop(alg) => times(1.5, "3 http + 2 sign + 4 read + 2 gate + 2 commit", hop(all, alg)?),
            Self::SignIn(alg) => {
                let at = http.len().saturating_sub(3);
                let (form, own): (f64, f64) = (http[..at].iter().sum(), http[at..].iter().sum());
                let (argon, hop) = (of(Floor::Argon)?, hop(own, alg)?);
                Aim {
                    text: "1.05 argon + SSO hop + 2 http + commit".to_owned(),
                    floor: argon + hop + form + commit,
                    limit: 1.05 * argon + 1.5 * hop + form + commit,
                }
            }
        })
    }
}

fn refreshed(http: f64, signs: f64, read: f64, gate: f64, commit: f64) -> Aim {
    let floor = http + signs + 2.0 * read + gate + commit;
    Aim { text: "1.5 × (http + 2 sign + 2 read + gate + commit)".to_owned(), floor, limit: 1.5 * floor }
}

async fn refresh(connection: &mut Connection, party: &Party, cookie: &str) -> Result<Work> {
    let tokens = hop(connection, party, cookie).await?;
    Ok(Work::Refresh { party: party.clone(), token: tokens.refresh })
}

/// What an operation may cost, in processor seconds for a thousand.
#[derive(Debug, Clone)]
pub struct Aim {
    pub text: String,
    /// What it cannot go below.
    pub floor: f64,
    pub limit: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn floors() -> BTreeMap<String, Cost> {
        Floor::ALL.into_iter().map(|floor| (floor.name(), Cost { operations: 1, cpu_per_1000: 1.0 })).collect()
    }

    #[test]
    fn every_operation_has_the_aim_that_was_set_for_it() -> Result<()> {
        let limit = |operation: Operation, http: &[f64]| operation.aim(&floors(), http).map(|aim| (aim.limit * 100.0).round() / 100.0);
        for (operation, http, expected) in [
            (Operation::Discovery, &[1.0][..], 2.0),
            (Operation::ClientCredentials, &[1.0], 4.5),
            (Operation::Userinfo, &[1.0], 6.0),
            (Operation::Refresh(SigningAlg::Es256), &[1.0], 10.5),
            (Operation::Hop(SigningAlg::EdDsa), &[1.0; 3], 19.5),
            (Operation::SignIn(SigningAlg::Es256), &[1.0; 5], 1.05 + 19.5 + 2.0 + 1.0),
        ] {
            assert!((limit(operation, http)? - expected).abs() < 1e-9, "{}", operation.name());
        }
        Ok(())
    }

    #[test]
    fn an_operation_without_its_floors_cannot_be_judged() {
        assert!(Operation::Userinfo.aim(&BTreeMap::new(), &[1.0]).is_err());
    }
}
