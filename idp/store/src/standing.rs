//! What a person holds at this instant, in one query.

use idp_domain::{
    Fault, Timestamp,
    collective::CollectiveState,
    id::{CollectiveId, PersonId, ServiceId},
    membership::MandateKind,
    person::PersonState,
    policy::Standing,
};
use sea_orm::{
    ExprTrait,
    sea_query::{Expr, JoinType, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Tx,
    decode::Row,
    mandates,
    sql::{Fixed, parameter, same},
};

/// What people hold.
#[derive(Debug, Clone, Copy)]
pub struct Standings<'t, T>(pub(crate) &'t T);

static STANDING: Fixed = Fixed::new(standing_query);

/// Parameters in the order of the text: now three times, the person.
fn standing_query() -> SelectStatement {
    let mut owns = Query::select();
    owns.expr(Expr::Constant(1_i64.into()))
        .from_as("service_owners", "so")
        .and_where(same(("so", "service_id"), ("d", "service_id")))
        .and_where(same(("so", "collective_id"), ("d", "collective_id")));
    let mut owned = Query::select();
    owned.expr(Expr::Constant(1_i64.into())).from_as("service_owners", "so").and_where(same(("so", "service_id"), ("d", "service_id")));
    let mut select = Query::select();
    select
        .columns([("m", "collective_id"), ("d", "id"), ("d", "kind"), ("d", "working_group_id"), ("d", "service_id")])
        .from_as("people", "p")
        .join_as(JoinType::InnerJoin, "memberships", "m", mandates::standing("m", &parameter()).add(same(("m", "person_id"), ("p", "id"))))
        .join_as(
            JoinType::InnerJoin,
            "collectives",
            "c",
            same(("c", "id"), ("m", "collective_id"))
                .and(Expr::col(("c", "state")).eq(Expr::Constant(CollectiveState::Active.as_str().into()))),
        )
        .join_as(
            JoinType::LeftJoin,
            "mandates",
            "d",
            mandates::running("d", &parameter())
                .add(same(("d", "membership_id"), ("m", "id")))
                .add(same(("d", "collective_id"), ("m", "collective_id")))
                // a mandate over a service lasts while its collective owns the service, or nobody but the cluster does
                .add(Expr::col(("d", "service_id")).is_null().or(Expr::exists(owns)).or(Expr::exists(owned).not())),
        )
        .and_where(Expr::col(("p", "id")).eq(parameter()))
        .and_where(Expr::col(("p", "state")).eq(Expr::Constant(PersonState::Active.as_str().into())));
    select
}

impl<T: Tx> Standings<'_, T> {
    /// Active memberships in active collectives, and accepted, running mandates that they carry. An account that is
    /// not active holds nothing.
    pub async fn of(&self, person: PersonId, now: Timestamp) -> Result<Standing, Fault> {
        let place = "store.standing.of";
        let instant = || now.millis().into();
        let rows = STANDING.all(self.0.conn(), vec![instant(), instant(), instant(), person.uuid().into()], place).await?;
        let mut standing = Standing { person: Some(person), ..Standing::default() };
        for mut columns in rows {
            let collective: CollectiveId = columns.id()?;
            standing.member_of.insert(collective);
            let (Some(id), Some(kind)) = (columns.next::<Option<Uuid>>()?, columns.next::<Option<String>>()?) else { continue };
            let group = columns.next::<Option<Uuid>>()?.map(idp_domain::id::WorkingGroupId::from_uuid);
            let service = columns.next::<Option<Uuid>>()?.map(ServiceId::from_uuid);
            match Row("mandates", id).read("kind", mandates::kind(&kind, group, service))? {
                MandateKind::Manager => drop(standing.manages.insert(collective)),
                MandateKind::ServiceManager(service) => drop(standing.manages_services.insert(service)),
                MandateKind::CommunitySteward => standing.community_steward = true,
                MandateKind::OperationsSteward => standing.operations_steward = true,
                MandateKind::Coordinator(_) => {}
            }
        }
        Ok(standing)
    }
}
