//! What the cluster knows about itself, and counters of short-lived things.

use crate::kit::{migration, table};

migration!(|manager| {
    table("cluster").text("name").text("value").key(&["name"]).create(manager).await?;
    table("ephemeral")
        .text("kind")
        .text("key")
        .text("value")
        .at("expires_at")
        .number("count")
        .key(&["kind", "key"])
        .index(&["expires_at"])
        .create(manager)
        .await
});
