//! Accepts connections: HTTP/1.1 with limits on time, size and number (F27), and a graceful end.

use std::{
    collections::HashMap,
    fmt, io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use idp_domain::limits;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::{context::Peer, front::Front};
use crate::stop::Stop;

/// What one process takes upon itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerLimits {
    /// A request's head must be there within this time; also how long an idle connection is kept.
    pub head_deadline: Duration,
    /// Lines in a request's head.
    pub head_lines: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one IPv4 /24 or IPv6 /48, proxies of ours and this machine aside.
    pub connections_per_prefix: usize,
    /// How long answers in progress may take after the order to stop.
    pub drain: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            head_deadline: Duration::from_secs(10),
            head_lines: 64,
            connections: 1000,
            connections_per_prefix: 64,
            drain: Duration::from_secs(10),
        }
    }
}

/// Where connections come from. A closed set: TLS will be another variant.
#[derive(Debug)]
pub enum Listener {
    /// Plain TCP: behind a proxy that speaks TLS, or on loopback.
    Tcp(TcpListener),
}

/// An address we cannot listen on.
#[derive(Debug)]
pub struct BindError {
    address: SocketAddr,
    source: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.source.kind() {
            io::ErrorKind::AddrInUse => "another program uses this port: stop it, or choose another address in `http.listen`",
            io::ErrorKind::PermissionDenied => "ports below 1024 need a privilege: choose another address in `http.listen`",
            io::ErrorKind::AddrNotAvailable => "this machine has no such address: correct `http.listen`",
            _ => return write!(f, "cannot listen on {}: {}", self.address, self.source),
        };
        write!(f, "cannot listen on {}: {why}", self.address)
    }
}
impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl Listener {
    /// Listens on an address; port 0 takes any free one.
    pub async fn bind(address: SocketAddr) -> Result<Self, BindError> {
        TcpListener::bind(address).await.map(Self::Tcp).map_err(|source| BindError { address, source })
    }
    /// The address in use.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp(listener) => listener.local_addr(),
        }
    }
    async fn accept(&self) -> io::Result<(tokio::net::TcpStream, SocketAddr)> {
        match self {
            Self::Tcp(listener) => listener.accept().await,
        }
    }
}

/// What stands behind the listeners: [`Front`], or something smaller to measure them by.
pub trait Answer: Clone + Send + Sync + 'static {
    /// Answers one request; whatever goes wrong is an answer too.
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send;
    /// Whether this peer is a proxy of ours, whose connections are not counted together.
    fn trusts(&self, peer: IpAddr) -> bool;
}

impl Answer for Front {
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send {
        Self::answer(self, request)
    }
    fn trusts(&self, peer: IpAddr) -> bool {
        self.edge().proxies().trust(peer)
    }
}

/// Serves until the order to stop, then lets answers in progress finish.
pub async fn serve<A: Answer>(listeners: Vec<Listener>, front: A, limits: ServerLimits, stop: Stop) {
    let server = Arc::new(Server::new(front, limits));
    let accepting = listeners.into_iter().map(|listener| tokio::spawn(accept(listener, Arc::clone(&server), stop.clone())));
    for task in accepting.collect::<Vec<_>>() {
        // an accept loop ends only because it was told to
        let _ = task.await;
    }
    let Some(server) = Arc::into_inner(server) else { return };
    if tokio::time::timeout(limits.drain, server.graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were cut: their answers took too long");
    }
}

struct Server<A = Front> {
    front: A,
    limits: ServerLimits,
    graceful: GracefulShutdown,
    places: Arc<Semaphore>,
    neighbours: Arc<Neighbours>,
}

impl<A: Answer> Server<A> {
    fn new(front: A, limits: ServerLimits) -> Self {
        Self {
            front,
            limits,
            graceful: GracefulShutdown::new(),
            places: Arc::new(Semaphore::new(limits.connections)),
            neighbours: Arc::default(),
        }
    }

    /// Speaks HTTP on one connection, in its own task.
    fn converse<I>(&self, io: I, peer: IpAddr, held: Held)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let front = self.front.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            let front = front.clone();
            async move { Ok::<_, std::convert::Infallible>(front.answer(request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_deadline)
            .max_headers(self.limits.head_lines)
            // what is larger than we read still gets an answer with words ([`Front`]), up to here
            .max_header_size(4 * limits::HEADERS)
            .serve_connection(TokioIo::new(io), service);
        let connection = self.graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(held);
        });
    }
}

/// A connection's place among all and among its neighbours; given back when dropped.
struct Held {
    _place: OwnedSemaphorePermit,
    _neighbour: Option<Neighbour>,
}

async fn accept<A: Answer>(listener: Listener, server: Arc<Server<A>>, mut stop: Stop) {
    loop {
        let next = async {
            // waiting for a place before accepting leaves the rest of the queue to the operating system
            let place = Arc::clone(&server.places).acquire_owned().await;
            (place, listener.accept().await)
        };
        tokio::select! {
            biased;
            () = stop.given() => return,
            (place, accepted) = next => match (place, accepted) {
                (Ok(place), Ok((stream, from))) => welcome(&server, stream, from, place),
                (Ok(_), Err(error)) => pause(&error).await,
                (Err(_), _) => return,
            },
        }
    }
}

fn welcome<A: Answer>(server: &Server<A>, stream: tokio::net::TcpStream, from: SocketAddr, place: OwnedSemaphorePermit) {
    let peer = from.ip().to_canonical();
    let neighbour = if peer.is_loopback() || server.front.trusts(peer) {
        None
    } else {
        let Some(neighbour) = Neighbours::enter(&server.neighbours, peer, server.limits.connections_per_prefix) else {
            tracing::debug!(%peer, "too many connections from one network");
            return;
        };
        Some(neighbour)
    };
    // answers are small and whole: waiting to fill a packet would only delay them
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it began");
        return;
    }
    server.converse(stream, peer, Held { _place: place, _neighbour: neighbour });
}

/// Out of file descriptors or memory: going round at full speed would make it worse.
#[expect(clippy::disallowed_methods, reason = "nothing tells when the operating system has room again")]
async fn pause(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// How many connections each network has.
#[derive(Default)]
struct Neighbours(Mutex<HashMap<IpAddr, usize>>);

struct Neighbour {
    all: Arc<Neighbours>,
    prefix: IpAddr,
}

impl Neighbours {
    fn enter(all: &Arc<Self>, peer: IpAddr, most: usize) -> Option<Neighbour> {
        let prefix = prefix(peer);
        let mut counts = all.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(prefix).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Neighbour { all: Arc::clone(all), prefix })
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        let mut counts = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.prefix) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.prefix);
            }
        }
    }
}

/// The /24 or /48 an address lies in.
fn prefix(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => IpAddr::V4((u32::from(v4) & 0xffff_ff00).into()),
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests;
