//! Grants: who got into a service, through which door. Withdrawn, never deleted.

use idp_domain::{
    Fault, Timestamp,
    id::{CollectiveId, GrantId, MembershipId, OfferId, PersonId, ServiceId},
    quota::Quota,
    service::{Grant, GrantVia, RoleName},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany, sea_query::Expr};

use crate::{
    Inserted, Tx, Updated, WriteTx,
    decode::Row,
    entity::grants::{Column, Entity, Model},
    error::fault,
    sql::{at, insert_new},
};

/// Grants.
#[derive(Debug, Clone, Copy)]
pub struct Grants<'t, T>(pub(crate) &'t T);

/// What may change about an open grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTerms {
    /// As what.
    pub role: Option<RoleName>,
    /// With how much room.
    pub quota: Option<Quota>,
    /// Until when.
    pub ends_at: Option<Timestamp>,
}

impl<T: Tx> Grants<'_, T> {
    /// A grant whose door this collective opened.
    pub async fn find(&self, collective: CollectiveId, id: GrantId) -> Result<Option<Grant>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        row.map_err(fault("store.grants.find"))?.as_ref().map(grant).transpose()
    }

    /// The grant through which this collective holds the door to a service open for a person: not withdrawn, though
    /// its end may have passed.
    pub async fn find_open(&self, collective: CollectiveId, person: PersonId, service: ServiceId) -> Result<Option<Grant>, Fault> {
        let row = Entity::find()
            .filter(Column::PersonId.eq(person.uuid()))
            .filter(Column::ServiceId.eq(service.uuid()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::WithdrawnAt.is_null())
            .one(self.0.conn())
            .await;
        row.map_err(fault("store.grants.find_open"))?.as_ref().map(grant).transpose()
    }

    /// The grants a membership of this collective brought that were not withdrawn, oldest first.
    pub async fn list_of_membership(&self, collective: CollectiveId, membership: MembershipId) -> Result<Vec<Grant>, Fault> {
        let rows = Entity::find()
            .filter(Column::MembershipId.eq(membership.uuid()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::WithdrawnAt.is_null())
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.grants.list_of_membership"))?.iter().map(grant).collect()
    }

    /// Everything a person was ever granted, oldest first: for their own eyes.
    pub async fn list_of_person(&self, person: PersonId) -> Result<Vec<Grant>, Fault> {
        let rows = Entity::find().filter(Column::PersonId.eq(person.uuid())).order_by_asc(Column::Id).all(self.0.conn()).await;
        rows.map_err(fault("store.grants.list_of_person"))?.iter().map(grant).collect()
    }
}

impl Grants<'_, WriteTx> {
    /// A new grant, decided by a person in the web, or by a file or the software itself. `Taken` when the same
    /// collective holds the door open already: change that grant instead.
    pub async fn insert(&self, new: &Grant, by: Option<PersonId>) -> Result<Inserted, Fault> {
        insert_new(self.0, model(new, by), "store.grants.insert").await
    }

    /// Changes role, quota and end of a grant that was not withdrawn.
    pub async fn change(
        &self,
        collective: CollectiveId,
        id: GrantId,
        version: i64,
        terms: &GrantTerms,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let update = decided(Entity::update_many(), by, now)
            .col_expr(Column::Role, Expr::value(terms.role.as_ref().map(RoleName::as_str)))
            .col_expr(Column::Quota, Expr::value(terms.quota.map(Quota::bytes)))
            .col_expr(Column::EndsAt, Expr::value(terms.ends_at.map(Timestamp::millis)))
            .col_expr(Column::Version, Expr::value(version.saturating_add(1)))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(version))
            .filter(Column::WithdrawnAt.is_null());
        let done = update.exec(self.0.writing()).await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.grants.change"))
    }

    /// Closes the door. `Stale` also when it is closed already.
    pub async fn withdraw(
        &self,
        collective: CollectiveId,
        id: GrantId,
        version: i64,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let update = withdrawal(by, now)
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(version));
        let done = update.exec(self.0.writing()).await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.grants.withdraw"))
    }

    /// Closes every door that a membership opened and tells which: an ended membership opens none, also after it is
    /// renewed.
    pub async fn withdraw_all(
        &self,
        collective: CollectiveId,
        membership: MembershipId,
        by: Option<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Grant>, Fault> {
        let closed = self.list_of_membership(collective, membership).await?;
        let update =
            withdrawal(by, now).filter(Column::MembershipId.eq(membership.uuid())).filter(Column::CollectiveId.eq(collective.uuid()));
        update.exec(self.0.writing()).await.map_err(fault("store.grants.withdraw_all"))?;
        Ok(closed)
    }
}

fn decided(update: UpdateMany<Entity>, by: Option<PersonId>, now: Timestamp) -> UpdateMany<Entity> {
    match by {
        Some(person) => {
            update.col_expr(Column::DecidedAt, Expr::value(now.millis())).col_expr(Column::DecidedBy, Expr::value(person.uuid()))
        }
        None => update,
    }
}

fn withdrawal(by: Option<PersonId>, now: Timestamp) -> UpdateMany<Entity> {
    use sea_orm::ExprTrait;
    decided(Entity::update_many(), by, now)
        .col_expr(Column::WithdrawnAt, Expr::value(now.millis()))
        .col_expr(Column::WithdrawnBy, Expr::value(by.map(PersonId::uuid)))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::WithdrawnAt.is_null())
}

pub(crate) fn model(grant: &Grant, by: Option<PersonId>) -> Model {
    let (offer, membership, collective, sponsor) = match grant.via {
        GrantVia::Membership { offer, membership, collective } => (Some(offer), Some(membership), collective, None),
        GrantVia::Guest { sponsor, owner } => (None, None, owner, Some(sponsor)),
    };
    Model {
        id: grant.id.uuid(),
        person_id: grant.person.uuid(),
        service_id: grant.service.uuid(),
        offer_id: offer.map(OfferId::uuid),
        membership_id: membership.map(MembershipId::uuid),
        collective_id: collective.uuid(),
        sponsor_id: sponsor.map(PersonId::uuid),
        role: grant.role.as_ref().map(ToString::to_string),
        quota: grant.quota.map(Quota::bytes),
        ends_at: grant.ends_at.map(Timestamp::millis),
        decided_at: by.map(|_| grant.created_at.millis()),
        decided_by: by.map(PersonId::uuid),
        created_at: grant.created_at.millis(),
        withdrawn_at: grant.withdrawn_at.map(Timestamp::millis),
        withdrawn_by: None,
        version: grant.version,
    }
}

pub(crate) fn grant(row: &Model) -> Result<Grant, Fault> {
    let read = Row("grants", row.id);
    let collective = CollectiveId::from_uuid(row.collective_id);
    let via = match (row.offer_id, row.membership_id, row.sponsor_id) {
        (Some(offer), Some(membership), None) => {
            Some(GrantVia::Membership { offer: OfferId::from_uuid(offer), membership: MembershipId::from_uuid(membership), collective })
        }
        (None, None, Some(sponsor)) => Some(GrantVia::Guest { sponsor: PersonId::from_uuid(sponsor), owner: collective }),
        _ => None,
    };
    Ok(Grant {
        id: GrantId::from_uuid(row.id),
        person: PersonId::from_uuid(row.person_id),
        service: ServiceId::from_uuid(row.service_id),
        via: read.read("membership_id", via)?,
        role: read.role(row.role.as_deref())?,
        quota: read.quota(row.quota)?,
        ends_at: at(row.ends_at),
        created_at: Timestamp::from_millis(row.created_at),
        withdrawn_at: at(row.withdrawn_at),
        version: row.version,
    })
}
