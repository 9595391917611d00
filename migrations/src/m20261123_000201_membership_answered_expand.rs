//! Memberships remember that the person once wanted them, so that who never answered an invitation stays hidden from the
//! managers when it is over.
//!
//! Of rows from before, what is over counts when it stood since it was last offered; for the others nobody can tell any
//! more whether the person had asked or was only invited, and they are hidden. What an older release writes beside stays
//! empty, and hides as well.

use sea_orm_migration::prelude::{ColumnDef, Expr, ExprTrait, Query};

use crate::kit::{add_column, migration};

migration!(|manager| {
    add_column(manager, "memberships", ColumnDef::new("accepted_at").big_integer()).await?;
    let answered = Query::update()
        .table("memberships")
        .value("accepted_at", Expr::col("starts_at").if_null(Expr::col("created_at")))
        .and_where(Expr::col("state").ne("invited"))
        .and_where(Expr::col("state").ne("ended").or(Expr::col("starts_at").is_not_null()))
        .to_owned();
    manager.execute(answered).await
});
