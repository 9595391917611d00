//! Who loses something by a date is found by that date, and a receipt knows the session it is about.

use sea_orm_migration::prelude::{ColumnDef, ConditionalStatement, Expr, ExprTrait, Index};

use crate::kit::{add_column, migration};

migration!(|manager| {
    for table in ["grants", "memberships", "mandates"] {
        let mut index = Index::create();
        index.name(format!("ix_{table}_ends_at")).table(table).col("ends_at").and_where(Expr::col("ends_at").is_not_null());
        manager.create_index(index).await?;
    }
    add_column(manager, "receipts", ColumnDef::new("session_id").uuid()).await
});
