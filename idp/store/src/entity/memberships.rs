//! People in collectives.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) collective_id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) state: String,
    pub(crate) home_at: Option<i64>,
    pub(crate) sponsor_id: Option<Uuid>,
    pub(crate) starts_at: Option<i64>,
    pub(crate) ends_at: Option<i64>,
    pub(crate) suspended_at: Option<i64>,
    pub(crate) lapsed_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) version: i64,
}

crate::decode::selected!(Model {
    id,
    collective_id,
    person_id,
    state,
    home_at,
    sponsor_id,
    starts_at,
    ends_at,
    suspended_at,
    lapsed_at,
    ended_at,
    decided_at,
    accepted_at,
    created_at,
    version
});

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
