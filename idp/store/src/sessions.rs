//! Browsers and the single-sign-on sessions they hold.

use idp_domain::{
    Fault, Timestamp, Ttl,
    id::{AuthEventId, BrowserId, PersonId, SessionId},
    person::Person,
    secret::SecretHash,
    session::{AuthEvent, AuthMethod, Session, TOUCH_EVERY},
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, QueryFilter,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use crate::{
    Attempt, Tx, WriteTx,
    decode::{Columns, Selected as _},
    entity::{auth_events, browsers, sessions},
    error::fault,
    people::{join_signin_email, read_person, select_person},
    sql::{Fixed, at, insert, parameter, rows, same, select_columns},
};

/// Questions about sessions, and on a [`WriteTx`] changes to them.
#[derive(Debug)]
pub struct Sessions<'a, T>(pub(crate) &'a T);

/// A session on the way in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The row.
    pub id: SessionId,
    /// The browser that holds it.
    pub browser: BrowserId,
    /// Whose it is.
    pub person: PersonId,
    /// Now.
    pub created_at: Timestamp,
    /// Idle limit.
    pub idle: Ttl,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The cluster's epoch.
    pub epoch: i64,
    /// What the person will recognise the browser by.
    pub label: Option<String>,
    /// The row of the proof that began it.
    pub proof_id: AuthEventId,
    /// That proof.
    pub proof: AuthEvent,
}

/// What a browser's cookie leads to.
#[derive(Debug, Clone)]
pub struct BrowserSessions {
    /// The browser.
    pub browser: BrowserId,
    /// Its sessions that neither ended nor reached their age, with their people, oldest first. Whether each is still
    /// live decides [`Session::is_live`].
    pub sessions: Vec<(Session, Person)>,
}

/// A session as its person sees it in a list.
#[derive(Debug, Clone)]
pub struct ListedSession {
    /// The session.
    pub session: Session,
    /// What the browser is recognised by.
    pub label: Option<String>,
}

/// Selects one proof, for [`read_proof`].
pub(crate) fn select_proof(select: &mut SelectStatement, proof_alias: &'static str) {
    select.columns([(proof_alias, "method"), (proof_alias, "at")]);
}

/// Joins the proofs of a session: one row per proof.
pub(crate) fn join_proofs(select: &mut SelectStatement, session_alias: &'static str, proof_alias: &'static str) {
    let own = same((proof_alias, "session_id"), (session_alias, "id"));
    select.join_as(sea_orm::JoinType::LeftJoin, "auth_events", proof_alias, own);
}

fn session(row: sessions::Model) -> (Session, Option<String>) {
    let session = Session {
        id: SessionId::from_uuid(row.id),
        browser: BrowserId::from_uuid(row.browser_id),
        person: PersonId::from_uuid(row.person_id),
        created_at: Timestamp::from_millis(row.created_at),
        last_used_at: Timestamp::from_millis(row.last_used_at),
        idle: Ttl::millis(row.idle_ms),
        expires_at: Timestamp::from_millis(row.expires_at),
        ended_at: at(row.ended_at),
        epoch: row.epoch,
        auth_events: Vec::new(),
    };
    (session, row.label)
}

/// The session in a row, without its proofs.
pub(crate) fn read_session(columns: &mut Columns) -> Result<Session, Fault> {
    sessions::Model::read(columns).map(|row| session(row).0)
}

/// The proof in a row, if the row has one.
pub(crate) fn read_proof(columns: &mut Columns) -> Result<Option<AuthEvent>, Fault> {
    let (method, at): (Option<String>, Option<i64>) = (columns.next()?, columns.next()?);
    let (Some(method), Some(at)) = (method, at) else { return Ok(None) };
    let method = AuthMethod::from_name(&method).ok_or_else(|| Fault::broken(columns.place(), "a proof by an unknown method"))?;
    Ok(Some(AuthEvent { method, at: Timestamp::from_millis(at) }))
}

static BY_BROWSER: Fixed = Fixed::new(|| {
    let mut select = Query::select();
    select.column(("b", "id"));
    select_proof(&mut select, "v");
    select_columns::<sessions::Model>(&mut select, "s");
    select_person(&mut select, "p", "e");
    select.from_as("browsers", "b");
    let open = same(("s", "browser_id"), ("b", "id"))
        .and(Expr::col(("s", "ended_at")).is_null())
        .and(Expr::col(("s", "expires_at")).gt(parameter()));
    select.join_as(sea_orm::JoinType::LeftJoin, "sessions", "s", open);
    select.join_as(sea_orm::JoinType::LeftJoin, "people", "p", same(("p", "id"), ("s", "person_id")));
    join_signin_email(&mut select, "p", "e");
    join_proofs(&mut select, "s", "v");
    select.and_where(Expr::col(("b", "hash")).eq(parameter()));
    select.order_by(("s", "id"), Order::Asc).order_by(("v", "at"), Order::Asc);
    select
});

fn list_select() -> SelectStatement {
    let mut select = Query::select();
    select_proof(&mut select, "v");
    select_columns::<sessions::Model>(&mut select, "s");
    select.from_as("sessions", "s");
    join_proofs(&mut select, "s", "v");
    select.order_by(("s", "id"), Order::Asc).order_by(("v", "at"), Order::Asc);
    select
}

/// Folds rows, one per proof, into sessions.
fn collect(rows: Vec<Columns>) -> Result<Vec<ListedSession>, Fault> {
    let mut listed: Vec<ListedSession> = Vec::new();
    for mut row in rows {
        let proof = read_proof(&mut row)?;
        let (session, label) = session(sessions::Model::read(&mut row)?);
        if listed.last().is_none_or(|last| last.session.id != session.id) {
            listed.push(ListedSession { session, label });
        }
        if let Some(last) = listed.last_mut() {
            last.session.auth_events.extend(proof);
        }
    }
    Ok(listed)
}

impl<T: Tx> Sessions<'_, T> {
    /// What a browser's cookie leads to, in one query.
    pub async fn find_by_browser(&self, hash: &SecretHash, now: Timestamp) -> Result<Option<BrowserSessions>, Fault> {
        let place = "store.sessions.find_by_browser";
        let rows = BY_BROWSER.all(self.0.conn(), vec![now.millis().into(), hash.as_bytes().to_vec().into()], place).await?;
        let mut found: Option<BrowserSessions> = None;
        for mut row in rows {
            let browser = row.id()?;
            let proof = read_proof(&mut row)?;
            let found = found.get_or_insert(BrowserSessions { browser, sessions: Vec::new() });
            let Some(model) = row.joined::<sessions::Model>()? else { continue };
            let (session, _) = session(model);
            if found.sessions.last().is_none_or(|(last, _)| last.id != session.id) {
                found.sessions.push((session, read_person(&mut row)?));
            }
            if let Some((last, _)) = found.sessions.last_mut() {
                last.auth_events.extend(proof);
            }
        }
        Ok(found)
    }

    /// Whether a person ever signed in with this browser, live session or not.
    pub async fn browser_knows(&self, browser: BrowserId, person: PersonId) -> Result<bool, Fault> {
        let row = sessions::Entity::find()
            .filter(sessions::Column::BrowserId.eq(browser.uuid()))
            .filter(sessions::Column::PersonId.eq(person.uuid()))
            .one(self.0.conn())
            .await
            .map_err(fault("store.sessions.browser_knows"))?;
        Ok(row.is_some())
    }

    /// A session by its row.
    pub async fn find(&self, id: SessionId) -> Result<Option<Session>, Fault> {
        let select = list_select().and_where(Expr::col(("s", "id")).eq(id.uuid())).to_owned();
        let rows = rows(self.0.conn(), select, "store.sessions.find").await?;
        Ok(collect(rows)?.pop().map(|listed| listed.session))
    }

    /// The sessions of a person that stand now, oldest first.
    pub async fn list_live(&self, person: PersonId, now: Timestamp, epoch: i64) -> Result<Vec<ListedSession>, Fault> {
        let select = list_select()
            .and_where(Expr::col(("s", "person_id")).eq(person.uuid()))
            .and_where(Expr::col(("s", "ended_at")).is_null())
            .and_where(Expr::col(("s", "expires_at")).gt(now.millis()))
            .to_owned();
        let rows = rows(self.0.conn(), select, "store.sessions.list_live").await?;
        let mut listed = collect(rows)?;
        listed.retain(|listed| listed.session.is_live(now, epoch));
        Ok(listed)
    }
}

impl Sessions<'_, WriteTx> {
    /// Adds a browser.
    pub async fn insert_browser(&self, id: BrowserId, hash: &SecretHash, now: Timestamp) -> Result<(), Fault> {
        let row = browsers::Model { id: id.uuid(), hash: hash.as_bytes().to_vec(), created_at: now.millis(), last_seen_at: now.millis() };
        insert(self.0, row, "store.sessions.insert_browser").await
    }

    /// Gives a browser another cookie, as every sign-in does. `Lost` when its cookie was exchanged meanwhile.
    pub async fn rotate_browser(&self, id: BrowserId, from: &SecretHash, to: &SecretHash, now: Timestamp) -> Result<Attempt, Fault> {
        let done = browsers::Entity::update_many()
            .col_expr(browsers::Column::Hash, Expr::value(to.as_bytes().to_vec()))
            .col_expr(browsers::Column::LastSeenAt, Expr::value(now.millis()))
            .filter(browsers::Column::Id.eq(id.uuid()))
            .filter(browsers::Column::Hash.eq(from.as_bytes().to_vec()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.sessions.rotate_browser"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Adds a session with the proof that began it.
    pub async fn insert(&self, new: &NewSession) -> Result<(), Fault> {
        let place = "store.sessions.insert";
        let row = sessions::Model {
            id: new.id.uuid(),
            browser_id: new.browser.uuid(),
            person_id: new.person.uuid(),
            created_at: new.created_at.millis(),
            last_used_at: new.created_at.millis(),
            idle_ms: new.idle.as_millis(),
            expires_at: new.expires_at.millis(),
            ended_at: None,
            epoch: new.epoch,
            label: new.label.clone(),
        };
        insert(self.0, row, place).await?;
        self.add_proof(new.id, new.proof_id, new.proof).await
    }

    /// Adds a proof to a session: the person showed again who they are.
    pub async fn add_proof(&self, session: SessionId, id: AuthEventId, proof: AuthEvent) -> Result<(), Fault> {
        let row = auth_events::Model {
            id: id.uuid(),
            session_id: session.uuid(),
            method: proof.method.as_str().to_owned(),
            at: proof.at.millis(),
        };
        insert(self.0, row, "store.sessions.add_proof").await
    }

    /// Notes that a session was used. `Lost` when it was noted within [`TOUCH_EVERY`] or the session has ended; look
    /// at [`needs_touch`] before opening a transaction for it.
    pub async fn touch(&self, id: SessionId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = sessions::Entity::update_many()
            .col_expr(sessions::Column::LastUsedAt, Expr::value(now.millis()))
            .filter(sessions::Column::Id.eq(id.uuid()))
            .filter(sessions::Column::EndedAt.is_null())
            .filter(sessions::Column::LastUsedAt.lte((now - TOUCH_EVERY).millis()))
            .exec(self.0.writing())
            .await
            .map_err(fault("store.sessions.touch"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Ends a session. Its authorizations end by themselves only through
    /// [`crate::authorizations::Authorizations::end`].
    pub async fn end(&self, id: SessionId, now: Timestamp) -> Result<Attempt, Fault> {
        let done = sessions::Entity::update_many()
            .col_expr(sessions::Column::EndedAt, Expr::value(now.millis()))
            .filter(sessions::Column::Id.eq(id.uuid()))
            .filter(sessions::Column::EndedAt.is_null())
            .exec(self.0.writing())
            .await
            .map_err(fault("store.sessions.end"))?;
        Ok(Attempt::of(done.rows_affected))
    }

    /// Ends every session of a person but one, or all of them; returns those that ended now.
    pub async fn end_all(&self, person: PersonId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>, Fault> {
        let place = "store.sessions.end_all";
        let mut update = sessions::Entity::update_many()
            .col_expr(sessions::Column::EndedAt, Expr::value(now.millis()))
            .filter(sessions::Column::PersonId.eq(person.uuid()))
            .filter(sessions::Column::EndedAt.is_null());
        if let Some(except) = except {
            update = update.filter(sessions::Column::Id.ne(except.uuid()));
        }
        let rows = update.exec_with_returning(self.0.writing()).await.map_err(fault(place))?;
        Ok(rows.into_iter().map(|row| SessionId::from_uuid(row.id)).collect())
    }
}

/// Whether using the session now is worth a durable note.
pub fn needs_touch(session: &Session, now: Timestamp) -> bool {
    now.since(session.last_used_at) >= TOUCH_EVERY
}
