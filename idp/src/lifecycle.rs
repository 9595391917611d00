//! From the first connection to the last: listen, serve, work, and end in order when told.

use std::{future::Future, io, net::SocketAddr, num::NonZero, thread};

use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};

use crate::{
    http::{
        front::Front,
        server::{self, BindError, Listener, ServerLimits},
    },
    stop::Stop,
};

/// What `idp` and `aplec` run on: half of the cores answer, at least one (docs/adr/0012). Hashing passwords and writing
/// to the disk have threads of their own.
pub fn runtime() -> io::Result<Runtime> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    Builder::new_multi_thread().worker_threads((cores / 2).max(1)).enable_all().build()
}

/// Resolves at SIGTERM (a service manager) or SIGINT (Ctrl-C). Fails when the process may not listen for signals.
pub async fn signalled() -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Listens on every address, or on none and says which one was the matter.
pub async fn bind(addresses: &[SocketAddr]) -> Result<Vec<Listener>, BindError> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for &address in addresses {
        listeners.push(Listener::bind(address).await?);
    }
    Ok(listeners)
}

/// Serves, with background work beside it, until the order to stop; then answers in progress and jobs at hand are
/// finished. The work hears the order itself.
pub async fn run(
    listeners: Vec<Listener>,
    front: Front,
    limits: ServerLimits,
    work: impl Future<Output = ()> + Send + 'static,
    stop: Stop,
) {
    let mut tasks = JoinSet::new();
    tasks.spawn(server::serve(listeners, front, limits, stop));
    tasks.spawn(work);
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a part of the server ended badly");
        }
    }
}
