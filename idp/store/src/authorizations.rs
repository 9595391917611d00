//! What people authorised for clients: the thing behind every token. Ending one ends every code and refresh token that
//! hangs on it, in the same transaction.

use idp_domain::{
    Fault, Timestamp,
    authorization::Authorization,
    client::{Client, ClientIdentifier},
    id::{AuthorizationId, ClientId, CollectiveId, PersonId, ServiceId, SessionId, WorkingGroupId},
    membership::MembershipState,
    refresh::IDLE,
    scope::ScopeSet,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, Order, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use crate::{
    Backing, Inserted, Tx, WriteTx,
    backing::{read_authorization, read_backing, select_backing, split_proofs},
    clients::{read_client, select_client},
    decode::{Columns, Selected as _},
    entity::{authorizations, codes, refresh_tokens},
    error::{damaged, fault},
    sessions::select_proof,
    sql::{Fixed, insert_new, parameter, rows, same, select_columns},
};

/// Questions about authorizations, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Authorizations<'a, T>(pub(crate) &'a T);

/// An authorization on the way in.
#[derive(Debug, Clone)]
pub struct NewAuthorization {
    /// The row, if there is none yet.
    pub id: AuthorizationId,
    /// Who authorises.
    pub person: PersonId,
    /// For whom.
    pub client: ClientId,
    /// In which session.
    pub session: SessionId,
    /// What.
    pub scope: ScopeSet,
    /// The validated `claims` parameter as JSON.
    pub claims: Option<String>,
    /// Now.
    pub now: Timestamp,
}

/// Which authorizations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(AuthorizationId),
    /// Those of a session.
    Session(SessionId),
    /// All of a person but those of one session.
    PersonElsewhere(PersonId, SessionId),
    /// Those of a person for one client.
    PersonAtClient(PersonId, ClientId),
    /// Those of a person for the clients of a service.
    PersonAtService(PersonId, ServiceId),
    /// All for one client.
    Client(ClientId),
    /// All for the clients of a service.
    Service(ServiceId),
    /// All of people with an active membership in a collective, for whatever client.
    Members(CollectiveId),
    /// All of people in a working group whose membership is active, for whatever client.
    WorkingGroup(WorkingGroupId),
    /// Those of a collective's guests for the clients of the service it admitted them to.
    Guests(CollectiveId),
}

/// Whether those that outlive their session (`offline_access`) are meant too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offline {
    /// Yes: access was withdrawn.
    Included,
    /// No: somebody signed out (OIDC Back-Channel Logout §2.7).
    Kept,
}

/// An authorization that a client can use without its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineAuthorization {
    /// The authorization.
    pub id: AuthorizationId,
    /// For whom.
    pub client: ClientId,
    /// Since when it outlives its session.
    pub since: Timestamp,
}

/// A live authorization with what a logout token needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutTarget {
    /// The authorization.
    pub authorization: AuthorizationId,
    /// Whose.
    pub person: PersonId,
    /// The session: `sid`.
    pub session: SessionId,
    /// The client's row.
    pub client: ClientId,
    /// The client's public identifier: `aud`.
    pub client_id: ClientIdentifier,
    /// Where the logout token goes; absent for a client that cannot be told.
    pub backchannel_logout_uri: Option<String>,
    /// How the client calls the person; absent when it never learnt a name.
    pub sub: Option<String>,
}

static BY_ID: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_proof(&mut select, "v");
    select.from_as("authorizations", "a");
    select_backing(&mut select);
    select.and_where(Expr::col(("a", "id")).eq(parameter()));
    select
});

static BY_ID_WITH_CLIENT: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_proof(&mut select, "v");
    select.from_as("authorizations", "a");
    select_backing(&mut select);
    select_client(&mut select);
    select.and_where(Expr::col(("a", "id")).eq(parameter()));
    select
});

static LIVE_OF_SESSION_AND_CLIENT: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select_columns::<authorizations::Model>(&mut select, "a");
    select
        .from_as("authorizations", "a")
        .and_where(Expr::col(("a", "session_id")).eq(parameter()))
        .and_where(Expr::col(("a", "client_id")).eq(parameter()))
        .and_where(Expr::col(("a", "ended_at")).is_null());
    select
});

fn clients_of(service: ServiceId) -> SelectStatement {
    Query::select().column("id").from("clients").and_where(Expr::col("service_id").eq(service.uuid())).to_owned()
}

/// People with an active membership somewhere.
fn members() -> SelectStatement {
    let active = Expr::col(("m", "state")).eq(MembershipState::Active.as_str());
    Query::select().column(("m", "person_id")).from_as("memberships", "m").and_where(active).to_owned()
}

/// The open doors through which a collective let the person of an authorization into its client's service as a guest.
fn guest_doors(collective: CollectiveId, authorization: &'static str) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from_as("grants", "g")
        .join_as(JoinType::InnerJoin, "clients", "gc", same(("gc", "service_id"), ("g", "service_id")))
        .and_where(same(("gc", "id"), (authorization, "client_id")))
        .and_where(same(("g", "person_id"), (authorization, "person_id")))
        .and_where(Expr::col(("g", "collective_id")).eq(collective.uuid()))
        .and_where(Expr::col(("g", "membership_id")).is_null())
        .and_where(Expr::col(("g", "withdrawn_at")).is_null())
        .to_owned()
}

impl Which {
    fn condition(self, alias: &'static str) -> Condition {
        let is = |column: &'static str, id: uuid::Uuid| Expr::col((alias, column)).eq(id);
        let at_service = |service| Expr::col((alias, "client_id")).in_subquery(clients_of(service));
        let all = Condition::all().add(Expr::col((alias, "ended_at")).is_null());
        match self {
            Self::One(id) => all.add(is("id", id.uuid())),
            Self::Session(session) => all.add(is("session_id", session.uuid())),
            Self::PersonElsewhere(person, session) => all.add(is("person_id", person.uuid())).add(is("session_id", session.uuid()).not()),
            Self::PersonAtClient(person, client) => all.add(is("person_id", person.uuid())).add(is("client_id", client.uuid())),
            Self::PersonAtService(person, service) => all.add(is("person_id", person.uuid())).add(at_service(service)),
            Self::Client(client) => all.add(is("client_id", client.uuid())),
            Self::Service(service) => all.add(at_service(service)),
            Self::Members(collective) => {
                let of_collective = members().and_where(Expr::col(("m", "collective_id")).eq(collective.uuid())).to_owned();
                all.add(Expr::col((alias, "person_id")).in_subquery(of_collective))
            }
            Self::WorkingGroup(group) => {
                let mut in_group = members();
                in_group
                    .join_as(JoinType::InnerJoin, "membership_working_groups", "w", same(("w", "membership_id"), ("m", "id")))
                    .and_where(Expr::col(("w", "working_group_id")).eq(group.uuid()));
                all.add(Expr::col((alias, "person_id")).in_subquery(in_group))
            }
            Self::Guests(collective) => all.add(Expr::exists(guest_doors(collective, alias))),
        }
    }
}

impl<T: Tx> Authorizations<'_, T> {
    /// What stands behind an access token, in one query.
    pub async fn find_backing(&self, id: AuthorizationId) -> Result<Option<Backing>, Fault> {
        let rows = BY_ID.all(self.0.conn(), vec![id.uuid().into()], "store.authorizations.find_backing").await?;
        split_proofs(rows)?.map(|(mut row, proofs)| read_backing(&mut row, proofs)).transpose()
    }

    /// What stands behind an access token, and the client it was given to (without secrets and URIs), in one query.
    pub async fn find_backing_with_client(&self, id: AuthorizationId) -> Result<Option<(Backing, Client)>, Fault> {
        let rows = BY_ID_WITH_CLIENT.all(self.0.conn(), vec![id.uuid().into()], "store.authorizations.find_backing_with_client").await?;
        let Some((mut row, proofs)) = split_proofs(rows)? else { return Ok(None) };
        Ok(Some((read_backing(&mut row, proofs)?, read_client(&mut row)?.client)))
    }

    /// The live authorization of a session for a client.
    pub async fn find_live(&self, session: SessionId, client: ClientId) -> Result<Option<Authorization>, Fault> {
        let place = "store.authorizations.find_live";
        let mut row = LIVE_OF_SESSION_AND_CLIENT.one(self.0.conn(), vec![session.uuid().into(), client.uuid().into()], place).await?;
        Ok(row.as_mut().map(authorizations::Model::read).transpose()?.map(read_authorization))
    }

    /// What a person authorised beyond their sessions and a refresh token of no session still stands for, newest first.
    pub async fn list_offline(&self, person: PersonId, now: Timestamp, epoch: i64) -> Result<Vec<OfflineAuthorization>, Fault> {
        let token = |column: &'static str| Expr::col(("r", column));
        let usable = Query::select()
            .expr(Expr::val(1))
            .from_as("refresh_tokens", "r")
            .and_where(same(("r", "authorization_id"), ("a", "id")))
            .and_where(token("sid").is_null())
            .and_where(token("epoch").eq(epoch))
            .and_where(token("expires_at").gt(now.millis()))
            .and_where(token("last_used_at").gt((now - IDLE).millis()))
            .and_where(token("revoked_at").is_null())
            .to_owned();
        let select = Query::select()
            .columns([("a", "id"), ("a", "client_id"), ("a", "offline_at")])
            .from_as("authorizations", "a")
            .and_where(Expr::col(("a", "person_id")).eq(person.uuid()))
            .and_where(Expr::col(("a", "ended_at")).is_null())
            .and_where(Expr::col(("a", "offline_at")).is_not_null())
            .and_where(Expr::exists(usable))
            .order_by(("a", "offline_at"), Order::Desc)
            .order_by(("a", "id"), Order::Desc)
            .to_owned();
        let rows = rows(self.0.conn(), select, "store.authorizations.list_offline").await?;
        let read =
            |mut row: Columns| Ok(OfflineAuthorization { id: row.id()?, client: row.id()?, since: Timestamp::from_millis(row.next()?) });
        rows.into_iter().map(read).collect()
    }

    /// Live authorizations with what their logout tokens need, oldest first.
    pub async fn list_logout_targets(&self, which: Which) -> Result<Vec<LogoutTarget>, Fault> {
        let place = "store.authorizations.list_logout_targets";
        let mut select = Query::select();
        select_columns::<authorizations::Model>(&mut select, "a");
        select
            .columns([("c", "client_id"), ("c", "backchannel_logout_uri"), ("u", "sub")])
            .from_as("authorizations", "a")
            .join_as(JoinType::InnerJoin, "clients", "c", same(("c", "id"), ("a", "client_id")))
            .join_as(
                JoinType::LeftJoin,
                "subjects",
                "u",
                same(("u", "person_id"), ("a", "person_id")).and(same(("u", "sector"), ("c", "sector"))),
            )
            .cond_where(which.condition("a"))
            .order_by(("a", "id"), Order::Asc);
        let rows = rows(self.0.conn(), select.take(), place).await?;
        let mut targets = Vec::with_capacity(rows.len());
        for mut row in rows {
            let authorization = read_authorization(authorizations::Model::read(&mut row)?);
            let client_id: String = row.next()?;
            targets.push(LogoutTarget {
                authorization: authorization.id,
                person: authorization.person,
                session: authorization.session,
                client: authorization.client,
                client_id: ClientIdentifier::parse(&client_id).map_err(|_| damaged(place, authorization.client, "client_id"))?,
                backchannel_logout_uri: row.next()?,
                sub: row.next()?,
            });
        }
        Ok(targets)
    }
}

impl Authorizations<'_, WriteTx> {
    /// The live authorization of a session for a client, with the scopes just asked for; made if there is none.
    ///
    /// An ended one is never revived: the codes and tokens that hung on it stay dead.
    pub async fn upsert(&self, new: &NewAuthorization) -> Result<Authorization, Fault> {
        let place = "store.authorizations.upsert";
        let offline = new.scope.contains(idp_domain::scope::Scope::OfflineAccess);
        let row = authorizations::Model {
            id: new.id.uuid(),
            person_id: new.person.uuid(),
            client_id: new.client.uuid(),
            session_id: new.session.uuid(),
            scopes: new.scope.to_string(),
            claims: new.claims.clone(),
            created_at: new.now.millis(),
            ended_at: None,
            offline_at: offline.then_some(new.now.millis()),
        };
        // the key of live authorizations decides; most often there is none yet
        if insert_new(self.0, row.clone(), place).await? == Inserted::Done {
            return Ok(read_authorization(row));
        }
        let Some(mut found) = self.find_live(new.session, new.client).await? else {
            return Err(Fault::broken(place, "an authorization vanished while it was made"));
        };
        if found.scope != new.scope || found.claims != new.claims || (offline && !found.offline) {
            let mut update = authorizations::Entity::update_many()
                .col_expr(authorizations::Column::Scopes, Expr::value(row.scopes))
                .col_expr(authorizations::Column::Claims, Expr::value(row.claims));
            if offline {
                update = update
                    .col_expr(authorizations::Column::OfflineAt, Expr::col(authorizations::Column::OfflineAt).if_null(new.now.millis()));
            }
            update.filter(authorizations::Column::Id.eq(found.id.uuid())).exec(self.0.writing()).await.map_err(fault(place))?;
            found.scope = new.scope;
            found.claims.clone_from(&new.claims);
            found.offline = found.offline || offline;
        }
        Ok(found)
    }

    /// Ends authorizations and everything that hangs on them, and returns what stood until now with what logout
    /// tokens need. With [`Offline::Kept`] those that outlive their session are returned but not ended.
    pub async fn end(&self, which: Which, offline: Offline, now: Timestamp) -> Result<Vec<LogoutTarget>, Fault> {
        let place = "store.authorizations.end";
        let conn = self.0.writing();
        let targets = self.list_logout_targets(which).await?;
        for chunk in targets.chunks(500) {
            let ids: Vec<_> = chunk.iter().map(|target| target.authorization.uuid()).collect();
            let mut update = authorizations::Entity::update_many()
                .col_expr(authorizations::Column::EndedAt, Expr::value(now.millis()))
                .filter(authorizations::Column::Id.is_in(ids.iter().copied()))
                .filter(authorizations::Column::EndedAt.is_null());
            if offline == Offline::Kept {
                update = update.filter(authorizations::Column::OfflineAt.is_null());
            }
            update.exec(conn).await.map_err(fault(place))?;
            let ended = Query::select()
                .column("id")
                .from("authorizations")
                .and_where(Expr::col("id").is_in(ids))
                .and_where(Expr::col("ended_at").is_not_null())
                .to_owned();
            refresh_tokens::Entity::update_many()
                .col_expr(refresh_tokens::Column::RevokedAt, Expr::value(now.millis()))
                .filter(Expr::col("authorization_id").in_subquery(ended.clone()))
                .filter(refresh_tokens::Column::RevokedAt.is_null())
                .exec(conn)
                .await
                .map_err(fault(place))?;
            // expired rather than redeemed: presenting one later is late, not a replay
            codes::Entity::update_many()
                .col_expr(codes::Column::ExpiresAt, Expr::value(now.millis()))
                .filter(Expr::col("authorization_id").in_subquery(ended))
                .filter(codes::Column::RedeemedAt.is_null())
                .filter(codes::Column::ExpiresAt.gt(now.millis()))
                .exec(conn)
                .await
                .map_err(fault(place))?;
        }
        Ok(targets)
    }
}
