//! What goes wrong, as pages that say what to do. Nothing else renders errors.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use idp_api::{Problem, ProblemType};
use maud::{Markup, html};
use ui_kit::{Alert, Button, EmptyState, Form, Icon, LinkButton, actions, page_header};

use super::{
    caller::Desk,
    cx::Cx,
    draft::{Draft, Why},
    paths,
};

/// What ends a request early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// An error page or a way around.
    Answer(Box<Response>),
    /// The page of the form that was sent, with what was typed: `desk::form` shows it.
    Again(Box<Desk>),
}

impl Stop {
    /// This answer.
    pub(crate) fn new(response: Response) -> Self {
        Self::Answer(Box::new(response))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(response) => *response,
            Self::Again(desk) => desk.keep().into_response(),
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Not a request our pages make.
    BadRequest,
    /// A form that another site sent.
    CrossSite,
    /// The API refuses the token of somebody who has just signed in.
    SessionRefused,
    /// Signing in did not work; the issuer's word for it.
    SignIn(Option<String>),
    /// Not yours to do, by this rule.
    Forbidden(Option<String>),
    /// No such thing, as far as the person may know.
    NotFound,
    /// Its state does not allow it, for this reason.
    Conflict(Option<String>),
    /// Somebody else changed it.
    Changed,
    /// Too much text.
    TooLarge,
    /// Too often, by this rule.
    TooMany(Option<String>),
    /// Not now.
    Unavailable,
    /// A fault here or there; the id of the request.
    Unexpected(Option<String>),
}

impl Trouble {
    /// What a problem of the API is to people.
    pub(crate) fn of(problem: &Problem) -> Self {
        use ProblemType as P;
        match problem.kind {
            P::NotFound => Self::NotFound,
            P::Forbidden => Self::Forbidden(problem.code.clone()),
            P::Conflict => Self::Conflict(problem.code.clone()),
            P::VersionMismatch | P::VersionRequired => Self::Changed,
            P::TooLarge => Self::TooLarge,
            P::TooManyRequests => Self::TooMany(problem.code.clone()),
            P::Unavailable => Self::Unavailable,
            P::InvalidRequest | P::InvalidFields => Self::BadRequest,
            P::Unauthorized | P::StepUp | P::InsufficientScope => Self::SessionRefused,
            P::MethodNotAllowed | P::UnsupportedMediaType | P::Misdirected | P::HeadTooLarge | P::IdempotencyKeyReused | P::Internal => {
                Self::Unexpected(problem.instance.clone())
            }
        }
    }

    /// The status of the page.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::SessionRefused => StatusCode::UNAUTHORIZED,
            Self::CrossSite | Self::Forbidden(_) | Self::SignIn(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unexpected(_) => StatusCode::BAD_GATEWAY,
        }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::BadRequest => "error-bad-request",
            Self::CrossSite => "error-cross-site",
            Self::SessionRefused => "error-session-refused",
            Self::SignIn(_) => "error-sign-in",
            Self::Forbidden(_) => "error-forbidden",
            Self::NotFound => "error-not-found",
            Self::Conflict(_) => "error-conflict",
            Self::Changed => "error-changed",
            Self::TooLarge => "error-too-large",
            Self::TooMany(_) => "error-too-many",
            Self::Unavailable => "error-unavailable",
            Self::Unexpected(_) => "error-unexpected",
        }
    }

    /// The rule that said no, when there is a sentence for it.
    fn reason_key(&self) -> Option<String> {
        match self {
            Self::Forbidden(Some(code)) | Self::Conflict(Some(code)) | Self::TooMany(Some(code)) | Self::SignIn(Some(code)) => {
                Some(format!("code-{}", code.replace('_', "-")))
            }
            _ => None,
        }
    }
}

/// The whole document of an error.
pub(crate) fn page(cx: &Cx, trouble: &Trouble) -> Markup {
    let t = cx.t;
    let title = t.msg(&format!("{}-title", trouble.key()));
    let text = match trouble.reason_key().filter(|key| t.has(key)) {
        Some(key) => t.msg(&key),
        None => t.msg(&format!("{}-text", trouble.key())),
    };
    let icon = match trouble {
        Trouble::NotFound => Icon::Search,
        Trouble::Changed | Trouble::Conflict(_) => Icon::People,
        Trouble::Unavailable | Trouble::TooMany(_) => Icon::Clock,
        _ => Icon::Stop,
    };
    let ways = html! {
        @match trouble {
            Trouble::SessionRefused | Trouble::SignIn(_) => {
                (LinkButton::primary(t.msg("error-sign-in-again"), paths::sign_in(paths::HOME)))
            }
            Trouble::Changed | Trouble::Unavailable | Trouble::TooMany(None) => {
                (LinkButton::primary(t.msg("error-look-again"), cx.path.clone()))
                (LinkButton::secondary(t.msg("error-home"), paths::HOME))
            }
            Trouble::Conflict(_) | Trouble::Forbidden(_) | Trouble::TooMany(Some(_)) => {
                (LinkButton::primary(t.msg("error-look-again"), paths::above(&cx.path)))
                (LinkButton::secondary(t.msg("error-home"), paths::HOME))
            }
            _ => { (LinkButton::primary(t.msg("error-home"), paths::HOME)) }
        }
    };
    let body = html! {
        (page_header(&title, None, None))
        (EmptyState::new(icon, text, match trouble {
            Trouble::Unexpected(Some(instance)) => t.args("error-instance", &[("id", instance.as_str().into())]),
            _ => String::new(),
        }).action(ways))
    };
    ui_kit::page(&cx.shell(&title).narrow(), body)
}

/// What was typed and is too long to be carried: shown, and ready to be sent again after signing in beside it.
pub(crate) fn kept(cx: &Cx, draft: &Draft, to: &str, token: &str) -> Markup {
    let t = cx.t;
    let to_sign_in = draft.why == Some(Why::SignedInAgain);
    let part = if to_sign_in { "kept-long" } else { "kept" };
    let title = t.msg(&format!("{part}-title"));
    let mut form = Form::post(cx.path.clone()).csrf(token);
    for (name, value) in draft.fields.iter() {
        form = form.hidden(name, value);
    }
    let body = html! {
        (page_header(&title, Some(&t.msg(&format!("{part}-text"))), None))
        @if to_sign_in {
            p { a href=(to) target="_blank" rel="noopener" { (t.msg("kept-sign-in")) } }
        } @else if let Some(why) = draft.why {
            (Alert::warning(t.msg(why.key())))
        }
        @for (_, value) in draft.fields.iter().filter(|(_, value)| value.len() > 80) { (ui_kit::code_block(value)) }
        (form.body(actions(html! { (Button::primary(t.msg("kept-send"))) })))
    };
    ui_kit::page(&cx.shell(&title), body)
}
