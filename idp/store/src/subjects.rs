//! How people are called at services: one `sub` per person and sector, never reused.

use idp_domain::{Fault, Timestamp, id::PersonId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Attempt, Inserted, Tx, WriteTx,
    decode::Selected as _,
    entity::subjects,
    error::fault,
    sql::{Fixed, at, insert_new, parameter, select_columns},
};

/// Parameters: person, sector.
static FIND: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_columns::<subjects::Model>(&mut select, "s");
    select.from_as("subjects", "s");
    select.and_where(Expr::col(("s", "person_id")).eq(parameter())).and_where(Expr::col(("s", "sector")).eq(parameter())).to_owned()
});

/// Questions about subjects, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Subjects<'a, T>(pub(crate) &'a T);

/// How a sector calls a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub person: PersonId,
    /// Where; empty: in the cluster.
    pub sector: String,
    /// The identifier.
    pub sub: String,
    /// When it was taken over from an earlier system.
    pub legacy_at: Option<Timestamp>,
    /// When a service first saw it; it cannot change after that.
    pub frozen_at: Option<Timestamp>,
}

impl From<subjects::Model> for Subject {
    fn from(row: subjects::Model) -> Self {
        Self {
            person: PersonId::from_uuid(row.person_id),
            sector: row.sector,
            sub: row.sub,
            legacy_at: at(row.legacy_at),
            frozen_at: at(row.frozen_at),
        }
    }
}

impl<T: Tx> Subjects<'_, T> {
    /// How a sector calls a person.
    pub async fn find(&self, person: PersonId, sector: &str) -> Result<Option<Subject>, Fault> {
        let row = FIND.one(self.0.conn(), vec![person.uuid().into(), sector.into()], "store.subjects.find").await?;
        row.map(|mut row| subjects::Model::read(&mut row).map(Subject::from)).transpose()
    }

    /// Whom a `sub` means, in whatever sector.
    pub async fn find_by_sub(&self, sub: &str) -> Result<Option<Subject>, Fault> {
        let row = subjects::Entity::find().filter(subjects::Column::Sub.eq(sub)).one(self.0.conn()).await;
        Ok(row.map_err(fault("store.subjects.find_by_sub"))?.map(Subject::from))
    }

    /// Every name of a person.
    pub async fn list(&self, person: PersonId) -> Result<Vec<Subject>, Fault> {
        let rows = subjects::Entity::find()
            .filter(subjects::Column::PersonId.eq(person.uuid()))
            .order_by_asc(subjects::Column::Sector)
            .all(self.0.conn())
            .await
            .map_err(fault("store.subjects.list"))?;
        Ok(rows.into_iter().map(Subject::from).collect())
    }
}

impl Subjects<'_, WriteTx> {
    /// The name of a person in a sector: the one they have, or the proposed one from now on. Freezes it, since the
    /// caller is about to release it.
    pub async fn release(&self, person: PersonId, sector: &str, proposed: &str, now: Timestamp) -> Result<Subject, Fault> {
        let place = "store.subjects.release";
        if let Some(seen) = self.find(person, sector).await?.filter(|subject| subject.frozen_at.is_some()) {
            return Ok(seen);
        }
        let row = subjects::Model {
            person_id: person.uuid(),
            sector: sector.to_owned(),
            sub: proposed.to_owned(),
            legacy_at: None,
            frozen_at: Some(now.millis()),
        };
        if insert_new(self.0, row.clone(), place).await? == Inserted::Done {
            return Ok(Subject::from(row));
        }
        subjects::Entity::update_many()
            .col_expr(subjects::Column::FrozenAt, Expr::value(now.millis()))
            .filter(subjects::Column::PersonId.eq(person.uuid()))
            .filter(subjects::Column::Sector.eq(sector))
            .filter(subjects::Column::FrozenAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        let taken = self.find(person, sector).await?;
        taken.ok_or_else(|| Fault::broken(place, "the proposed subject belongs to somebody else"))
    }

    /// Takes over the name an earlier system gave a person. `Lost` when a service has already seen another one, or
    /// when the name means somebody else.
    pub async fn set_legacy(&self, person: PersonId, sector: &str, sub: &str, now: Timestamp) -> Result<Attempt, Fault> {
        let place = "store.subjects.set_legacy";
        if let Some(holder) = self.find_by_sub(sub).await? {
            return Ok(if holder.person == person && holder.sector == sector { Attempt::Won } else { Attempt::Lost });
        }
        let row = subjects::Model {
            person_id: person.uuid(),
            sector: sector.to_owned(),
            sub: sub.to_owned(),
            legacy_at: Some(now.millis()),
            frozen_at: None,
        };
        if insert_new(self.0, row, place).await? == Inserted::Done {
            return Ok(Attempt::Won);
        }
        let done = subjects::Entity::update_many()
            .col_expr(subjects::Column::Sub, Expr::value(sub))
            .col_expr(subjects::Column::LegacyAt, Expr::value(now.millis()))
            .filter(subjects::Column::PersonId.eq(person.uuid()))
            .filter(subjects::Column::Sector.eq(sector))
            .filter(subjects::Column::FrozenAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        Ok(Attempt::of(done.rows_affected))
    }
}
