//! Signing keys, their private halves sealed.

use crate::kit::{migration, table};

migration!(|manager| {
    table("signing_keys")
        .text("kid")
        .uuid("id")
        .text("alg")
        .text("purpose")
        .blob("sealed_private")
        .text("public_jwk")
        .at("created_at")
        .at("activates_at")
        .at_null("retires_at")
        .at_null("removed_at")
        .at_null("revoked_at")
        .key(&["kid"])
        .unique(&["id"])
        .create(manager)
        .await
});
