//! How a person proves who they are.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) kind: String,
    pub(crate) scheme: String,
    pub(crate) data: String,
    pub(crate) pepper_version: i64,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: Option<i64>,
    pub(crate) suspended_at: Option<i64>,
}

crate::decode::selected!(Model { id, person_id, kind, scheme, data, pepper_version, created_at, last_used_at, suspended_at });

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
