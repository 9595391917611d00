//! Services and whose they are.

use idp_domain::{
    Fault, Timestamp,
    access::CollectiveRef,
    id::{CollectiveId, ServiceId},
    name::DisplayName,
    service::{Outsiders, RoleName, Service, ServiceState},
    slug::Slug,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Decided, Inserted, Tx, Updated, WriteTx,
    decode::{Row, joined},
    entity::{
        collectives, service_owners as owners,
        services::{Column, Entity, Model},
    },
    error::fault,
    sql::{Fixed, insert_many, insert_new, parameter},
};

static NAME: Fixed =
    Fixed::new(|| Query::select().column(Column::Name).from(Entity).and_where(Expr::col(Column::Id).eq(parameter())).to_owned());

/// Services.
#[derive(Debug, Clone, Copy)]
pub struct Services<'t, T>(pub(crate) &'t T);

/// What may change about a service. Its slug never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEdit {
    /// Shown.
    pub name: DisplayName,
    /// One sentence for people.
    pub description: String,
    /// Where people go to use it.
    pub url: Option<String>,
    /// Roles, weakest first.
    pub roles: Vec<RoleName>,
    /// Whether guests are admitted.
    pub outsiders: Outsiders,
}

impl<T: Tx> Services<'_, T> {
    /// The service, if there is one.
    pub async fn find(&self, id: ServiceId) -> Result<Option<Service>, Fault> {
        let row = Entity::find_by_id(id.uuid()).one(self.0.conn()).await;
        row.map_err(fault("store.services.find"))?.as_ref().map(service).transpose()
    }

    /// What a service is called.
    pub async fn find_name(&self, id: ServiceId) -> Result<Option<DisplayName>, Fault> {
        let found = NAME.one(self.0.conn(), vec![id.uuid().into()], "store.services.find_name").await?;
        found.map(|mut row| Row("services", id.uuid()).name(&row.next::<String>()?)).transpose()
    }

    /// The service of a slug, if there is one.
    pub async fn find_by_slug(&self, slug: &Slug) -> Result<Option<Service>, Fault> {
        let row = Entity::find().filter(Column::Slug.eq(slug.as_str())).one(self.0.conn()).await;
        row.map_err(fault("store.services.find_by_slug"))?.as_ref().map(service).transpose()
    }

    /// A page in order of slugs, at most `limit`.
    pub async fn list(&self, after: Option<&Slug>, limit: u64) -> Result<Vec<Service>, Fault> {
        let mut query = Entity::find();
        if let Some(after) = after {
            query = query.filter(Column::Slug.gt(after.as_str()));
        }
        let rows = query.order_by_asc(Column::Slug).limit(limit).all(self.0.conn()).await;
        rows.map_err(fault("store.services.list"))?.iter().map(service).collect()
    }

    /// Those of the given ones that exist, in order of slugs.
    pub async fn list_of(&self, ids: &[ServiceId]) -> Result<Vec<Service>, Fault> {
        let rows =
            Entity::find().filter(Column::Id.is_in(ids.iter().map(|id| id.uuid()))).order_by_asc(Column::Slug).all(self.0.conn()).await;
        rows.map_err(fault("store.services.list_of"))?.iter().map(service).collect()
    }

    /// Whose it is, by slug; nobody when it is the cluster's.
    pub async fn owners(&self, id: ServiceId) -> Result<Vec<CollectiveRef>, Fault> {
        let conn = self.0.conn();
        let rows = owners::Entity::find().filter(owners::Column::ServiceId.eq(id.uuid())).all(conn).await;
        let ids = rows.map_err(fault("store.services.owners"))?.into_iter().map(|row| row.collective_id);
        let rows =
            collectives::Entity::find().filter(collectives::Column::Id.is_in(ids)).order_by_asc(collectives::Column::Slug).all(conn).await;
        let rows = rows.map_err(fault("store.services.owners"))?;
        rows.iter().map(|row| Row("collectives", row.id).collective_ref(row.id, &row.slug, &row.name)).collect()
    }

    /// The services a collective owns, alone or with others, by slug.
    pub async fn list_owned_by(&self, collective: CollectiveId) -> Result<Vec<Service>, Fault> {
        let conn = self.0.conn();
        let rows = owners::Entity::find().filter(owners::Column::CollectiveId.eq(collective.uuid())).all(conn).await;
        let ids: Vec<_> =
            rows.map_err(fault("store.services.list_owned_by"))?.into_iter().map(|row| ServiceId::from_uuid(row.service_id)).collect();
        self.list_of(&ids).await
    }
}

impl Services<'_, WriteTx> {
    /// A new service without owners; `Taken` when its slug is.
    pub async fn insert(&self, new: &Service, decided: Decided) -> Result<Inserted, Fault> {
        insert_new(self.0, model(new, decided.at()), "store.services.insert").await
    }

    /// Changes what may change.
    pub async fn edit(&self, id: ServiceId, version: i64, edit: &ServiceEdit, decided: Decided) -> Result<Updated, Fault> {
        let update = Entity::update_many()
            .col_expr(Column::Name, Expr::value(edit.name.as_str()))
            .col_expr(Column::Description, Expr::value(edit.description.as_str()))
            .col_expr(Column::Url, Expr::value(edit.url.as_deref()))
            .col_expr(Column::Roles, Expr::value(joined(&edit.roles)))
            .col_expr(Column::Outsiders, Expr::value(outsiders_name(edit.outsiders)));
        self.compare_and_set(update, id, version, decided, "store.services.edit").await
    }

    /// Changes where it is in its life.
    pub async fn set_state(&self, id: ServiceId, version: i64, state: ServiceState, decided: Decided) -> Result<Updated, Fault> {
        let update = Entity::update_many().col_expr(Column::State, Expr::value(state.as_str()));
        self.compare_and_set(update, id, version, decided, "store.services.set_state").await
    }

    /// Makes these collectives its owners, and no other ones.
    pub async fn set_owners(&self, id: ServiceId, collectives: &[CollectiveId]) -> Result<(), Fault> {
        let place = "store.services.set_owners";
        let removed = owners::Entity::delete_many().filter(owners::Column::ServiceId.eq(id.uuid())).exec(self.0.writing()).await;
        removed.map_err(fault(place))?;
        let rows = collectives.iter().map(|collective| owners::Model { service_id: id.uuid(), collective_id: collective.uuid() });
        insert_many(self.0, rows.collect(), place).await
    }

    async fn compare_and_set(
        &self,
        update: UpdateMany<Entity>,
        id: ServiceId,
        version: i64,
        decided: Decided,
        place: &'static str,
    ) -> Result<Updated, Fault> {
        let done = decided
            .note(update, Column::DecidedAt)
            .col_expr(Column::Version, Expr::value(version.saturating_add(1)))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(version))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault(place))
    }
}

const fn outsiders_name(outsiders: Outsiders) -> &'static str {
    match outsiders {
        Outsiders::Admitted => "admitted",
        Outsiders::Refused => "refused",
    }
}

fn outsiders(name: &str) -> Option<Outsiders> {
    [Outsiders::Admitted, Outsiders::Refused].into_iter().find(|outsiders| outsiders_name(*outsiders) == name)
}

pub(crate) fn model(service: &Service, decided_at: Option<i64>) -> Model {
    Model {
        id: service.id.uuid(),
        slug: service.slug.to_string(),
        name: service.name.to_string(),
        description: service.description.clone(),
        url: service.url.clone(),
        state: service.state.as_str().to_owned(),
        roles: joined(&service.roles),
        outsiders: outsiders_name(service.outsiders).to_owned(),
        decided_at,
        created_at: service.created_at.millis(),
        version: service.version,
    }
}

pub(crate) fn service(row: &Model) -> Result<Service, Fault> {
    let read = Row("services", row.id);
    Ok(Service {
        id: ServiceId::from_uuid(row.id),
        slug: read.slug(&row.slug)?,
        name: read.name(&row.name)?,
        description: row.description.clone(),
        url: row.url.clone(),
        state: read.read("state", ServiceState::from_name(&row.state))?,
        roles: read.roles(&row.roles)?,
        outsiders: read.read("outsiders", outsiders(&row.outsiders))?,
        created_at: Timestamp::from_millis(row.created_at),
        version: row.version,
    })
}
