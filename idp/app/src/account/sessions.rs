//! One's own sessions: which browsers are signed in, and ending them (N-56).

use idp_domain::{
    Fault, Timestamp,
    audit::AuditEvent,
    id::{PersonId, SessionId},
};
use idp_store::{
    Attempt, Tx, WriteTx,
    authorizations::{Offline, Which},
};

use crate::{
    Act, Outcome, audit, backchannel,
    failure::{OrRefuse, refuse},
};

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MySession {
    /// The row.
    pub id: SessionId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub last_used_at: Timestamp,
    /// What the browser is recognised by.
    pub label: Option<String>,
}

/// Why no session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndSessionRefusal {
    /// The person has no such session, or it is over.
    Unknown,
}

/// The person's sessions that stand now, newest first.
pub async fn list_my_sessions(act: &Act, person: PersonId) -> Result<Vec<MySession>, Fault> {
    let live = act.store().read().sessions().list_live(person, act.now, act.app.epoch()).await?;
    let session = |listed: idp_store::sessions::ListedSession| MySession {
        id: listed.session.id,
        began_at: listed.session.created_at,
        last_used_at: listed.session.last_used_at,
        label: listed.label,
    };
    Ok(live.into_iter().rev().map(session).collect())
}

/// Ends one of the person's sessions, wherever it is, and tells the services it reached.
pub async fn end_my_session(act: &Act, person: PersonId, session: SessionId) -> Outcome<(), EndSessionRefusal> {
    let own = act.store().read().sessions().find(session).await?.filter(|found| found.person == person);
    own.or_refuse(EndSessionRefusal::Unknown)?;
    let tx = act.store().write("account.end_session").await?;
    if tx.sessions().end(session, act.now).await? == Attempt::Lost {
        tx.rollback().await?;
        return refuse(EndSessionRefusal::Unknown);
    }
    // a sign-out spares what outlives the session (`offline_access`); here somebody may have come in who should not
    backchannel::end_authorizations(act, &tx, Which::Session(session), Offline::Included).await?;
    audit::record(act, &tx, audit::Concerning::person(person), AuditEvent::SessionEnded { session }, None).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

/// Ends every other session of the person with all they were authorised for elsewhere, also in sessions that are over long since.
pub(super) async fn end_elsewhere(act: &Act, tx: &WriteTx, person: PersonId, here: SessionId) -> Result<(), Fault> {
    for session in tx.sessions().end_all(person, Some(here), act.now).await? {
        audit::record(act, tx, audit::Concerning::person(person), AuditEvent::SessionEnded { session }, None).await?;
    }
    backchannel::end_authorizations(act, tx, Which::PersonElsewhere(person, here), Offline::Included).await
}
