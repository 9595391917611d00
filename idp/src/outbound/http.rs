//! The one client that opens connections to others.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use url::Url;

use super::AddressPolicy;

/// How long until connected.
const CONNECT_DEADLINE: Duration = Duration::from_secs(1);
/// How long until answered.
const DEADLINE: Duration = Duration::from_secs(5);

/// Makes requests to others: checked addresses, no redirects, no proxies, no cookies, no second connection to the same
/// host kept open. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    policy: Arc<AddressPolicy>,
    // made at the first request: it reads the system's certificates, which nobody waits for at start
    client: Arc<OnceLock<Client>>,
}

/// Why a request was not made or not answered. Tells operators what they can act on, and holds nothing of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Another scheme, a private address, a user name.
    #[error("the address may not be reached from here")]
    Forbidden,
    /// The client cannot be made: no certificates to trust.
    #[error("no connection can be made from here")]
    Setup,
    /// No connection within a second: no such name, nobody there, another certificate.
    #[error("no connection")]
    Connect,
    /// No answer within five seconds.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke.
    #[error("the connection broke")]
    Broken,
}

impl Outbound {
    /// With this policy.
    pub fn new(policy: AddressPolicy) -> Self {
        Self { policy: Arc::new(policy), client: Arc::default() }
    }

    /// POSTs a form and returns the status; the answer's body is not read.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<u16, OutboundError> {
        let url = Url::parse(url).map_err(|_| OutboundError::Forbidden)?;
        if !self.policy.accepts(&url) {
            return Err(OutboundError::Forbidden);
        }
        let response = self.client()?.post(url).form(form).send().await.map_err(|error| judge(&error))?;
        Ok(response.status().as_u16())
    }

    fn client(&self) -> Result<&Client, OutboundError> {
        if self.client.get().is_none() {
            let client = build(Arc::clone(&self.policy)).map_err(|error| {
                tracing::error!(%error, "the client for requests to others cannot be made");
                OutboundError::Setup
            })?;
            // whoever was first has made the same one
            let _ = self.client.set(client);
        }
        self.client.get().ok_or(OutboundError::Setup)
    }
}

fn build(policy: Arc<AddressPolicy>) -> reqwest::Result<Client> {
    Client::builder()
        .user_agent(concat!("aplec/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Checked(policy)))
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT_DEADLINE)
        .timeout(DEADLINE)
        .pool_max_idle_per_host(0)
        .build()
}

/// Innermost causes are not told: they name addresses inside our network.
fn judge(error: &reqwest::Error) -> OutboundError {
    if error.is_connect() {
        OutboundError::Connect
    } else if error.is_timeout() {
        OutboundError::Timeout
    } else {
        OutboundError::Broken
    }
}

/// Resolves a name to the addresses we may connect to; the client dials exactly those.
struct Checked(Arc<AddressPolicy>);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> = found.filter(|address| policy.permits(Some(name.as_str()), address.ip())).collect();
            if permitted.is_empty() {
                return Err(Box::from(OutboundError::Forbidden));
            }
            Ok::<Addrs, _>(Box::new(permitted.into_iter()))
        })
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::issuer::Issuer;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        task::JoinHandle,
    };

    use super::*;

    fn outbound(issuer: &str) -> Outbound {
        Outbound::new(AddressPolicy::new(&Issuer::parse(issuer).expect("an issuer"), vec![]))
    }

    /// Answers one request with these bytes and returns what was asked.
    async fn receiver(answer: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://localhost:{}/logout", listener.local_addr().expect("an address").port());
        let told = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = String::new();
            let mut buffer = [0; 4096];
            while !request.ends_with("logout_token=a.b.c") {
                let read = stream.read(&mut buffer).await.expect("readable");
                request.push_str(std::str::from_utf8(&buffer[..read]).expect("UTF-8"));
            }
            stream.write_all(answer.as_bytes()).await.expect("written");
            request
        });
        (url, told)
    }

    #[tokio::test]
    async fn a_form_is_posted_and_its_status_told() {
        let (url, told) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(outbound("http://localhost:8080").post_form(&url, &[("logout_token", "a.b.c")]).await, Ok(204));
        let request = told.await.expect("a request").to_ascii_lowercase();
        assert!(
            request.starts_with("post /logout http/1.1\r\n") && request.contains("content-type: application/x-www-form-urlencoded\r\n"),
            "{request}"
        );
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let (url, told) = receiver("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n").await;
        assert_eq!(outbound("http://localhost:8080").post_form(&url, &[("logout_token", "a.b.c")]).await, Ok(302));
        told.await.expect("a request");
    }

    #[tokio::test]
    async fn what_may_not_be_reached_is_not_tried() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let public = outbound("https://id.ateneu.cat");
        for url in [format!("http://localhost:{port}/"), format!("https://127.0.0.1:{port}/"), "nonsense".to_owned()] {
            assert_eq!(public.post_form(&url, &[]).await, Err(OutboundError::Forbidden), "{url}");
        }
        // a name is judged by what it resolves to
        assert_eq!(public.post_form(&format!("https://localhost:{port}/"), &[]).await, Err(OutboundError::Connect));
        let accepted = tokio::time::timeout(Duration::from_millis(1), listener.accept()).await;
        assert!(accepted.is_err(), "nobody came");
    }

    #[tokio::test]
    async fn nobody_there_is_told_as_such() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://localhost:{}/", listener.local_addr().expect("an address").port());
        drop(listener);
        assert_eq!(outbound("http://localhost:8080").post_form(&url, &[]).await, Err(OutboundError::Connect));
    }
}
