//! Work that must follow a committed change, and answers remembered for a repeated request.

use crate::kit::{migration, table};

migration!(|manager| {
    table("jobs")
        .id()
        .text("kind")
        .text("payload")
        .at("run_at")
        .number("attempts")
        .at_null("claimed_until")
        .number("claim_fence")
        .at_null("done_at")
        .at_null("dead_at")
        .text_null("last_error")
        .at("created_at")
        .index_while_null(&["run_at"], "done_at")
        .index(&["done_at"])
        .create(manager)
        .await?;
    table("idempotency")
        .blob("key_hash")
        .uuid("person_id")
        .text("response")
        .at("created_at")
        .key(&["key_hash"])
        .refers("person_id", "people")
        .index(&["created_at"])
        .create(manager)
        .await
});
