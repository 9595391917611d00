//! Receipts tell since when a service is being told, and are looked after by age. The table is made anew: no release
//! wrote a row into the old one.

use sea_orm_migration::prelude::Table;

use crate::kit::{migration, table};

migration!(|manager| {
    manager.drop_table(Table::drop().table("receipts").to_owned()).await?;
    table("receipts")
        .id()
        .uuid("grant_id")
        .uuid("client_id")
        .text("kind")
        .text("state")
        .at("told_at")
        .at("at")
        .text_null("detail")
        .refers("grant_id", "grants")
        .refers("client_id", "clients")
        .index(&["grant_id", "told_at"])
        .index(&["told_at"])
        .create(manager)
        .await
});
