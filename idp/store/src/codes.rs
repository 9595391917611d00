//! Authorization codes: one table, one use, one conditional update.

use idp_domain::{
    Fault, Timestamp,
    code::Code,
    id::{AuthorizationId, ClientId, CodeId},
    pkce::Challenge,
    scope::ScopeSet,
    secret::SecretHash,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, UpdateStatement},
};

use crate::{
    Attempt, Backing, Tx, WriteTx,
    backing::{read_backing, select_backing, split_proofs},
    decode::Selected as _,
    entity::codes,
    error::{damaged, fault},
    sessions::select_proof,
    sql::{Fixed, at, insert, parameter, same, select_columns},
};

/// Questions about codes, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Codes<'a, T>(pub(crate) &'a T);

static BY_HASH: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_proof(&mut select, "v");
    select_columns::<codes::Model>(&mut select, "x");
    select.from_as("codes", "x");
    select.join_as(sea_orm::JoinType::InnerJoin, "authorizations", "a", same(("a", "id"), ("x", "authorization_id")));
    select_backing(&mut select);
    select.and_where(Expr::col(("x", "hash")).eq(parameter()));
    select
});

/// Parameters: now, the code, the client, now.
static REDEEM: Fixed<UpdateStatement> = Fixed::new(|| {
    let stands = Query::select()
        .expr(Expr::Constant(1_i64.into()))
        .from_as("authorizations", "a")
        .and_where(same(("a", "id"), ("codes", "authorization_id")))
        .and_where(Expr::col(("a", "ended_at")).is_null())
        .to_owned();
    Query::update()
        .table("codes")
        .value("redeemed_at", parameter())
        .and_where(Expr::col("id").eq(parameter()))
        .and_where(Expr::col("client_id").eq(parameter()))
        .and_where(Expr::col("redeemed_at").is_null())
        .and_where(Expr::col("expires_at").gt(parameter()))
        .and_where(Expr::exists(stands))
        .to_owned()
});

fn code(row: codes::Model) -> Result<Code, Fault> {
    let id = CodeId::from_uuid(row.id);
    let challenge = row.challenge.map(|text| from_hex(&text).ok_or_else(|| damaged("store.codes", id, "challenge"))).transpose()?;
    Ok(Code {
        id,
        client: ClientId::from_uuid(row.client_id),
        authorization: AuthorizationId::from_uuid(row.authorization_id),
        scope: row.scopes.as_deref().map_or(ScopeSet::EMPTY, ScopeSet::parse),
        redirect_uri: row.redirect_uri,
        challenge: challenge.map(Challenge::from_bytes),
        nonce: row.nonce,
        resource: row.resource,
        claims: row.claims,
        auth_time: Timestamp::from_millis(row.auth_time_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        redeemed_at: at(row.redeemed_at),
    })
}

fn to_hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let bytes: Vec<u8> = digits?.chunks_exact(2).filter_map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok()).collect();
    bytes.try_into().ok()
}

impl<T: Tx> Codes<'_, T> {
    /// A code by its hash, used or not, with everything its redemption needs, in one query.
    pub async fn find_by_hash(&self, hash: &SecretHash) -> Result<Option<(Code, Backing)>, Fault> {
        let place = "store.codes.find_by_hash";
        let rows = BY_HASH.all(self.0.conn(), vec![hash.as_bytes().to_vec().into()], place).await?;
        let Some((mut row, proofs)) = split_proofs(rows)? else { return Ok(None) };
        Ok(Some((code(codes::Model::read(&mut row)?)?, read_backing(&mut row, proofs)?)))
    }
}

impl Codes<'_, WriteTx> {
    /// Remembers a code by its hash.
    pub async fn insert(&self, hash: &SecretHash, code: &Code) -> Result<(), Fault> {
        let row = codes::Model {
            id: code.id.uuid(),
            hash: hash.as_bytes().to_vec(),
            client_id: code.client.uuid(),
            authorization_id: code.authorization.uuid(),
            redirect_uri: code.redirect_uri.clone(),
            challenge: code.challenge.map(|challenge| to_hex(challenge.as_bytes())),
            nonce: code.nonce.clone(),
            resource: code.resource.clone(),
            claims: code.claims.clone(),
            auth_time_at: code.auth_time.millis(),
            expires_at: code.expires_at.millis(),
            redeemed_at: None,
            scopes: Some(code.scope.to_string()),
        };
        insert(self.0, row, "store.codes.insert").await
    }

    /// Uses a code up (RFC 6749 §4.1.2: "MUST NOT be used more than once"). The client stands in the condition, so
    /// that forgetting to compare it is impossible; so does the authorization, which may have ended since it was read.
    pub async fn redeem(&self, id: CodeId, client: ClientId, now: Timestamp) -> Result<Attempt, Fault> {
        let values = vec![now.millis().into(), id.uuid().into(), client.uuid().into(), now.millis().into()];
        REDEEM.run(self.0.writing(), values, "store.codes.redeem").await.map(Attempt::of)
    }

    /// Makes a code useless because another client presented it: a right secret in wrong hands is a leak. It expires, and is not
    /// used: its owner, who comes later, replays nothing.
    pub async fn burn(&self, id: CodeId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = codes::Entity::update_many()
            .col_expr(codes::Column::ExpiresAt, Expr::value(now.millis()))
            .filter(codes::Column::Id.eq(id.uuid()))
            .filter(codes::Column::RedeemedAt.is_null())
            .filter(codes::Column::ExpiresAt.gt(now.millis()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.codes.burn"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_survives_its_text() {
        let bytes = std::array::from_fn(|index| u8::try_from(index * 8 + 7).unwrap_or(0));
        assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        assert_eq!(from_hex("zz"), None);
        assert_eq!(from_hex(&"ab".repeat(31)), None);
    }
}
