//! Audited facts: appended in the transaction of the change, one chain per collective and one for the cluster.
//!
//! A row's canonical bytes hold everything it says; the columns beside them only find it. `hash = SHA-256(previous
//! hash ‖ canonical bytes)`, so that an edit, a removal or another order is noticed by [`Audit::verify`] and by
//! whoever noted an earlier head.

mod canonical;

use std::collections::HashMap;

use idp_domain::{
    Fault, Timestamp,
    audit::AuditEntry,
    id::{AuditId, CollectiveId, Id, Kind, PersonId},
    name::DisplayName,
    policy::Actor,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Inserted, Tx, WriteTx,
    entity::{audit, audit_chains, people},
    error::{damaged, fault},
    signin_log::audit_index_of,
    sql::{insert, insert_new, rows, same, select_all},
};
use canonical::{Fact, Who};

const CLUSTER: &str = "cluster";
/// What the first row of a chain follows.
const GENESIS: [u8; 32] = [0; 32];
/// Rows checked at a time.
const PAGE: u64 = 1000;

/// Questions about audited facts, and on a [`WriteTx`] new ones.
#[derive(Debug)]
pub struct Audit<'a, T>(pub(crate) &'a T);

/// A person in the audit; nobody once they were erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedPerson {
    /// Who.
    pub id: PersonId,
    /// Their name today.
    pub name: DisplayName,
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditedActor {
    /// A person; absent once they were erased.
    Person(Option<AuditedPerson>),
    /// An operator at the server's console.
    Operator,
    /// The software itself.
    System,
}

/// An audited fact as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// The row.
    pub id: AuditId,
    /// Its place in its chain, from 1.
    pub seq: i64,
    /// Whose chain; absent: the cluster's.
    pub collective: Option<CollectiveId>,
    /// When.
    pub at: Timestamp,
    /// Who acted.
    pub actor: AuditedActor,
    /// Whom it concerns.
    pub person: Option<AuditedPerson>,
    /// What happened: [`idp_domain::audit::AuditEvent::kind`].
    pub kind: String,
    /// What it concerned: names and printed identifiers.
    pub fields: Vec<(String, String)>,
    /// The request it happened in.
    pub request_id: String,
    /// Free text, sealed with the person's key.
    pub detail_sealed: Option<Vec<u8>>,
}

impl AuditRecord {
    /// What it concerned under this name; `None` when it concerned nothing of the kind.
    pub fn id_of<K: Kind>(&self, name: &str) -> Option<Id<K>> {
        self.fields.iter().find(|(field, _)| field == name)?.1.parse().ok()
    }
}

/// What a check of a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every row follows from the one before.
    Sound {
        /// How many rows.
        rows: i64,
        /// The hash of the last, for a witness outside.
        head: [u8; 32],
    },
    /// It does not.
    Broken {
        /// At this place of the chain.
        seq: i64,
        /// In this way.
        why: &'static str,
    },
}

fn chain_name(collective: Option<CollectiveId>) -> String {
    collective.map_or_else(|| CLUSTER.to_owned(), |collective| collective.to_string())
}

fn link(previous: &[u8], canonical: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    hasher.update(canonical);
    hasher.finalize().into()
}

/// The pseudonyms of people.
async fn indexes_of(tx: &WriteTx, ids: impl IntoIterator<Item = PersonId>, place: &'static str) -> Result<HashMap<PersonId, Uuid>, Fault> {
    let mut ids: Vec<_> = ids.into_iter().map(PersonId::uuid).collect();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = people::Entity::find()
        .select_only()
        .columns([people::Column::Id, people::Column::AuditIndex])
        .filter(people::Column::Id.is_in(ids))
        .into_query();
    let found = rows(tx.writing(), select, place).await?;
    found.into_iter().map(|mut columns| Ok((columns.id()?, columns.next()?))).collect()
}

fn record_select() -> SelectStatement {
    let mut select = Query::select();
    select_all::<audit::Entity>(&mut select, "x", "");
    for (alias, column) in [("a", "actor_index"), ("p", "person_index")] {
        select.expr_as(Expr::col((alias, "id")), format!("{alias}_id"));
        select.expr_as(Expr::col((alias, "display_name")), format!("{alias}_name"));
        select.join_as(JoinType::LeftJoin, "people", alias, same((alias, "audit_index"), ("x", column)));
    }
    select.from_as("audit", "x");
    select
}

fn read_person(row: &QueryResult, prefix: &str) -> Result<Option<AuditedPerson>, Fault> {
    let place = "store.audit";
    let Some(id) = row.try_get::<Option<Uuid>>(prefix, "id").map_err(fault(place))? else { return Ok(None) };
    let name: String = row.try_get(prefix, "name").map_err(fault(place))?;
    let id = PersonId::from_uuid(id);
    Ok(Some(AuditedPerson { id, name: DisplayName::parse(&name).map_err(|_| damaged(place, id, "display_name"))? }))
}

fn read_record(row: &QueryResult) -> Result<AuditRecord, Fault> {
    let place = "store.audit";
    let model = audit::Model::from_query_result(row, "").map_err(fault(place))?;
    let id = AuditId::from_uuid(model.id);
    let fact = Fact::decode(&model.canonical).ok_or_else(|| damaged(place, id, "canonical"))?;
    let collective = match model.chain.as_str() {
        CLUSTER => None,
        text => Some(text.parse().map_err(|_| damaged(place, id, "chain"))?),
    };
    Ok(AuditRecord {
        id,
        seq: model.seq,
        collective,
        at: fact.at,
        actor: match fact.actor {
            Who::Person(_) => AuditedActor::Person(read_person(row, "a_")?),
            Who::Operator => AuditedActor::Operator,
            Who::System => AuditedActor::System,
        },
        person: read_person(row, "p_")?,
        kind: fact.kind,
        fields: fact.fields,
        request_id: fact.request_id,
        detail_sealed: model.detail_sealed,
    })
}

impl<T: Tx> Audit<'_, T> {
    /// The facts of a collective, or of the cluster, newest first, before a place in the chain.
    pub async fn list(&self, collective: Option<CollectiveId>, before: Option<i64>, limit: u64) -> Result<Vec<AuditRecord>, Fault> {
        let mut select = record_select();
        select.and_where(Expr::col(("x", "chain")).eq(chain_name(collective)));
        if let Some(before) = before {
            select.and_where(Expr::col(("x", "seq")).lt(before));
        }
        select.order_by(("x", "seq"), Order::Desc).limit(limit);
        let rows = self.0.conn().query_all(&select).await.map_err(fault("store.audit.list"))?;
        rows.iter().map(read_record).collect()
    }

    /// The facts that concern a person, in whatever chain, newest first, before a cursor.
    pub async fn list_for_person(&self, person: PersonId, before: Option<AuditId>, limit: u64) -> Result<Vec<AuditRecord>, Fault> {
        let mut select = record_select();
        select.and_where(Expr::col(("x", "person_index")).in_subquery(audit_index_of(person)));
        if let Some(before) = before {
            select.and_where(Expr::col(("x", "id")).lt(before.uuid()));
        }
        select.order_by(("x", "id"), Order::Desc).limit(limit);
        let rows = self.0.conn().query_all(&select).await.map_err(fault("store.audit.list_for_person"))?;
        rows.iter().map(read_record).collect()
    }

    /// The facts that concern a person in one collective's chain, newest first: what its managers may see.
    pub async fn list_for_person_in(&self, collective: CollectiveId, person: PersonId, limit: u64) -> Result<Vec<AuditRecord>, Fault> {
        let mut select = record_select();
        select
            .and_where(Expr::col(("x", "chain")).eq(chain_name(Some(collective))))
            .and_where(Expr::col(("x", "person_index")).in_subquery(audit_index_of(person)))
            .order_by(("x", "seq"), Order::Desc)
            .limit(limit);
        let rows = self.0.conn().query_all(&select).await.map_err(fault("store.audit.list_for_person_in"))?;
        rows.iter().map(read_record).collect()
    }

    /// When somebody last did a kind of thing to a person in a collective, from `since` on. On a [`WriteTx`],
    /// `collectives().hold(collective)` first keeps the answer true until the commit.
    pub async fn find_latest_by(
        &self,
        actor: PersonId,
        person: PersonId,
        (collective, kind): (CollectiveId, &str),
        since: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        let place = "store.audit.find_latest_by";
        let latest = audit::Entity::find()
            .select_only()
            .column(audit::Column::At)
            .filter(audit::Column::ActorIndex.in_subquery(audit_index_of(actor)))
            .filter(audit::Column::PersonIndex.in_subquery(audit_index_of(person)))
            .filter(audit::Column::Chain.eq(chain_name(Some(collective))))
            .filter(audit::Column::Kind.eq(kind))
            .filter(audit::Column::At.gte(since.millis()))
            .order_by_desc(audit::Column::At)
            .limit(1)
            .into_query();
        let mut found = rows(self.0.conn(), latest, place).await?;
        found.first_mut().map(|columns| columns.next().map(Timestamp::from_millis)).transpose()
    }

    /// Whose chains there are; `None` is the cluster's.
    pub async fn list_chains(&self) -> Result<Vec<Option<CollectiveId>>, Fault> {
        let place = "store.audit.list_chains";
        let rows = audit_chains::Entity::find().order_by_asc(audit_chains::Column::Chain).all(self.0.conn()).await.map_err(fault(place))?;
        rows.into_iter()
            .map(|row| match row.chain.as_str() {
                CLUSTER => Ok(None),
                text => text.parse().map(Some).map_err(|_| damaged(place, text, "chain")),
            })
            .collect()
    }

    /// Checks a chain from its first row to the head it has when the check begins.
    pub async fn verify(&self, collective: Option<CollectiveId>) -> Result<ChainCheck, Fault> {
        let place = "store.audit.verify";
        let chain = chain_name(collective);
        let head = audit_chains::Entity::find_by_id(&chain).one(self.0.conn()).await.map_err(fault(place))?;
        let (last, head) = head.map_or((0, GENESIS.to_vec()), |row| (row.seq, row.head_hash));
        let mut previous = GENESIS;
        let mut seq = 0;
        while seq < last {
            let rows = audit::Entity::find()
                .filter(audit::Column::Chain.eq(&chain))
                .filter(audit::Column::Seq.gt(seq))
                .filter(audit::Column::Seq.lte(last))
                .order_by_asc(audit::Column::Seq)
                .limit(PAGE)
                .all(self.0.conn())
                .await
                .map_err(fault(place))?;
            if rows.is_empty() {
                return Ok(ChainCheck::Broken { seq: seq + 1, why: "the row is missing" });
            }
            for row in rows {
                seq += 1;
                match check_row(&row, seq, &previous) {
                    Ok(hash) => previous = hash,
                    Err(why) => return Ok(ChainCheck::Broken { seq, why }),
                }
            }
        }
        if previous.as_slice() != head.as_slice() {
            return Ok(ChainCheck::Broken { seq, why: "the last row is not the head of the chain" });
        }
        Ok(ChainCheck::Sound { rows: seq, head: previous })
    }
}

fn check_row(row: &audit::Model, seq: i64, previous: &[u8; 32]) -> Result<[u8; 32], &'static str> {
    if row.seq != seq {
        return Err("the row is missing");
    }
    if row.prev_hash != previous {
        return Err("the row does not follow the one before");
    }
    let hash = link(previous, &row.canonical);
    if row.hash != hash {
        return Err("the hash is not that of the row");
    }
    let fact = Fact::decode(&row.canonical).ok_or("the row cannot be read")?;
    if !fact.agrees_with(row) {
        return Err("the columns say something else than the hashed bytes");
    }
    Ok(hash)
}

impl Audit<'_, WriteTx> {
    /// Appends a fact to its chain. `detail_sealed` is free text under the key of the person it concerns.
    pub async fn append(&self, id: AuditId, entry: &AuditEntry, detail_sealed: Option<Vec<u8>>) -> Result<(), Fault> {
        let place = "store.audit.append";
        let concerned = entry.actor.person().into_iter().chain(entry.person);
        let indexes = indexes_of(self.0, concerned, place).await?;
        let index = |person: PersonId| {
            indexes.get(&person).copied().ok_or_else(|| Fault::broken(place, format!("{person} has no place in the audit")))
        };
        let actor = match entry.actor {
            Actor::Person(person) => Who::Person(index(person)?),
            Actor::Operator => Who::Operator,
            Actor::System => Who::System,
        };
        let chain = chain_name(entry.collective);
        let (seq, previous) = self.next(&chain).await?;
        let fact = Fact {
            id: id.uuid(),
            chain: chain.clone(),
            seq,
            at: entry.at,
            actor,
            person: entry.person.map(index).transpose()?,
            kind: entry.event.kind().to_owned(),
            fields: entry.event.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            request_id: entry.request_id.clone(),
            detail_hash: detail_sealed.as_deref().map(canonical::detail_hash),
        };
        let canonical = fact.encode();
        let hash = link(&previous, &canonical);
        let row = audit::Model {
            chain: chain.clone(),
            seq,
            id: fact.id,
            prev_hash: previous,
            hash: hash.to_vec(),
            canonical,
            at: entry.at.millis(),
            actor_index: fact.actor.index(),
            person_index: fact.person,
            kind: fact.kind,
            detail_sealed,
        };
        insert(self.0, row, place).await?;
        audit_chains::Entity::update_many()
            .col_expr(audit_chains::Column::HeadHash, Expr::value(hash.to_vec()))
            .filter(audit_chains::Column::Chain.eq(chain))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault(place))
    }

    /// Takes the next place of a chain and holds it until the transaction ends: two facts of one chain wait for each
    /// other, facts of different chains do not.
    async fn next(&self, chain: &str) -> Result<(i64, Vec<u8>), Fault> {
        let place = "store.audit.next";
        for _ in 0..2 {
            let rows = audit_chains::Entity::update_many()
                .col_expr(audit_chains::Column::Seq, Expr::col(audit_chains::Column::Seq).add(1))
                .filter(audit_chains::Column::Chain.eq(chain))
                .exec_with_returning(self.0.writing())
                .await
                .map_err(fault(place))?;
            if let Some(head) = rows.into_iter().next() {
                return Ok((head.seq, head.head_hash));
            }
            let first = audit_chains::Model { chain: chain.to_owned(), seq: 1, head_hash: GENESIS.to_vec() };
            if insert_new(self.0, first, place).await? == Inserted::Done {
                return Ok((1, GENESIS.to_vec()));
            }
        }
        Err(Fault::broken(place, "a chain is there and is not"))
    }
}
