//! Receipts: whether a withdrawal took effect at each service.

use idp_domain::{
    Fault, Timestamp,
    id::{ClientId, GrantId, ReceiptId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Tx, Updated, WriteTx,
    decode::Row,
    entity::receipts::{Column, Entity, Model},
    error::fault,
    sql::insert,
};

/// Receipts.
#[derive(Debug, Clone, Copy)]
pub struct Receipts<'t, T>(pub(crate) &'t T);

/// How a service is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptKind {
    /// By back-channel logout.
    BackchannelLogout,
    /// Not at all: it learns when its tokens expire.
    Expiry,
}

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// On the way.
    Pending,
    /// The service confirmed.
    Confirmed,
    /// Given up; it ends with the tokens.
    Failed,
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
    /// How it is told.
    pub kind: ReceiptKind,
    /// How far it got.
    pub state: ReceiptState,
    /// When it got there.
    pub at: Timestamp,
    /// What the service answered.
    pub detail: Option<String>,
}

impl ReceiptKind {
    /// The name in storage and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackchannelLogout => "backchannel_logout",
            Self::Expiry => "expiry",
        }
    }
}

impl ReceiptState {
    /// The name in storage and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
        }
    }
}

impl<T: Tx> Receipts<'_, T> {
    /// Those of some grants, oldest first.
    pub async fn list_of(&self, grants: &[GrantId]) -> Result<Vec<Receipt>, Fault> {
        let rows = Entity::find()
            .filter(Column::GrantId.is_in(grants.iter().map(|grant| grant.uuid())))
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.receipts.list_of"))?.into_iter().map(receipt).collect()
    }
}

impl Receipts<'_, WriteTx> {
    /// A new receipt.
    pub async fn insert(&self, new: &Receipt) -> Result<(), Fault> {
        let row = Model {
            id: new.id.uuid(),
            grant_id: new.grant.uuid(),
            client_id: new.client.uuid(),
            kind: new.kind.as_str().to_owned(),
            state: new.state.as_str().to_owned(),
            at: new.at.millis(),
            detail: new.detail.clone(),
        };
        insert(self.0, row, "store.receipts.insert").await
    }

    /// How a pending one ended. `Stale` when it ended before.
    pub async fn settle(&self, id: ReceiptId, state: ReceiptState, detail: Option<&str>, now: Timestamp) -> Result<Updated, Fault> {
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(state.as_str()))
            .col_expr(Column::At, Expr::value(now.millis()))
            .col_expr(Column::Detail, Expr::value(detail))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::State.eq(ReceiptState::Pending.as_str()))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.receipts.settle"))
    }
}

fn receipt(row: Model) -> Result<Receipt, Fault> {
    let read = Row("receipts", row.id);
    let kind = [ReceiptKind::BackchannelLogout, ReceiptKind::Expiry].into_iter().find(|kind| kind.as_str() == row.kind);
    let state =
        [ReceiptState::Pending, ReceiptState::Confirmed, ReceiptState::Failed].into_iter().find(|state| state.as_str() == row.state);
    Ok(Receipt {
        id: ReceiptId::from_uuid(row.id),
        grant: GrantId::from_uuid(row.grant_id),
        client: ClientId::from_uuid(row.client_id),
        kind: read.read("kind", kind)?,
        state: read.read("state", state)?,
        at: Timestamp::from_millis(row.at),
        detail: row.detail,
    })
}
