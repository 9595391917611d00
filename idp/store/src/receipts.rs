//! Receipts: whether a withdrawal took effect at each service.

use idp_domain::{
    Fault, Timestamp,
    id::{ClientId, CollectiveId, GrantId, MembershipId, ReceiptId, ServiceId, SessionId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Tx, WriteTx,
    decode::Row,
    entity::receipts::{Column, Entity, Model},
    error::fault,
    sql::{insert_many, same, select_all},
};

/// Receipts.
#[derive(Debug, Clone, Copy)]
pub struct Receipts<'t, T>(pub(crate) &'t T);

/// How a service is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptKind {
    /// By back-channel logout.
    BackchannelLogout,
}

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// On the way.
    Pending,
    /// The service confirmed.
    Confirmed,
    /// Given up: what runs at the service ends when the service ends it.
    Failed,
    /// The client takes no such message: what runs there ends when the service ends it.
    NotSupported,
}

/// Proof that a withdrawal took effect at one client of a service, or that it did not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The row.
    pub id: ReceiptId,
    /// Of which grant.
    pub grant: GrantId,
    /// At which client.
    pub client: ClientId,
    /// Which session is to end or to ask again; unknown of receipts written by earlier releases.
    pub session: Option<SessionId>,
    /// How it is told.
    pub kind: ReceiptKind,
    /// How far it got.
    pub state: ReceiptState,
    /// When the withdrawal happened: the same for every receipt of one act.
    pub told_at: Timestamp,
    /// When it got there.
    pub at: Timestamp,
    /// Why the last try failed, as a class: never a word of the service's answer.
    pub detail: Option<String>,
}

impl ReceiptKind {
    const ALL: [Self; 1] = [Self::BackchannelLogout];
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackchannelLogout => "backchannel_logout",
        }
    }
}

impl ReceiptState {
    const ALL: [Self; 4] = [Self::Pending, Self::Confirmed, Self::Failed, Self::NotSupported];
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::NotSupported => "not_supported",
        }
    }
}

impl<T: Tx> Receipts<'_, T> {
    /// Those of the doors a membership of this collective ever held, told at or after an instant, oldest first, with the
    /// service behind the door.
    pub async fn list_of_membership(
        &self,
        collective: CollectiveId,
        membership: MembershipId,
        since: Timestamp,
    ) -> Result<Vec<(ServiceId, Receipt)>, Fault> {
        let place = "store.receipts.list_of_membership";
        let mut select = Query::select();
        select_all::<Entity>(&mut select, "r", "r_");
        select
            .expr_as(Expr::col(("g", "service_id")), "g_service_id")
            .from_as("receipts", "r")
            .join_as(JoinType::InnerJoin, "grants", "g", same(("g", "id"), ("r", "grant_id")))
            .and_where(Expr::col(("g", "collective_id")).eq(collective.uuid()))
            .and_where(Expr::col(("g", "membership_id")).eq(membership.uuid()))
            .and_where(Expr::col(("r", "told_at")).gte(since.millis()))
            .order_by(("r", "told_at"), Order::Asc)
            .order_by(("r", "id"), Order::Asc);
        let rows = self.0.conn().query_all(&select).await.map_err(fault(place))?;
        let read = |row: &sea_orm::QueryResult| {
            let service: uuid::Uuid = row.try_get("g_", "service_id").map_err(fault(place))?;
            let model = Model::from_query_result(row, "r_").map_err(fault(place))?;
            Ok((ServiceId::from_uuid(service), receipt(model)?))
        };
        rows.iter().map(read).collect()
    }
}

impl Receipts<'_, WriteTx> {
    /// New receipts.
    pub async fn insert(&self, new: &[Receipt]) -> Result<(), Fault> {
        let row = |new: &Receipt| Model {
            id: new.id.uuid(),
            grant_id: new.grant.uuid(),
            client_id: new.client.uuid(),
            session_id: new.session.map(SessionId::uuid),
            kind: new.kind.as_str().to_owned(),
            state: new.state.as_str().to_owned(),
            told_at: new.told_at.millis(),
            at: new.at.millis(),
            detail: new.detail.clone(),
        };
        insert_many(self.0, new.iter().map(row).collect(), "store.receipts.insert").await
    }

    /// Notes why a try failed; there will be another.
    pub async fn note_failed_try(&self, ids: &[ReceiptId], why: &str, now: Timestamp) -> Result<(), Fault> {
        self.update(ids, ReceiptState::Pending, Some(why), now, "store.receipts.note_failed_try").await
    }

    /// How they ended. What a service confirmed stays confirmed; what was given up may still be confirmed, when somebody
    /// had it tried again.
    pub async fn settle(&self, ids: &[ReceiptId], state: ReceiptState, why: Option<&str>, now: Timestamp) -> Result<(), Fault> {
        self.update(ids, state, why, now, "store.receipts.settle").await
    }

    async fn update(
        &self,
        ids: &[ReceiptId],
        state: ReceiptState,
        why: Option<&str>,
        now: Timestamp,
        place: &'static str,
    ) -> Result<(), Fault> {
        if ids.is_empty() {
            return Ok(());
        }
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(state.as_str()))
            .col_expr(Column::At, Expr::value(now.millis()))
            .col_expr(Column::Detail, Expr::value(why))
            .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
            .filter(Column::State.is_in([ReceiptState::Pending, ReceiptState::Failed].map(ReceiptState::as_str)))
            .exec(self.0.writing())
            .await;
        done.map(drop).map_err(fault(place))
    }
}

fn receipt(row: Model) -> Result<Receipt, Fault> {
    let read = Row("receipts", row.id);
    let kind = ReceiptKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    let state = ReceiptState::ALL.into_iter().find(|state| state.as_str() == row.state);
    Ok(Receipt {
        id: ReceiptId::from_uuid(row.id),
        grant: GrantId::from_uuid(row.grant_id),
        client: ClientId::from_uuid(row.client_id),
        session: row.session_id.map(SessionId::from_uuid),
        kind: read.read("kind", kind)?,
        state: read.read("state", state)?,
        told_at: Timestamp::from_millis(row.told_at),
        at: Timestamp::from_millis(row.at),
        detail: row.detail,
    })
}
