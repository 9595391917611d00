//! The queue: what people ask of a collective's managers, and the thread that goes with it.

use idp_domain::{
    Fault, Timestamp,
    id::{CollectiveId, MessageId, PersonId, RequestId, ServiceId},
    name::FreeText,
    person::Person,
    request::{Request, RequestKind, RequestState},
};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{
    Inserted, Tx, Updated, WriteTx,
    decode::Row,
    entity::{
        request_messages as messages,
        requests::{Column, Entity, Model},
    },
    error::{fault, is_taken},
    sql::{at, count, insert, insert_new},
};

/// Requests.
#[derive(Debug, Clone, Copy)]
pub struct Requests<'t, T>(pub(crate) &'t T);

/// Where a list of requests goes on: the last one shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterRequest {
    /// When it was made.
    pub created_at: Timestamp,
    /// Itself.
    pub id: RequestId,
}

/// A request with who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What is asked.
    pub request: Request,
    /// Who asks.
    pub person: Person,
    /// The collective that handed it over.
    pub rerouted_from: Option<CollectiveId>,
}

/// What a manager decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDecision {
    /// [`RequestState::Accepted`] or [`RequestState::Refused`].
    pub state: RequestState,
    /// For the person to read.
    pub reason: Option<FreeText>,
    /// Who decided; absent: the software itself.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// One message of a request's thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The row.
    pub id: MessageId,
    /// Whose thread.
    pub request: RequestId,
    /// Who wrote; absent: the software itself.
    pub author: Option<PersonId>,
    /// What.
    pub text: FreeText,
    /// When.
    pub at: Timestamp,
}

impl<T: Tx> Requests<'_, T> {
    /// A request by itself: for the software's own work, such as mails. People reach one only through its collective.
    pub async fn find_anywhere(&self, id: RequestId) -> Result<Option<Request>, Fault> {
        let row = Entity::find_by_id(id.uuid()).one(self.0.conn()).await;
        row.map_err(fault("requests.find_anywhere"))?.as_ref().map(request).transpose()
    }

    /// A request to this collective, open or not.
    pub async fn find(&self, collective: CollectiveId, id: RequestId) -> Result<Option<Request>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        row.map_err(fault("store.requests.find"))?.as_ref().map(request).transpose()
    }

    /// A request to this collective, open or not, with who asks.
    pub async fn find_seen(&self, collective: CollectiveId, id: RequestId) -> Result<Option<Waiting>, Fault> {
        let row = Entity::find_by_id(id.uuid()).filter(Column::CollectiveId.eq(collective.uuid())).one(self.0.conn()).await;
        let Some(row) = row.map_err(fault("store.requests.find_seen"))? else { return Ok(None) };
        let person = self.0.people().find(PersonId::from_uuid(row.person_id)).await?;
        Ok(Some(Waiting {
            request: request(&row)?,
            person: Row("requests", row.id).read("person_id", person)?,
            rerouted_from: row.rerouted_from.map(CollectiveId::from_uuid),
        }))
    }

    /// The person's open request of this kind to this collective, if there is one: nobody needs to ask twice.
    pub async fn find_open(&self, collective: CollectiveId, person: PersonId, kind: RequestKind) -> Result<Option<Request>, Fault> {
        let mut query = Entity::find()
            .filter(Column::PersonId.eq(person.uuid()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::State.eq(RequestState::Open.as_str()))
            .filter(Column::Kind.eq(kind.as_str()));
        if let RequestKind::Access(service) = kind {
            query = query.filter(Column::ServiceId.eq(service.uuid()));
        }
        query.one(self.0.conn()).await.map_err(fault("store.requests.find_open"))?.as_ref().map(request).transpose()
    }

    /// A page of what waits in these collectives, oldest first, at most `limit`.
    pub async fn list_open(&self, collectives: &[CollectiveId], after: Option<AfterRequest>, limit: u64) -> Result<Vec<Waiting>, Fault> {
        let mut query = Entity::find()
            .filter(Column::CollectiveId.is_in(collectives.iter().map(|id| id.uuid())))
            .filter(Column::State.eq(RequestState::Open.as_str()));
        if let Some(after) = after {
            let at = after.created_at.millis();
            let later = Condition::any()
                .add(Column::CreatedAt.gt(at))
                .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.gt(after.id.uuid())));
            query = query.filter(Column::CreatedAt.gte(at)).filter(later);
        }
        let rows = query.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(limit).all(self.0.conn()).await;
        let rows = rows.map_err(fault("store.requests.list_open"))?;
        let askers: Vec<_> = rows.iter().map(|row| PersonId::from_uuid(row.person_id)).collect();
        let people = self.0.people().find_many(&askers).await?;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in &rows {
            let person = people.iter().find(|person| person.id.uuid() == row.person_id).cloned();
            waiting.push(Waiting {
                request: request(row)?,
                person: Row("requests", row.id).read("person_id", person)?,
                rerouted_from: row.rerouted_from.map(CollectiveId::from_uuid),
            });
        }
        Ok(waiting)
    }

    /// How many wait in a collective.
    pub async fn count_open(&self, collective: CollectiveId) -> Result<u64, Fault> {
        let open = Entity::find().filter(Column::CollectiveId.eq(collective.uuid())).filter(Column::State.eq(RequestState::Open.as_str()));
        count(self.0.conn(), open, "store.requests.count_open").await
    }

    /// Everything a person asked, newest first: for their own eyes.
    pub async fn list_of_person(&self, person: PersonId) -> Result<Vec<Request>, Fault> {
        self.list_of_people(&[person]).await
    }

    /// Everything these people asked, each one's newest first.
    pub async fn list_of_people(&self, people: &[PersonId]) -> Result<Vec<Request>, Fault> {
        let mut requests = Vec::new();
        for chunk in people.chunks(500) {
            let rows = Entity::find()
                .filter(Column::PersonId.is_in(chunk.iter().map(|person| person.uuid())))
                .order_by_desc(Column::CreatedAt)
                .order_by_desc(Column::Id)
                .all(self.0.conn())
                .await;
            for row in rows.map_err(fault("store.requests.list_of_people"))? {
                requests.push(request(&row)?);
            }
        }
        Ok(requests)
    }

    /// Open requests older than `before` that were not escalated, oldest first, at most `limit`.
    pub async fn list_overdue(&self, before: Timestamp, limit: u64) -> Result<Vec<Request>, Fault> {
        let rows = Entity::find()
            .filter(Column::State.eq(RequestState::Open.as_str()))
            .filter(Column::CreatedAt.lt(before.millis()))
            .filter(Column::EscalatedAt.is_null())
            .order_by_asc(Column::CreatedAt)
            .limit(limit)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.requests.list_overdue"))?.iter().map(request).collect()
    }

    /// The thread of a request to this collective, oldest first.
    pub async fn list_messages(&self, collective: CollectiveId, id: RequestId) -> Result<Vec<Message>, Fault> {
        if self.find(collective, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let rows = messages::Entity::find()
            .filter(messages::Column::RequestId.eq(id.uuid()))
            .order_by_asc(messages::Column::At)
            .order_by_asc(messages::Column::Id)
            .all(self.0.conn())
            .await;
        rows.map_err(fault("store.requests.list_messages"))?.iter().map(message).collect()
    }
}

impl Requests<'_, WriteTx> {
    /// A new request. `Taken` when the person asks the same of the same collective already: a unique key says so, however
    /// many ask at once.
    pub async fn insert(&self, new: &Request) -> Result<Inserted, Fault> {
        insert_new(self.0, model(new), "store.requests.insert").await
    }

    /// Closes an open request with a decision: whoever is first wins, everybody else finds it `Stale`.
    pub async fn decide(
        &self,
        collective: CollectiveId,
        id: RequestId,
        version: i64,
        decision: &RequestDecision,
    ) -> Result<Updated, Fault> {
        let change = [
            (Column::State, Expr::value(decision.state.as_str())),
            (Column::Reason, Expr::value(decision.reason.as_ref().map(FreeText::as_str))),
            (Column::DecidedAt, Expr::value(decision.at.millis())),
            (Column::DecidedBy, Expr::value(decision.by.map(PersonId::uuid))),
        ];
        self.change_open(collective, id, version, change).await.map_err(fault("store.requests.decide"))
    }

    /// Hands an open request over to another collective; it keeps its text, its thread and its place in time. `Stale` too
    /// when the person has asked the same of the other one meanwhile; nothing more can be done in this transaction then.
    pub async fn reroute(&self, from: CollectiveId, id: RequestId, version: i64, to: CollectiveId) -> Result<Updated, Fault> {
        let change = [
            (Column::CollectiveId, Expr::value(to.uuid())),
            (Column::ReroutedFrom, Expr::value(from.uuid())),
            (Column::EscalatedAt, Expr::value(None::<i64>)),
        ];
        match self.change_open(from, id, version, change).await {
            Err(error) if is_taken(&error) => Ok(Updated::Stale),
            done => done.map_err(fault("store.requests.reroute")),
        }
    }

    /// Hands an open request over that is moot there: it leaves as any other and waits for nobody.
    pub async fn reroute_moot(
        &self,
        from: CollectiveId,
        id: RequestId,
        version: i64,
        to: CollectiveId,
        now: Timestamp,
    ) -> Result<Updated, Fault> {
        let change = [
            (Column::CollectiveId, Expr::value(to.uuid())),
            (Column::ReroutedFrom, Expr::value(from.uuid())),
            (Column::State, Expr::value(RequestState::Withdrawn.as_str())),
            (Column::DecidedAt, Expr::value(now.millis())),
        ];
        self.change_open(from, id, version, change).await.map_err(fault("store.requests.reroute_moot"))
    }

    /// Changes a request of this collective, if it is still open and nobody changed it since it was read.
    async fn change_open<const N: usize>(
        &self,
        collective: CollectiveId,
        id: RequestId,
        version: i64,
        change: [(Column, Expr); N],
    ) -> Result<Updated, DbErr> {
        let mut update = Entity::update_many().col_expr(Column::Version, Expr::value(version.saturating_add(1)));
        for (column, value) in change {
            update = update.col_expr(column, value);
        }
        let open = update
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(version))
            .filter(Column::State.eq(RequestState::Open.as_str()));
        open.exec(self.0.writing()).await.map(|done| Updated::of(done.rows_affected))
    }

    /// Takes an open request back: by the person who made it.
    pub async fn withdraw(&self, person: PersonId, id: RequestId, now: Timestamp) -> Result<Updated, Fault> {
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(RequestState::Withdrawn.as_str()))
            .col_expr(Column::DecidedAt, Expr::value(now.millis()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::PersonId.eq(person.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::State.eq(RequestState::Open.as_str()))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.requests.withdraw"))
    }

    /// Notes that the stewards were told. `Stale` when they were before, or it is not open any more.
    pub async fn mark_escalated(&self, collective: CollectiveId, id: RequestId, now: Timestamp) -> Result<Updated, Fault> {
        let done = Entity::update_many()
            .col_expr(Column::EscalatedAt, Expr::value(now.millis()))
            .filter(Column::CollectiveId.eq(collective.uuid()))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::EscalatedAt.is_null())
            .filter(Column::State.eq(RequestState::Open.as_str()))
            .exec(self.0.writing())
            .await;
        done.map(|done| Updated::of(done.rows_affected)).map_err(fault("store.requests.mark_escalated"))
    }

    /// Adds a message to a thread.
    pub async fn add_message(&self, new: &Message) -> Result<(), Fault> {
        let row = messages::Model {
            id: new.id.uuid(),
            request_id: new.request.uuid(),
            author_id: new.author.map(PersonId::uuid),
            text: new.text.to_string(),
            at: new.at.millis(),
        };
        insert(self.0, row, "store.requests.add_message").await
    }
}

fn model(request: &Request) -> Model {
    Model {
        id: request.id.uuid(),
        kind: request.kind.as_str().to_owned(),
        collective_id: request.collective.uuid(),
        person_id: request.person.uuid(),
        service_id: match request.kind {
            RequestKind::Access(service) => Some(service.uuid()),
            RequestKind::Join | RequestKind::Support | RequestKind::Recovery => None,
        },
        state: request.state.as_str().to_owned(),
        text: request.text.to_string(),
        reason: request.reason.as_ref().map(ToString::to_string),
        created_at: request.created_at.millis(),
        decided_at: request.decided_at.map(Timestamp::millis),
        decided_by: request.decided_by.map(PersonId::uuid),
        rerouted_from: None,
        escalated_at: None,
        version: request.version,
    }
}

fn request(row: &Model) -> Result<Request, Fault> {
    let read = Row("requests", row.id);
    let kind = match (row.kind.as_str(), row.service_id) {
        ("join", None) => Some(RequestKind::Join),
        ("access", Some(service)) => Some(RequestKind::Access(ServiceId::from_uuid(service))),
        ("support", None) => Some(RequestKind::Support),
        ("recovery", None) => Some(RequestKind::Recovery),
        _ => None,
    };
    let text = |column, text: &str| read.read(column, FreeText::parse(text).ok());
    Ok(Request {
        id: RequestId::from_uuid(row.id),
        kind: read.read("kind", kind)?,
        collective: CollectiveId::from_uuid(row.collective_id),
        person: PersonId::from_uuid(row.person_id),
        state: read.read("state", RequestState::from_name(&row.state))?,
        text: text("text", &row.text)?,
        reason: row.reason.as_deref().map(|reason| text("reason", reason)).transpose()?,
        created_at: Timestamp::from_millis(row.created_at),
        decided_at: at(row.decided_at),
        decided_by: row.decided_by.map(PersonId::from_uuid),
        version: row.version,
    })
}

fn message(row: &messages::Model) -> Result<Message, Fault> {
    Ok(Message {
        id: MessageId::from_uuid(row.id),
        request: RequestId::from_uuid(row.request_id),
        author: row.author_id.map(PersonId::from_uuid),
        text: Row("request_messages", row.id).read("text", FreeText::parse(&row.text).ok())?,
        at: Timestamp::from_millis(row.at),
    })
}
