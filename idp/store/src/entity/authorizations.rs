//! What a person authorised for a client in a session.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authorizations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) scopes: String,
    pub(crate) claims: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) offline_at: Option<i64>,
}

crate::decode::selected!(Model { id, person_id, client_id, session_id, scopes, claims, created_at, ended_at, offline_at });

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
