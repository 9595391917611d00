//! The threads that hash passwords: so many hashes at once, a bounded queue, and "not now" beyond it (D25, F28). The token endpoints
//! never wait behind it.
//!
//! Working memory is kept between hashes, and whose client has gone is spared the work.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
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
/// How long somebody waits for their turn.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

type Job = Box<dyn FnOnce(&mut Arena) + Send>;

/// The way to the threads. They end when it is gone.
pub(super) struct HashingThreads(SyncSender<Job>);

/// What the threads share.
struct Workshop {
    jobs: Mutex<Receiver<Job>>,
    /// Working memory that is kept: as much as was ever in use at once. The one used last is used next.
    arenas: Mutex<Vec<Arena>>,
}

impl HashingThreads {
    pub(super) fn start(count: usize) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let workshop = Arc::new(Workshop { jobs: Mutex::new(jobs), arenas: Mutex::default() });
        for _ in 0..count {
            let workshop = Arc::clone(&workshop);
            thread::Builder::new().name("hasher".to_owned()).spawn(move || workshop.work_off())?;
        }
        Ok(Self(queue))
    }

    /// Does the work on one of the threads. Who does not wait for it any more has it spared.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<T, Fault> {
        self.queue(work)?.done(LONGEST_WAIT).await
    }

    fn queue<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<Queued<T>, Fault> {
        let (answer, outcome) = oneshot::channel();
        let begun = Arc::new(AtomicBool::new(false));
        let begins = Arc::clone(&begun);
        let job = move |arena: &mut Arena| {
            if !answer.is_closed() {
                begins.store(true, Ordering::SeqCst);
                // refused when nobody waits any more
                drop(answer.send(work(arena)));
            }
        };
        match self.0.try_send(Box::new(job)) {
            Ok(()) => Ok(Queued { begun, outcome }),
            Err(TrySendError::Full(_)) => Err(Fault::unavailable("hasher.queue", "too many passwords wait to be hashed")),
            Err(TrySendError::Disconnected(_)) => Err(Fault::broken("hasher.queue", "nobody hashes any more")),
        }
    }
}

/// A hash that waits for its turn.
struct Queued<T> {
    begun: Arc<AtomicBool>,
    outcome: oneshot::Receiver<T>,
}

impl<T> Queued<T> {
    /// Its outcome, if its turn comes within this time. What was begun is waited for: an imported hash may cost a second by itself.
    async fn done(mut self, longest_wait: Duration) -> Result<T, Fault> {
        let outcome = match tokio::time::timeout(longest_wait, &mut self.outcome).await {
            Ok(outcome) => outcome,
            Err(_) if self.begun.load(Ordering::SeqCst) => self.outcome.await,
            Err(_) => return Err(Fault::unavailable("hasher.run", "passwords wait too long to be hashed now")),
        };
        outcome.map_err(|_| Fault::broken("hasher.run", "a hash ended without an answer"))
    }
}

impl Workshop {
    fn work_off(&self) {
        loop {
            let Ok(job) = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).recv() else { return };
            let mut arena = self.arenas().pop().unwrap_or_default();
            // a panic is the misfortune of one request; memory it left half-done is not used again
            if catch_unwind(AssertUnwindSafe(|| job(&mut arena))).is_ok() {
                self.arenas().push(arena);
            }
        }
    }

    fn arenas(&self) -> MutexGuard<'_, Vec<Arena>> {
        self.arenas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// One thread, busy with something until the sender is dropped.
    async fn busy() -> (HashingThreads, mpsc::Sender<()>, Queued<()>) {
        let threads = HashingThreads::start(1).expect("starts");
        let (release, gate) = mpsc::channel::<()>();
        let (begun, begins) = oneshot::channel();
        let hold = move |_: &mut Arena| {
            begun.send(()).expect("somebody waits");
            assert!(gate.recv().is_err(), "dropped");
        };
        let held = threads.queue(hold).expect("there is room");
        begins.await.expect("the thread began");
        (threads, release, held)
    }

    #[tokio::test]
    async fn beyond_the_queue_the_answer_is_not_now() {
        let (threads, release, _held) = busy().await;
        let queued: Vec<_> = (0..QUEUE).map(|number| threads.queue(move |_| number).expect("there is room")).collect();
        let refused = threads.run(|_| ()).await.expect_err("the queue is full");
        assert!(refused.to_string().contains("too many passwords"), "{refused}");
        drop(release);
        for (number, queued) in queued.into_iter().enumerate() {
            assert_eq!(queued.done(LONGEST_WAIT).await.expect("is done"), number);
        }
        threads.run(|_| ()).await.expect("there is room again");
    }

    #[tokio::test]
    async fn whose_turn_does_not_come_is_told_and_what_was_begun_is_waited_for() {
        let (threads, release, held) = busy().await;
        let late = threads.queue(|_| ()).expect("there is room").done(Duration::ZERO).await.expect_err("not in time");
        assert!(late.to_string().contains("wait too long"), "{late}");
        let (held, ()) = tokio::join!(held.done(Duration::ZERO), async { drop(release) });
        held.expect("is done");
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done() {
        let (threads, release, _held) = busy().await;
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
