//! How a person is called in a sector.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subjects")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) sector: String,
    pub(crate) sub: String,
    pub(crate) legacy_at: Option<i64>,
    pub(crate) frozen_at: Option<i64>,
}

crate::decode::selected!(Model { person_id, sector, sub, legacy_at, frozen_at });

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
