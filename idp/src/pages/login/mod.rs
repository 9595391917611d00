//! Signing in with a username or an address and a password.

pub(super) mod view;

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use idp_app::{
    Failure,
    browser::{Device, Here, sign_in},
    login::password::{Attempt, PasswordRefusal, verify_password},
};
use idp_domain::{Ttl, secret::Typed};

use self::view::{LoginProblem, LoginView};
use super::{
    visitor::Visitor,
    waiting::{self, Waiting},
};
use crate::http::{
    cookies::Keep,
    forms::{Fields, PageForm, PageQuery},
    headers::Class,
    paths, user_agent,
};

const FORM: &str = "login";
/// How long a device that somebody called theirs is recognised; sessions on it end much earlier.
const OWN_DEVICE_KEPT: Ttl = Ttl::days(180);

/// `GET /login`.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let waiting = waiting_of(&visitor, &query).await?;
    if waiting.is_none() && visitor.browser.current().is_some() {
        return Ok(visitor.go(paths::ACCOUNT));
    }
    let hint = waiting.as_ref().and_then(|waiting| waiting.flow.request.login_hint.clone()).unwrap_or_default();
    render(&visitor, waiting.as_ref(), hint, false, None).await
}

/// `POST /login`.
pub(super) async fn submit(mut visitor: Visitor, headers: HeaderMap, form: PageForm) -> Result<Response, Response> {
    let waiting = waiting_of(&visitor, &form.0).await?;
    visitor.check(&form, FORM)?;
    let fields = &form.0;
    let own = fields.checked("own");
    let identifier = fields.text("identifier").to_owned();
    let attempt = Attempt {
        identifier: &identifier,
        password: Typed::password(fields.verbatim("password").to_owned()),
        client_ip: Some(visitor.cx.ip),
    };
    let act = visitor.act();
    let proof = match verify_password(&act, &visitor.browser, attempt).await {
        Ok(proof) => proof,
        Err(Failure::Refused(refusal)) => return render(&visitor, waiting.as_ref(), identifier, own, Some(told(refusal))).await,
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    let device = if own { Device::Own } else { Device::Shared };
    let here = Here { device, label: user_agent::label(&headers) };
    let signed_in = sign_in(&act, proof, &visitor.browser, here).await.map_err(|fault| visitor.fault(&fault))?;
    visitor.renew(signed_in.cookie, signed_in.browser, if own { Keep::For(OWN_DEVICE_KEPT) } else { Keep::UntilClosed });
    match waiting {
        Some(mut waiting) => {
            waiting.flow.signed_in(signed_in.session, visitor.secret.hash());
            waiting.go_on(&visitor).await
        }
        None => Ok(visitor.go(paths::ACCOUNT)),
    }
}

/// The login in progress, when the fields name one: somebody may also sign in for no service in particular.
async fn waiting_of(visitor: &Visitor, fields: &Fields) -> Result<Option<Waiting>, Response> {
    match fields.given(waiting::FIELD) {
        Some(_) => Waiting::find(visitor, fields).await.map(Some),
        None => Ok(None),
    }
}

fn told(refusal: PasswordRefusal) -> LoginProblem {
    match refusal {
        PasswordRefusal::Wrong => LoginProblem::Wrong,
        PasswordRefusal::Throttled(wait) => LoginProblem::Throttled(wait),
        PasswordRefusal::NotAllowed => LoginProblem::NotAllowed,
    }
}

async fn render(
    visitor: &Visitor,
    waiting: Option<&Waiting>,
    identifier: String,
    own: bool,
    problem: Option<LoginProblem>,
) -> Result<Response, Response> {
    let service = match waiting {
        Some(waiting) => Some(waiting.service_name(visitor).await?),
        None => None,
    };
    let view = LoginView { flow: waiting.map(Waiting::id), service, identifier, own_device: own, problem, csrf: visitor.csrf(FORM) };
    let class = waiting.map_or(Class::Page, Waiting::class);
    let status = match problem {
        None => StatusCode::OK,
        Some(LoginProblem::Throttled(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(LoginProblem::Wrong | LoginProblem::NotAllowed) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut response = visitor.page_of(status, class, view::page(visitor.bare_shell(), &view));
    if let Some(LoginProblem::Throttled(wait)) = problem {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_seconds().max(1)));
    }
    Ok(response)
}
