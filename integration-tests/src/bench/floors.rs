//! What no operation can go below: each kind of work alone, in a process of its own, on the same data and through the same
//! libraries, so that its processor time is read the same way as the server's.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use idp_app::{
    env::{Clock, Entropy},
    login::argon::{self, Arena},
};
use idp_domain::{
    Timestamp,
    audit::SignInOutcome,
    id::{PersonId, ServiceId},
    profile::SigningAlg,
};
use idp_store::{Store, Tx as _, signin_log::SignIn};
use keys::{KeyRing, Purpose};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::{
    data::{Outline, PASSWORD, Place},
    load::{Bounds, as_f64},
    machine::{Stopwatch, Watched},
};

/// As many at once as the measured operations' connections.
const AT_ONCE: u64 = 16;
/// Operations between two looks at the clock.
const ROUND: u64 = 64;

/// Work that an operation is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Floor {
    /// One token signed.
    Sign(SigningAlg),
    /// One token verified.
    Verify(SigningAlg),
    /// One row found by its key.
    Read,
    /// The gate's one query.
    Gate,
    /// One durable row, alone: with nobody to share the flush with.
    Commit,
    /// One password hashed, by the implementation in use.
    Argon,
}

impl Floor {
    pub const ALL: [Self; 10] = [
        Self::Sign(SigningAlg::EdDsa),
        Self::Sign(SigningAlg::Es256),
        Self::Sign(SigningAlg::Rs256),
        Self::Verify(SigningAlg::EdDsa),
        Self::Verify(SigningAlg::Es256),
        Self::Verify(SigningAlg::Rs256),
        Self::Read,
        Self::Gate,
        Self::Commit,
        Self::Argon,
    ];

    pub fn name(self) -> String {
        match self {
            Self::Sign(alg) => format!("sign-{}", alg.as_str().to_ascii_lowercase()),
            Self::Verify(alg) => format!("verify-{}", alg.as_str().to_ascii_lowercase()),
            Self::Read => "read".to_owned(),
            Self::Gate => "gate".to_owned(),
            Self::Commit => "commit".to_owned(),
            Self::Argon => "argon".to_owned(),
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|floor| floor.name() == name)
    }

    /// Does the work until it has cost enough.
    pub async fn measure(self, place: &Place, bounds: Bounds) -> Result<Cost> {
        let now = Clock::System.now();
        match self {
            Self::Sign(alg) => {
                let ring = keys::testing::ring(now);
                Meter::start(bounds)?.repeat(|turn| token(&ring, alg, turn).map(drop))
            }
            Self::Verify(alg) => {
                let ring = keys::testing::ring(now);
                let token = token(&ring, alg, 0)?;
                Meter::start(bounds)?.repeat(|_| Ok(ring.verify::<Claims>(&token, &[Purpose::AccessToken]).map(drop)?))
            }
            Self::Argon => {
                let (mut arena, salt) = (Arena::default(), Entropy::seeded(1).bytes());
                Meter::start(bounds)?.repeat(|_| Ok(argon::hash(&mut arena, PASSWORD.as_bytes(), salt).map(drop)?))
            }
            Self::Read | Self::Gate | Self::Commit => self.ask_store(place, bounds, now).await,
        }
    }

    async fn ask_store(self, place: &Place, bounds: Bounds, now: Timestamp) -> Result<Cost> {
        let outline: Arc<Outline> = Arc::new(serde_json::from_slice(&std::fs::read(place.outline())?)?);
        let store = place.store().await?;
        // connections open and pages in the cache
        self.rounds(&store, &outline, now).await?;
        let mut meter = Meter::start(bounds)?;
        while !meter.is_enough()? {
            meter.operations += self.rounds(&store, &outline, now).await?;
        }
        let cost = meter.cost()?;
        store.close().await?;
        Ok(cost)
    }

    /// A round for each of several at once.
    async fn rounds(self, store: &Store, outline: &Arc<Outline>, now: Timestamp) -> Result<u64> {
        let mut tasks = JoinSet::new();
        let at_once = if self == Self::Commit { 1 } else { AT_ONCE };
        for worker in 0..at_once {
            let (store, outline) = (store.clone(), Arc::clone(outline));
            tasks.spawn(async move {
                for turn in 0..ROUND {
                    let person = outline.people[usize::try_from(worker * 104_729 + turn * 7919)? % outline.people.len()];
                    self.once(&store, person, outline.service, now).await?;
                }
                Ok::<_, anyhow::Error>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(ROUND * at_once)
    }

    async fn once(self, store: &Store, person: PersonId, service: ServiceId, now: Timestamp) -> Result<()> {
        match self {
            Self::Read => drop(store.read().people().find(person).await?.context("a generated person")?),
            Self::Gate => drop(store.read().access().facts(person, service, now).await?.context("a generated person")?),
            Self::Commit => {
                let row = SignIn { id: Entropy::Os.id(now), at: now, outcome: SignInOutcome::Password, client_prefix: None };
                let tx = store.write("bench.commit").await?;
                tx.signin_log().append(None, &row).await?;
                tx.commit().await?;
            }
            _ => bail!("{} asks no store", self.name()),
        }
        Ok(())
    }
}

/// What a floor costs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cost {
    pub operations: u64,
    /// Processor seconds for a thousand.
    pub cpu_per_1000: f64,
}

impl Cost {
    /// Of two measurements the lesser.
    pub const fn keep(&mut self, other: Self) {
        if other.cpu_per_1000 < self.cpu_per_1000 {
            *self = other;
        }
    }
}

struct Meter {
    bounds: Bounds,
    before: Duration,
    watch: Stopwatch,
    operations: u64,
}

impl Meter {
    fn start(bounds: Bounds) -> Result<Self> {
        Ok(Self { bounds, before: Watched::own().cpu()?, watch: Stopwatch::start(), operations: 0 })
    }

    fn is_enough(&self) -> Result<bool> {
        let spent = Watched::own().cpu()?.saturating_sub(self.before);
        Ok(self.operations >= self.bounds.operations || spent >= self.bounds.cpu || self.watch.elapsed() >= self.bounds.wall)
    }

    fn repeat(mut self, mut work: impl FnMut(u64) -> Result<()>) -> Result<Cost> {
        while !self.is_enough()? {
            let round = ROUND.min(self.bounds.operations);
            for turn in 0..round {
                work(turn)?;
            }
            self.operations += round;
        }
        self.cost()
    }

    fn cost(&self) -> Result<Cost> {
        let spent = Watched::own().cpu()?.saturating_sub(self.before);
        Ok(Cost { operations: self.operations, cpu_per_1000: spent.as_secs_f64() * 1000.0 / as_f64(self.operations).max(1.0) })
    }
}

/// As much as our own tokens say.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    client_id: String,
    exp: i64,
    iat: i64,
    jti: String,
    scope: String,
    auth_time: i64,
    acr: String,
    sid: String,
    azn: String,
    epoch: i64,
}

fn token(ring: &KeyRing, alg: SigningAlg, turn: u64) -> Result<String> {
    let instant = 1_800_000_000 + i64::try_from(turn)?;
    let claims = Claims {
        iss: "http://localhost:8080".to_owned(),
        sub: "0b6f0c3e-3f0a-4c1c-9a5e-5c1f7f1f0f3e".to_owned(),
        aud: "http://localhost:8080".to_owned(),
        client_id: "bench-es256".to_owned(),
        exp: instant + 300,
        iat: instant,
        jti: "5c1f7f1f0f3e4c1c9a5e0b6f0c3e3f0a".to_owned(),
        scope: "openid profile email groups".to_owned(),
        auth_time: instant,
        acr: "urn:aplec:acr:password".to_owned(),
        sid: "ses_0b6f0c3e3f0a4c1c9a5e5c1f7f1f0f3e".to_owned(),
        azn: "azn_0b6f0c3e3f0a4c1c9a5e5c1f7f1f0f3e".to_owned(),
        epoch: 0,
    };
    Ok(ring.sign(Purpose::AccessToken, alg, &claims)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_found_by_its_name() {
        for floor in Floor::ALL {
            assert_eq!(Floor::from_name(&floor.name()), Some(floor));
        }
        assert_eq!(Floor::from_name("cellar"), None);
    }
}
