//! Codes and refresh tokens remember the scopes they were issued for, so that a later authorization of the same client
//! in the same session changes nothing about older ones.
//!
//! Rows from before get the scopes of their authorization, which is what they yielded until now. An older release that
//! still writes beside leaves the column empty: such a row yields nothing.

use sea_orm_migration::prelude::{ColumnDef, DbErr, Expr, ExprTrait, Query, SchemaManager};

use crate::kit::{add_column, migration};

async fn remember_scopes(manager: &SchemaManager<'_>, table: &'static str) -> Result<(), DbErr> {
    add_column(manager, table, ColumnDef::new("scopes").text()).await?;
    let authorized = Query::select()
        .column("scopes")
        .from("authorizations")
        .and_where(Expr::col(("authorizations", "id")).equals((table, "authorization_id")))
        .to_owned();
    manager.execute(Query::update().table(table).value("scopes", authorized).to_owned()).await
}

migration!(|manager| {
    remember_scopes(manager, "codes").await?;
    remember_scopes(manager, "refresh_tokens").await
});
