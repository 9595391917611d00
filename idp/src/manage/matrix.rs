//! Each route and what it answers to whom, as data: tests call every one of them as each caller.

use http::Method;
use idp_api::paths;

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// Nobody: no token.
    Anonymous,
    /// A member of the collective without any mandate, with a token from when there was one.
    Member,
    /// A member of the collective who manages another one.
    MemberManagingElsewhere,
    /// A manager of another collective who has nothing to do with this one.
    ManagerOfAnother,
    /// A manager of the collective.
    Manager,
    /// A steward of the community desk who belongs to another collective.
    Steward,
}

impl As {
    /// Every caller, in the order of [`Route::answers`].
    pub const ALL: [Self; 6] =
        [Self::Anonymous, Self::Member, Self::MemberManagingElsewhere, Self::ManagerOfAnother, Self::Manager, Self::Steward];
}

/// A route with a sound request.
#[derive(Debug, Clone)]
pub struct Route {
    /// How.
    pub method: Method,
    /// Where; `{collective}`, `{member}`, `{request}`, `{grant}` and `{mandate}` are this collective's.
    pub path: &'static str,
    /// What is sent as JSON, with the same names and `{service}`, `{offered_service}`, `{target}`; absent: no body.
    pub body: Option<&'static str>,
    /// Whether `If-Match` comes with it.
    pub versioned: bool,
    /// The status each of [`As::ALL`] gets.
    pub answers: [u16; 6],
}

/// What everybody with a mandate may do.
const ABOUT_ONESELF: [u16; 6] = [401, 401, 200, 200, 200, 200];
/// What members and stewards may see too.
const FACE: [u16; 6] = [401, 401, 200, 404, 200, 200];

/// What only managers may do; for everybody else the collective exists at most.
const fn managers(done: u16) -> [u16; 6] {
    [401, 401, 403, 404, done, 403]
}

const fn get(path: &'static str, answers: [u16; 6]) -> Route {
    Route { method: Method::GET, path, body: None, versioned: false, answers }
}
const fn post(path: &'static str, body: &'static str, done: u16) -> Route {
    Route { method: Method::POST, path, body: Some(body), versioned: false, answers: managers(done) }
}
const fn order(path: &'static str, done: u16) -> Route {
    Route { method: Method::POST, path, body: None, versioned: false, answers: managers(done) }
}
const fn act(path: &'static str, body: &'static str) -> Route {
    Route { method: Method::POST, path, body: Some(body), versioned: true, answers: managers(200) }
}
const fn patch(path: &'static str, body: &'static str) -> Route {
    Route { method: Method::PATCH, path, body: Some(body), versioned: true, answers: managers(200) }
}

/// Every route, in an order in which a manager can call them one after the other: looking, changing, ending.
pub const ROUTES: [Route; 24] = [
    get(paths::ME, ABOUT_ONESELF),
    get(paths::COLLECTIVES, ABOUT_ONESELF),
    get(paths::COLLECTIVE, FACE),
    get(paths::REQUESTS, managers(200)),
    get(paths::REQUEST, managers(200)),
    get(paths::REROUTE_TARGETS, managers(200)),
    get(paths::MEMBERS, managers(200)),
    get(paths::MEMBER, managers(200)),
    get(paths::SERVICES, managers(200)),
    get(paths::AUDIT, managers(200)),
    patch(paths::COLLECTIVE, r#"{"listed": true}"#),
    post(paths::REQUEST_ACCEPT, r#"{"grants": []}"#, 200),
    post(paths::REQUEST_REFUSE, r#"{"reason": "No ens coneixem."}"#, 204),
    post(paths::REQUEST_REROUTE, r#"{"to": "{target}"}"#, 204),
    post(paths::GRANTS, r#"{"service_id": "{offered_service}"}"#, 201),
    patch(paths::GRANT, "{}"),
    act(paths::GRANT_WITHDRAW, r#"{"reason": "Ja no cal."}"#),
    order(paths::MEMBER_RESEND_INVITATION, 204),
    order(paths::MEMBER_PROPOSE_MANAGER, 201),
    post(paths::MANDATE_WITHDRAW, r#"{"state": "proposed", "reason": "Encara no."}"#, 200),
    act(paths::MEMBER_SUSPEND, "{}"),
    act(paths::MEMBER_RESUME, "{}"),
    act(paths::MEMBER_END, "{}"),
    post(paths::INVITATIONS, r#"{"email": "nova@exemple.cat"}"#, 201),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_of_the_document_has_declared_answers() {
        let document: serde_json::Value = serde_json::from_str(&crate::manage::openapi()).expect("JSON");
        let described: BTreeSet<_> = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, item)| item.as_object().expect("methods").keys().map(move |method| (method.to_uppercase(), path.clone())))
            .collect();
        let declared = ROUTES.iter().map(|route| (route.method.to_string(), route.path.to_owned())).collect();
        assert_eq!(described, declared);
    }
}
