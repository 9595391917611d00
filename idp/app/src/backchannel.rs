//! Telling services that a session ended or that what they see changed (OpenID Connect Back-Channel Logout 1.0).
//! Enqueued in the transaction of the change; a fresh token is made for every delivery attempt.

use idp_domain::{
    Fault,
    id::{ClientId, GrantId, SessionId},
};
use idp_protocol::bodies::LogoutToken;
use idp_store::{
    Tx, WriteTx,
    authorizations::{LogoutTarget, Offline, Which},
    receipts::{Receipt, ReceiptKind, ReceiptState},
};
use keys::Purpose;

use crate::{
    Act,
    jobs::{Job, enqueue},
    tokens,
};

/// A logout token ready to be delivered.
#[derive(Debug)]
pub struct LogoutDelivery {
    /// Where to.
    pub uri: String,
    /// The signed token, for the form parameter `logout_token`.
    pub token: String,
}

/// Ends authorizations with every token of them, and tells every client.
pub(crate) async fn end_authorizations(act: &Act, tx: &WriteTx, which: Which, offline: Offline) -> Result<(), Fault> {
    let ended = tx.authorizations().end(which, offline, act.now).await?;
    tell(act, tx, &ended, &[]).await
}

/// Enqueues a logout token for every client that can be told and knows the person. With each of `grants`, the doors whose
/// withdrawal or change is told, a receipt is written: what a client that takes no such message is owed too.
pub(crate) async fn tell(act: &Act, tx: &WriteTx, targets: &[LogoutTarget], grants: &[GrantId]) -> Result<(), Fault> {
    for target in targets {
        let Some(sub) = target.sub.clone() else { continue };
        let told = target.backchannel_logout_uri.is_some();
        let state = if told { ReceiptState::Pending } else { ReceiptState::NotSupported };
        let receipts: Vec<_> = grants.iter().map(|grant| receipt(act, *grant, target, state)).collect();
        tx.receipts().insert(&receipts).await?;
        if told {
            let receipts = receipts.iter().map(|receipt| receipt.id).collect();
            enqueue(act, tx, &Job::BackchannelLogout { client: target.client, sub, sid: Some(target.session), receipts }).await?;
        }
    }
    Ok(())
}

fn receipt(act: &Act, grant: GrantId, target: &LogoutTarget, state: ReceiptState) -> Receipt {
    let (kind, told_at, at) = (ReceiptKind::BackchannelLogout, act.now, act.now);
    Receipt { id: act.id(), grant, client: target.client, session: Some(target.session), kind, state, told_at, at, detail: None }
}

/// Makes the token of one delivery attempt; nothing when the client is gone or cannot be told any more.
pub async fn prepare_logout(act: &Act, client: ClientId, sub: &str, sid: Option<SessionId>) -> Result<Option<LogoutDelivery>, Fault> {
    let Some(client) = act.store().read().clients().find(client, act.now).await? else { return Ok(None) };
    let Some(uri) = client.backchannel_logout_uri.clone() else { return Ok(None) };
    let jti = tokens::jti(act);
    let sid = sid.map(|session| tokens::sid_at(&client, session));
    let body = LogoutToken::new(act.settings().issuer.as_str(), client.client_id.as_str(), sub, sid, &jti, act.now);
    let token = tokens::sign(act, Purpose::LogoutToken, client.profile.alg, &body)?;
    Ok(Some(LogoutDelivery { uri, token }))
}
