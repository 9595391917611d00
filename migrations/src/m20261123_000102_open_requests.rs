//! At most one open request of a person to a collective for the same thing, however many arrive at once.
//!
//! Should some have slipped in twice before, the first of them stays and the others become moot.

use sea_orm_migration::prelude::{Alias, ConditionalStatement, DbErr, Expr, ExprTrait, Index, IndexCreateStatement, Query, SchemaManager};

use crate::kit::migration;

const OPEN: &str = "open";

/// Nulls differ from each other, so that requests for no service need an index of their own.
fn one_open(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table("requests").unique().and_where(Expr::col("state").eq(OPEN));
    for column in columns {
        index.col(*column);
    }
    index
}

async fn withdraw_duplicates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let of = |table: &'static str, column: &'static str| Expr::col((table, column));
    let same = |column| of("earlier", column).equals(("requests", column));
    let for_nothing = of("earlier", "service_id").is_null().and(of("requests", "service_id").is_null());
    // identifiers are in the order of time
    let earlier = Query::select()
        .expr(Expr::val(1))
        .from_as("requests", Alias::new("earlier"))
        .and_where(of("earlier", "id").lt(of("requests", "id")))
        .and_where(of("earlier", "state").eq(OPEN))
        .and_where(same("collective_id").and(same("person_id")).and(same("kind")))
        .and_where(same("service_id").or(for_nothing))
        .to_owned();
    let withdraw = Query::update()
        .table("requests")
        .value("state", "withdrawn")
        .value("decided_at", Expr::col("created_at"))
        .value("version", Expr::col("version").add(1))
        .and_where(of("requests", "state").eq(OPEN))
        .and_where(Expr::exists(earlier))
        .to_owned();
    manager.execute(withdraw).await
}

migration!(|manager| {
    withdraw_duplicates(manager).await?;
    let mut for_nothing = one_open("ix_requests_one_open", &["person_id", "collective_id", "kind"]);
    for_nothing.and_where(Expr::col("service_id").is_null());
    manager.create_index(for_nothing).await?;
    manager.create_index(one_open("ix_requests_one_open_for_service", &["person_id", "collective_id", "kind", "service_id"])).await
});
