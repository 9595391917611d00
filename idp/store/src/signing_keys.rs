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

/// When a key does what, after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// From when it signs.
    pub activates_at: Timestamp,
    /// Until when it signs.
    pub retires_at: Option<Timestamp>,
    /// When it leaves the published set.
    pub removed_at: Option<Timestamp>,
    /// When it was declared unsafe.
    pub revoked_at: Option<Timestamp>,
    /// Whether its private half is not needed any more.
    pub forget_private: bool,
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

    /// Writes what a rotation or a revocation decided about a key. The private half of one that is removed or revoked
    /// is forgotten.
    pub async fn set_times(&self, kid: &str, times: KeyTimes) -> Result<Attempt, Fault> {
        let millis = |at: Option<Timestamp>| Expr::value(at.map(Timestamp::millis));
        let mut update = signing_keys::Entity::update_many()
            .col_expr(signing_keys::Column::ActivatesAt, Expr::value(times.activates_at.millis()))
            .col_expr(signing_keys::Column::RetiresAt, millis(times.retires_at))
            .col_expr(signing_keys::Column::RemovedAt, millis(times.removed_at))
            .col_expr(signing_keys::Column::RevokedAt, millis(times.revoked_at));
        if times.forget_private {
            update = update.col_expr(signing_keys::Column::SealedPrivate, Expr::value(Vec::<u8>::new()));
        }
        let done = update
            .filter(signing_keys::Column::Kid.eq(kid))
            // what was revoked stays revoked, whoever else rotates at this moment
            .filter(signing_keys::Column::RevokedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.signing_keys.set_times"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
