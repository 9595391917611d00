//! Signing in and out: begin, come back, leave.

use axum::response::Response;
use http::StatusCode;
use maud::html;
use ui_kit::{EmptyState, Icon, LinkButton, page_header};

use crate::{
    http::{
        answer::{document, see_other},
        caller::Sent,
        cookies::Cookie,
        cx::Cx,
        errors::{Stop, Trouble},
        paths,
    },
    oidc::{Answer, Demands, SignInError},
    seal::Purpose,
    session::Transaction,
};

/// More sign-ins than this under way in one browser were abandoned: their cookies would crowd out the rest.
const TABS: usize = 6;

/// Sends the browser to the issuer. A session that lives there comes back without a question.
pub(crate) async fn begin(cx: Cx) -> Result<Response, Stop> {
    let demands =
        Demands { max_age: cx.query.get("max_age").and_then(|seconds| seconds.parse().ok()), acr: cx.query.get("acr").map(str::to_owned) };
    let return_to = paths::local(cx.query.get("to"));
    let begun = cx.app.issuer.begin(return_to, cx.t.lang().tag(), &demands, cx.now).await;
    let (url, transaction) = begun.map_err(|error| failed(&cx, &error))?;
    if cx.jar.transactions() >= TABS {
        cx.jar.clear_transactions();
    }
    let sealed = cx.app.sealer.seal(Purpose::Transaction, &transaction, &cx.app.entropy);
    let kept = sealed.is_some_and(|sealed| cx.jar.put(Cookie::Transaction(&transaction.state), &sealed, Some(Transaction::LIFETIME)));
    if kept { Ok(see_other(url.as_str())) } else { Err(cx.trouble(&Trouble::BadRequest)) }
}

/// The browser comes back from the issuer.
pub(crate) async fn callback(cx: Cx) -> Result<Response, Stop> {
    let query = &cx.query;
    let answer = Answer { code: query.get("code"), state: query.get("state"), iss: query.get("iss"), error: query.get("error") };
    let cookie = Cookie::Transaction(answer.state.unwrap_or_default());
    let transaction: Option<Transaction> = cx.jar.get(cookie).and_then(|sealed| cx.app.sealer.open(Purpose::Transaction, sealed));
    cx.jar.clear(cookie);
    let Some(transaction) = transaction else { return Err(failed(&cx, &SignInError::Foreign("no transaction"))) };
    let session = cx.app.issuer.finish(&answer, &transaction, cx.now).await.map_err(|error| failed(&cx, &error))?;
    let session = session.continuing(cx.session().as_ref());
    if cx.keep_session(&session) {
        Ok(see_other(paths::local(Some(&transaction.return_to))))
    } else {
        tracing::error!("the session does not fit into a cookie");
        Err(cx.trouble(&Trouble::Unexpected(None)))
    }
}

fn failed(cx: &Cx, error: &SignInError) -> Stop {
    match error {
        SignInError::Unavailable(why) => {
            tracing::warn!(%why, "signing in: the issuer is not available");
            cx.trouble(&Trouble::Unavailable)
        }
        SignInError::Refused(code) => {
            tracing::info!(%code, "signing in: the issuer refused");
            cx.trouble(&Trouble::SignIn(Some(code.clone())))
        }
        SignInError::Foreign(what) => {
            tracing::info!(what, "signing in: an answer that belongs to no sign-in of this browser");
            cx.trouble(&Trouble::SignIn(None))
        }
        SignInError::Invalid(why) => {
            tracing::error!(%why, "signing in: the issuer's answer does not verify");
            cx.trouble(&Trouble::Unexpected(None))
        }
    }
}

/// Signs out here and at the issuer. Works without asking the API: also when the session is over already.
pub(crate) async fn sign_out(sent: Sent) -> Result<Response, Stop> {
    let session = sent.cx.session();
    if session.as_ref().is_some_and(|session| !sent.is_of(session)) {
        return Err(sent.cx.trouble(&Trouble::CrossSite));
    }
    let cx = sent.cx;
    let there = cx.app.issuer.end_session(session.as_ref(), cx.t.lang().tag(), cx.now).await;
    for cookie in [Cookie::Session, Cookie::Draft, Cookie::Flash] {
        cx.jar.clear(cookie);
    }
    Ok(see_other(there.as_ref().map_or(paths::SIGNED_OUT, |url| url.as_str())))
}

/// After signing out.
pub(crate) async fn signed_out(cx: Cx) -> Response {
    let t = cx.t;
    let title = t.msg("signed-out-title");
    let body = html! {
        (page_header(&title, None, None))
        (EmptyState::new(Icon::Exit, t.msg("signed-out-text"), "").action(html! {
            (LinkButton::primary(t.msg("signed-out-again"), paths::sign_in(paths::HOME)))
        }))
    };
    document(StatusCode::OK, ui_kit::page(&cx.shell(&title).narrow(), body))
}
