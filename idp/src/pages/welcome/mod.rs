//! An account that others made: its person chooses a password and it is theirs.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    Failure,
    join::activate::{ActivateRefusal, activate, read_activation},
};
use idp_domain::secret::{Secret, Typed};

use self::view::{WelcomeDoneView, WelcomeView};
use super::{
    verify::{gone, link, refused},
    visitor::Visitor,
    wrong::{Remark, Wrong},
};
use crate::http::{
    forms::{PageForm, PageQuery},
    headers::Class,
};

const FORM: &str = "welcome";

/// `GET /welcome`: changes nothing.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let link = link(&visitor, &query)?;
    let view = look(&visitor, &link, Wrong::default()).await?;
    Ok(visitor.page(view::page(visitor.shell(), &view)))
}

/// `POST /welcome`: uses the link up.
pub(super) async fn submit(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    visitor.check(&form, FORM)?;
    let link = link(&visitor, &form.0)?;
    let password = Typed::password(form.0.verbatim("password").to_owned());
    match activate(&visitor.act(), &link, &password).await {
        Ok(username) => Ok(visitor.page(view::done(visitor.shell(), &WelcomeDoneView { username: username.to_string() }))),
        Err(Failure::Refused(ActivateRefusal::Password(weak))) => {
            let view = look(&visitor, &link, Wrong::one("password", weak.key())).await?;
            Ok(visitor.refused(Class::Page, view::page(visitor.shell(), &view)))
        }
        Err(Failure::Refused(ActivateRefusal::Link(refusal))) => Err(gone(&visitor, refusal)),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

async fn look(visitor: &Visitor, link: &Secret, wrong: Wrong) -> Result<WelcomeView, Response> {
    let found = read_activation(&visitor.act(), link).await.map_err(|failure| refused(visitor, failure))?;
    Ok(WelcomeView {
        name: found.display_name.to_string(),
        username: found.username.to_string(),
        collective: found.collective.map(|name| name.to_string()),
        link: link.expose().to_owned(),
        wrong,
        csrf: visitor.csrf(FORM),
    })
}
