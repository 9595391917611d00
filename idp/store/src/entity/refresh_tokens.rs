//! A refresh token.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) hash: Vec<u8>,
    pub(crate) authorization_id: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) family: Uuid,
    pub(crate) generation: i64,
    pub(crate) audience: Option<String>,
    pub(crate) claims: Option<String>,
    pub(crate) auth_time_at: i64,
    pub(crate) cnf_jkt: Option<String>,
    pub(crate) sid: Option<Uuid>,
    pub(crate) epoch: i64,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) superseded_at: Option<i64>,
    pub(crate) successor_used_at: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) scopes: Option<String>,
}

crate::decode::selected!(Model {
    id,
    hash,
    authorization_id,
    client_id,
    family,
    generation,
    audience,
    claims,
    auth_time_at,
    cnf_jkt,
    sid,
    epoch,
    created_at,
    last_used_at,
    expires_at,
    superseded_at,
    successor_used_at,
    revoked_at,
    scopes
});

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
