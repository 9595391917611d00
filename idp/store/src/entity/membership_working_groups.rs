//! Which working groups a membership is in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership_working_groups")]
pub(crate) struct Model {
    pub(crate) collective_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) membership_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) working_group_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
