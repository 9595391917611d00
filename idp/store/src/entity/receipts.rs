//! Whether a withdrawal took effect at a service.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) grant_id: Uuid,
    pub(crate) client_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) told_at: i64,
    pub(crate) at: i64,
    pub(crate) detail: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
