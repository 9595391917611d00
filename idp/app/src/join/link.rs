//! One-time links: only their hash is stored; a page shows what a link is about, its button uses it up.

use idp_domain::{
    Fault, Timestamp, Ttl,
    id::{CollectiveId, EmailId, LinkId, PersonId},
    secret::{Secret, SecretKind},
};
use idp_store::{
    Attempt, Tx, WriteTx,
    links::{Link, LinkKind},
};

use crate::{
    Act, Outcome,
    failure::{OrRefuse, refuse},
};

/// How long a link that proves an address works.
pub const VERIFY_LIFETIME: Ttl = Ttl::hours(24);
/// How long a link that activates an account works: as long as the invitation itself.
pub const ACTIVATION_LIFETIME: Ttl = crate::collectives::invite_member::LIFETIME;
/// How long the setup link works.
pub const SETUP_LIFETIME: Ttl = Ttl::days(7);

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkRefusal {
    /// Never made, or of another kind.
    Unknown,
    /// Used before.
    Used,
    /// Too old, or replaced by a newer one.
    Expired,
}

/// What a new link is about.
#[derive(Debug, Clone)]
pub(crate) struct NewLink<'a> {
    pub(crate) kind: LinkKind,
    pub(crate) person: Option<PersonId>,
    pub(crate) email: Option<EmailId>,
    pub(crate) collective: Option<CollectiveId>,
    pub(crate) payload: &'a str,
    pub(crate) expires_at: Timestamp,
}

/// Makes a link; the secret is nowhere but in the answer.
pub(crate) async fn make(act: &Act, tx: &WriteTx, new: NewLink<'_>) -> Result<Secret, Fault> {
    Ok(insert(act, tx, new).await?.1)
}

/// Makes a link that nobody can follow: it keeps what is asked until the mail, made at its delivery, carries one with a
/// secret.
pub(crate) async fn keep(act: &Act, tx: &WriteTx, new: NewLink<'_>) -> Result<LinkId, Fault> {
    Ok(insert(act, tx, new).await?.0)
}

async fn insert(act: &Act, tx: &WriteTx, new: NewLink<'_>) -> Result<(LinkId, Secret), Fault> {
    let secret = act.entropy().secret(SecretKind::Link);
    let link = Link {
        id: act.id(),
        kind: new.kind,
        person: new.person,
        email: new.email,
        collective: new.collective,
        payload: new.payload.to_owned(),
        created_at: act.now,
        expires_at: new.expires_at,
        used_at: None,
    };
    tx.links().insert(&secret.hash(), &link).await?;
    Ok((link.id, secret))
}

/// The link of a secret, if it works now.
pub(crate) async fn find(act: &Act, tx: &impl Tx, kind: LinkKind, secret: &Secret) -> Outcome<Link, LinkRefusal> {
    let link = tx.links().find_by_hash(kind, &secret.hash()).await?.or_refuse(LinkRefusal::Unknown)?;
    if link.used_at.is_some() {
        return refuse(LinkRefusal::Used);
    }
    if act.now >= link.expires_at {
        return refuse(LinkRefusal::Expired);
    }
    Ok(link)
}

/// Uses a link up: of several at once, one wins.
pub(crate) async fn redeem(act: &Act, tx: &WriteTx, link: &Link) -> Outcome<(), LinkRefusal> {
    match tx.links().redeem(link.id, link.kind, act.now).await? {
        Attempt::Won => Ok(()),
        Attempt::Lost => refuse(LinkRefusal::Used),
    }
}
