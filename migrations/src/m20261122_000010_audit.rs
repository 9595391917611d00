//! The audit: chained rows that nobody changes, and the short-lived log of sign-ins.

use sea_orm_migration::{prelude::ConnectionTrait, sea_orm::DbBackend};

use crate::kit::{migration, table};

/// A trigger cannot be said with the builder. Reviewed exception: both texts do the same, tested on both databases.
const APPEND_ONLY_SQLITE: &str = "
CREATE TRIGGER audit_keeps_updates_out BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_keeps_deletes_out BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;";

const APPEND_ONLY_POSTGRES: &str = "
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_keeps_changes_out BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();";

migration!(|manager| {
    table("audit_chains").text("chain").number("seq").blob("head_hash").key(&["chain"]).create(manager).await?;
    table("audit")
        .text("chain")
        .number("seq")
        .uuid("id")
        .blob("prev_hash")
        .blob("hash")
        .blob("canonical")
        .at("at")
        .uuid_null("actor_index")
        .uuid_null("person_index")
        .text("kind")
        .blob_null("detail_sealed")
        .key(&["chain", "seq"])
        .unique(&["id"])
        .index(&["person_index", "at"])
        .index(&["actor_index", "at"])
        .create(manager)
        .await?;
    let append_only = match manager.get_database_backend() {
        DbBackend::Postgres => APPEND_ONLY_POSTGRES,
        _ => APPEND_ONLY_SQLITE,
    };
    manager.get_connection().execute_unprepared(append_only).await?;
    table("signin_log")
        .id()
        .uuid_null("person_index")
        .at("at")
        .text("outcome")
        .text_null("client_prefix")
        .index(&["person_index", "at"])
        .index(&["at"])
        .create(manager)
        .await
});
