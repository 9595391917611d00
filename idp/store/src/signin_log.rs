//! Sign-ins and their failures: not chained, kept for a while, read by the person they concern.

use idp_domain::{
    Fault, Timestamp,
    audit::SignInOutcome,
    id::{AuditId, PersonId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, InsertStatement, Query, SelectStatement},
};

use crate::{
    Tx, WriteTx,
    entity::{people, signin_log},
    error::{damaged, fault},
    sql::{Fixed, parameter},
};

/// Questions about sign-ins, and on a [`WriteTx`] new ones.
#[derive(Debug)]
pub struct SignInLog<'a, T>(pub(crate) &'a T);

/// A sign-in or its failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The row.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// How it went.
    pub outcome: SignInOutcome,
    /// The network it came from (/24 or /48), when known.
    pub client_prefix: Option<String>,
}

const OUTCOMES: [SignInOutcome; 4] =
    [SignInOutcome::Password, SignInOutcome::WrongPassword, SignInOutcome::Throttled, SignInOutcome::NotAllowed];

/// The pseudonym of a person.
pub(crate) fn audit_index_of(person: PersonId) -> SelectStatement {
    audit_index(Expr::val(person.uuid()))
}

fn audit_index(person: Expr) -> SelectStatement {
    Query::select().column(people::Column::AuditIndex).from(people::Entity).and_where(Expr::col(people::Column::Id).eq(person)).to_owned()
}

/// Parameters: the row, the person or null, the instant, the outcome, the network.
static APPEND: Fixed<InsertStatement> = Fixed::new(|| {
    use signin_log::Column;
    Query::insert()
        .into_table(signin_log::Entity)
        .columns([Column::Id, Column::PersonIndex, Column::At, Column::Outcome, Column::ClientPrefix])
        .values_panic([parameter(), Expr::SubQuery(None, Box::new(audit_index(parameter()).into())), parameter(), parameter(), parameter()])
        .to_owned()
});

impl<T: Tx> SignInLog<'_, T> {
    /// The sign-ins of a person, newest first, before a cursor.
    pub async fn list(&self, person: PersonId, before: Option<Timestamp>, limit: u64) -> Result<Vec<SignIn>, Fault> {
        let place = "store.signin_log.list";
        let mut select = signin_log::Entity::find().filter(signin_log::Column::PersonIndex.in_subquery(audit_index_of(person)));
        if let Some(before) = before {
            select = select.filter(signin_log::Column::At.lt(before.millis()));
        }
        let rows = select.order_by_desc(signin_log::Column::At).limit(limit).all(self.0.conn()).await.map_err(fault(place))?;
        rows.into_iter()
            .map(|row| {
                let id = AuditId::from_uuid(row.id);
                let outcome = OUTCOMES.into_iter().find(|outcome| outcome.as_str() == row.outcome);
                Ok(SignIn {
                    id,
                    at: Timestamp::from_millis(row.at),
                    outcome: outcome.ok_or_else(|| damaged(place, id, "outcome"))?,
                    client_prefix: row.client_prefix,
                })
            })
            .collect()
    }
}

impl SignInLog<'_, WriteTx> {
    /// Notes a sign-in or its failure; `person` is absent when the name was nobody's.
    pub async fn append(&self, person: Option<PersonId>, sign_in: &SignIn) -> Result<(), Fault> {
        let values = vec![
            sign_in.id.uuid().into(),
            person.map(PersonId::uuid).into(),
            sign_in.at.millis().into(),
            sign_in.outcome.as_str().into(),
            sign_in.client_prefix.clone().into(),
        ];
        APPEND.run(self.0.writing(), values, "store.signin_log.append").await.map(drop)
    }
}
