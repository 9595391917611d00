//! What the cluster knows about itself: a few named values, and the epoch that a restore raises.

use idp_domain::Fault;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict, Query},
};

use crate::{
    Attempt, Inserted, Tx, WriteTx,
    entity::cluster,
    error::{damaged, fault},
    sql::insert_new,
};

/// Questions about the cluster, and on a [`WriteTx`] changes to it.
#[derive(Debug)]
pub struct Cluster<'a, T>(pub(crate) &'a T);

/// A named value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    /// Before every group's slug: it cannot change once services know it.
    GroupPrefix,
    /// The last end by date that the services were told of; see [`crate::ends`].
    LastEndFollowed,
}

impl Setting {
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GroupPrefix => "group_prefix",
            Self::LastEndFollowed => "last_end_followed",
        }
    }
}

const EPOCH: &str = "epoch";
/// The epoch of a cluster that was never restored.
const FIRST_EPOCH: i64 = 1;

impl<T: Tx> Cluster<'_, T> {
    /// A named value, if it was ever set.
    pub async fn find(&self, setting: Setting) -> Result<Option<String>, Fault> {
        self.find_raw(setting.as_str()).await
    }

    async fn find_raw(&self, name: &str) -> Result<Option<String>, Fault> {
        let row = cluster::Entity::find_by_id(name).one(self.0.conn()).await.map_err(fault("store.cluster.find"))?;
        Ok(row.map(|row| row.value))
    }

    /// The epoch: sessions and refresh tokens of another one are dead.
    pub async fn epoch(&self) -> Result<i64, Fault> {
        match self.find_raw(EPOCH).await? {
            Some(text) => text.parse().map_err(|_| damaged("store.cluster.epoch", EPOCH, "value")),
            None => Ok(FIRST_EPOCH),
        }
    }
}

impl Cluster<'_, WriteTx> {
    /// Sets a named value that must not change once it is there: [`Inserted::Taken`] leaves the old one.
    pub async fn set_once(&self, setting: Setting, value: &str) -> Result<Inserted, Fault> {
        let row = cluster::Model { name: setting.as_str().to_owned(), value: value.to_owned() };
        insert_new(self.0, row, "store.cluster.set_once").await
    }

    /// Sets a named value when it is still what it was (`None`: not there): of several who try, one wins.
    pub async fn replace(&self, setting: Setting, before: Option<&str>, after: &str) -> Result<Attempt, Fault> {
        let Some(before) = before else {
            let first = self.set_once(setting, after).await?;
            return Ok(if first == Inserted::Done { Attempt::Won } else { Attempt::Lost });
        };
        let done = cluster::Entity::update_many()
            .col_expr(cluster::Column::Value, Expr::value(after))
            .filter(cluster::Column::Name.eq(setting.as_str()))
            .filter(cluster::Column::Value.eq(before))
            .exec(self.0.writing())
            .await;
        done.map(|done| Attempt::of(done.rows_affected)).map_err(fault("store.cluster.replace"))
    }

    /// Begins a new epoch, as after a restore: every session and refresh token from before is dead. Returns it.
    pub async fn raise_epoch(&self) -> Result<i64, Fault> {
        let next = self.epoch().await?.saturating_add(1);
        let upsert = Query::insert()
            .into_table(cluster::Entity)
            .columns([cluster::Column::Name, cluster::Column::Value])
            .values_panic([Expr::val(EPOCH), Expr::val(next.to_string())])
            .on_conflict(OnConflict::column(cluster::Column::Name).update_column(cluster::Column::Value).to_owned())
            .to_owned();
        self.0.writing().execute(&upsert).await.map_err(fault("store.cluster.raise_epoch"))?;
        Ok(next)
    }

    /// Changes nothing, which a database that takes no writes refuses all the same (F08).
    pub(crate) async fn try_to_write(&self) -> Result<(), Fault> {
        let nothing = cluster::Entity::delete_many().filter(cluster::Column::Name.eq("")).exec(self.0.writing()).await;
        nothing.map(drop).map_err(fault("store.cluster.try_to_write"))
    }
}
