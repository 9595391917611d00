//! A registered client.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) client_id: String,
    pub(crate) service_id: Option<Uuid>,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) auth_method: String,
    pub(crate) jwks: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) sector: String,
    pub(crate) subject_type: String,
    pub(crate) grant_types: String,
    pub(crate) scopes: String,
    pub(crate) resources: String,
    pub(crate) introspects: String,
    pub(crate) consent: String,
    pub(crate) backchannel_logout_uri: Option<String>,
    pub(crate) profile: String,
    pub(crate) disabled_at: Option<i64>,
    pub(crate) decided_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) version: i64,
}

crate::decode::selected!(Model {
    id,
    client_id,
    service_id,
    role,
    name,
    auth_method,
    jwks,
    jwks_uri,
    sector,
    subject_type,
    grant_types,
    scopes,
    resources,
    introspects,
    consent,
    backchannel_logout_uri,
    profile,
    disabled_at,
    decided_at,
    created_at,
    version
});

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
