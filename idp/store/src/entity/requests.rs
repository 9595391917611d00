//! What waits for a manager.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requests")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) collective_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) service_id: Option<Uuid>,
    pub(crate) state: String,
    pub(crate) text: String,
    pub(crate) reason: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<Uuid>,
    pub(crate) rerouted_from: Option<Uuid>,
    pub(crate) escalated_at: Option<i64>,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
