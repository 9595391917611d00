//! Browsers with their sessions, how each session proved who the person is, and one-time links.

use crate::kit::{migration, table};

migration!(|manager| {
    table("browsers").id().blob("hash").at("created_at").at("last_seen_at").unique(&["hash"]).create(manager).await?;
    table("sessions")
        .id()
        .uuid("browser_id")
        .uuid("person_id")
        .at("created_at")
        .at("last_used_at")
        .number("idle_ms")
        .at("expires_at")
        .at_null("ended_at")
        .number("epoch")
        .text_null("label")
        .refers("browser_id", "browsers")
        .refers("person_id", "people")
        .index(&["browser_id"])
        .index(&["person_id"])
        .index(&["expires_at"])
        .create(manager)
        .await?;
    table("auth_events")
        .id()
        .uuid("session_id")
        .text("method")
        .at("at")
        .refers("session_id", "sessions")
        .index(&["session_id"])
        .create(manager)
        .await?;
    table("links")
        .id()
        .text("kind")
        .blob("hash")
        .uuid_null("person_id")
        .uuid_null("email_id")
        .uuid_null("collective_id")
        .text("payload")
        .at("created_at")
        .at("expires_at")
        .at_null("used_at")
        .unique(&["hash"])
        .refers("person_id", "people")
        .refers("email_id", "emails")
        .refers("collective_id", "collectives")
        .index(&["person_id"])
        .index(&["email_id"])
        .index(&["expires_at"])
        .create(manager)
        .await
});
