//! What stands behind a token, read in one query: the authorization, its session with the proofs, its person, and how
//! the client's sector calls them.

use idp_domain::{
    Fault, Timestamp,
    authorization::Authorization,
    client::ClientIdentifier,
    id::{AuthorizationId, ClientId, PersonId, SessionId},
    person::Person,
    scope::ScopeSet,
    session::{AuthEvent, Session},
};
use sea_orm::{
    JoinType,
    sea_query::{ExprTrait, SelectStatement},
};

use crate::{
    decode::{Columns, Selected as _},
    entity::{authorizations, sessions, subjects},
    error::damaged,
    people::{join_signin_email, read_person, select_person},
    sessions::{join_proofs, read_proof, read_session},
    sql::{at, same, select_columns},
    subjects::Subject,
};

/// What stands behind a code, a refresh token or an access token. Every part is returned whatever its state: whether
/// it still stands is for the rules to say.
#[derive(Debug, Clone)]
pub struct Backing {
    /// What was authorised.
    pub authorization: Authorization,
    /// The public identifier of the client it was given to.
    pub client_id: ClientIdentifier,
    /// The session it was given in.
    pub session: Session,
    /// Who authorised.
    pub person: Person,
    /// How the client's sector calls them; absent before the first release.
    pub subject: Option<Subject>,
}

pub(crate) fn read_authorization(row: authorizations::Model) -> Authorization {
    Authorization {
        id: AuthorizationId::from_uuid(row.id),
        person: PersonId::from_uuid(row.person_id),
        client: ClientId::from_uuid(row.client_id),
        session: SessionId::from_uuid(row.session_id),
        scope: ScopeSet::parse(&row.scopes),
        claims: row.claims,
        created_at: Timestamp::from_millis(row.created_at),
        ended_at: at(row.ended_at),
        offline: row.offline_at.is_some(),
    }
}

/// Selects and joins everything but the proofs, beginning at the authorization `a` that the query already reads from.
/// The client is `c`. The query begins with the proof `v` ([`select_proof`]): there is a row for each.
pub(crate) fn select_backing(select: &mut SelectStatement) {
    select_columns::<authorizations::Model>(select, "a");
    select.column(("c", "client_id"));
    select_columns::<sessions::Model>(select, "s");
    select_person(select, "p", "e");
    select_columns::<subjects::Model>(select, "u");
    select.join_as(JoinType::InnerJoin, "sessions", "s", same(("s", "id"), ("a", "session_id")));
    select.join_as(JoinType::InnerJoin, "people", "p", same(("p", "id"), ("a", "person_id")));
    select.join_as(JoinType::InnerJoin, "clients", "c", same(("c", "id"), ("a", "client_id")));
    join_signin_email(select, "p", "e");
    let called = same(("u", "person_id"), ("p", "id")).and(same(("u", "sector"), ("c", "sector")));
    select.join_as(JoinType::LeftJoin, "subjects", "u", called);
    join_proofs(select, "s", "v");
}

/// Rows that differ only in the proof they begin with: the first one past its proof, and every proof, oldest first.
pub(crate) fn split_proofs(rows: Vec<Columns>) -> Result<Option<(Columns, Vec<AuthEvent>)>, Fault> {
    let (mut first, mut proofs) = (None, Vec::new());
    for mut row in rows {
        proofs.extend(read_proof(&mut row)?);
        first.get_or_insert(row);
    }
    proofs.sort_by_key(|proof| proof.at);
    Ok(first.map(|first| (first, proofs)))
}

/// Reads what [`select_backing`] selected.
pub(crate) fn read_backing(columns: &mut Columns, proofs: Vec<AuthEvent>) -> Result<Backing, Fault> {
    let authorization = read_authorization(authorizations::Model::read(columns)?);
    let client_id: String = columns.next()?;
    let client_id = ClientIdentifier::parse(&client_id).map_err(|_| damaged("store.backing", authorization.client, "client_id"))?;
    let session = Session { auth_events: proofs, ..read_session(columns)? };
    let person = read_person(columns)?;
    let subject = columns.joined::<subjects::Model>()?.map(Subject::from);
    Ok(Backing { authorization, client_id, session, person, subject })
}
