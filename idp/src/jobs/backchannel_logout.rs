//! Tells a service that a session ended or changed (OpenID Connect Back-Channel Logout 1.0 §2.5), with a new token each try.

use idp_app::{Act, backchannel, jobs::Done};
use idp_domain::id::{ClientId, SessionId};
use url::Url;

use super::worker::{JobFailure, Worker};

pub(super) async fn run(worker: &Worker, act: &Act, client: ClientId, sub: &str, sid: Option<SessionId>) -> Result<Done, JobFailure> {
    let Some(delivery) = backchannel::prepare_logout(act, client, sub, sid).await? else {
        tracing::debug!(%client, "nobody to tell any more");
        return Ok(Done::Moot);
    };
    let Some(_turn) = worker.hosts.turn(&receiver(&delivery.uri)).await else { return Err(JobFailure::Busy) };
    // §2.8: 200, or 204 from frameworks that answer an empty body so; anything else means "not done"
    match worker.outbound.post_form(&delivery.uri, &[("logout_token", &delivery.token)]).await? {
        200..=299 => Ok(Done::Delivered),
        status => Err(JobFailure::Status(status)),
    }
}

/// Who is behind an address: servers on two ports of one host do not wait for each other.
fn receiver(uri: &str) -> String {
    let url = Url::parse(uri).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let port = url.as_ref().and_then(Url::port_or_known_default).unwrap_or_default();
    format!("{host}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_are_told_apart_by_host_and_port_and_by_nothing_else() {
        for (uri, expected) in [
            ("https://nuvol.cat/logout", "nuvol.cat:443"),
            ("https://NUVOL.cat:443/other?x=1", "nuvol.cat:443"),
            ("https://nuvol.cat:8443/logout", "nuvol.cat:8443"),
            ("http://localhost:8082/logout", "localhost:8082"),
            ("nonsense", ":0"),
        ] {
            assert_eq!(receiver(uri), expected);
        }
    }
}
