//! Powers that memberships carry.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mandates")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) collective_id: Uuid,
    pub(crate) membership_id: Uuid,
    pub(crate) kind: String,
    pub(crate) working_group_id: Option<Uuid>,
    pub(crate) service_id: Option<Uuid>,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: Option<i64>,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) place_of: Option<Uuid>,
    /// Absent from what an earlier release writes beside.
    pub(crate) version: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
