//! A mail's link that proves an address: it opens a page with a button, because mail scanners follow links.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    Failure,
    join::{
        link::LinkRefusal,
        verify_address::{Outcome, VerifyRefusal, read_verification, verify_address},
    },
};
use idp_domain::secret::{Secret, SecretKind};

use self::view::{DoneView, VerifyView, WaitingView};
use super::visitor::Visitor;
use crate::http::{
    error_page::PageProblem,
    forms::{Fields, PageForm, PageQuery},
};

const FORM: &str = "verify";

/// `GET /verify`: changes nothing.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let link = link(&visitor, &query)?;
    let found = read_verification(&visitor.act(), &link).await.map_err(|failure| refused(&visitor, failure))?;
    let view = VerifyView {
        address: found.address.to_string(),
        name: found.display_name.to_string(),
        username: found.username.to_string(),
        collective: found.collective.map(|name| name.to_string()),
        link: link.expose().to_owned(),
        csrf: visitor.csrf(FORM),
    };
    Ok(visitor.page(view::page(visitor.shell(), &view)))
}

/// `POST /verify`: uses the link up.
pub(super) async fn submit(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    visitor.check(&form, FORM)?;
    let link = link(&visitor, &form.0)?;
    match verify_address(&visitor.act(), &link).await {
        Ok(Outcome::Requested { collective, managers }) => {
            let view = WaitingView { collective: collective.to_string(), managers: managers.iter().map(ToString::to_string).collect() };
            Ok(visitor.page(view::waiting(visitor.shell(), &view)))
        }
        Ok(Outcome::NoCollective) => Ok(visitor.page(view::done(visitor.shell(), DoneView::NoCollective))),
        Ok(Outcome::Verified) => Ok(visitor.page(view::done(visitor.shell(), DoneView::Verified))),
        Err(Failure::Refused(VerifyRefusal::AddressTaken)) => Ok(visitor.page(view::done(visitor.shell(), DoneView::Taken))),
        Err(Failure::Refused(VerifyRefusal::Link(refusal))) => Err(gone(&visitor, refusal)),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

/// The link in a query or form.
pub(in crate::pages) fn link(visitor: &Visitor, fields: &Fields) -> Result<Secret, Response> {
    Secret::parse(SecretKind::Link, fields.text("link")).ok_or_else(|| visitor.problem(PageProblem::LinkGone))
}

/// The page of a link that does not work.
pub(in crate::pages) fn refused(visitor: &Visitor, failure: Failure<LinkRefusal>) -> Response {
    match failure {
        Failure::Refused(refusal) => gone(visitor, refusal),
        Failure::Fault(fault) => visitor.fault(&fault),
    }
}

/// Unknown, used and expired look alike: who holds an old link needs a new one in each case.
pub(in crate::pages) fn gone(visitor: &Visitor, refusal: LinkRefusal) -> Response {
    match refusal {
        LinkRefusal::Unknown | LinkRefusal::Used | LinkRefusal::Expired => visitor.problem(PageProblem::LinkGone),
    }
}
