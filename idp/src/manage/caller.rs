//! Who calls: the person behind the bearer token, with what they hold at this instant.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::request::Parts;
use idp_app::{
    Act, Failure,
    limits::{self, Call},
    userinfo,
};
use idp_domain::{
    Timestamp, Ttl,
    person::Person,
    policy::{Actor, Standing},
};
use idp_protocol::userinfo::{BearerRefusal, bearer};

use super::answer::failed;
use crate::{
    http::{context::Cx, error_api},
    oauth::respond::Authorization,
    wiring::AppState,
};

/// The person behind the token. Extracted first: without one nothing of the request is looked at.
#[derive(Clone)]
pub(super) struct Caller {
    /// The request.
    pub(super) cx: Cx,
    /// The use case to come, in the person's name.
    pub(super) act: Act,
    /// Who.
    pub(super) person: Person,
    /// When they proved who they are.
    pub(super) auth_time: Timestamp,
    /// What they hold now.
    pub(super) standing: Standing,
}

/// How old the sign-in of a [`FreshCaller`] may be.
const FRESH: Ttl = Ttl::minutes(5);

/// Somebody who proved who they are a moment ago, as dangerous acts need it; everybody else is asked to (RFC 9470 §3).
pub(super) struct FreshCaller(pub(super) Caller);

impl FromRequestParts<AppState> for FreshCaller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if caller.act.now.since(caller.auth_time) > FRESH {
            return Err(error_api::bearer(&caller.cx, BearerRefusal::StaleAuthentication { max_age: Some(FRESH), acr: None }));
        }
        Ok(Self(caller))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let cx = Cx::of(&state.edge, parts);
        let header =
            Authorization::of(&parts.headers).map_err(|error| error_api::bearer(&cx, BearerRefusal::Unreadable(error.description)))?;
        let token = bearer(header.text(), None).map_err(|refusal| error_api::bearer(&cx, refusal))?;
        match userinfo::caller(&cx.act(&state.app, Actor::System), token).await {
            Ok(userinfo::Caller { person, auth_time, standing }) => {
                let act = cx.act(&state.app, Actor::Person(person.id));
                let call = if parts.method.is_safe() { Call::Look } else { Call::Change };
                let admitted = limits::admit_call(&act, person.id, call).await;
                admitted.map_err(|failure| failed(&cx)(failure).into_response())?;
                Ok(Self { cx, act, person, auth_time, standing })
            }
            Err(Failure::Refused(BearerRefusal::Invalid)) => {
                let admitted = limits::admit_refused_token(&cx.act(&state.app, Actor::System), cx.ip).await;
                Err(match admitted {
                    Ok(()) => error_api::bearer(&cx, BearerRefusal::Invalid),
                    Err(failure) => failed(&cx)(failure).into_response(),
                })
            }
            Err(Failure::Refused(refusal)) => Err(error_api::bearer(&cx, refusal)),
            Err(Failure::Fault(fault)) => Err(error_api::fault(&cx, &fault)),
        }
    }
}
