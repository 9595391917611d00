//! Refresh tokens: families of generations (SECURITY D06). Confidential clients keep theirs; public ones rotate, with
//! one answer more for a response that got lost.

use idp_domain::{
    Fault, Timestamp,
    id::{AuthorizationId, ClientId, RefreshTokenId, SessionId},
    refresh::{GRACE, RefreshToken},
    scope::ScopeSet,
    secret::SecretHash,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Attempt, Backing, Tx, WriteTx,
    backing::{read_backing, select_backing, split_proofs},
    decode::Selected as _,
    entity::refresh_tokens,
    error::fault,
    sessions::select_proof,
    sql::{Fixed, at, insert, parameter, same, select_columns},
};

/// Questions about refresh tokens, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct RefreshTokens<'a, T>(pub(crate) &'a T);

/// A refresh token on the way in.
#[derive(Debug, Clone)]
pub struct NewRefreshToken {
    /// What is stored instead of the secret.
    pub hash: SecretHash,
    /// The token.
    pub token: RefreshToken,
    /// The first token of its family; its own row for the first.
    pub family: RefreshTokenId,
    /// The session whose end it shares; absent for `offline_access`.
    pub sid: Option<SessionId>,
}

/// A refresh token found by its secret.
#[derive(Debug, Clone)]
pub struct FoundRefreshToken {
    /// The token.
    pub token: RefreshToken,
    /// The first token of its family.
    pub family: RefreshTokenId,
    /// The session whose end it shares.
    pub sid: Option<SessionId>,
    /// What stands behind it.
    pub backing: Backing,
}

/// What became of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Rotated {
    /// The successor stands.
    Won,
    /// The predecessor had been rotated moments ago and its successor was still unused: that one is revoked, and this
    /// successor stands in its place. Happens at most once per token.
    Again,
    /// Anything else: a replay. Nothing changed; the family is to be revoked.
    Lost,
}

static BY_HASH: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_proof(&mut select, "v");
    select_columns::<refresh_tokens::Model>(&mut select, "x");
    select.from_as("refresh_tokens", "x");
    select.join_as(sea_orm::JoinType::InnerJoin, "authorizations", "a", same(("a", "id"), ("x", "authorization_id")));
    select_backing(&mut select);
    select.and_where(Expr::col(("x", "hash")).eq(parameter()));
    select
});

fn token(row: refresh_tokens::Model) -> RefreshToken {
    RefreshToken {
        id: RefreshTokenId::from_uuid(row.id),
        authorization: AuthorizationId::from_uuid(row.authorization_id),
        client: ClientId::from_uuid(row.client_id),
        generation: row.generation,
        scope: row.scopes.as_deref().map_or(ScopeSet::EMPTY, ScopeSet::parse),
        audience: row.audience,
        claims: row.claims,
        auth_time: Timestamp::from_millis(row.auth_time_at),
        cnf_jkt: row.cnf_jkt,
        epoch: row.epoch,
        created_at: Timestamp::from_millis(row.created_at),
        last_used_at: Timestamp::from_millis(row.last_used_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        superseded_at: at(row.superseded_at),
        revoked_at: at(row.revoked_at),
    }
}

impl<T: Tx> RefreshTokens<'_, T> {
    /// A refresh token by its hash, whatever its state, with everything a refresh needs, in one query.
    pub async fn find_by_hash(&self, hash: &SecretHash) -> Result<Option<FoundRefreshToken>, Fault> {
        let place = "store.refresh_tokens.find_by_hash";
        let rows = BY_HASH.all(self.0.conn(), vec![hash.as_bytes().to_vec().into()], place).await?;
        let Some((mut columns, proofs)) = split_proofs(rows)? else { return Ok(None) };
        let row = refresh_tokens::Model::read(&mut columns)?;
        Ok(Some(FoundRefreshToken {
            family: RefreshTokenId::from_uuid(row.family),
            sid: row.sid.map(SessionId::from_uuid),
            token: token(row),
            backing: read_backing(&mut columns, proofs)?,
        }))
    }
}

impl RefreshTokens<'_, WriteTx> {
    /// Whether any token of an authorization still works.
    pub async fn any_live(&self, authorization: AuthorizationId, now: Timestamp) -> Result<bool, Fault> {
        let found = refresh_tokens::Entity::find()
            .filter(refresh_tokens::Column::AuthorizationId.eq(authorization.uuid()))
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .filter(refresh_tokens::Column::SupersededAt.is_null())
            .filter(refresh_tokens::Column::ExpiresAt.gt(now.millis()))
            .one(self.0.writing())
            .await
            .map_err(fault("store.refresh_tokens.any_live"))?;
        Ok(found.is_some())
    }

    /// Remembers the first token of a family.
    pub async fn insert(&self, new: &NewRefreshToken) -> Result<(), Fault> {
        let NewRefreshToken { hash, token, family, sid } = new;
        let row = refresh_tokens::Model {
            id: token.id.uuid(),
            hash: hash.as_bytes().to_vec(),
            authorization_id: token.authorization.uuid(),
            client_id: token.client.uuid(),
            family: family.uuid(),
            generation: token.generation,
            audience: token.audience.clone(),
            claims: token.claims.clone(),
            auth_time_at: token.auth_time.millis(),
            cnf_jkt: token.cnf_jkt.clone(),
            sid: sid.map(SessionId::uuid),
            epoch: token.epoch,
            created_at: token.created_at.millis(),
            last_used_at: token.last_used_at.millis(),
            expires_at: token.expires_at.millis(),
            superseded_at: None,
            successor_used_at: None,
            revoked_at: None,
            scopes: Some(token.scope.to_string()),
        };
        insert(self.0, row, "store.refresh_tokens.insert").await
    }

    /// Uses a token that is not rotated: notes the use, if it still stands.
    pub async fn use_again(&self, id: RefreshTokenId, client: ClientId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = refresh_tokens::Entity::update_many()
            .col_expr(refresh_tokens::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(refresh_tokens::Column::Id.eq(id.uuid()))
            .filter(refresh_tokens::Column::ClientId.eq(client.uuid()))
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .filter(refresh_tokens::Column::SupersededAt.is_null())
            .filter(refresh_tokens::Column::ExpiresAt.gt(now.millis()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.refresh_tokens.use_again"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Rotates `from` into `successor`, which has the next generation of the same family. Rows are always taken in
    /// the order of generations, so that two rotations never wait for each other in a circle.
    pub async fn rotate(&self, from: &FoundRefreshToken, successor: &NewRefreshToken, now: Timestamp) -> Result<Rotated, Fault> {
        let place = "store.refresh_tokens.rotate";
        let conn = self.0.writing();
        if from.token.generation > 0 {
            // the predecessor gets no second answer any more, because its successor is in use
            refresh_tokens::Entity::update_many()
                .col_expr(refresh_tokens::Column::SuccessorUsedAt, Expr::value(now.millis()))
                .filter(refresh_tokens::Column::Family.eq(from.family.uuid()))
                .filter(refresh_tokens::Column::Generation.eq(from.token.generation - 1))
                .filter(refresh_tokens::Column::SuccessorUsedAt.is_null())
                .exec(conn)
                .await
                .map_err(fault(place))?;
        }
        let superseded = refresh_tokens::Entity::update_many()
            .col_expr(refresh_tokens::Column::SupersededAt, Expr::value(now.millis()))
            .col_expr(refresh_tokens::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(refresh_tokens::Column::Id.eq(from.token.id.uuid()))
            .filter(refresh_tokens::Column::ClientId.eq(successor.token.client.uuid()))
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .filter(refresh_tokens::Column::SupersededAt.is_null())
            .filter(refresh_tokens::Column::ExpiresAt.gt(now.millis()))
            .exec(conn)
            .await
            .map_err(fault(place))?;
        let outcome = if superseded.rows_affected == 1 {
            Rotated::Won
        } else if self.replace_unused_successor(from, now).await? == Attempt::Won {
            Rotated::Again
        } else {
            return Ok(Rotated::Lost);
        };
        self.insert(successor).await?;
        Ok(outcome)
    }

    /// The one answer more: `successor_used_at` marks it spent, so it cannot be given twice.
    async fn replace_unused_successor(&self, from: &FoundRefreshToken, now: Timestamp) -> Result<Attempt, Fault> {
        let place = "store.refresh_tokens.replace_unused_successor";
        let conn = self.0.writing();
        let spent = refresh_tokens::Entity::update_many()
            .col_expr(refresh_tokens::Column::SuccessorUsedAt, Expr::value(now.millis()))
            .filter(refresh_tokens::Column::Id.eq(from.token.id.uuid()))
            .filter(refresh_tokens::Column::SupersededAt.gte((now - GRACE).millis()))
            .filter(refresh_tokens::Column::SuccessorUsedAt.is_null())
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .exec(conn)
            .await
            .map_err(fault(place))?;
        if spent.rows_affected == 0 {
            return Ok(Attempt::Lost);
        }
        let revoked = refresh_tokens::Entity::update_many()
            .col_expr(refresh_tokens::Column::RevokedAt, Expr::value(now.millis()))
            .filter(refresh_tokens::Column::Family.eq(from.family.uuid()))
            .filter(refresh_tokens::Column::Generation.eq(from.token.generation + 1))
            .filter(refresh_tokens::Column::SupersededAt.is_null())
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .exec(conn)
            .await
            .map_err(fault(place))?;
        Ok(Attempt::of(revoked.rows_affected))
    }

    /// Revokes every token of a family; returns how many stood.
    pub async fn revoke_family(&self, family: RefreshTokenId, now: Timestamp) -> Result<u64, Fault> {
        let done = refresh_tokens::Entity::update_many()
            .col_expr(refresh_tokens::Column::RevokedAt, Expr::value(now.millis()))
            .filter(refresh_tokens::Column::Family.eq(family.uuid()))
            .filter(refresh_tokens::Column::RevokedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.refresh_tokens.revoke_family"))?;
        Ok(done.rows_affected)
    }
}
