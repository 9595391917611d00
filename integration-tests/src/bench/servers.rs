//! The processes that are measured: the provider itself, and a server that plays one recorded answer from the same listener.

use std::{
    io::Write as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::Command,
    str::FromStr as _,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use idp::{
    http::{
        paths,
        server::{self, Answer, Listener, ServerLimits},
    },
    lifecycle, stop,
};
use tokio::time::interval;
use url::Url;

use super::{
    data::Place,
    load::Target,
    machine::{Stopwatch, Watched},
    wire::{Ask, Connection, Exchange, Recorded},
};
use crate::process::{Running, free_ports};

/// What the floor's server says once it listens.
const LISTENS: &str = "listens on";
/// More than any request of the benchmark.
const LARGEST: usize = 1 << 20;

/// A provider at work.
#[derive(Debug)]
pub struct Provider {
    running: Running,
    pub target: Target,
    pub issuer: Url,
    /// From the start of the process to the first answered discovery.
    pub started_in: Duration,
}

impl Provider {
    /// Starts `idp serve` and waits for its first answer.
    pub async fn start(program: &Path, place: &Place, port: u16) -> Result<Self> {
        let issuer = Url::parse(&format!("http://localhost:{port}"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut command = Command::new(program);
        command
            .arg("serve")
            .current_dir(place.directory())
            .env_clear()
            .env("IDP__ISSUER", issuer.as_str().trim_end_matches('/'))
            .env("IDP__DATA", place.directory())
            .env("IDP__DATABASE__URL", place.database_url())
            .env("IDP__KEYS__MASTER_KEY_FILE", place.master_key())
            .env("IDP__HTTP__LISTEN", address.to_string())
            .env("IDP__HTTP__TRUSTED_PROXIES", "127.0.0.1");
        let watch = Stopwatch::start();
        let running = Running::start("idp", place.directory(), &mut command)?;
        let target = Target { address, host: format!("localhost:{port}"), process: Watched::new(running.id()) };
        let mut again = interval(Duration::from_millis(1));
        while watch.elapsed() < Duration::from_mins(1) {
            if answers(&target).await {
                return Ok(Self { started_in: watch.elapsed(), running, target, issuer });
            }
            again.tick().await;
        }
        bail!("no answer within a minute; the provider said:\n{}", running.log())
    }

    /// Ends it in order, so that its database is whole.
    pub fn stop(self) -> Result<()> {
        self.running.terminate().map(drop)
    }
}

async fn answers(target: &Target) -> bool {
    let Ok(mut connection) = Connection::open(target.address, &target.host).await else { return false };
    connection.send(&Ask::get(paths::OPENID_CONFIGURATION)).await.is_ok_and(|answer| answer.status == StatusCode::OK)
}

/// A server that knows one answer.
#[derive(Debug)]
pub struct Player {
    _running: Running,
    pub target: Target,
}

impl Player {
    /// Starts a process that answers everything as this exchange was answered.
    pub async fn start(program: &Path, directory: &Path, exchange: &Exchange) -> Result<Self> {
        let file = directory.join("answer.json");
        std::fs::write(&file, serde_json::to_vec(&Recorded::from(&exchange.answer))?)?;
        let port = free_ports(1)?;
        let mut command = Command::new(program);
        command.arg("play").arg(&file).arg(port.to_string());
        let mut running = Running::start("player", directory, &mut command)?;
        running.says(LISTENS).await?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let target = Target { address, host: format!("localhost:{port}"), process: Watched::new(running.id()) };
        Ok(Self { _running: running, target })
    }
}

/// Plays a recorded answer until told to stop: the body of [`Player`]'s process.
pub async fn play(file: PathBuf, port: u16) -> Result<()> {
    let recorded: Recorded = serde_json::from_slice(&std::fs::read(&file).with_context(|| file.display().to_string())?)?;
    let listener = Listener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    writeln!(std::io::stdout(), "{LISTENS} {port}")?;
    let (stopper, stop) = stop::channel();
    let serving = tokio::spawn(server::serve(vec![listener], Played::new(&recorded)?, ServerLimits::default(), stop));
    lifecycle::signalled().await?;
    stopper.stop();
    Ok(serving.await?)
}

/// One answer, ready to be given.
#[derive(Debug, Clone)]
struct Played(Arc<(StatusCode, HeaderMap, Bytes)>);

impl Played {
    fn new(recorded: &Recorded) -> Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in &recorded.headers {
            headers.append(HeaderName::from_str(name)?, HeaderValue::from_str(value)?);
        }
        Ok(Self(Arc::new((StatusCode::from_u16(recorded.status)?, headers, recorded.body.clone().into()))))
    }
}

impl Answer for Played {
    async fn answer(self, request: Request) -> Response {
        // a request is read whole by everybody
        let read = to_bytes(request.into_body(), LARGEST).await;
        let (status, headers, body) = &*self.0;
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = if read.is_ok() { *status } else { StatusCode::BAD_REQUEST };
        *response.headers_mut() = headers.clone();
        response
    }
    fn trusts(&self, _: IpAddr) -> bool {
        true
    }
}
