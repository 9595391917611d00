//! Which collectives one can ask to join: the listed ones in the picker, every active one by its own link.

use idp_domain::{
    Fault,
    collective::{Collective, CollectiveState},
    id::CollectiveId,
    name::DisplayName,
    slug::Slug,
};
use idp_store::{
    Tx,
    collectives::{AfterCollective, Shown},
};

use crate::Act;

/// A collective as those outside see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinDoor {
    /// The row.
    pub collective: CollectiveId,
    /// The end of its link.
    pub slug: Slug,
    /// Its name.
    pub name: DisplayName,
}

impl From<Collective> for JoinDoor {
    fn from(collective: Collective) -> Self {
        Self { collective: collective.id, slug: collective.slug, name: collective.name }
    }
}

/// Listed collectives in order of their names, after the one of a slug, at most `limit`; those whose name contains `text`.
pub async fn list_listed(act: &Act, text: Option<&str>, after: Option<&Slug>, limit: usize) -> Result<Vec<JoinDoor>, Fault> {
    let read = act.store().read();
    let after = match after {
        Some(slug) => read.collectives().find_by_slug(slug).await?.map(|collective| AfterCollective::new(&collective)),
        None => None,
    };
    let found = read.collectives().list(Shown::Listed, text, after.as_ref(), limit as u64).await?;
    Ok(found.into_iter().map(JoinDoor::from).collect())
}

/// An active collective by its link, listed or not.
pub async fn find_collective(act: &Act, slug: &Slug) -> Result<Option<JoinDoor>, Fault> {
    Ok(open(&act.store().read(), slug).await?.map(JoinDoor::from))
}

pub(super) async fn open(tx: &impl Tx, slug: &Slug) -> Result<Option<Collective>, Fault> {
    Ok(tx.collectives().find_by_slug(slug).await?.filter(|collective| collective.state == CollectiveState::Active))
}
