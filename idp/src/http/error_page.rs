//! Errors to people: a page that says what happened, what to do, and under which reference it is found in the log.

use axum::response::Response;
use http::{StatusCode, header};
use idp_domain::{Fault, fault::FaultKind};
use maud::{Markup, html};
use ui_kit::{LinkButton, Shell, T, actions, note, page_header};

use super::{context::Cx, fault, headers::Class, paths};

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $key:literal;)*) => {
        /// What can go wrong with a page. Each has one status and its texts `error-<key>-title` and `error-<key>-text`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum PageProblem {
            $($(#[$doc])* $name,)*
        }
        impl PageProblem {
            /// Every problem, for the tests of texts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
            const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

problems! {
    /// A malformed query or form.
    BadRequest = 400, "bad-request";
    /// A cookie of ours came twice.
    Cookies = 400, "cookies";
    /// An authorization request that cannot be answered with a redirect.
    BadAuthorizationRequest = 400, "authorization-request";
    /// A `client_id` that is unknown or switched off.
    UnknownClient = 400, "unknown-client";
    /// A `redirect_uri` that the client did not register.
    UnregisteredRedirect = 400, "unregistered-redirect";
    /// The form was sent by another site.
    OtherSite = 403, "other-site";
    /// The form belongs to another browser or an earlier sign-in.
    StaleForm = 403, "stale-form";
    /// Not for this person.
    Forbidden = 403, "forbidden";
    /// There is no such page.
    NotFound = 404, "not-found";
    /// The page exists, with other methods.
    MethodNotAllowed = 405, "method";
    /// The form did not arrive in time.
    TooSlow = 408, "too-slow";
    /// A mail's link that was used or is too old.
    LinkGone = 410, "link-gone";
    /// A login in progress that took too long or is over.
    FlowGone = 410, "flow-gone";
    /// The form is too large.
    TooLarge = 413, "too-large";
    /// Not a form at all.
    UnsupportedMediaType = 415, "media-type";
    /// Addressed to another host.
    Misdirected = 421, "misdirected";
    /// Too many tries.
    TooManyRequests = 429, "too-many";
    /// An address or cookies longer than we read.
    HeadTooLarge = 431, "head-too-large";
    /// Something of ours is broken.
    Internal = 500, "internal";
    /// Not now.
    Unavailable = 503, "unavailable";
}

/// What exactly is wrong with an authorization request: for who looks after the service, since nobody else can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// This parameter is missing.
    Missing(&'static str),
    /// This parameter is repeated, too long or not well encoded.
    Unusable(&'static str),
    /// All parameters together are too many or too long.
    TooLarge,
}

/// The page of a problem.
pub fn render(cx: &Cx, problem: PageProblem) -> Response {
    answer(cx, problem, None)
}

/// The page for an authorization request that cannot be answered with a redirect, and what is wrong with it.
pub fn bad_authorization_request(cx: &Cx, detail: Detail) -> Response {
    answer(cx, PageProblem::BadAuthorizationRequest, Some(detail))
}

fn answer(cx: &Cx, problem: PageProblem, detail: Option<Detail>) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = cx.passing_page(status, Class::Page, view(cx, problem, detail));
    if matches!(problem, PageProblem::Unavailable | PageProblem::TooManyRequests) {
        response.headers_mut().insert(header::RETRY_AFTER, fault::retry_after(cx));
    }
    response
}

/// The page when something of ours went wrong.
pub fn fault(cx: &Cx, cause: &Fault) -> Response {
    render(
        cx,
        match fault::report(cx, cause) {
            FaultKind::Broken => PageProblem::Internal,
            FaultKind::Unavailable => PageProblem::Unavailable,
        },
    )
}

impl Detail {
    fn text(self, t: T) -> String {
        match self {
            Self::Missing(parameter) => t.args("error-detail-missing", &[("parameter", parameter.into())]),
            Self::Unusable(parameter) => t.args("error-detail-unusable", &[("parameter", parameter.into())]),
            Self::TooLarge => t.msg("error-detail-too-large"),
        }
    }
}

fn view(cx: &Cx, problem: PageProblem, detail: Option<Detail>) -> Markup {
    let t = cx.t();
    let title = t.msg(&format!("error-{}-title", problem.key()));
    let text = t.msg(&format!("error-{}-text", problem.key()));
    let body = html! {
        (page_header(&title, Some(&text), None))
        @if let Some(detail) = detail { (note(&detail.text(t))) }
        (note(&t.args("error-reference", &[("reference", (&*cx.request_id).into())])))
        (actions(html! { (LinkButton::secondary(t.msg("error-home"), paths::HOME)) }))
    };
    // no switcher of languages: following one of its links would repeat the request that failed
    ui_kit::page(&Shell { languages: Vec::new(), ..cx.shell(title).narrow() }, body)
}

#[cfg(test)]
mod tests {
    use idp_domain::locale::Locale;

    use super::*;
    use crate::http::testing::{body, cx, edge};

    #[tokio::test]
    async fn every_problem_has_its_words_in_every_language() {
        for locale in Locale::ALL {
            for &problem in PageProblem::ALL {
                let cx = cx().in_language(locale);
                let response = render(&cx, problem);
                assert_eq!(response.status().as_u16(), problem.status());
                let html = body(response).await;
                assert!(html.contains(&format!("<html lang=\"{locale}\">")), "{html}");
                assert!(html.contains(&*cx.request_id), "the reference is shown");
                assert!(!html.contains("error-"), "{locale} {problem:?}: a text is missing in\n{html}");
            }
            for (detail, named) in
                [(Detail::Missing("client_id"), "client_id"), (Detail::Unusable("redirect_uri"), "redirect_uri"), (Detail::TooLarge, "")]
            {
                let response = bad_authorization_request(&cx().in_language(locale), detail);
                assert_eq!(response.status(), StatusCode::BAD_REQUEST);
                let html = body(response).await;
                assert!(html.contains(named) && !html.contains("error-"), "{locale} {detail:?}: {html}");
            }
        }
    }

    #[tokio::test]
    async fn a_language_asked_for_at_no_page_of_ours_is_spoken_and_not_remembered() {
        let parts = http::Request::builder().uri("/nothing?ui_locales=es").body(()).expect("a request").into_parts().0;
        let response = render(&Cx::of(&edge(), &parts), PageProblem::NotFound);
        assert!(response.headers().get(http::header::SET_COOKIE).is_none());
        assert!(body(response).await.contains("<html lang=\"es\">"));
    }

    #[tokio::test]
    async fn a_fault_shows_its_reference_and_no_detail() {
        let cx = cx();
        let response = fault(&cx, &Fault::broken("place", "secret detail"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let html = body(response).await;
        assert!(html.contains(&*cx.request_id) && !html.contains("secret") && !html.contains("place"));
        let later = fault(&cx, &Fault::unavailable("place", "x"));
        assert_eq!(later.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(later.headers().contains_key(header::RETRY_AFTER));
    }
}
