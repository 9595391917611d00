//! Registered clients, their secrets, their redirect URIs and the audiences they serve.

use idp_domain::{
    Fault, Timestamp,
    client::{Client, ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType},
    id::{ClientId, ServiceId},
    redirect::RedirectUri,
    scope::ScopeSet,
    secret::SecretHash,
    service::ServiceState,
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

use crate::{
    Attempt, Inserted, Tx, Updated, WriteTx,
    decode::{Columns, Selected as _},
    entity::{client_redirect_uris, clients, resource_servers},
    error::{damaged, fault},
    sql::{Fixed, at, insert_many, insert_new, parameter, same, select_columns},
};

const REDIRECT: &str = "redirect";
const POST_LOGOUT: &str = "post_logout";

/// Questions about clients, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Clients<'a, T>(pub(crate) &'a T);

/// A client as those who manage it see it.
#[derive(Debug, Clone)]
pub struct ManagedClient {
    /// The client.
    pub client: Client,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When somebody last decided about it in the web.
    pub decided_at: Option<Timestamp>,
    /// Row version for `If-Match`.
    pub version: i64,
}

/// Selects every column of the client `c`, for [`read_client`].
pub(crate) fn select_client(select: &mut SelectStatement) {
    select_columns::<clients::Model>(select, "c");
}

/// Selects the URIs of the client `c` as two texts, for [`read_uris`].
///
/// `string_agg` exists in both databases (SQLite 3.44), and a registered URI holds no space.
fn select_uris(select: &mut SelectStatement) {
    for kind in ["'redirect'", "'post_logout'"] {
        let uris = Query::select()
            .expr(Func::cust("string_agg").arg(Expr::col(("u", "uri"))).arg(Expr::cust("' '")))
            .from_as("client_redirect_uris", "u")
            .and_where(same(("u", "client_id"), ("c", "id")))
            .and_where(Expr::col(("u", "kind")).eq(Expr::cust(kind)))
            .to_owned();
        select.expr(uris.into_sub_query_statement_expr());
    }
}

/// A subquery as an expression.
trait IntoSubQueryExpr {
    fn into_sub_query_statement_expr(self) -> Expr;
}
impl IntoSubQueryExpr for SelectStatement {
    fn into_sub_query_statement_expr(self) -> Expr {
        Expr::SubQuery(None, Box::new(self.into()))
    }
}

/// Reads what [`select_uris`] selected.
fn read_uris(columns: &mut Columns, client: &mut Client) -> Result<(), Fault> {
    for uris in [&mut client.redirect_uris, &mut client.post_logout_redirect_uris] {
        let text: Option<String> = columns.next()?;
        let parsed = text.iter().flat_map(|text| text.split(' ')).map(RedirectUri::parse);
        *uris = parsed.collect::<Result<_, _>>().map_err(|_| damaged("store.clients", client.id, "uri"))?;
    }
    Ok(())
}

/// The client in a row, without its secrets and its URIs.
pub(crate) fn read_client(columns: &mut Columns) -> Result<ManagedClient, Fault> {
    let place = "store.clients";
    let model = clients::Model::read(columns)?;
    let id = ClientId::from_uuid(model.id);
    let bad = |column: &str| damaged(place, id, column);
    let list = |text: &str, column| serde_json::from_str::<Vec<String>>(text).map_err(|_| bad(column));
    let role = match (model.role.as_str(), model.service_id) {
        ("service", Some(service)) => ClientRole::Service(ServiceId::from_uuid(service)),
        ("admin_ui", None) => ClientRole::AdminUi,
        ("machine", None) => ClientRole::Machine,
        _ => return Err(bad("role")),
    };
    let client = Client {
        id,
        client_id: ClientIdentifier::parse(&model.client_id).map_err(|_| bad("client_id"))?,
        name: model.name,
        role,
        auth_method: ClientAuthMethod::from_name(&model.auth_method).ok_or_else(|| bad("auth_method"))?,
        secrets: Vec::new(),
        jwks: model.jwks,
        grant_types: model
            .grant_types
            .split_whitespace()
            .map(|name| GrantType::from_name(name).ok_or_else(|| bad("grant_types")))
            .collect::<Result<_, _>>()?,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        scopes: ScopeSet::parse(&model.scopes),
        resources: list(&model.resources, "resources")?,
        introspects: list(&model.introspects, "introspects")?,
        backchannel_logout_uri: model.backchannel_logout_uri,
        sector: model.sector,
        consent: match model.consent.as_str() {
            "first_party" => ConsentRule::FirstParty,
            "ask" => ConsentRule::Ask,
            _ => return Err(bad("consent")),
        },
        profile: serde_json::from_str(&model.profile).map_err(|_| bad("profile"))?,
        disabled_at: at(model.disabled_at),
    };
    Ok(ManagedClient {
        client,
        created_at: Timestamp::from_millis(model.created_at),
        decided_at: at(model.decided_at),
        version: model.version,
    })
}

/// Reads the state of a client's service.
fn read_service_state(columns: &mut Columns, client: &mut Client) -> Result<Option<ServiceState>, Fault> {
    let state: Option<String> = columns.next()?;
    state.map(|name| ServiceState::from_name(&name).ok_or_else(|| damaged("store.clients", client.id, "service"))).transpose()
}

/// The row of a client.
fn row_of(client: &Client, created_at: Timestamp, version: i64) -> Result<clients::Model, Fault> {
    let place = "store.clients.row_of";
    let json = |list: &Vec<String>| serde_json::to_string(list).map_err(|error| Fault::broken(place, error));
    let (role, service_id) = match client.role {
        ClientRole::Service(service) => ("service", Some(service.uuid())),
        ClientRole::AdminUi => ("admin_ui", None),
        ClientRole::Machine => ("machine", None),
    };
    Ok(clients::Model {
        id: client.id.uuid(),
        client_id: client.client_id.to_string(),
        service_id,
        role: role.to_owned(),
        name: client.name.clone(),
        auth_method: client.auth_method.as_str().to_owned(),
        jwks: client.jwks.clone(),
        jwks_uri: None,
        sector: client.sector.clone(),
        subject_type: if client.sector.is_empty() { "public" } else { "pairwise" }.to_owned(),
        grant_types: client.grant_types.iter().map(|grant_type| grant_type.as_str()).collect::<Vec<_>>().join(" "),
        scopes: client.scopes.to_string(),
        resources: json(&client.resources)?,
        introspects: json(&client.introspects)?,
        consent: match client.consent {
            ConsentRule::FirstParty => "first_party",
            ConsentRule::Ask => "ask",
        }
        .to_owned(),
        backchannel_logout_uri: client.backchannel_logout_uri.clone(),
        profile: serde_json::to_string(&client.profile).map_err(|error| Fault::broken(place, error))?,
        disabled_at: client.disabled_at.map(Timestamp::millis),
        decided_at: None,
        created_at: created_at.millis(),
        version,
    })
}

/// One row per live secret.
fn with_secrets() -> SelectStatement {
    let mut select = with_secrets_alone();
    select_uris(&mut select);
    select
}

fn with_secrets_alone() -> SelectStatement {
    let mut select = Query::select();
    select.column(("k", "hash"));
    select_client(&mut select);
    select.from_as("clients", "c");
    let live = Expr::col(("k", "expires_at")).is_null().or(Expr::col(("k", "expires_at")).gt(parameter()));
    select.join_as(sea_orm::JoinType::LeftJoin, "client_secrets", "k", same(("k", "client_id"), ("c", "id")).and(live));
    select
}

static BY_IDENTIFIER: Fixed = Fixed::new(|| with_secrets().and_where(Expr::col(("c", "client_id")).eq(parameter())).to_owned());
static TO_AUTHENTICATE: Fixed = Fixed::new(|| {
    let mut select = with_secrets_alone();
    select.column(("s", "state"));
    select.join_as(sea_orm::JoinType::LeftJoin, "services", "s", same(("s", "id"), ("c", "service_id")));
    select.and_where(Expr::col(("c", "client_id")).eq(parameter())).to_owned()
});
static BY_ID: Fixed = Fixed::new(|| with_secrets().and_where(Expr::col(("c", "id")).eq(parameter())).to_owned());
static ALL: Fixed = Fixed::new(|| with_secrets().order_by(("c", "client_id"), Order::Asc).to_owned());
static OF_SERVICE: Fixed = Fixed::new(|| {
    with_secrets().and_where(Expr::col(("c", "service_id")).eq(parameter())).order_by(("c", "client_id"), Order::Asc).to_owned()
});

/// Folds rows, one per secret, into clients.
fn collect(rows: Vec<Columns>) -> Result<Vec<ManagedClient>, Fault> {
    Ok(fold(rows, read_uris)?.into_iter().map(|(found, ())| found).collect())
}

/// Folds rows, one per secret, into clients and what the rest of their first row says.
fn fold<R>(rows: Vec<Columns>, rest: impl Fn(&mut Columns, &mut Client) -> Result<R, Fault>) -> Result<Vec<(ManagedClient, R)>, Fault> {
    let mut found: Vec<(ManagedClient, R)> = Vec::new();
    for mut row in rows {
        let hash: Option<Vec<u8>> = row.next()?;
        let mut managed = read_client(&mut row)?;
        let more = rest(&mut row, &mut managed.client)?;
        if found.last().is_none_or(|(last, _)| last.client.id != managed.client.id) {
            found.push((managed, more));
        }
        if let (Some((last, _)), Some(hash)) = (found.last_mut(), hash) {
            let bytes = hash.try_into().map_err(|_| damaged("store.clients", last.client.id, "hash"))?;
            last.client.secrets.push(SecretHash::from_bytes(bytes));
        }
    }
    Ok(found)
}

impl<T: Tx> Clients<'_, T> {
    /// The client with a public identifier, with its live secrets and its URIs, in one query. A disabled client is
    /// found too: look at `disabled_at`.
    pub async fn find_by_identifier(&self, identifier: &ClientIdentifier, now: Timestamp) -> Result<Option<Client>, Fault> {
        let values = vec![now.millis().into(), identifier.as_str().into()];
        let rows = BY_IDENTIFIER.all(self.0.conn(), values, "store.clients.find_by_identifier").await?;
        Ok(collect(rows)?.pop().map(|found| found.client))
    }

    /// As [`Self::find_by_identifier`], but without its URIs: where nobody is redirected; not to be stored. With the state
    /// of its service, if it has one.
    pub async fn find_to_authenticate(
        &self,
        identifier: &ClientIdentifier,
        now: Timestamp,
    ) -> Result<Option<(Client, Option<ServiceState>)>, Fault> {
        let values = vec![now.millis().into(), identifier.as_str().into()];
        let rows = TO_AUTHENTICATE.all(self.0.conn(), values, "store.clients.find_to_authenticate").await?;
        Ok(fold(rows, read_service_state)?.pop().map(|(found, service)| (found.client, service)))
    }

    /// The client of a row, as [`Self::find_by_identifier`].
    pub async fn find(&self, id: ClientId, now: Timestamp) -> Result<Option<Client>, Fault> {
        Ok(self.find_managed(id, now).await?.map(|found| found.client))
    }

    /// The client of a row with what its managers need.
    pub async fn find_managed(&self, id: ClientId, now: Timestamp) -> Result<Option<ManagedClient>, Fault> {
        let rows = BY_ID.all(self.0.conn(), vec![now.millis().into(), id.uuid().into()], "store.clients.find").await?;
        Ok(collect(rows)?.pop())
    }

    /// Every client, by public identifier.
    pub async fn list(&self, now: Timestamp) -> Result<Vec<ManagedClient>, Fault> {
        collect(ALL.all(self.0.conn(), vec![now.millis().into()], "store.clients.list").await?)
    }

    /// The clients of a service, by public identifier.
    pub async fn list_of_service(&self, service: ServiceId, now: Timestamp) -> Result<Vec<ManagedClient>, Fault> {
        let values = vec![now.millis().into(), service.uuid().into()];
        collect(OF_SERVICE.all(self.0.conn(), values, "store.clients.list_of_service").await?)
    }

    /// Whose tokens an audience belongs to.
    pub async fn find_resource_server(&self, audience: &str) -> Result<Option<ClientId>, Fault> {
        let row = resource_servers::Entity::find_by_id(audience).one(self.0.conn()).await;
        Ok(row.map_err(fault("store.clients.find_resource_server"))?.map(|row| ClientId::from_uuid(row.client_id)))
    }

    /// The audiences a client serves.
    pub async fn list_audiences(&self, client: ClientId) -> Result<Vec<String>, Fault> {
        let rows = resource_servers::Entity::find()
            .filter(resource_servers::Column::ClientId.eq(client.uuid()))
            .order_by_asc(resource_servers::Column::Audience)
            .all(self.0.conn())
            .await
            .map_err(fault("store.clients.list_audiences"))?;
        Ok(rows.into_iter().map(|row| row.audience).collect())
    }
}

impl Clients<'_, WriteTx> {
    /// Adds a client with its URIs, unless its public identifier is taken. Its `secrets` are not looked at: they have
    /// rows of their own, see [`Self::add_secret`].
    pub async fn insert(&self, client: &Client, now: Timestamp) -> Result<Inserted, Fault> {
        let inserted = insert_new(self.0, row_of(client, now, 1)?, "store.clients.insert").await?;
        if inserted == Inserted::Done {
            self.insert_uris(client).await?;
        }
        Ok(inserted)
    }

    /// Replaces a client and its URIs, but neither its identifier nor its secrets, if nobody changed it since it was
    /// read.
    pub async fn update(&self, client: &Client, version: i64) -> Result<Updated, Fault> {
        let place = "store.clients.update";
        let row = row_of(client, Timestamp::default(), version)?;
        let done = clients::Entity::update_many()
            .col_expr(clients::Column::ServiceId, Expr::value(row.service_id))
            .col_expr(clients::Column::Role, Expr::value(row.role))
            .col_expr(clients::Column::Name, Expr::value(row.name))
            .col_expr(clients::Column::AuthMethod, Expr::value(row.auth_method))
            .col_expr(clients::Column::Jwks, Expr::value(row.jwks))
            .col_expr(clients::Column::Sector, Expr::value(row.sector))
            .col_expr(clients::Column::SubjectType, Expr::value(row.subject_type))
            .col_expr(clients::Column::GrantTypes, Expr::value(row.grant_types))
            .col_expr(clients::Column::Scopes, Expr::value(row.scopes))
            .col_expr(clients::Column::Resources, Expr::value(row.resources))
            .col_expr(clients::Column::Introspects, Expr::value(row.introspects))
            .col_expr(clients::Column::Consent, Expr::value(row.consent))
            .col_expr(clients::Column::BackchannelLogoutUri, Expr::value(row.backchannel_logout_uri))
            .col_expr(clients::Column::Profile, Expr::value(row.profile))
            .col_expr(clients::Column::DisabledAt, Expr::value(row.disabled_at))
            .col_expr(clients::Column::Version, Expr::value(version + 1))
            .filter(clients::Column::Id.eq(row.id))
            .filter(clients::Column::Version.eq(version))
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        if done.rows_affected == 0 {
            return Ok(Updated::Stale);
        }
        client_redirect_uris::Entity::delete_many()
            .filter(client_redirect_uris::Column::ClientId.eq(client.id.uuid()))
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        self.insert_uris(client).await?;
        Ok(Updated::Done)
    }

    async fn insert_uris(&self, client: &Client) -> Result<(), Fault> {
        let row = |kind: &str, uri: &RedirectUri| client_redirect_uris::Model {
            client_id: client.id.uuid(),
            kind: kind.to_owned(),
            uri: uri.as_str().to_owned(),
        };
        let redirects = client.redirect_uris.iter().map(|uri| row(REDIRECT, uri));
        let mut rows: Vec<_> = redirects.chain(client.post_logout_redirect_uris.iter().map(|uri| row(POST_LOGOUT, uri))).collect();
        rows.sort_by(|a, b| (&a.kind, &a.uri).cmp(&(&b.kind, &b.uri)));
        rows.dedup();
        insert_many(self.0, rows, "store.clients.insert_uris").await
    }

    /// Notes that a person decided about this client in the web.
    pub async fn mark_decided(&self, id: ClientId, now: Timestamp) -> Result<(), Fault> {
        clients::Entity::update_many()
            .col_expr(clients::Column::DecidedAt, Expr::value(now.millis()))
            .filter(clients::Column::Id.eq(id.uuid()))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault("store.clients.mark_decided"))
    }

    /// Switches a client off. `Lost` when it is off already.
    pub async fn disable(&self, id: ClientId, now: Timestamp) -> Result<Attempt, Fault> {
        self.switch(id, Some(now), clients::Column::DisabledAt.is_null(), "store.clients.disable").await
    }

    /// Switches a client on again. `Lost` when it is on already.
    pub async fn enable(&self, id: ClientId) -> Result<Attempt, Fault> {
        self.switch(id, None, clients::Column::DisabledAt.is_not_null(), "store.clients.enable").await
    }

    /// A file that was compared with the row before must not undo this: hence the version.
    async fn switch(&self, id: ClientId, disabled_at: Option<Timestamp>, as_yet: Expr, place: &'static str) -> Result<Attempt, Fault> {
        let done = clients::Entity::update_many()
            .col_expr(clients::Column::DisabledAt, Expr::value(disabled_at.map(Timestamp::millis)))
            .col_expr(clients::Column::Version, Expr::col(clients::Column::Version).add(1))
            .filter(clients::Column::Id.eq(id.uuid()))
            .filter(as_yet)
            .exec(self.0.writing())
            .await
            .map_err(fault(place))?;
        Ok(if done.rows_affected == 0 { Attempt::Lost } else { Attempt::Won })
    }

    /// Says whose tokens an audience belongs to, unless another client serves it.
    pub async fn serve_audience(&self, audience: &str, client: ClientId) -> Result<Inserted, Fault> {
        let place = "store.clients.serve_audience";
        let row = resource_servers::Model { audience: audience.to_owned(), client_id: client.uuid() };
        if insert_new(self.0, row, place).await? == Inserted::Done {
            return Ok(Inserted::Done);
        }
        Ok(if self.find_resource_server(audience).await? == Some(client) { Inserted::Done } else { Inserted::Taken })
    }

    /// Ends the service of an audience.
    pub async fn stop_audience(&self, audience: &str, client: ClientId) -> Result<(), Fault> {
        resource_servers::Entity::delete_many()
            .filter(resource_servers::Column::Audience.eq(audience))
            .filter(resource_servers::Column::ClientId.eq(client.uuid()))
            .exec(self.0.writing())
            .await
            .map(drop)
            .map_err(fault("store.clients.stop_audience"))
    }
}
