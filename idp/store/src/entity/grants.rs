//! Who got into a service, through which door.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) service_id: Uuid,
    pub(crate) offer_id: Option<Uuid>,
    pub(crate) membership_id: Option<Uuid>,
    pub(crate) collective_id: Uuid,
    pub(crate) sponsor_id: Option<Uuid>,
    pub(crate) role: Option<String>,
    pub(crate) quota: Option<i64>,
    pub(crate) ends_at: Option<i64>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) decided_by: Option<Uuid>,
    pub(crate) created_at: i64,
    pub(crate) withdrawn_at: Option<i64>,
    pub(crate) withdrawn_by: Option<Uuid>,
    pub(crate) version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
