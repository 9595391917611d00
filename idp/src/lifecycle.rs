//! From the first connection to the last: listen, serve, work, and end in order when told.

use std::{future::Future, net::SocketAddr};

use tokio::{
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

/// Resolves at SIGTERM (a service manager) or SIGINT (Ctrl-C). Fails when the process may not listen for signals.
pub async fn signalled() -> std::io::Result<()> {
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
