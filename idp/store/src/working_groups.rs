//! Working groups of collectives and who is in them.

use idp_domain::{
    Fault, Timestamp,
    collective::WorkingGroup,
    id::{CollectiveId, MembershipId, WorkingGroupId},
    name::DisplayName,
    slug::WorkingGroupSlug,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    Inserted, Tx, Updated, WriteTx,
    decode::Row,
    entity::{membership_working_groups as places, working_groups as groups},
    error::fault,
    sql::{insert_new, next_version},
};

/// Working groups.
#[derive(Debug, Clone, Copy)]
pub struct WorkingGroups<'t, T>(pub(crate) &'t T);

impl<T: Tx> WorkingGroups<'_, T> {
    /// Those of a collective, by slug.
    pub async fn list(&self, collective: CollectiveId) -> Result<Vec<WorkingGroup>, Fault> {
        let rows = groups::Entity::find()
            .filter(groups::Column::CollectiveId.eq(collective.uuid()))
            .order_by_asc(groups::Column::Slug)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.working_groups.list"))?.iter().map(working_group).collect()
    }

    /// A working group of this collective.
    pub async fn find_by_slug(&self, collective: CollectiveId, slug: &WorkingGroupSlug) -> Result<Option<WorkingGroup>, Fault> {
        let row = groups::Entity::find()
            .filter(groups::Column::CollectiveId.eq(collective.uuid()))
            .filter(groups::Column::Slug.eq(slug.as_str()))
            .one(self.0.conn())
            .await;
        row.map_err(fault("store.working_groups.find_by_slug"))?.as_ref().map(working_group).transpose()
    }

    /// Which working groups a membership of this collective is in.
    pub async fn list_of_membership(&self, collective: CollectiveId, membership: MembershipId) -> Result<Vec<WorkingGroupId>, Fault> {
        let rows = places::Entity::find()
            .filter(places::Column::CollectiveId.eq(collective.uuid()))
            .filter(places::Column::MembershipId.eq(membership.uuid()))
            .order_by_asc(places::Column::WorkingGroupId)
            .all(self.0.conn())
            .await;
        let rows = rows.map_err(fault("store.working_groups.list_of_membership"))?;
        Ok(rows.into_iter().map(|row| WorkingGroupId::from_uuid(row.working_group_id)).collect())
    }
}

impl WorkingGroups<'_, WriteTx> {
    /// A new working group; `Taken` when the collective has one of this slug.
    pub async fn insert(&self, new: &WorkingGroup, created_at: Timestamp) -> Result<Inserted, Fault> {
        let model = groups::Model {
            id: new.id.uuid(),
            collective_id: new.collective.uuid(),
            slug: new.slug.to_string(),
            name: new.name.to_string(),
            created_at: created_at.millis(),
            version: Some(1),
        };
        insert_new(self.0, model, "store.working_groups.insert").await
    }

    /// Changes the shown name. `Stale` when the collective has no such working group.
    pub async fn rename(&self, collective: CollectiveId, group: WorkingGroupId, name: &DisplayName) -> Result<Updated, Fault> {
        let done = groups::Entity::update_many()
            .col_expr(groups::Column::Name, Expr::value(name.as_str()))
            .col_expr(groups::Column::Version, next_version())
            .filter(groups::Column::CollectiveId.eq(collective.uuid()))
            .filter(groups::Column::Id.eq(group.uuid()))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.working_groups.rename"))
    }

    /// Puts a membership into a working group of the same collective; `Taken` when it is in already.
    pub async fn assign(&self, collective: CollectiveId, membership: MembershipId, group: WorkingGroupId) -> Result<Inserted, Fault> {
        let model = places::Model { collective_id: collective.uuid(), membership_id: membership.uuid(), working_group_id: group.uuid() };
        insert_new(self.0, model, "store.working_groups.assign").await
    }

    /// Takes a membership out of a working group. `Stale` when it was not in.
    pub async fn unassign(&self, collective: CollectiveId, membership: MembershipId, group: WorkingGroupId) -> Result<Updated, Fault> {
        let done = places::Entity::delete_many()
            .filter(places::Column::CollectiveId.eq(collective.uuid()))
            .filter(places::Column::MembershipId.eq(membership.uuid()))
            .filter(places::Column::WorkingGroupId.eq(group.uuid()))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.working_groups.unassign"))
    }
}

pub(crate) fn working_group(row: &groups::Model) -> Result<WorkingGroup, Fault> {
    let read = Row("working_groups", row.id);
    Ok(WorkingGroup {
        id: WorkingGroupId::from_uuid(row.id),
        collective: CollectiveId::from_uuid(row.collective_id),
        slug: read.read("slug", WorkingGroupSlug::parse(&row.slug).ok())?,
        name: read.name(&row.name)?,
    })
}
