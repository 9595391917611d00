//! Mandates: what memberships empower people to do.

use std::collections::BTreeSet;

use idp_domain::{
    Fault, Timestamp,
    email::EmailAddress,
    id::{CollectiveId, MandateId, MembershipId, PersonId, ServiceId, WorkingGroupId},
    locale::Locale,
    membership::{Mandate, MandateKind, MembershipState},
    name::DisplayName,
    person::PersonState,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, JoinType, Query},
};

use crate::{
    Attempt, Decided, Tx, WriteTx,
    decode::Row,
    entity::mandates::{Column, Entity, Model},
    error::fault,
    sql::{at, count, insert, next_version, rows, same},
};

/// Mandates.
#[derive(Debug, Clone, Copy)]
pub struct Mandates<'t, T>(pub(crate) &'t T);

/// A manager as pages and notices name her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagerContact {
    /// Of which collective.
    pub collective: CollectiveId,
    /// The membership that carries the mandate.
    pub membership: MembershipId,
    /// Who.
    pub person: PersonId,
    /// Shown.
    pub name: DisplayName,
    /// Language of notices to her.
    pub locale: Locale,
    /// Her verified address, when she has one.
    pub email: Option<EmailAddress>,
}

impl<T: Tx> Mandates<'_, T> {
    /// A mandate in this collective.
    pub async fn find(&self, collective: CollectiveId, id: MandateId) -> Result<Option<Mandate>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        row.map_err(fault("store.mandates.find"))?.as_ref().map(mandate).transpose()
    }

    /// Those of a collective that were not ended, oldest first: running, waiting for acceptance, not begun, run out.
    pub async fn list(&self, collective: CollectiveId) -> Result<Vec<Mandate>, Fault> {
        let rows = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.mandates.list"))?.iter().map(mandate).collect()
    }

    /// Those a membership of this collective carries and that were not ended, oldest first.
    pub async fn list_of_membership(&self, collective: CollectiveId, membership: MembershipId) -> Result<Vec<Mandate>, Fault> {
        let rows = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::MembershipId.eq(membership.uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.mandates.list_of_membership"))?.iter().map(mandate).collect()
    }

    /// Those that hold the place of another one of this collective and were not ended.
    pub async fn list_places_of(&self, collective: CollectiveId, other: MandateId) -> Result<Vec<Mandate>, Fault> {
        let rows = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::PlaceOf.eq(other.uuid()))
            .filter(Column::EndedAt.is_null())
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.mandates.list_places_of"))?.iter().map(mandate).collect()
    }

    /// Whether a membership ever carried an accepted mandate over this collective or a service in its name, ended or not.
    pub async fn has_managed(&self, collective: CollectiveId, membership: MembershipId) -> Result<bool, Fault> {
        let accepted = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::MembershipId.eq(membership.uuid()))
            .filter(Column::Kind.eq(MandateKind::Manager.as_str()).or(Column::ServiceId.is_not_null()))
            .filter(Column::AcceptedAt.is_not_null());
        Ok(count(self.0.conn(), accepted, "store.mandates.has_managed").await? > 0)
    }

    /// How many mandates of stewards were accepted and not ended, whatever became of their memberships.
    pub async fn count_stewards(&self, now: Timestamp) -> Result<u64, Fault> {
        let kinds = [MandateKind::CommunitySteward.as_str(), MandateKind::OperationsSteward.as_str()];
        let stewards = Entity::find()
            .filter(Column::Kind.is_in(kinds))
            .filter(Column::AcceptedAt.is_not_null())
            .filter(Column::EndedAt.is_null())
            .filter(Column::EndsAt.is_null().or(Column::EndsAt.gt(now.millis())));
        count(self.0.conn(), stewards, "store.mandates.count_stewards").await
    }

    /// Who manages these collectives now, in order of their names: active people with an active membership and an
    /// accepted, running mandate.
    pub async fn managers_of(&self, collectives: &[CollectiveId], now: Timestamp) -> Result<Vec<ManagerContact>, Fault> {
        let place = "store.mandates.managers_of";
        let mut select = Query::select();
        select
            .columns([
                ("d", "collective_id"),
                ("d", "membership_id"),
                ("p", "id"),
                ("p", "display_name"),
                ("p", "locale"),
                ("e", "signin_key"),
            ])
            .from_as("mandates", "d")
            .join_as(JoinType::InnerJoin, "memberships", "m", same(("m", "id"), ("d", "membership_id")))
            .join_as(JoinType::InnerJoin, "people", "p", same(("p", "id"), ("m", "person_id")))
            .join_as(
                JoinType::LeftJoin,
                "emails",
                "e",
                same(("e", "person_id"), ("p", "id")).and(Expr::col(("e", "signin_key")).is_not_null()),
            )
            .and_where(Expr::col(("d", "collective_id")).is_in(collectives.iter().map(|collective| collective.uuid())))
            .and_where(Expr::col(("d", "kind")).eq(MandateKind::Manager.as_str()))
            .cond_where(running("d", &Expr::val(now.millis())))
            .cond_where(standing("m", &Expr::val(now.millis())))
            .and_where(Expr::col(("p", "state")).eq(PersonState::Active.as_str()))
            .order_by(("p", "sort_key"), sea_orm::Order::Asc)
            .order_by(("p", "id"), sea_orm::Order::Asc);
        let rows = rows(self.0.conn(), select, place).await?;
        let mut seen = BTreeSet::new();
        let mut managers = Vec::with_capacity(rows.len());
        for mut columns in rows {
            let (collective, membership, person) = (columns.id()?, columns.id()?, columns.id()?);
            let read = Row("people", PersonId::uuid(person));
            let (name, locale, email): (String, String, Option<String>) = (columns.next()?, columns.next()?, columns.next()?);
            if seen.insert((collective, membership)) {
                managers.push(ManagerContact {
                    collective,
                    membership,
                    person,
                    name: read.name(&name)?,
                    locale: read.read("locale", Locale::from_tag(&locale))?,
                    email: email.map(|address| read.read("email", EmailAddress::parse(&address).ok())).transpose()?,
                });
            }
        }
        Ok(managers)
    }

    /// How many memberships manage the collective now, this one left out: zero means it is the last (DOMAIN rule 4).
    /// On a [`WriteTx`], `collectives().hold(collective)` first keeps the answer true until the commit.
    pub async fn count_other_managers(&self, collective: CollectiveId, except: MembershipId, now: Timestamp) -> Result<usize, Fault> {
        let managers = self.managers_of(&[collective], now).await?;
        Ok(managers.iter().filter(|manager| manager.membership != except).count())
    }
}

impl Mandates<'_, WriteTx> {
    /// A new mandate, accepted or not.
    pub async fn insert(&self, new: &Mandate, created_at: Timestamp, decided: Decided) -> Result<(), Fault> {
        insert(self.0, model(new, created_at, decided.at()), "store.mandates.insert").await
    }

    /// A new mandate that holds the place of another one until that one is accepted.
    pub async fn insert_in_place_of(&self, new: &Mandate, other: MandateId, created_at: Timestamp, decided: Decided) -> Result<(), Fault> {
        let row = Model { place_of: Some(other.uuid()), ..model(new, created_at, decided.at()) };
        insert(self.0, row, "store.mandates.insert_in_place_of").await
    }

    /// The holder accepts. `Lost` when it was accepted or ended before.
    pub async fn accept(&self, collective: CollectiveId, id: MandateId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = Entity::update_many()
            .col_expr(Column::AcceptedAt, Expr::value(now.millis()))
            .col_expr(Column::Version, next_version())
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::AcceptedAt.is_null())
            .filter(Column::EndedAt.is_null())
            .exec(self.0.writing())
            .await;
        done.map(|done| Attempt::of(done.rows_affected)).map_err(fault("store.mandates.accept"))
    }

    /// Ends one mandate. `Lost` when it was ended before.
    pub async fn end(&self, collective: CollectiveId, id: MandateId, now: Timestamp, decided: Decided) -> Result<Attempt, Fault> {
        let update = ending(now, decided).filter(Column::CollectiveId.eq(collective.uuid())).filter(Column::Id.eq(id.uuid()));
        let done = update.exec(self.0.writing()).await;
        done.map(|done| Attempt::of(done.rows_affected)).map_err(fault("store.mandates.end"))
    }

    /// Ends every mandate that a membership carries: an ended membership empowers nobody, also after it is renewed.
    pub async fn end_all(
        &self,
        collective: CollectiveId,
        membership: MembershipId,
        now: Timestamp,
        decided: Decided,
    ) -> Result<u64, Fault> {
        let update =
            ending(now, decided).filter(Column::CollectiveId.eq(collective.uuid())).filter(Column::MembershipId.eq(membership.uuid()));
        update.exec(self.0.writing()).await.map(|done| done.rows_affected).map_err(fault("store.mandates.end_all"))
    }
}

fn ending(now: Timestamp, decided: Decided) -> sea_orm::UpdateMany<Entity> {
    let update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.millis()))
        .col_expr(Column::Version, next_version())
        .filter(Column::EndedAt.is_null());
    decided.note(update, Column::DecidedAt)
}

/// Whether a mandate counts now, as [`Mandate::is_active`] has it.
pub(crate) fn running(mandate: &'static str, now: &Expr) -> Condition {
    Condition::all()
        .add(Expr::col((mandate, "accepted_at")).is_not_null())
        .add(Expr::col((mandate, "ended_at")).is_null())
        .add(Expr::col((mandate, "starts_at")).lte(now.clone()))
        .add(Expr::col((mandate, "ends_at")).is_null().or(Expr::col((mandate, "ends_at")).gt(now.clone())))
}

/// Whether a membership counts now, as [`idp_domain::membership::is_active`] has it.
pub(crate) fn standing(membership: &'static str, now: &Expr) -> Condition {
    Condition::all()
        .add(Expr::col((membership, "state")).eq(Expr::Constant(MembershipState::Active.as_str().into())))
        .add(Expr::col((membership, "ends_at")).is_null().or(Expr::col((membership, "ends_at")).gt(now.clone())))
}

pub(crate) fn model(mandate: &Mandate, created_at: Timestamp, decided_at: Option<i64>) -> Model {
    let (working_group_id, service_id) = match mandate.kind {
        MandateKind::Coordinator(group) => (Some(group.uuid()), None),
        MandateKind::ServiceManager(service) => (None, Some(service.uuid())),
        MandateKind::Manager | MandateKind::CommunitySteward | MandateKind::OperationsSteward => (None, None),
    };
    Model {
        id: mandate.id.uuid(),
        collective_id: mandate.collective.uuid(),
        membership_id: mandate.membership.uuid(),
        kind: mandate.kind.as_str().to_owned(),
        working_group_id,
        service_id,
        starts_at: mandate.starts_at.millis(),
        ends_at: mandate.ends_at.map(Timestamp::millis),
        accepted_at: mandate.accepted_at.map(Timestamp::millis),
        ended_at: mandate.ended_at.map(Timestamp::millis),
        decided_at,
        created_at: created_at.millis(),
        place_of: None,
        version: Some(1),
    }
}

pub(crate) fn kind(name: &str, group: Option<WorkingGroupId>, service: Option<ServiceId>) -> Option<MandateKind> {
    match (name, group, service) {
        ("manager", None, None) => Some(MandateKind::Manager),
        ("coordinator", Some(group), None) => Some(MandateKind::Coordinator(group)),
        ("service_manager", None, Some(service)) => Some(MandateKind::ServiceManager(service)),
        ("community_steward", None, None) => Some(MandateKind::CommunitySteward),
        ("operations_steward", None, None) => Some(MandateKind::OperationsSteward),
        _ => None,
    }
}

pub(crate) fn mandate(row: &Model) -> Result<Mandate, Fault> {
    let (group, service) = (row.working_group_id.map(WorkingGroupId::from_uuid), row.service_id.map(ServiceId::from_uuid));
    Ok(Mandate {
        id: MandateId::from_uuid(row.id),
        collective: CollectiveId::from_uuid(row.collective_id),
        membership: MembershipId::from_uuid(row.membership_id),
        kind: Row("mandates", row.id).read("kind", kind(&row.kind, group, service))?,
        starts_at: Timestamp::from_millis(row.starts_at),
        ends_at: at(row.ends_at),
        accepted_at: at(row.accepted_at),
        ended_at: at(row.ended_at),
    })
}
