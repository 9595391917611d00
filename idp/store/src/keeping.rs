//! Forgetting by age, a bounded number of rows at a time, so that nobody waits long for the writer.
//!
//! Never forgotten here: the audit, subjects, usernames, people and what was decided about them. What single use or the
//! recognition of a replay still needs stays however old it is; foreign keys are followed from the leaves to the root.

use idp_domain::{Fault, Timestamp};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use crate::{
    WriteTx,
    entity::{auth_events, authorizations, browsers, codes, idempotency, jobs, links, receipts, refresh_tokens, sessions, signin_log},
    error::fault,
    sql::same,
};

/// Changes to what is kept.
#[derive(Debug)]
pub struct Keeping<'a>(pub(crate) &'a WriteTx);

/// What is forgotten by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aged {
    /// Codes, by expiry. A redeemed one stays while a refresh token of its authorization lives: presented again, it ends them.
    Codes,
    /// Refresh tokens, by expiry, which is the same for a whole family: a rotated one is recognised while its family lives.
    RefreshTokens,
    /// Authorizations no code and no refresh token hangs on, by the expiry of their session.
    Authorizations,
    /// Sessions without authorizations, by expiry, with their proofs.
    Sessions,
    /// Browsers without sessions, by their last sign-in.
    Browsers,
    /// One-time links, by expiry.
    Links,
    /// Answers to creations that may be repeated, by when they were given.
    RepeatableAnswers,
    /// Jobs that were done, by when.
    DoneJobs,
    /// Jobs that were given up, by when.
    GivenUpJobs,
    /// Receipts, by when the service was first told.
    Receipts,
    /// Sign-ins and failures, by when.
    SignIns,
}

impl Aged {
    /// Everything, in an order in which nothing that is forgotten is referred to.
    pub const ALL: [Self; 11] = [
        Self::Codes,
        Self::RefreshTokens,
        Self::Authorizations,
        Self::Sessions,
        Self::Browsers,
        Self::Links,
        Self::RepeatableAnswers,
        Self::DoneJobs,
        Self::GivenUpJobs,
        Self::Receipts,
        Self::SignIns,
    ];
}

impl Keeping<'_> {
    /// Forgets at most `limit` rows older than `before`. Returns how many; fewer than `limit` means that none is left.
    pub async fn forget(&self, aged: Aged, before: Timestamp, limit: u64, now: Timestamp) -> Result<u64, Fault> {
        let old = |column: &'static str| Expr::col(column).lt(before.millis());
        match aged {
            Aged::Codes => {
                let needed = codes::Column::RedeemedAt.is_not_null().and(Expr::exists(living_token_of_code(now)));
                self.delete::<codes::Entity>(codes::Column::Id, old("expires_at").and(needed.not()), limit).await
            }
            Aged::RefreshTokens => self.delete::<refresh_tokens::Entity>(refresh_tokens::Column::Id, old("expires_at"), limit).await,
            Aged::Authorizations => {
                let over = Query::select().column("id").from("sessions").and_where(old("expires_at")).to_owned();
                let which = Expr::col("session_id")
                    .in_subquery(over)
                    .and(refers_none("codes", "authorization_id", "authorizations"))
                    .and(refers_none("refresh_tokens", "authorization_id", "authorizations"));
                self.delete::<authorizations::Entity>(authorizations::Column::Id, which, limit).await
            }
            Aged::Sessions => self.forget_sessions(old("expires_at"), limit).await,
            Aged::Browsers => {
                let which = old("last_seen_at").and(refers_none("sessions", "browser_id", "browsers"));
                self.delete::<browsers::Entity>(browsers::Column::Id, which, limit).await
            }
            Aged::Links => self.delete::<links::Entity>(links::Column::Id, old("expires_at"), limit).await,
            Aged::RepeatableAnswers => self.delete::<idempotency::Entity>(idempotency::Column::KeyHash, old("created_at"), limit).await,
            Aged::DoneJobs => self.delete::<jobs::Entity>(jobs::Column::Id, old("done_at"), limit).await,
            Aged::GivenUpJobs => self.delete::<jobs::Entity>(jobs::Column::Id, old("dead_at"), limit).await,
            Aged::Receipts => self.delete::<receipts::Entity>(receipts::Column::Id, old("told_at"), limit).await,
            Aged::SignIns => self.delete::<signin_log::Entity>(signin_log::Column::Id, old("at"), limit).await,
        }
    }

    /// Proofs first: they refer to their session.
    async fn forget_sessions(&self, old: Expr, limit: u64) -> Result<u64, Fault> {
        let place = "store.keeping.forget_sessions";
        let unused = refers_none("authorizations", "session_id", "sessions");
        let select = Query::select().column("id").from("sessions").and_where(old).and_where(unused).limit(limit).to_owned();
        let rows = self.0.writing().query_all(&select).await.map_err(fault(place))?;
        let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<uuid::Uuid>, _>>().map_err(fault(place))?;
        for chunk in ids.chunks(500) {
            let proofs = auth_events::Entity::delete_many().filter(auth_events::Column::SessionId.is_in(chunk.iter().copied()));
            proofs.exec(self.0.writing()).await.map_err(fault(place))?;
            let sessions = sessions::Entity::delete_many().filter(sessions::Column::Id.is_in(chunk.iter().copied()));
            sessions.exec(self.0.writing()).await.map_err(fault(place))?;
        }
        u64::try_from(ids.len()).map_err(|error| Fault::broken(place, error))
    }

    async fn delete<E: EntityTrait>(&self, key: E::Column, which: Expr, limit: u64) -> Result<u64, Fault> {
        let chosen = Query::select().column(key).from(E::default()).and_where(which).limit(limit).to_owned();
        let done = E::delete_many().filter(key.in_subquery(chosen)).exec(self.0.writing()).await;
        Ok(done.map_err(fault("store.keeping.forget"))?.rows_affected)
    }
}

/// Whether no row of `table` names a row of `target` in `column`.
fn refers_none(table: &'static str, column: &'static str, target: &'static str) -> Expr {
    let referring = Query::select().expr(Expr::val(1)).from(table).and_where(same((table, column), (target, "id"))).to_owned();
    Expr::exists(referring).not()
}

/// A refresh token of the code's authorization that still works, or whose family does.
fn living_token_of_code(now: Timestamp) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from("refresh_tokens")
        .and_where(same(("refresh_tokens", "authorization_id"), ("codes", "authorization_id")))
        .and_where(Expr::col(("refresh_tokens", "revoked_at")).is_null())
        .and_where(Expr::col(("refresh_tokens", "expires_at")).gt(now.millis()))
        .to_owned()
}
