//! Password, sessions, services that act without one, language.

use axum::response::Response;
use http::{StatusCode, header};
use idp_app::{
    Failure,
    account::{
        change_password::{self as change, ChangePasswordRefusal, Elsewhere, PasswordChange},
        offline_access::{ActingService, EndOfflineAccessRefusal, end_my_offline_access, list_my_offline_access},
        sessions::{EndSessionRefusal, end_my_session, list_my_sessions},
        set_language::{self as language, SetLanguageRefusal},
    },
    browser::LiveSession,
};
use idp_domain::{locale::Locale, secret::Typed};

use super::{
    done, shell,
    view::{self, ActingView, SecurityView, SessionView},
};
use crate::{
    http::{
        error_page::PageProblem,
        forms::{Fields, PageForm, PageQuery},
        headers::Class,
        paths,
    },
    pages::{
        visitor::Visitor,
        wrong::{Remark, Wrong},
    },
};

const PASSWORD_FORM: &str = "account:password";
const SESSION_FORM: &str = "account:session";
const AUTHORIZATION_FORM: &str = "account:authorization";
const LANGUAGE_FORM: &str = "account:language";

/// `GET /account/security`.
pub(in crate::pages) async fn security(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    let view = look(&visitor, live, Wrong::default()).await?;
    Ok(visitor.page(view::security(shell(&visitor, paths::ACCOUNT_SECURITY, &query), &view)))
}

/// `POST /account/password`.
pub(in crate::pages) async fn change_password(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, PASSWORD_FORM)?;
    let typed = |name: &str| Typed::password(form.0.verbatim(name).to_owned());
    let wanted = PasswordChange {
        person: &live.person,
        session: live.session.id,
        current: typed("current"),
        new: typed("password"),
        elsewhere: if form.0.checked("elsewhere") { Elsewhere::SignOut } else { Elsewhere::Stay },
        client_ip: Some(visitor.cx.ip),
    };
    let (status, wrong) = match change::change_password(&visitor.act_as(live), wanted).await {
        Ok(()) => return Ok(visitor.go(&done(paths::ACCOUNT_SECURITY, "password"))),
        Err(Failure::Refused(ChangePasswordRefusal::Wrong)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Wrong::one("current", "account-password-wrong"))
        }
        Err(Failure::Refused(ChangePasswordRefusal::Weak(weak))) => (StatusCode::UNPROCESSABLE_ENTITY, Wrong::one("password", weak.key())),
        Err(Failure::Refused(ChangePasswordRefusal::Throttled(_))) => {
            (StatusCode::TOO_MANY_REQUESTS, Wrong::one("current", "login-throttled-soon"))
        }
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    let view = look(&visitor, live, wrong).await?;
    Ok(visitor.page_of(status, Class::Page, view::security(shell(&visitor, paths::ACCOUNT_SECURITY, &Fields::default()), &view)))
}

/// `POST /account/session`.
pub(in crate::pages) async fn end_session(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, SESSION_FORM)?;
    let session = form.0.text("session").parse().map_err(|_| visitor.problem(PageProblem::BadRequest))?;
    match end_my_session(&visitor.act_as(live), live.person.id, session).await {
        Ok(()) => Ok(visitor.go(&done(paths::ACCOUNT_SECURITY, "session"))),
        Err(Failure::Refused(EndSessionRefusal::Unknown)) => Ok(visitor.go(&done(paths::ACCOUNT_SECURITY, "gone"))),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

/// `POST /account/authorization`.
pub(in crate::pages) async fn end_authorization(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, AUTHORIZATION_FORM)?;
    let authorization = form.0.text("authorization").parse().map_err(|_| visitor.problem(PageProblem::BadRequest))?;
    match end_my_offline_access(&visitor.act_as(live), live.person.id, authorization).await {
        Ok(()) => Ok(visitor.go(&done(paths::ACCOUNT_SECURITY, "authorization"))),
        Err(Failure::Refused(EndOfflineAccessRefusal::Unknown)) => Err(visitor.problem(PageProblem::NotFound)),
        Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
    }
}

/// `POST /account/language`: of the person's mails and, from now on, of the pages in this browser.
pub(in crate::pages) async fn set_language(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, LANGUAGE_FORM)?;
    let chosen = Locale::ALL.into_iter().find(|locale| locale.as_str() == form.0.text("language"));
    let chosen = chosen.ok_or_else(|| visitor.problem(PageProblem::BadRequest))?;
    let told = match language::set_language(&visitor.act_as(live), &live.person, chosen).await {
        Ok(()) => "language",
        Err(Failure::Refused(SetLanguageRefusal::Stale)) => "gone",
        Err(Failure::Fault(fault)) => return Err(visitor.fault(&fault)),
    };
    let mut response = visitor.go(&done(paths::ACCOUNT_SECURITY, told));
    response.headers_mut().append(header::SET_COOKIE, visitor.cx.edge.cookies().set_language(chosen));
    Ok(response)
}

async fn look(visitor: &Visitor, live: &LiveSession, wrong: Wrong) -> Result<SecurityView, Response> {
    let act = visitor.act_as(live);
    let found = list_my_sessions(&act, live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
    let acting = list_my_offline_access(&act, live.person.id).await.map_err(|fault| visitor.fault(&fault))?;
    let session = |session: &idp_app::account::sessions::MySession| SessionView {
        id: session.id.to_string(),
        label: session.label.clone(),
        here: session.id == live.session.id,
        began_at: session.began_at.millis(),
        last_used_at: session.last_used_at.millis(),
    };
    let service = |acting: &ActingService| ActingView {
        authorization: acting.authorization.to_string(),
        name: acting.name.clone(),
        since: acting.since.millis(),
    };
    Ok(SecurityView {
        name: live.person.display_name.to_string(),
        username: live.person.username_shown().map(ToString::to_string),
        email: live.person.email.as_ref().map(ToString::to_string),
        locale: live.person.locale,
        sessions: found.iter().map(session).collect(),
        acting: acting.iter().map(service).collect(),
        wrong,
        now: visitor.cx.now.millis(),
        password_csrf: visitor.csrf(PASSWORD_FORM),
        session_csrf: visitor.csrf(SESSION_FORM),
        authorization_csrf: visitor.csrf(AUTHORIZATION_FORM),
        language_csrf: visitor.csrf(LANGUAGE_FORM),
    })
}
