//! Browsers nobody signs in with any more are found by their age.

use sea_orm_migration::prelude::Index;

use crate::kit::migration;

migration!(|manager| {
    let mut index = Index::create();
    index.name("ix_browsers_last_seen_at").table("browsers").col("last_seen_at");
    manager.create_index(index).await
});
