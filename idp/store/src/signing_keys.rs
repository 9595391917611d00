//! Signing keys as they rest: the private half sealed under the master key, which is not here.

use idp_domain::{Fault, Timestamp, id::KeyId, profile::SigningAlg};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Attempt, Inserted, Tx, WriteTx,
    entity::signing_keys,
    error::{damaged, fault},
    sql::{at, insert_new},
};

/// Questions about signing keys, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct SigningKeys<'a, T>(pub(crate) &'a T);

/// A stored key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its public name.
    pub kid: String,
    /// The row.
    pub id: KeyId,
    /// Its one algorithm.
    pub alg: SigningAlg,
    /// Its one purpose: a stable name of the package that signs.
    pub purpose: String,
    /// The private half, sealed; empty once removed.
    pub sealed_private: Vec<u8>,
    /// The public half as a JWK (RFC 7517 §4).
    pub public_jwk: String,
    /// When it was made and published.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub activates_at: Timestamp,
    /// From when on it does not sign any more.
    pub retires_at: Option<Timestamp>,
    /// When it left the published set.
    pub removed_at: Option<Timestamp>,
    /// When it was declared unsafe.
    pub revoked_at: Option<Timestamp>,
}

fn key(row: signing_keys::Model) -> Result<StoredKey, Fault> {
    let alg = SigningAlg::from_name(&row.alg).ok_or_else(|| damaged("store.signing_keys", &row.kid, "alg"))?;
    Ok(StoredKey {
        id: KeyId::from_uuid(row.id),
        alg,
        purpose: row.purpose,
        sealed_private: row.sealed_private,
        public_jwk: row.public_jwk,
        created_at: Timestamp::from_millis(row.created_at),
        activates_at: Timestamp::from_millis(row.activates_at),
        retires_at: at(row.retires_at),
        removed_at: at(row.removed_at),
        revoked_at: at(row.revoked_at),
        kid: row.kid,
    })
}

impl<T: Tx> SigningKeys<'_, T> {
    /// The keys that are published: neither removed nor revoked. Oldest first.
    pub async fn list_published(&self) -> Result<Vec<StoredKey>, Fault> {
        let rows = signing_keys::Entity::find()
            .filter(signing_keys::Column::RemovedAt.is_null())
            .filter(signing_keys::Column::RevokedAt.is_null())
            .order_by_asc(signing_keys::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.signing_keys.list_published"))?;
        rows.into_iter().map(key).collect()
    }

    /// Every key there ever was, oldest first.
    pub async fn list(&self) -> Result<Vec<StoredKey>, Fault> {
        let rows = signing_keys::Entity::find().order_by_asc(signing_keys::Column::Id).all(self.0.conn()).await;
        rows.map_err(fault("store.signing_keys.list"))?.into_iter().map(key).collect()
    }
}

impl SigningKeys<'_, WriteTx> {
    /// Adds a key.
    pub async fn insert(&self, key: &StoredKey) -> Result<Inserted, Fault> {
        let row = signing_keys::Model {
            kid: key.kid.clone(),
            id: key.id.uuid(),
            alg: key.alg.as_str().to_owned(),
            purpose: key.purpose.clone(),
            sealed_private: key.sealed_private.clone(),
            public_jwk: key.public_jwk.clone(),
            created_at: key.created_at.millis(),
            activates_at: key.activates_at.millis(),
            retires_at: key.retires_at.map(Timestamp::millis),
            removed_at: key.removed_at.map(Timestamp::millis),
            revoked_at: key.revoked_at.map(Timestamp::millis),
        };
        insert_new(self.0, row, "store.signing_keys.insert").await
    }

    /// Says until when a key signs. `Lost` when that was said before, by another process that rotates.
    pub async fn retire(&self, kid: &str, retires_at: Timestamp) -> Result<Attempt, Fault> {
        let done = signing_keys::Entity::update_many()
            .col_expr(signing_keys::Column::RetiresAt, Expr::value(retires_at.millis()))
            .filter(signing_keys::Column::Kid.eq(kid))
            .filter(signing_keys::Column::RetiresAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.signing_keys.retire"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Takes a key out of the published set and forgets its private half.
    pub async fn remove(&self, kid: &str, now: Timestamp) -> Result<Attempt, Fault> {
        let done = signing_keys::Entity::update_many()
            .col_expr(signing_keys::Column::RemovedAt, Expr::value(now.millis()))
            .col_expr(signing_keys::Column::SealedPrivate, Expr::value(Vec::<u8>::new()))
            .filter(signing_keys::Column::Kid.eq(kid))
            .filter(signing_keys::Column::RemovedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.signing_keys.remove"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Declares a key unsafe: it is not published, signs nothing and verifies nothing from now on.
    pub async fn revoke(&self, kid: &str, now: Timestamp) -> Result<Attempt, Fault> {
        let done = signing_keys::Entity::update_many()
            .col_expr(signing_keys::Column::RevokedAt, Expr::value(now.millis()))
            .col_expr(signing_keys::Column::SealedPrivate, Expr::value(Vec::<u8>::new()))
            .filter(signing_keys::Column::Kid.eq(kid))
            .filter(signing_keys::Column::RevokedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.signing_keys.revoke"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
