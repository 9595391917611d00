//! Memberships. Every look-up names the collective too, so that no identifier reaches across a wall.

use idp_domain::{
    Fault, Timestamp,
    collective::Collective,
    id::{CollectiveId, MembershipId, PersonId},
    membership::{Membership, MembershipState},
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, UpdateMany, sea_query::Expr};

use crate::{
    Attempt, Decided, Inserted, Tx, Updated, WriteTx,
    collectives::collective,
    decode::Row,
    entity::{
        collectives,
        memberships::{Column, Entity, Model},
    },
    error::fault,
    sql::{at, insert_new},
};

/// Memberships.
#[derive(Debug, Clone, Copy)]
pub struct Memberships<'t, T>(pub(crate) &'t T);

impl<T: Tx> Memberships<'_, T> {
    /// A membership of this collective.
    pub async fn find(&self, collective: CollectiveId, id: MembershipId) -> Result<Option<Membership>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        row.map_err(fault("store.memberships.find"))?.as_ref().map(membership).transpose()
    }

    /// A person's membership in this collective, whatever its state.
    pub async fn find_of(&self, collective: CollectiveId, person: PersonId) -> Result<Option<Membership>, Fault> {
        let row = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::PersonId.eq(person.uuid()))
            .one(self.0.conn())
            .await;
        row.map_err(fault("store.memberships.find_of"))?.as_ref().map(membership).transpose()
    }

    /// All memberships of a person, whatever their state, with their collectives: home first, then by name. For the person's own
    /// eyes and for rules; a manager sees only their collective's.
    pub async fn list_of_person(&self, person: PersonId) -> Result<Vec<(Membership, Collective)>, Fault> {
        let conn = self.0.conn();
        let rows = Entity::find().filter(Column::PersonId.eq(person.uuid())).order_by_asc(Column::Id).all(conn).await;
        let rows = rows.map_err(fault("store.memberships.list_of_person"))?;
        let of =
            collectives::Entity::find().filter(collectives::Column::Id.is_in(rows.iter().map(|row| row.collective_id))).all(conn).await;
        let of = of.map_err(fault("store.memberships.list_of_person"))?;
        let mut memberships = Vec::with_capacity(rows.len());
        for row in &rows {
            let whose = of.iter().find(|collective| collective.id == row.collective_id);
            let whose = Row("memberships", row.id).read("collective_id", whose)?;
            memberships.push((membership(row)?, collective(whose)?));
        }
        // as people look for them: who vouches first, then by name
        memberships.sort_by_cached_key(|(membership, collective): &(Membership, Collective)| {
            (membership.home_at.is_none(), collective.name.sort_key(), collective.id)
        });
        Ok(memberships)
    }
}

impl Memberships<'_, WriteTx> {
    /// A new membership; `Taken` when the person has one in this collective already, of whatever state, or has a
    /// home elsewhere and this one claims to be home.
    pub async fn insert(&self, new: &Membership, decided: Decided) -> Result<Inserted, Fault> {
        insert_new(self.0, model(new, decided.at()), "store.memberships.insert").await
    }

    /// Changes the state, and the instants that tell of it. Whether the step is allowed is the caller's to check
    /// ([`MembershipState::may_become`]); the version makes sure it was checked against what is stored.
    pub async fn set_state(
        &self,
        collective: CollectiveId,
        id: MembershipId,
        version: i64,
        state: MembershipState,
        now: Timestamp,
        decided: Decided,
    ) -> Result<Updated, Fault> {
        let instant = || Expr::value(now.millis());
        let nothing = || Expr::value(None::<i64>);
        let mut update = Entity::update_many().col_expr(Column::State, Expr::value(state.as_str()));
        // both are the person's own yes
        if matches!(state, MembershipState::Requested | MembershipState::Active) {
            update = update.col_expr(Column::AcceptedAt, Expr::col(Column::AcceptedAt).if_null(now.millis()));
        }
        let update = match state {
            MembershipState::Active => update
                .col_expr(Column::StartsAt, Expr::col(Column::StartsAt).if_null(now.millis()))
                .col_expr(Column::SuspendedAt, nothing())
                .col_expr(Column::LapsedAt, nothing())
                .col_expr(Column::EndedAt, nothing()),
            MembershipState::Suspended => update.col_expr(Column::SuspendedAt, instant()),
            MembershipState::Lapsed => update.col_expr(Column::LapsedAt, instant()),
            MembershipState::Ended | MembershipState::Refused => {
                update.col_expr(Column::EndedAt, instant()).col_expr(Column::HomeAt, nothing())
            }
            MembershipState::Requested | MembershipState::Invited => update
                .col_expr(Column::StartsAt, nothing())
                .col_expr(Column::EndsAt, nothing())
                .col_expr(Column::SuspendedAt, nothing())
                .col_expr(Column::LapsedAt, nothing())
                .col_expr(Column::EndedAt, nothing()),
        };
        self.compare_and_set(update, collective, id, version, decided, "store.memberships.set_state").await
    }

    /// Changes the date at which it lapses by itself.
    pub async fn set_end(
        &self,
        collective: CollectiveId,
        id: MembershipId,
        version: i64,
        ends_at: Option<Timestamp>,
        decided: Decided,
    ) -> Result<Updated, Fault> {
        let update = Entity::update_many().col_expr(Column::EndsAt, Expr::value(ends_at.map(Timestamp::millis)));
        self.compare_and_set(update, collective, id, version, decided, "store.memberships.set_end").await
    }

    /// Makes this membership the person's home, and no other one. `Lost` when the person has no such membership.
    pub async fn set_home(&self, person: PersonId, collective: CollectiveId, now: Timestamp) -> Result<Attempt, Fault> {
        let conn = self.0.writing();
        let cleared = Entity::update_many()
            .col_expr(Column::HomeAt, Expr::value(None::<i64>))
            .filter(Column::PersonId.eq(person.uuid()))
            .filter(Column::CollectiveId.ne(collective.uuid()))
            .filter(Column::HomeAt.is_not_null())
            .exec(conn)
            .await;
        cleared.map_err(fault("store.memberships.set_home"))?;
        let done = Entity::update_many()
            .col_expr(Column::HomeAt, Expr::col(Column::HomeAt).if_null(now.millis()))
            .filter(Column::PersonId.eq(person.uuid()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .exec(conn)
            .await;
        done.map(|done| Attempt::of(done.rows_affected)).map_err(fault("store.memberships.set_home"))
    }

    async fn compare_and_set(
        &self,
        update: UpdateMany<Entity>,
        collective: CollectiveId,
        id: MembershipId,
        version: i64,
        decided: Decided,
        place: &'static str,
    ) -> Result<Updated, Fault> {
        let done = decided
            .note(update, Column::DecidedAt)
            .col_expr(Column::Version, Expr::value(version.saturating_add(1)))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(version))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault(place))
    }
}

pub(crate) fn model(membership: &Membership, decided_at: Option<i64>) -> Model {
    let since = |state| (membership.state == state).then_some(membership.created_at.millis());
    Model {
        id: membership.id.uuid(),
        collective_id: membership.collective.uuid(),
        person_id: membership.person.uuid(),
        state: membership.state.as_str().to_owned(),
        home_at: membership.home_at.map(Timestamp::millis),
        sponsor_id: membership.sponsor.map(PersonId::uuid),
        starts_at: membership.starts_at.map(Timestamp::millis),
        ends_at: membership.ends_at.map(Timestamp::millis),
        suspended_at: since(MembershipState::Suspended),
        lapsed_at: since(MembershipState::Lapsed),
        ended_at: since(MembershipState::Ended),
        decided_at,
        accepted_at: membership.accepted_at.map(Timestamp::millis),
        created_at: membership.created_at.millis(),
        version: membership.version,
    }
}

pub(crate) fn membership(row: &Model) -> Result<Membership, Fault> {
    Ok(Membership {
        id: MembershipId::from_uuid(row.id),
        collective: CollectiveId::from_uuid(row.collective_id),
        person: PersonId::from_uuid(row.person_id),
        state: Row("memberships", row.id).read("state", MembershipState::from_name(&row.state))?,
        home_at: at(row.home_at),
        sponsor: row.sponsor_id.map(PersonId::from_uuid),
        starts_at: at(row.starts_at),
        ends_at: at(row.ends_at),
        accepted_at: at(row.accepted_at),
        created_at: Timestamp::from_millis(row.created_at),
        version: row.version,
    })
}
