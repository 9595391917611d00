//! Takes jobs from the outbox and does them: woken when one was put in, and every few seconds for those that come due.

use std::{sync::Arc, time::Duration};

use idp_app::{
    Act, App, housekeeping,
    jobs::{Claimed, Done, Job, Retry},
    key_ring,
    services::follow_ends,
};
use idp_domain::{Fault, policy::Actor};
use tokio::{
    runtime::Handle,
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval},
};

use super::{backchannel_logout, hosts::Hosts, send_mail};
use crate::{
    mail::{MailPlaces, Mailer, SendError},
    outbound::{Outbound, OutboundError},
    stop::Stop,
};

/// Jobs taken at once.
const BATCH: usize = 32;
/// Jobs at hand, those that wait for their turn at a slow receiver included.
const AT_HAND: usize = 256;
/// How often to look for jobs that came due without anybody saying so.
const LOOK: Duration = Duration::from_secs(5);
/// How often keys are looked after and what has expired is forgotten.
const HOUSEKEEPING: Duration = Duration::from_hours(1);
/// How long jobs at hand may take after the order to stop; the rest is taken again after its lease.
const DRAIN: Duration = Duration::from_secs(10);

/// Does the jobs of one process.
pub struct Worker {
    app: App,
    pub(super) mailer: Mailer,
    pub(super) places: MailPlaces,
    pub(super) outbound: Outbound,
    pub(super) hosts: Hosts,
}

/// Why a job was not done. Operators read it: no addresses and no secrets.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobFailure {
    /// Ours.
    #[error("{0}")]
    Fault(#[from] Fault),
    /// The mail.
    #[error("{0}")]
    Mail(#[from] SendError),
    /// The receiver did not answer.
    #[error("{0}")]
    Outbound(#[from] OutboundError),
    /// The receiver answered with this status.
    #[error("answered with status {0}")]
    Status(u16),
    /// Others took too long at this receiver.
    #[error("the receiver is busy with others")]
    Busy,
}

impl JobFailure {
    fn retry(&self) -> Retry {
        match self {
            Self::Mail(error) if error.is_final() => Retry::Never,
            _ => Retry::Later,
        }
    }
}

impl Worker {
    /// With everything jobs need.
    pub fn new(app: App, mailer: Mailer, outbound: Outbound) -> Self {
        let places = MailPlaces::of(app.settings());
        Self { app, mailer, places, outbound, hosts: Hosts::default() }
    }

    /// Works until the order to stop, then finishes what is at hand.
    pub async fn run(self, mut stop: Stop) {
        let worker = Arc::new(self);
        let mut at_hand = JoinSet::new();
        // on its own: where many terms end at one midnight, the first are told while the last are still looked at
        let ends = tokio::spawn(Arc::clone(&worker).watch_ends());
        let (mut look, mut housekeeping) = (interval(LOOK), interval(HOUSEKEEPING));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        housekeeping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // the first tick of an interval is immediate, and opening the application has just looked after the keys
        housekeeping.tick().await;
        while !stop.is_given() {
            let more = worker.take(&mut at_hand).await;
            tokio::select! {
                () = stop.given() => break,
                // a job put in while we looked has left its mark: nothing is overheard
                () = worker.app.jobs_waiting() => {}
                _ = look.tick() => worker.follow_keys().await,
                _ = housekeeping.tick() => worker.keep_house().await,
                Some(_) = at_hand.join_next(), if more => {}
            }
            // what is done is forgotten; a task that panicked counts as done here and is taken again after its lease
            while at_hand.try_join_next().is_some() {}
        }
        ends.abort();
        let _ = tokio::time::timeout(DRAIN, async { while at_hand.join_next().await.is_some() {} }).await;
    }

    /// Does what is due at this instant, waits for it and tells how many jobs that were: for who moves the clock by hand.
    pub async fn work_off(self: &Arc<Self>) -> usize {
        let (mut at_hand, mut done) = (JoinSet::new(), 0);
        while self.follow_ends().await {}
        loop {
            let more = self.take(&mut at_hand).await;
            while at_hand.join_next().await.is_some() {
                done += 1;
            }
            if !more {
                return done;
            }
        }
    }

    /// Takes what is due, as far as there is room; whether there may be more.
    async fn take(self: &Arc<Self>, at_hand: &mut JoinSet<()>) -> bool {
        loop {
            let room = AT_HAND.saturating_sub(at_hand.len()).min(BATCH);
            if room == 0 {
                return true;
            }
            let limit = u64::try_from(room).unwrap_or(u64::MAX);
            let claimed = match self.app.claim_jobs(self.app.clock().now(), limit).await {
                Ok(claimed) => claimed,
                Err(fault) => {
                    tracing::warn!(error = %fault, "the outbox cannot be read now");
                    return false;
                }
            };
            let taken = claimed.len();
            for job in claimed {
                let worker = Arc::clone(self);
                at_hand.spawn(async move { worker.attempt(job).await });
            }
            if taken < room {
                return false;
            }
        }
    }

    /// Does one job and remembers how it went.
    async fn attempt(&self, claimed: Claimed) {
        let act = self.app.act(Actor::System, claimed.id().to_string());
        let done = self.perform(&act, &claimed).await;
        let now = self.app.clock().now();
        let remembered = match &done {
            Ok(done) => self.app.complete_job(now, &claimed, *done).await,
            Err(failure) => {
                tracing::warn!(job = %claimed.id(), error = %failure, "a job failed");
                self.app.fail_job(now, &claimed, &failure.to_string(), failure.retry()).await
            }
        };
        if let Err(fault) = remembered {
            // not remembered means done again after the lease: at least once
            tracing::warn!(job = %claimed.id(), error = %fault, "how a job went could not be remembered");
        }
    }

    async fn perform(&self, act: &Act, claimed: &Claimed) -> Result<Done, JobFailure> {
        match &claimed.job {
            Job::SendMail { mail } => send_mail::run(self, act, claimed.id(), mail).await,
            Job::BackchannelLogout { client, sub, sid, .. } => backchannel_logout::run(self, act, *client, sub, *sid).await,
        }
    }

    /// What an operator did to the keys at the console counts here within seconds.
    async fn follow_keys(&self) {
        let act = self.app.act(Actor::System, "keys");
        if let Err(fault) = key_ring::follow_keys(&act).await {
            tracing::warn!(error = %fault, "the signing keys cannot be looked at now");
        }
    }

    async fn watch_ends(self: Arc<Self>) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            while self.follow_ends().await {}
        }
    }

    /// What ended by its date counts at the services within seconds; whether more of it may wait.
    async fn follow_ends(&self) -> bool {
        let act = self.app.act(Actor::System, "ends");
        follow_ends(&act).await.unwrap_or_else(|fault| {
            tracing::warn!(error = %fault, "what ended by its date cannot be followed now");
            false
        })
    }

    async fn keep_house(&self) {
        let act = self.app.act(Actor::System, "housekeeping");
        if housekeeping::is_hour_of_check(act.now) {
            tokio::spawn(check_database(self.app.clone()));
        }
        if let Err(fault) = key_ring::rotate_keys(&act, &keys::Policy::default()).await {
            tracing::error!(error = %fault, "the signing keys could not be looked after");
        }
        if let Err(fault) = housekeeping::forget_expired(&act).await {
            tracing::warn!(error = %fault, "what has expired could not be forgotten");
        }
    }
}

/// Reads the whole database, which takes seconds: on a thread that may wait.
async fn check_database(app: App) {
    let here = Handle::current();
    match spawn_blocking(move || here.block_on(app.check_integrity())).await {
        Ok(Ok(None)) => {}
        Ok(Ok(Some(wrong))) if wrong.is_empty() => tracing::info!("the nightly look at the database found nothing wrong"),
        Ok(Ok(Some(wrong))) => tracing::error!(?wrong, "the database is damaged: restore a backup"),
        Ok(Err(fault)) => tracing::warn!(error = %fault, "the database could not be checked"),
        Err(error) => tracing::warn!(%error, "the database could not be checked"),
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}
