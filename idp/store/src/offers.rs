//! Offers: services made available to collectives. One row per service and collective; offering again revives it.

use idp_domain::{
    Fault, Timestamp,
    id::{CollectiveId, OfferId, ServiceId},
    quota::Quota,
    service::{Automatic, Offer, RoleName, Service},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany, sea_query::Expr};

use crate::{
    Decided, Inserted, Tx, Updated, WriteTx,
    decode::{Row, joined},
    entity::offers::{Column, Entity, Model},
    error::fault,
    sql::{at, insert_new},
};

/// Offers.
#[derive(Debug, Clone, Copy)]
pub struct Offers<'t, T>(pub(crate) &'t T);

/// What may change about an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferTerms {
    /// Roles the collective's managers may give.
    pub roles: Vec<RoleName>,
    /// The role a grant gets when none is named.
    pub default_role: Option<RoleName>,
    /// The most its managers may give one person.
    pub quota_ceiling: Option<Quota>,
    /// Whether new members get it at once.
    pub automatic: Automatic,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Offered {
    /// The service is offered to the collective now; this is the row, old or new.
    Done(OfferId),
    /// It was offered already: nothing changed.
    Already(OfferId),
}

impl<T: Tx> Offers<'_, T> {
    /// An offer to this collective.
    pub async fn find(&self, collective: CollectiveId, id: OfferId) -> Result<Option<Offer>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        row.map_err(fault("store.offers.find"))?.as_ref().map(offer).transpose()
    }

    /// The offer of a service to a collective, withdrawn or not.
    pub async fn find_for(&self, collective: CollectiveId, service: ServiceId) -> Result<Option<Offer>, Fault> {
        let row = Entity::find()
            .filter(Column::ServiceId.eq(service.uuid()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .one(self.0.conn())
            .await;
        row.map_err(fault("store.offers.find_for"))?.as_ref().map(offer).transpose()
    }

    /// What a collective is offered, with the services, by slug; withdrawn offers are left out.
    pub async fn list_to(&self, collective: CollectiveId) -> Result<Vec<(Offer, Service)>, Fault> {
        let place = "store.offers.list_to";
        let rows = Entity::find()
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::WithdrawnAt.is_null())
            .all(self.0.conn())
            .await
            .map_err(fault(place))?;
        let ids: Vec<_> = rows.iter().map(|row| ServiceId::from_uuid(row.service_id)).collect();
        let services = crate::services::Services(self.0).list_of(&ids).await?;
        let mut offers = Vec::with_capacity(rows.len());
        for service in services {
            if let Some(row) = rows.iter().find(|row| row.service_id == service.id.uuid()) {
                offers.push((offer(row)?, service));
            }
        }
        Ok(offers)
    }

    /// To whom a service is offered, oldest first; withdrawn offers are left out.
    pub async fn list_of(&self, service: ServiceId) -> Result<Vec<Offer>, Fault> {
        let rows = Entity::find()
            .filter(Column::ServiceId.eq(service.uuid()))
            .filter(Column::WithdrawnAt.is_null())
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.offers.list_of"))?.iter().map(offer).collect()
    }
}

impl Offers<'_, WriteTx> {
    /// Offers a service to a collective. A withdrawn offer between the two stands again, with these terms and its old
    /// identifier; grants that were withdrawn with it stay withdrawn.
    pub async fn make(&self, new: &Offer, decided: Decided) -> Result<Offered, Fault> {
        let place = "store.offers.make";
        if insert_new(self.0, model(new, decided.at()), place).await? == Inserted::Done {
            return Ok(Offered::Done(new.id));
        }
        let found = self.find_for(new.collective, new.service).await?;
        let found = found.ok_or_else(|| Fault::broken(place, "the identifier of a new offer is taken"))?;
        let terms = OfferTerms {
            roles: new.roles.clone(),
            default_role: new.default_role.clone(),
            quota_ceiling: new.quota_ceiling,
            automatic: new.automatic,
        };
        let update = with_terms(Entity::update_many(), &terms)
            .col_expr(Column::WithdrawnAt, Expr::value(None::<i64>))
            .filter(Column::WithdrawnAt.is_not_null());
        match self.compare_and_set(update, found.collective, found.id, found.version, decided, place).await? {
            Updated::Done => Ok(Offered::Done(found.id)),
            Updated::Stale => Ok(Offered::Already(found.id)),
        }
    }

    /// Changes the terms.
    pub async fn edit(
        &self,
        collective: CollectiveId,
        id: OfferId,
        version: i64,
        terms: &OfferTerms,
        decided: Decided,
    ) -> Result<Updated, Fault> {
        let update = with_terms(Entity::update_many(), terms);
        self.compare_and_set(update, collective, id, version, decided, "store.offers.edit").await
    }

    /// Withdraws it: the doors it opened are closed from this instant on, their grants stay on record.
    pub async fn withdraw(
        &self,
        collective: CollectiveId,
        id: OfferId,
        version: i64,
        now: Timestamp,
        decided: Decided,
    ) -> Result<Updated, Fault> {
        let update = Entity::update_many().col_expr(Column::WithdrawnAt, Expr::value(now.millis())).filter(Column::WithdrawnAt.is_null());
        self.compare_and_set(update, collective, id, version, decided, "store.offers.withdraw").await
    }

    async fn compare_and_set(
        &self,
        update: UpdateMany<Entity>,
        collective: CollectiveId,
        id: OfferId,
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

fn with_terms(update: UpdateMany<Entity>, terms: &OfferTerms) -> UpdateMany<Entity> {
    update
        .col_expr(Column::Roles, Expr::value(joined(&terms.roles)))
        .col_expr(Column::DefaultRole, Expr::value(terms.default_role.as_ref().map(RoleName::as_str)))
        .col_expr(Column::QuotaCeiling, Expr::value(terms.quota_ceiling.map(Quota::bytes)))
        .col_expr(Column::Automatic, Expr::value(automatic_name(terms.automatic)))
}

const fn automatic_name(automatic: Automatic) -> &'static str {
    match automatic {
        Automatic::Yes => "yes",
        Automatic::No => "no",
    }
}

fn automatic(name: &str) -> Option<Automatic> {
    [Automatic::Yes, Automatic::No].into_iter().find(|automatic| automatic_name(*automatic) == name)
}

pub(crate) fn model(offer: &Offer, decided_at: Option<i64>) -> Model {
    Model {
        id: offer.id.uuid(),
        service_id: offer.service.uuid(),
        collective_id: offer.collective.uuid(),
        roles: joined(&offer.roles),
        default_role: offer.default_role.as_ref().map(ToString::to_string),
        quota_ceiling: offer.quota_ceiling.map(Quota::bytes),
        automatic: automatic_name(offer.automatic).to_owned(),
        decided_at,
        created_at: offer.created_at.millis(),
        withdrawn_at: offer.withdrawn_at.map(Timestamp::millis),
        version: offer.version,
    }
}

pub(crate) fn offer(row: &Model) -> Result<Offer, Fault> {
    let read = Row("offers", row.id);
    Ok(Offer {
        id: OfferId::from_uuid(row.id),
        service: ServiceId::from_uuid(row.service_id),
        collective: CollectiveId::from_uuid(row.collective_id),
        roles: read.roles(&row.roles)?,
        default_role: read.role(row.default_role.as_deref())?,
        quota_ceiling: read.quota(row.quota_ceiling)?,
        automatic: read.read("automatic", automatic(&row.automatic))?,
        created_at: Timestamp::from_millis(row.created_at),
        withdrawn_at: at(row.withdrawn_at),
        version: row.version,
    })
}
