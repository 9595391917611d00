//! An authorization code.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "codes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) hash: Vec<u8>,
    pub(crate) client_id: Uuid,
    pub(crate) authorization_id: Uuid,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) resource: Option<String>,
    pub(crate) claims: Option<String>,
    pub(crate) auth_time_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) redeemed_at: Option<i64>,
    pub(crate) scopes: Option<String>,
}

crate::decode::selected!(Model {
    id,
    hash,
    client_id,
    authorization_id,
    redirect_uri,
    challenge,
    nonce,
    resource,
    claims,
    auth_time_at,
    expires_at,
    redeemed_at,
    scopes
});

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
