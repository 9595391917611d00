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
    let host = Url::parse(&delivery.uri).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let Some(_turn) = worker.hosts.turn(&host).await else { return Err(JobFailure::Busy) };
    // §2.8: 200, or 204 from frameworks that answer an empty body so; anything else means "not done"
    match worker.outbound.post_form(&delivery.uri, &[("logout_token", &delivery.token)]).await? {
        200..=299 => Ok(Done::Delivered),
        status => Err(JobFailure::Status(status)),
    }
}
