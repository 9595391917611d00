//! What people agreed to release to clients that ask.

use idp_domain::{
    Fault, Timestamp,
    id::{ClientId, PersonId},
    scope::ScopeSet,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{Attempt, Inserted, Tx, WriteTx, entity::consents, error::fault, sql::insert_new};

/// Questions about consents, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Consents<'a, T>(pub(crate) &'a T);

/// A standing consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To whom.
    pub client: ClientId,
    /// What.
    pub scope: ScopeSet,
    /// Since when, or since it last grew.
    pub given_at: Timestamp,
}

fn standing(row: &consents::Model) -> Option<Consent> {
    row.revoked_at.is_none().then(|| Consent {
        client: ClientId::from_uuid(row.client_id),
        scope: ScopeSet::parse(&row.scopes),
        given_at: Timestamp::from_millis(row.given_at),
    })
}

impl<T: Tx> Consents<'_, T> {
    /// The standing consent of a person to a client.
    pub async fn find(&self, person: PersonId, client: ClientId) -> Result<Option<Consent>, Fault> {
        let row = consents::Entity::find_by_id((person.uuid(), client.uuid())).one(self.0.conn()).await;
        Ok(row.map_err(fault("store.consents.find"))?.as_ref().and_then(standing))
    }

    /// Every standing consent of a person.
    pub async fn list(&self, person: PersonId) -> Result<Vec<Consent>, Fault> {
        let rows = consents::Entity::find()
            .filter(consents::Column::PersonId.eq(person.uuid()))
            .order_by_asc(consents::Column::ClientId)
            .all(self.0.conn())
            .await
            .map_err(fault("store.consents.list"))?;
        Ok(rows.iter().filter_map(standing).collect())
    }
}

impl Consents<'_, WriteTx> {
    /// Remembers that a person agreed, in addition to what they agreed to before; a revoked consent begins anew. `Lost` when it
    /// adds nothing: they had agreed to all of it.
    pub async fn remember(&self, person: PersonId, client: ClientId, scope: ScopeSet, now: Timestamp) -> Result<Attempt, Fault> {
        let place = "store.consents.remember";
        let row = consents::Model {
            person_id: person.uuid(),
            client_id: client.uuid(),
            scopes: scope.to_string(),
            given_at: now.millis(),
            revoked_at: None,
        };
        if insert_new(self.0, row, place).await? == Inserted::Done {
            return Ok(Attempt::Won);
        }
        let standing = self.find(person, client).await?.map(|consent| consent.scope);
        if standing.is_some_and(|standing| scope.is_subset(standing)) {
            return Ok(Attempt::Lost);
        }
        let before = standing.unwrap_or(ScopeSet::EMPTY);
        consents::Entity::update_many()
            .col_expr(consents::Column::Scopes, Expr::value(before.union(scope).to_string()))
            .col_expr(consents::Column::GivenAt, Expr::value(now.millis()))
            .col_expr(consents::Column::RevokedAt, Expr::value(None::<i64>))
            .filter(consents::Column::PersonId.eq(person.uuid()))
            .filter(consents::Column::ClientId.eq(client.uuid()))
            .exec(self.0.writing())
            .await
            .map(|_| Attempt::Won)
            .map_err(fault(place))
    }

    /// Takes a consent back.
    pub async fn revoke(&self, person: PersonId, client: ClientId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = consents::Entity::update_many()
            .col_expr(consents::Column::RevokedAt, Expr::value(now.millis()))
            .filter(consents::Column::PersonId.eq(person.uuid()))
            .filter(consents::Column::ClientId.eq(client.uuid()))
            .filter(consents::Column::RevokedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.consents.revoke"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
