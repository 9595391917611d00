//! At most two deliveries to one host at a time (F26).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Deliveries to one host at a time.
const PER_HOST: usize = 2;
/// How long a delivery waits for its turn; far less than a job's lease.
const PATIENCE: Duration = Duration::from_secs(20);

/// Turns at each host.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Weak<Semaphore>>>);

impl Hosts {
    /// Waits for a turn at `host`; `None` when others there take too long.
    pub(super) async fn turn(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        let turns = self.turns(host);
        tokio::time::timeout(PATIENCE, turns.acquire_owned()).await.ok()?.ok()
    }

    fn turns(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = hosts.get(host).and_then(Weak::upgrade) {
            return turns;
        }
        // hosts nobody waits for any more are forgotten here, so that the map stays as small as the work at hand
        hosts.retain(|_, turns| turns.strong_count() > 0);
        let turns = Arc::new(Semaphore::new(PER_HOST));
        hosts.insert(host.to_owned(), Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_third_delivery_to_a_host_waits_and_other_hosts_do_not() {
        let hosts = Hosts::default();
        let first = hosts.turn("a.cat").await.expect("a turn");
        let second = hosts.turn("a.cat").await.expect("a turn");
        assert!(hosts.turn("a.cat").now_or_never().is_none(), "it waits");
        assert!(hosts.turn("b.cat").now_or_never().flatten().is_some());
        drop(first);
        assert!(hosts.turn("a.cat").now_or_never().flatten().is_some());
        drop(second);
        let _c = hosts.turn("c.cat").await;
        assert_eq!(hosts.0.lock().expect("not poisoned").len(), 1, "hosts without work are forgotten");
    }
}
