//! Writes a mail: addresses, names and one-time links are filled in now, so that none of them waited in the outbox.

use idp_app::{
    Act,
    jobs::Done,
    mail::{self, Mail},
};
use idp_domain::id::JobId;

use super::worker::{JobFailure, Worker};
use crate::mail::render;

/// All mails leave through one server.
const MAIL_HOST: &str = "mail";

pub(super) async fn run(worker: &Worker, act: &Act, job: JobId, mail: &Mail) -> Result<Done, JobFailure> {
    let Some(outgoing) = mail::prepare(act, mail).await? else {
        tracing::debug!(%job, "a mail became moot");
        return Ok(Done::Moot);
    };
    let Some(_turn) = worker.hosts.turn(MAIL_HOST).await else { return Err(JobFailure::Busy) };
    worker.mailer.send(job, act.now, (&outgoing.to, &outgoing.name), &render(&outgoing, &worker.places)).await?;
    Ok(Done::Delivered)
}
