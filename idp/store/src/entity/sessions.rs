//! A single-sign-on session in a browser.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) browser_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) created_at: i64,
    pub(crate) last_used_at: i64,
    pub(crate) idle_ms: i64,
    pub(crate) expires_at: i64,
    pub(crate) ended_at: Option<i64>,
    pub(crate) epoch: i64,
    pub(crate) label: Option<String>,
}

crate::decode::selected!(Model { id, browser_id, person_id, created_at, last_used_at, idle_ms, expires_at, ended_at, epoch, label });

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
