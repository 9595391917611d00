//! The threads that hash passwords: so many hashes at once, a bounded queue, and "not now" beyond it (D25, F28). The token endpoints
//! never wait behind it.
//!
//! Working memory is kept while there is work and given back soon after, and whose client has gone is spared the work.

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
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
/// How long after the last hash working memory is kept for a next one. What is left in it is the system's to wipe when it is given back.
const KEPT: Duration = Duration::from_secs(2);

/// Does the work, and gives what then tells who waits.
type Job = Box<dyn FnOnce(&mut Arena) -> Box<dyn FnOnce() + Send> + Send>;

/// The way to the threads. They end, after the work that waits, when it is gone.
pub(super) struct HashingThreads(Arc<Workshop>);

/// What the threads share.
struct Workshop {
    state: Mutex<State>,
    /// There is a job, or never will be one again.
    called: Condvar,
    kept: Duration,
}

struct State {
    jobs: VecDeque<Job>,
    /// How many jobs were begun.
    begun: u64,
    /// Working memory that nobody uses. The one used last is used next.
    arenas: Vec<Arena>,
    is_open: bool,
}

impl HashingThreads {
    pub(super) fn start(count: usize) -> io::Result<Self> {
        Self::start_keeping(count, KEPT)
    }

    fn start_keeping(count: usize, kept: Duration) -> io::Result<Self> {
        let state = Mutex::new(State { jobs: VecDeque::new(), begun: 0, arenas: Vec::new(), is_open: true });
        let threads = Self(Arc::new(Workshop { state, called: Condvar::new(), kept }));
        for _ in 0..count {
            let workshop = Arc::clone(&threads.0);
            thread::Builder::new().name("hasher".to_owned()).spawn(move || workshop.work_off())?;
        }
        Ok(threads)
    }

    /// Does the work on one of the threads. Who does not wait for it any more has it spared.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<T, Fault> {
        self.queue(work)?.done(LONGEST_WAIT).await
    }

    fn queue<T: Send + 'static>(&self, work: impl FnOnce(&mut Arena) -> T + Send + 'static) -> Result<Queued<T>, Fault> {
        let (answer, outcome) = oneshot::channel();
        let begun = Arc::new(AtomicBool::new(false));
        let begins = Arc::clone(&begun);
        let job: Job = Box::new(move |arena| {
            if answer.is_closed() {
                return Box::new(|| ());
            }
            begins.store(true, Ordering::SeqCst);
            let outcome = work(arena);
            // refused when nobody waits any more
            Box::new(|| drop(answer.send(outcome)))
        });
        let mut state = self.0.state();
        if state.jobs.len() >= QUEUE {
            return Err(Fault::unavailable("hasher.queue", "too many passwords wait to be hashed"));
        }
        state.jobs.push_back(job);
        drop(state);
        self.0.called.notify_one();
        Ok(Queued { begun, outcome })
    }
}

impl Drop for HashingThreads {
    fn drop(&mut self) {
        self.0.state().is_open = false;
        self.0.called.notify_all();
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
        while let Some((job, mut arena)) = self.next() {
            // a panic is the misfortune of one request; memory it left half-done is not used again
            if let Ok(tell) = catch_unwind(AssertUnwindSafe(|| job(&mut arena))) {
                self.state().arenas.push(arena);
                tell();
            }
        }
    }

    /// Waits for a job, and gives memory back when nobody has one for a while.
    fn next(&self) -> Option<(Job, Arena)> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                state.begun += 1;
                return Some((job, state.arenas.pop().unwrap_or_default()));
            }
            if !state.is_open {
                return None;
            }
            if state.arenas.is_empty() {
                state = self.called.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let begun = state.begun;
            let (woken, waited) = self.called.wait_timeout(state, self.kept).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if waited.timed_out() && state.begun == begun {
                let unused = std::mem::take(&mut state.arenas);
                // giving back takes its time, and others want to queue
                drop(state);
                drop(unused);
                state = self.state();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::login::argon;

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

    /// Hashes, and says whether the memory was there already.
    fn hashes(arena: &mut Arena) -> bool {
        let was_there = arena.is_reserved();
        argon::hash(arena, b"quatre gats fan un aplec", [7; 16]).expect("hashes");
        was_there
    }

    /// Whether it becomes true while the threads go on.
    fn comes_true(condition: impl Fn() -> bool) -> bool {
        (0..10_000_000).any(|_| {
            thread::yield_now();
            condition()
        })
    }

    #[tokio::test]
    async fn working_memory_is_given_back_when_nobody_waits() {
        let threads = HashingThreads::start_keeping(1, Duration::ZERO).expect("starts");
        assert!(!threads.run(hashes).await.expect("is done"), "there is none for the first");
        assert!(comes_true(|| threads.0.state().arenas.is_empty()), "it is kept for ever");
        assert!(!threads.run(hashes).await.expect("is done"), "nor for the second");
    }

    #[tokio::test]
    async fn working_memory_is_kept_while_there_is_work_whichever_thread_does_it() {
        let threads = HashingThreads::start_keeping(2, Duration::MAX).expect("starts");
        assert!(!threads.run(hashes).await.expect("is done"), "there is none for the first");
        for _ in 0..8 {
            assert!(threads.run(hashes).await.expect("is done"), "it was put back before the answer was told");
        }
    }

    #[test]
    fn threads_end_when_nobody_can_ask_them() {
        let threads = HashingThreads::start(2).expect("starts");
        let workshop = Arc::downgrade(&threads.0);
        drop(threads);
        assert!(comes_true(|| workshop.strong_count() == 0), "the threads go on");
    }
}
