//! Changing a collective.

use idp_api::{Collective, EditCollective, Problem, ProblemType, paths};
use idp_app::collectives::edit::{self, EditCollectiveRefusal, edit_collective};
use idp_domain::{collective::Listing, id::CollectiveId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, Checked, IntoProblem, failed, refused, versioned},
        at,
        caller::Caller,
        convert,
        headers::Seen,
        ids::At,
        parse::{self, Errors},
    },
};

/// Changes name, language or listing
#[utoipa::path(patch, path = at(paths::COLLECTIVE), tag = "collectives", operation_id = "edit_collective", request_body = EditCollective,
    params(("If-Match" = String, Header, description = "`\"<version>\"`")), responses((status = 200, body = Collective)))]
pub(in crate::manage) async fn edit(
    caller: Caller,
    At(collective): At<CollectiveId>,
    Seen(version): Seen,
    ApiBody(body): ApiBody<EditCollective>,
) -> Answer {
    let input = input(collective, version, &body).map_err(|problem| refused(&caller.cx, problem))?;
    let view = edit_collective(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    let version = view.collective.version;
    Ok(versioned(&caller.cx, version, &convert::collective(caller.cx.edge.issuer(), view)))
}

fn input(collective: CollectiveId, version: i64, body: &EditCollective) -> Checked<edit::EditCollective> {
    let mut errors = Errors::default();
    let name = body.name.as_deref().map(|text| parse::name(&mut errors, "name", text));
    let listing = body.listed.map(|listed| if listed { Listing::Listed } else { Listing::Unlisted });
    let locale = body.locale.map(parse::locale);
    errors.or(Some(edit::EditCollective { collective, version, name: name.flatten(), locale, listing }))
}

impl IntoProblem for EditCollectiveRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::Stale => Problem::new(ProblemType::VersionMismatch),
        }
    }
}
