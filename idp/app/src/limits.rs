//! How often something may be asked of the management API. Counted in short-lived storage before anything is written, per
//! window that begins with the first; generous, so that nobody meets a limit who works by hand.

use std::net::IpAddr;

use idp_domain::{Ttl, id::PersonId};

use crate::{
    Act, Outcome,
    failure::refuse,
    login::throttle::{hashed, prefix},
    short_lived::Kind,
};

/// A number of times in a window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    kind: Kind,
    most: u64,
    window: Ttl,
}

/// Calls of one person: a page of the desk makes three or four.
const CALLS: Limit = Limit { kind: Kind::ManageCalls, most: 600, window: Ttl::minutes(1) };
/// Changes among them.
const CHANGES: Limit = Limit { kind: Kind::ManageChanges, most: 60, window: Ttl::minutes(1) };
/// Tokens that do not work, from one network prefix. Many managers call from the address of one desk: a token that works
/// is never refused by this.
const REFUSED_TOKENS: Limit = Limit { kind: Kind::RefusedTokens, most: 300, window: Ttl::minutes(1) };
/// Mails that ask the same person into the same collective again.
pub(crate) const INVITATION_MAILS: Limit = Limit { kind: Kind::InvitationMails, most: 3, window: Ttl::hours(24) };
/// Addresses that one collective invites for the first time.
pub(crate) const INVITED_ADDRESSES: Limit = Limit { kind: Kind::InvitedAddresses, most: 200, window: Ttl::hours(24) };

/// It was too often; it may be tried again after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// After how long.
    pub wait: Ttl,
}

impl Limit {
    /// Counts one more. Keys that name people do not lie about in short-lived storage: they are hashed.
    pub(crate) async fn take(self, act: &Act, key: &str) -> Outcome<(), TooMany> {
        let counted = act.store().ephemeral().count(self.kind.as_str(), &hashed(key), self.window, act.now).await?;
        if counted.count > self.most { refuse(TooMany { wait: counted.resets_at.since(act.now) }) } else { Ok(()) }
    }
}

/// What a call of the management API does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// It looks.
    Look,
    /// It changes something.
    Change,
}

/// Counts a call of somebody whose token works. Refused calls count as well: who goes on all the same waits on.
pub async fn admit_call(act: &Act, person: PersonId, call: Call) -> Outcome<(), TooMany> {
    let person = person.to_string();
    CALLS.take(act, &person).await?;
    match call {
        Call::Look => Ok(()),
        Call::Change => CHANGES.take(act, &person).await,
    }
}

/// Counts a token that does not work.
pub async fn admit_refused_token(act: &Act, from: IpAddr) -> Outcome<(), TooMany> {
    REFUSED_TOKENS.take(act, &prefix(from)).await
}
