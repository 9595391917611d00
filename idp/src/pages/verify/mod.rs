//! A mail's link that proves an address: it opens a page with a button, because mail scanners follow links. Outside the browser
//! that registered, the page asks for a password too.

pub(super) mod view;

use axum::response::Response;
use http::StatusCode;
use idp_app::{
    Failure,
    join::{
        link::LinkRefusal,
        verify_address::{Outcome, VerifyRefusal, is_proven_already, read_verification, verify_address},
    },
};
use idp_domain::secret::{Secret, SecretKind, Typed};

use self::view::{DoneView, VerifyView, WaitingView};
use super::{
    visitor::Visitor,
    wrong::{Remark, Wrong},
};
use crate::http::{
    error_page::PageProblem,
    forms::{Fields, PageForm, PageQuery},
    headers::Class,
};

const FORM: &str = "verify";

/// `GET /verify`: changes nothing.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let link = link(&visitor, &query)?;
    let view = look(&visitor, &link, Wrong::default()).await?;
    Ok(visitor.page(view::page(visitor.shell(), &view)))
}

/// `POST /verify`: uses the link up.
pub(super) async fn submit(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    visitor.check(&form, FORM)?;
    let link = link(&visitor, &form.0)?;
    let password = Typed::password(form.0.verbatim("password").to_owned());
    match verify_address(&visitor.act(), &link, &visitor.secret.hash(), &password).await {
        Ok(Outcome::Requested { collective, managers }) => {
            let view = WaitingView { collective: collective.to_string(), managers: managers.iter().map(ToString::to_string).collect() };
            Ok(visitor.page(view::waiting(visitor.shell(), &view)))
        }
        Ok(Outcome::NoCollective) => Ok(visitor.page(view::done(visitor.shell(), DoneView::NoCollective))),
        Ok(Outcome::Verified) => Ok(visitor.page(view::done(visitor.shell(), DoneView::Verified))),
        Err(Failure::Refused(VerifyRefusal::AddressTaken)) => Ok(visitor.page(view::done(visitor.shell(), DoneView::Taken))),
        Err(Failure::Refused(VerifyRefusal::Password(weak))) => {
            let view = look(&visitor, &link, Wrong::one("password", weak.key())).await?;
            Ok(visitor.refused(Class::Page, view::page(visitor.shell(), &view)))
        }
        Err(Failure::Refused(VerifyRefusal::Link(refusal))) => Err(over(&visitor, &link, refusal).await),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

async fn look(visitor: &Visitor, link: &Secret, wrong: Wrong) -> Result<VerifyView, Response> {
    let found = match read_verification(&visitor.act(), link, &visitor.secret.hash()).await {
        Ok(found) => found,
        Err(Failure::Refused(refusal)) => return Err(over(visitor, link, refusal).await),
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    Ok(VerifyView {
        address: found.address.to_string(),
        name: found.display_name.to_string(),
        username: found.username.to_string(),
        collective: found.collective.map(|name| name.to_string()),
        chooses_password: found.chooses_password,
        link: link.expose().to_owned(),
        wrong,
        csrf: visitor.csrf(FORM),
    })
}

/// The page of a link that did its work, or does none any more.
async fn over(visitor: &Visitor, link: &Secret, refusal: LinkRefusal) -> Response {
    match is_proven_already(&visitor.act(), link).await {
        Ok(true) => visitor.page_of(StatusCode::GONE, Class::Page, view::done(visitor.shell(), DoneView::Already)),
        Ok(false) => gone(visitor, refusal),
        Err(fault) => visitor.fault(&fault),
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
