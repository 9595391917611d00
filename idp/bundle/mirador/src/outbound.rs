//! The one door to the network: the provider's endpoints, nothing else.

use std::{pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

/// Longer than any answer of a provider.
const MAX_BODY: usize = 1 << 20;

/// The HTTP client could not be made, for example because the machine has no certificates.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client: {0}")]
pub struct NoHttpClient(#[from] reqwest::Error);

/// An answer did not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutboundError {
    /// No connection, no answer in time, TLS trouble.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// More bytes than any real answer has.
    #[error("the provider's answer is larger than {MAX_BODY} bytes")]
    TooLarge,
    /// The answer is no valid HTTP message.
    #[error("the provider's answer cannot be read: {0}")]
    Broken(#[from] http::Error),
}

/// Never follows a redirect, never uses a proxy, never waits long.
#[derive(Debug, Clone)]
pub(crate) struct Outbound(reqwest::Client);

impl Outbound {
    pub(crate) fn new(issuer: &str) -> Result<Self, NoHttpClient> {
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(8))
            .user_agent(concat!("mirador/", env!("CARGO_PKG_VERSION")));
        if issuer.starts_with("http://") {
            // plain loopback: works on a machine without certificates
            builder = builder.tls_certs_only(std::iter::empty());
        }
        Ok(Self(builder.build()?))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
