//! Answers remembered under an `Idempotency-Key`, so that a repeated request changes nothing and hears the same.

use idp_domain::{Fault, Timestamp, id::PersonId, secret::SecretHash};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{Inserted, Tx, WriteTx, entity::idempotency, error::fault, sql::insert_new};

/// Questions about remembered answers, and on a [`WriteTx`] new ones.
#[derive(Debug)]
pub struct Idempotency<'a, T>(pub(crate) &'a T);

impl<T: Tx> Idempotency<'_, T> {
    /// The answer that a person got for a key (hashed with what else identifies the request).
    pub async fn find(&self, key: &SecretHash, person: PersonId) -> Result<Option<String>, Fault> {
        let row = idempotency::Entity::find_by_id(key.as_bytes().to_vec())
            .filter(idempotency::Column::PersonId.eq(person.uuid()))
            .one(self.0.conn())
            .await
            .map_err(fault("store.idempotency.find"))?;
        Ok(row.map(|row| row.response))
    }
}

impl Idempotency<'_, WriteTx> {
    /// Remembers an answer with the change it reports. [`Inserted::Taken`]: the same request was carried out
    /// meanwhile, and this one must be rolled back.
    pub async fn remember(&self, key: &SecretHash, person: PersonId, response: &str, now: Timestamp) -> Result<Inserted, Fault> {
        let row = idempotency::Model {
            key_hash: key.as_bytes().to_vec(),
            person_id: person.uuid(),
            response: response.to_owned(),
            created_at: now.millis(),
        };
        insert_new(self.0, row, "store.idempotency.remember").await
    }
}
