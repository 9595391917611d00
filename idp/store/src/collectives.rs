//! Collectives.

use idp_domain::{
    Fault, Timestamp,
    collective::{Collective, CollectiveState, Listing},
    id::CollectiveId,
    locale::Locale,
    name::DisplayName,
    slug::Slug,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    Decided, Inserted, Tx, Updated, WriteTx,
    decode::Row,
    entity::collectives::{Column, Entity, Model},
    error::fault,
    search::{Typed, contains},
    sql::insert_new,
};

/// Collectives.
#[derive(Debug, Clone, Copy)]
pub struct Collectives<'t, T>(pub(crate) &'t T);

/// Which collectives a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Active ones that chose to be listed (DOMAIN rule 15): the picker, the cluster's page.
    Listed,
    /// Every one, for the stewards.
    All,
}

/// Where a list of collectives goes on: the last one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AfterCollective {
    /// Its name's sort key.
    pub sort_key: String,
    /// Itself.
    pub id: CollectiveId,
}

impl AfterCollective {
    /// The place after this one.
    pub fn new(collective: &Collective) -> Self {
        Self { sort_key: collective.name.sort_key(), id: collective.id }
    }
}

/// What its managers may change about a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectiveEdit {
    /// Shown.
    pub name: DisplayName,
    /// Language of its mails.
    pub locale: Locale,
    /// Whether the picker shows it.
    pub listing: Listing,
}

impl<T: Tx> Collectives<'_, T> {
    /// The collective, if there is one.
    pub async fn find(&self, id: CollectiveId) -> Result<Option<Collective>, Fault> {
        let row = Entity::find_by_id(id.uuid()).one(self.0.conn()).await.map_err(fault("store.collectives.find"))?;
        row.as_ref().map(collective).transpose()
    }

    /// The collective of a slug, if there is one.
    pub async fn find_by_slug(&self, slug: &Slug) -> Result<Option<Collective>, Fault> {
        let row = Entity::find().filter(Column::Slug.eq(slug.as_str())).one(self.0.conn()).await;
        row.map_err(fault("store.collectives.find_by_slug"))?.as_ref().map(collective).transpose()
    }

    /// Those of the given ones that exist, in order of their names.
    pub async fn list_of(&self, ids: &[CollectiveId]) -> Result<Vec<Collective>, Fault> {
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
            .order_by_asc(Column::SortKey)
            .order_by_asc(Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.collectives.list_of"))?.iter().map(collective).collect()
    }

    /// A page in order of their names, at most `limit`, whose name contains `text` when one is given.
    pub async fn list(
        &self,
        shown: Shown,
        text: Option<&str>,
        after: Option<&AfterCollective>,
        limit: u64,
    ) -> Result<Vec<Collective>, Fault> {
        let mut query = Entity::find();
        if shown == Shown::Listed {
            query = query.filter(Column::State.eq(CollectiveState::Active.as_str())).filter(Column::ListedAt.is_not_null());
        }
        match Typed::of(text) {
            Typed::Nothing => {}
            Typed::Part(part) => query = query.filter(contains(Expr::col(Column::SortKey), &part)),
            Typed::Nonsense => return Ok(Vec::new()),
        }
        if let Some(after) = after {
            let later = Condition::any()
                .add(Column::SortKey.gt(after.sort_key.as_str()))
                .add(Condition::all().add(Column::SortKey.eq(after.sort_key.as_str())).add(Column::Id.gt(after.id.uuid())));
            query = query.filter(Column::SortKey.gte(after.sort_key.as_str())).filter(later);
        }
        let rows = query.order_by_asc(Column::SortKey).order_by_asc(Column::Id).limit(limit).all(self.0.conn()).await;
        rows.map_err(fault("store.collectives.list"))?.iter().map(collective).collect()
    }
}

impl Collectives<'_, WriteTx> {
    /// A new collective; `Taken` when its slug is.
    pub async fn insert(&self, new: &Collective, decided: Decided) -> Result<Inserted, Fault> {
        insert_new(self.0, model(new, decided.at()), "store.collectives.insert").await
    }

    /// Changes what its managers may change.
    pub async fn edit(
        &self,
        id: CollectiveId,
        version: i64,
        edit: &CollectiveEdit,
        decided: Decided,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let listed_at = match edit.listing {
            // keeps the instant it was first listed
            Listing::Listed => Expr::col(Column::ListedAt).if_null(now.millis()),
            Listing::Unlisted => Expr::value(None::<i64>),
        };
        let update = Entity::update_many()
            .col_expr(Column::Name, Expr::value(edit.name.as_str()))
            .col_expr(Column::SortKey, Expr::value(edit.name.sort_key()))
            .col_expr(Column::Locale, Expr::value(edit.locale.as_str()))
            .col_expr(Column::ListedAt, listed_at);
        self.compare_and_set(update, id, version, decided, "store.collectives.edit").await
    }

    /// Changes where it is in its life.
    pub async fn set_state(&self, id: CollectiveId, version: i64, state: CollectiveState, decided: Decided) -> Result<Updated, Fault> {
        let update = Entity::update_many().col_expr(Column::State, Expr::value(state.as_str()));
        self.compare_and_set(update, id, version, decided, "store.collectives.set_state").await
    }

    /// Makes other transactions that hold this collective wait until this one ends: what is counted after it (its
    /// managers) stays true until the commit, also where several transactions write at once.
    pub async fn hold(&self, id: CollectiveId) -> Result<(), Fault> {
        let update = Entity::update_many().col_expr(Column::Version, Expr::col(Column::Version)).filter(Column::Id.eq(id.uuid()));
        update.exec(self.0.writing()).await.map(drop).map_err(fault("store.collectives.hold"))
    }

    async fn compare_and_set(
        &self,
        update: sea_orm::UpdateMany<Entity>,
        id: CollectiveId,
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

pub(crate) fn model(collective: &Collective, decided_at: Option<i64>) -> Model {
    Model {
        id: collective.id.uuid(),
        slug: collective.slug.to_string(),
        name: collective.name.to_string(),
        sort_key: collective.name.sort_key(),
        locale: collective.locale.as_str().to_owned(),
        listed_at: (collective.listing == Listing::Listed).then_some(collective.created_at.millis()),
        state: collective.state.as_str().to_owned(),
        decided_at,
        created_at: collective.created_at.millis(),
        version: collective.version,
    }
}

pub(crate) fn collective(row: &Model) -> Result<Collective, Fault> {
    let read = Row("collectives", row.id);
    Ok(Collective {
        id: CollectiveId::from_uuid(row.id),
        slug: read.slug(&row.slug)?,
        name: read.name(&row.name)?,
        locale: read.read("locale", Locale::from_tag(&row.locale))?,
        listing: if row.listed_at.is_some() { Listing::Listed } else { Listing::Unlisted },
        state: read.read("state", CollectiveState::from_name(&row.state))?,
        created_at: Timestamp::from_millis(row.created_at),
        version: row.version,
    })
}
