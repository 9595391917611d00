//! The threads that hash passwords: so many hashes at once, a bounded queue, and "not now" beyond it (D25, F28). The token endpoints
//! never wait behind it.
//!
//! Each thread keeps its working memory and takes the next hash without asking anybody; whose client has gone is spared the work.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use idp_domain::Fault;
use tokio::sync::oneshot;

use super::argon::Arena;

/// At 16 ms a hash and one thread, a full queue is two seconds of work.
const QUEUE: usize = 120;
/// How long somebody waits for an answer, in the queue and while it is computed.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Arena) + Send>;

/// The way to the threads. They end when it is gone.
pub(super) struct HashingThreads(SyncSender<Job>);

impl HashingThreads {
    pub(super) fn start(count: usize) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new().name("hasher".to_owned()).spawn(move || work_off(&jobs))?;
        }
        Ok(Self(queue))
    }

    /// Does the work on one of the threads. Who does not wait for it any more has it spared.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<T, Fault> {
        match tokio::time::timeout(LONGEST_WAIT, self.queue(work)?).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => Err(Fault::broken("hasher.run", "a hash ended without an answer")),
            Err(_) => Err(Fault::unavailable("hasher.run", "hashing passwords takes too long now")),
        }
    }

    fn queue<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<oneshot::Receiver<T>, Fault> {
        let (answer, outcome) = oneshot::channel();
        let job = move |arena: &mut Arena| {
            if !answer.is_closed() {
                // refused when nobody waits any more
                drop(answer.send(work(arena)));
            }
        };
        match self.0.try_send(Box::new(job)) {
            Ok(()) => Ok(outcome),
            Err(TrySendError::Full(_)) => Err(Fault::unavailable("hasher.queue", "too many passwords wait to be hashed")),
            Err(TrySendError::Disconnected(_)) => Err(Fault::broken("hasher.queue", "nobody hashes any more")),
        }
    }
}

fn work_off(jobs: &Mutex<Receiver<Job>>) {
    let mut arena = Arena::default();
    loop {
        let Ok(job) = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv() else { return };
        // a panic is the misfortune of one request; memory it left half-done is not used again
        if catch_unwind(AssertUnwindSafe(|| job(&mut arena))).is_err() {
            arena = Arena::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// One thread, busy until the sender is dropped.
    async fn busy() -> (HashingThreads, mpsc::Sender<()>) {
        let threads = HashingThreads::start(1).expect("starts");
        let (release, gate) = mpsc::channel();
        let (begun, begins) = oneshot::channel();
        let hold = move |_: &mut Arena| {
            begun.send(()).expect("somebody waits");
            gate.recv()
        };
        // an answer that nobody waits for would be spared
        let outcome = threads.queue(hold).expect("there is room");
        tokio::spawn(outcome);
        begins.await.expect("the thread began");
        (threads, release)
    }

    #[tokio::test]
    async fn beyond_the_queue_the_answer_is_not_now() {
        let (threads, release) = busy().await;
        let queued: Vec<_> = (0..QUEUE).map(|number| threads.queue(move |_| number).expect("there is room")).collect();
        let refused = threads.run(|_| ()).await.expect_err("the queue is full");
        assert!(refused.to_string().contains("too many passwords"), "{refused}");
        drop(release);
        for (number, queued) in queued.into_iter().enumerate() {
            assert_eq!(queued.await.expect("is done"), number);
        }
        threads.run(|_| ()).await.expect("there is room again");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done() {
        let (threads, release) = busy().await;
        let (done, tells) = mpsc::channel();
        drop(threads.queue(move |_| done.send(())).expect("there is room"));
        drop(release);
        threads.run(|_| ()).await.expect("is done");
        assert!(tells.recv().is_err(), "the work was dropped, not done");
    }

    #[tokio::test]
    async fn a_panic_concerns_one_request_only() {
        let threads = HashingThreads::start(1).expect("starts");
        let outcome: Result<(), Fault> = threads.run(|_| panic!("a hash went wrong")).await;
        assert!(outcome.expect_err("no answer").to_string().contains("without an answer"));
        assert_eq!(threads.run(|_| 7).await.expect("the next one is done"), 7);
    }
}
