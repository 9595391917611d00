//! What stands behind a token, read in one query: the authorization, its session with the proofs, its person, and how
//! the client's sector calls them.

use idp_domain::{
    Fault, Timestamp,
    authorization::Authorization,
    client::ClientIdentifier,
    id::{AuthorizationId, ClientId, PersonId, SessionId},
    person::Person,
    scope::ScopeSet,
    session::Session,
};
use sea_orm::{
    FromQueryResult, JoinType, QueryResult,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use crate::{
    entity::{authorizations, subjects},
    error::{damaged, fault},
    people::{PersonRow, join_signin_email, select_person},
    sessions::{join_proofs, read_proof, read_session, select_session},
    sql::{at, same, select_all},
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

/// Selects and joins everything, beginning at the authorization `a` that the query already reads from. The client is
/// `c`.
pub(crate) fn select_backing(select: &mut SelectStatement) {
    select_all::<authorizations::Entity>(select, "a", "a_");
    select.expr_as(Expr::col(("c", "client_id")), "k_client_id");
    select_session(select, "s", "v");
    select_person(select, "p", "e", "p_");
    select_all::<subjects::Entity>(select, "u", "u_");
    select.join_as(JoinType::InnerJoin, "sessions", "s", same(("s", "id"), ("a", "session_id")));
    select.join_as(JoinType::InnerJoin, "people", "p", same(("p", "id"), ("a", "person_id")));
    select.join_as(JoinType::InnerJoin, "clients", "c", same(("c", "id"), ("a", "client_id")));
    join_signin_email(select, "p", "e");
    let called = same(("u", "person_id"), ("p", "id")).and(same(("u", "sector"), ("c", "sector")));
    select.join_as(JoinType::LeftJoin, "subjects", "u", called);
    join_proofs(select, "s", "v");
}

/// Reads the rows of one authorization: one per proof of its session.
pub(crate) fn read_backing(rows: &[QueryResult]) -> Result<Option<Backing>, Fault> {
    let place = "store.backing";
    let Some(first) = rows.first() else { return Ok(None) };
    let authorization = read_authorization(authorizations::Model::from_query_result(first, "a_").map_err(fault(place))?);
    let client_id: String = first.try_get("k_", "client_id").map_err(fault(place))?;
    let mut session = read_session(first)?;
    for row in rows {
        session.auth_events.extend(read_proof(row, session.id)?);
    }
    session.auth_events.sort_by_key(|event| event.at);
    let subject = subjects::Model::from_query_result_optional(first, "u_").map_err(fault(place))?;
    Ok(Some(Backing {
        client_id: ClientIdentifier::parse(&client_id).map_err(|_| damaged(place, authorization.client, "client_id"))?,
        authorization,
        session,
        person: PersonRow::read(first, "p_")?,
        subject: subject.map(Subject::from),
    }))
}
