//! One-time links: sent by mail or printed, opened on a page with a button, used once.

use idp_domain::{
    Fault, Timestamp,
    id::{CollectiveId, EmailId, LinkId, PersonId},
    secret::SecretHash,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Attempt, Tx, WriteTx,
    entity::links,
    error::{damaged, fault},
    sql::{at, insert},
};

/// Questions about links, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Links<'a, T>(pub(crate) &'a T);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Proves that an address belongs to who registered it.
    VerifyAddress,
    /// Lets a person whose account others made choose a password.
    Activation,
    /// Lets a person who lost their password choose another.
    ResetPassword,
    /// Founds the cluster: printed at the console.
    Setup,
}

impl LinkKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::VerifyAddress, Self::Activation, Self::ResetPassword, Self::Setup];
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyAddress => "verify_address",
            Self::Activation => "activation",
            Self::ResetPassword => "reset_password",
            Self::Setup => "setup",
        }
    }
}

/// A stored link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The row.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// For whom.
    pub person: Option<PersonId>,
    /// For which address.
    pub email: Option<EmailId>,
    /// In whose name.
    pub collective: Option<CollectiveId>,
    /// What its use needs besides, as JSON of the use case.
    pub payload: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

fn link(row: links::Model) -> Result<Link, Fault> {
    let id = LinkId::from_uuid(row.id);
    Ok(Link {
        id,
        kind: LinkKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind).ok_or_else(|| damaged("store.links", id, "kind"))?,
        person: row.person_id.map(PersonId::from_uuid),
        email: row.email_id.map(EmailId::from_uuid),
        collective: row.collective_id.map(CollectiveId::from_uuid),
        payload: row.payload,
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        used_at: at(row.used_at),
    })
}

impl<T: Tx> Links<'_, T> {
    /// A link of a kind by its hash, used or not: the page tells an expired one from an unknown one.
    pub async fn find_by_hash(&self, kind: LinkKind, hash: &SecretHash) -> Result<Option<Link>, Fault> {
        let row = links::Entity::find()
            .filter(links::Column::Hash.eq(hash.as_bytes().to_vec()))
            .filter(links::Column::Kind.eq(kind.as_str()))
            .one(self.0.conn())
            .await
            .map_err(fault("store.links.find_by_hash"))?;
        row.map(link).transpose()
    }

    /// A link by its row, used or not.
    pub async fn find(&self, id: LinkId) -> Result<Option<Link>, Fault> {
        let row = links::Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault("store.links.find"))?;
        row.map(link).transpose()
    }

    /// The latest link of a kind for a person, used or not.
    pub async fn find_latest(&self, kind: LinkKind, person: PersonId) -> Result<Option<Link>, Fault> {
        let row = links::Entity::find()
            .filter(links::Column::PersonId.eq(person.uuid()))
            .filter(links::Column::Kind.eq(kind.as_str()))
            .order_by_desc(links::Column::CreatedAt)
            .order_by_desc(links::Column::Id)
            .one(self.0.conn())
            .await
            .map_err(fault("store.links.find_latest"))?;
        row.map(link).transpose()
    }
}

impl Links<'_, WriteTx> {
    /// Remembers a link by its hash.
    pub async fn insert(&self, hash: &SecretHash, link: &Link) -> Result<(), Fault> {
        let row = links::Model {
            id: link.id.uuid(),
            kind: link.kind.as_str().to_owned(),
            hash: hash.as_bytes().to_vec(),
            person_id: link.person.map(PersonId::uuid),
            email_id: link.email.map(EmailId::uuid),
            collective_id: link.collective.map(CollectiveId::uuid),
            payload: link.payload.clone(),
            created_at: link.created_at.millis(),
            expires_at: link.expires_at.millis(),
            used_at: link.used_at.map(Timestamp::millis),
        };
        insert(self.0, row, "store.links.insert").await
    }

    /// Uses a link up.
    pub async fn redeem(&self, id: LinkId, kind: LinkKind, now: Timestamp) -> Result<Attempt, Fault> {
        let done = links::Entity::update_many()
            .col_expr(links::Column::UsedAt, Expr::value(now.millis()))
            .filter(links::Column::Id.eq(id.uuid()))
            .filter(links::Column::Kind.eq(kind.as_str()))
            .filter(links::Column::UsedAt.is_null())
            .filter(links::Column::ExpiresAt.gt(now.millis()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.links.redeem"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Makes the unused links of a kind for a person useless, as a newer one does. Returns how many.
    pub async fn revoke_for_person(&self, kind: LinkKind, person: PersonId, now: Timestamp) -> Result<u64, Fault> {
        self.revoke(kind, Condition::all().add(links::Column::PersonId.eq(person.uuid())), now).await
    }

    /// Makes the unused links of a kind that a collective sent to a person useless; those of others go on working. Returns
    /// how many.
    pub async fn revoke_in_name_of(
        &self,
        collective: CollectiveId,
        kind: LinkKind,
        person: PersonId,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let sent = links::Column::CollectiveId.eq(collective.uuid()).and(links::Column::PersonId.eq(person.uuid()));
        self.revoke(kind, Condition::all().add(sent), now).await
    }

    /// Makes every unused link of a kind useless. Returns how many.
    pub async fn revoke_kind(&self, kind: LinkKind, now: Timestamp) -> Result<u64, Fault> {
        self.revoke(kind, Condition::all(), now).await
    }

    async fn revoke(&self, kind: LinkKind, which: Condition, now: Timestamp) -> Result<u64, Fault> {
        let done = links::Entity::update_many()
            .col_expr(links::Column::ExpiresAt, Expr::value(now.millis()))
            .filter(which)
            .filter(links::Column::Kind.eq(kind.as_str()))
            .filter(links::Column::UsedAt.is_null())
            .filter(links::Column::ExpiresAt.gt(now.millis()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.links.revoke"))?;
        Ok(done.rows_affected)
    }
}
