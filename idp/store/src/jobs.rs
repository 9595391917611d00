//! The outbox: work written in the transaction of the change it follows, done at least once after it.
//!
//! A claim is a lease with a fence: a worker that slept through its lease finds its fence outdated when it reports,
//! and its report changes nothing.

use idp_domain::{Fault, Timestamp, Ttl, id::JobId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};

use crate::{
    Attempt, Tx, WriteTx,
    decode::Columns,
    entity::jobs,
    error::fault,
    sql::{at, insert, rows},
};

/// Questions about jobs, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Jobs<'a, T>(pub(crate) &'a T);

/// Work to be done later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The row; also the idempotency identifier of what it sends.
    pub id: JobId,
    /// What to do: a stable name of the application.
    pub kind: String,
    /// With what, as versioned JSON of the application.
    pub payload: String,
    /// Not before.
    pub run_at: Timestamp,
    /// Now.
    pub created_at: Timestamp,
}

/// Work this worker holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The row.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Goes into every report.
    fence: i64,
}

/// Where a job stands, for a list of what is stuck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedJob {
    /// The row.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: String,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

fn listed(row: jobs::Model) -> ListedJob {
    ListedJob {
        id: JobId::from_uuid(row.id),
        kind: row.kind,
        payload: row.payload,
        run_at: Timestamp::from_millis(row.run_at),
        attempts: row.attempts,
        dead_at: at(row.dead_at),
        last_error: row.last_error,
        created_at: Timestamp::from_millis(row.created_at),
    }
}

/// Waiting, due and in nobody's hands.
fn claimable(now: Timestamp) -> Condition {
    Condition::all()
        .add(jobs::Column::DoneAt.is_null())
        .add(jobs::Column::DeadAt.is_null())
        .add(jobs::Column::RunAt.lte(now.millis()))
        .add(jobs::Column::ClaimedUntil.is_null().or(jobs::Column::ClaimedUntil.lte(now.millis())))
}

impl<T: Tx> Jobs<'_, T> {
    /// Whether there is anything to claim: asked on a [`crate::ReadTx`] first, so that an idle worker takes no lock.
    pub async fn any_due(&self, now: Timestamp) -> Result<bool, Fault> {
        let row = jobs::Entity::find().filter(claimable(now)).one(self.0.conn()).await.map_err(fault("store.jobs.any_due"))?;
        Ok(row.is_some())
    }

    /// Jobs that were given up, newest first, after a cursor.
    pub async fn list_dead(&self, before: Option<JobId>, limit: u64) -> Result<Vec<ListedJob>, Fault> {
        let mut select = jobs::Entity::find().filter(jobs::Column::DoneAt.is_null()).filter(jobs::Column::DeadAt.is_not_null());
        if let Some(before) = before {
            select = select.filter(jobs::Column::Id.lt(before.uuid()));
        }
        let rows = select.order_by_desc(jobs::Column::Id).limit(limit).all(self.0.conn()).await.map_err(fault("store.jobs.list_dead"))?;
        Ok(rows.into_iter().map(listed).collect())
    }

    /// Jobs that wait or are being done, oldest first.
    pub async fn list_open(&self, limit: u64) -> Result<Vec<ListedJob>, Fault> {
        let rows = jobs::Entity::find()
            .filter(jobs::Column::DoneAt.is_null())
            .filter(jobs::Column::DeadAt.is_null())
            .order_by_asc(jobs::Column::RunAt)
            .order_by_asc(jobs::Column::Id)
            .limit(limit)
            .all(self.0.conn())
            .await
            .map_err(fault("store.jobs.list_open"))?;
        Ok(rows.into_iter().map(listed).collect())
    }
}

impl Jobs<'_, WriteTx> {
    /// Adds work; it exists when the transaction commits.
    pub async fn enqueue(&self, job: &NewJob) -> Result<(), Fault> {
        let row = jobs::Model {
            id: job.id.uuid(),
            kind: job.kind.clone(),
            payload: job.payload.clone(),
            run_at: job.run_at.millis(),
            attempts: 0,
            claimed_until: None,
            claim_fence: 0,
            done_at: None,
            dead_at: None,
            last_error: None,
            created_at: job.created_at.millis(),
        };
        insert(self.0, row, "store.jobs.enqueue").await
    }

    /// Takes due work of the kinds this worker knows, oldest first, for the length of a lease. Two workers never get
    /// the same: PostgreSQL locks the chosen rows and skips locked ones, SQLite has one writer, and the condition stands
    /// in the update again. Two statements, because PostgreSQL may evaluate a limited subquery of an update anew for
    /// each row and then take more than the limit.
    pub async fn claim(&self, kinds: &[&str], limit: u64, lease: Ttl, now: Timestamp) -> Result<Vec<ClaimedJob>, Fault> {
        let place = "store.jobs.claim";
        let due = jobs::Entity::find()
            .select_only()
            .column(jobs::Column::Id)
            .filter(claimable(now))
            .filter(jobs::Column::Kind.is_in(kinds.iter().copied()))
            .order_by_asc(jobs::Column::RunAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .into_query();
        let mut due = rows(self.0.writing(), due, place).await?;
        let due = due.iter_mut().map(Columns::next::<uuid::Uuid>).collect::<Result<Vec<_>, _>>()?;
        let mut rows = jobs::Entity::update_many()
            .col_expr(jobs::Column::ClaimedUntil, Expr::value((now + lease).millis()))
            .col_expr(jobs::Column::ClaimFence, Expr::col(jobs::Column::ClaimFence).add(1))
            .col_expr(jobs::Column::Attempts, Expr::col(jobs::Column::Attempts).add(1))
            .filter(jobs::Column::Id.is_in(due))
            .filter(claimable(now))
            .exec_with_returning(self.0.writing())
            .await
            .map_err(fault(place))?;
        rows.sort_by_key(|row| (row.run_at, row.id));
        Ok(rows
            .into_iter()
            .map(|row| ClaimedJob {
                id: JobId::from_uuid(row.id),
                kind: row.kind,
                payload: row.payload,
                attempts: row.attempts,
                created_at: Timestamp::from_millis(row.created_at),
                fence: row.claim_fence,
            })
            .collect())
    }

    /// Reports that the work is done. `Lost` when the lease ended and somebody else claimed it.
    pub async fn complete(&self, job: &ClaimedJob, now: Timestamp) -> Result<Attempt, Fault> {
        let update = jobs::Entity::update_many().col_expr(jobs::Column::DoneAt, Expr::value(now.millis()));
        self.report(job, update, "store.jobs.complete").await
    }

    /// Reports a failed try; the work waits until `again`.
    pub async fn retry(&self, job: &ClaimedJob, error: &str, again: Timestamp) -> Result<Attempt, Fault> {
        let update = jobs::Entity::update_many()
            .col_expr(jobs::Column::RunAt, Expr::value(again.millis()))
            .col_expr(jobs::Column::ClaimedUntil, Expr::value(None::<i64>))
            .col_expr(jobs::Column::LastError, Expr::value(error));
        self.report(job, update, "store.jobs.retry").await
    }

    /// Reports that the work is given up.
    pub async fn bury(&self, job: &ClaimedJob, error: &str, now: Timestamp) -> Result<Attempt, Fault> {
        let update = jobs::Entity::update_many()
            .col_expr(jobs::Column::DeadAt, Expr::value(now.millis()))
            .col_expr(jobs::Column::LastError, Expr::value(error));
        self.report(job, update, "store.jobs.bury").await
    }

    async fn report(&self, job: &ClaimedJob, update: sea_orm::UpdateMany<jobs::Entity>, place: &'static str) -> Result<Attempt, Fault> {
        let done = update
            // one report per claim
            .col_expr(jobs::Column::ClaimFence, Expr::col(jobs::Column::ClaimFence).add(1))
            .filter(jobs::Column::Id.eq(job.id.uuid()))
            .filter(jobs::Column::ClaimFence.eq(job.fence))
            .filter(jobs::Column::DoneAt.is_null())
            .filter(jobs::Column::DeadAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Gives a buried job as many tries as a new one.
    pub async fn revive(&self, id: JobId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = jobs::Entity::update_many()
            .col_expr(jobs::Column::DeadAt, Expr::value(None::<i64>))
            .col_expr(jobs::Column::Attempts, Expr::value(0_i64))
            .col_expr(jobs::Column::ClaimedUntil, Expr::value(None::<i64>))
            .col_expr(jobs::Column::RunAt, Expr::value(now.millis()))
            .filter(jobs::Column::Id.eq(id.uuid()))
            .filter(jobs::Column::DeadAt.is_not_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.jobs.revive"))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
