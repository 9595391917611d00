//! The secrets of clients: when each counts. Whether one proves who a client is, is asked with the client itself.

use idp_domain::{
    Fault, Timestamp,
    client::SecretTimes,
    id::{ClientId, ClientSecretId},
    secret::SecretHash,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Attempt, Tx, WriteTx,
    clients::Clients,
    entity::client_secrets,
    error::fault,
    sql::{at, insert},
};

/// Secrets that count after an instant.
fn ends_after(instant: Timestamp) -> Expr {
    client_secrets::Column::ExpiresAt.is_null().or(client_secrets::Column::ExpiresAt.gt(instant.millis()))
}

impl<T: Tx> Clients<'_, T> {
    /// The secrets of a client that count now, newest first.
    pub async fn list_live_secrets(&self, client: ClientId, now: Timestamp) -> Result<Vec<SecretTimes>, Fault> {
        let rows = client_secrets::Entity::find()
            .filter(client_secrets::Column::ClientId.eq(client.uuid()))
            .filter(ends_after(now))
            .order_by_desc(client_secrets::Column::CreatedAt)
            .order_by_desc(client_secrets::Column::Id)
            .all(self.0.conn())
            .await
            .map_err(fault("store.clients.list_live_secrets"))?;
        let times = |row: client_secrets::Model| SecretTimes {
            id: ClientSecretId::from_uuid(row.id),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: at(row.expires_at),
        };
        Ok(rows.into_iter().map(times).collect())
    }
}

impl Clients<'_, WriteTx> {
    /// Adds a secret. `Lost` when the client has two live ones already, so that one can be rotated but none hoarded.
    pub async fn add_secret(&self, id: ClientSecretId, client: ClientId, hash: &SecretHash, now: Timestamp) -> Result<Attempt, Fault> {
        let place = "store.clients.add_secret";
        let rows = client_secrets::Entity::find()
            .filter(client_secrets::Column::ClientId.eq(client.uuid()))
            .all(self.0.writing())
            .await
            .map_err(fault(place))?;
        if rows.iter().filter(|row| row.expires_at.is_none_or(|end| end > now.millis())).count() >= 2 {
            return Ok(Attempt::Lost);
        }
        let row = client_secrets::Model {
            id: id.uuid(),
            client_id: client.uuid(),
            hash: hash.as_bytes().to_vec(),
            created_at: now.millis(),
            expires_at: None,
        };
        insert(self.0, row, place).await.map(|()| Attempt::Won)
    }

    /// Lets these secrets end at an instant: the rotation's other half. Those that end earlier stay.
    pub async fn expire_secrets(&self, secrets: &[ClientSecretId], end: Timestamp) -> Result<(), Fault> {
        client_secrets::Entity::update_many()
            .col_expr(client_secrets::Column::ExpiresAt, Expr::value(end.millis()))
            .filter(client_secrets::Column::Id.is_in(secrets.iter().map(|secret| secret.uuid())))
            .filter(ends_after(end))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault("store.clients.expire_secrets"))
    }
}
