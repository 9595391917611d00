//! Services made available to collectives.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offers")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) service_id: Uuid,
    pub(crate) collective_id: Uuid,
    pub(crate) roles: String,
    pub(crate) default_role: Option<String>,
    pub(crate) quota_ceiling: Option<i64>,
    pub(crate) automatic: String,
    pub(crate) decided_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) withdrawn_at: Option<i64>,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
