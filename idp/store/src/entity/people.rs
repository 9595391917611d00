//! One account.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) username: String,
    pub(crate) username_burnt_at: Option<i64>,
    pub(crate) display_name: String,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) sort_key: String,
    pub(crate) locale: String,
    pub(crate) zoneinfo: Option<String>,
    pub(crate) state: String,
    pub(crate) user_handle: Vec<u8>,
    pub(crate) audit_index: Uuid,
    pub(crate) sealed_audit_key: Vec<u8>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) activated_at: Option<i64>,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
