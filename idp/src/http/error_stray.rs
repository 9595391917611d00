//! Errors that no handler answers: the path alone tells who reads them, and so in which of the three forms.

use axum::response::Response;
use http::StatusCode;
use idp_api::{Problem, ProblemType};
use idp_protocol::error::{ErrorCode, OAuthError};

use super::{
    context::Cx,
    error_api, error_oauth,
    error_page::{self, PageProblem},
    paths,
};

/// What goes wrong before a handler is found, or in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stray {
    /// Nothing has this path.
    NotFound,
    /// The path exists, with other methods.
    MethodNotAllowed,
    /// Addressed to another host.
    Misdirected,
    /// The address and the headers together are larger than [`limits::HEADERS`](idp_domain::limits::HEADERS).
    HeadTooLarge,
    /// The handler panicked.
    Panicked,
}

/// Who reads the errors of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// A service: RFC 6749 §5.2.
    Service,
    /// A client of the management API: RFC 9457.
    Api,
    /// A person.
    Person,
}

impl Reader {
    fn of(path: &str) -> Self {
        let called_by_services = matches!(path, paths::TOKEN | paths::USERINFO | paths::INTROSPECT | paths::REVOKE | paths::JWKS);
        if called_by_services || path.starts_with(paths::WELL_KNOWN) {
            Self::Service
        } else if path.strip_prefix(paths::MANAGE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            Self::Api
        } else {
            Self::Person
        }
    }
}

/// The answer, in the form of the request's path.
pub fn render(cx: &Cx, stray: Stray) -> Response {
    match Reader::of(cx.path()) {
        Reader::Service => {
            let (status, error) = to_service(stray);
            error_oauth::render_as(cx, status, error)
        }
        Reader::Api => error_api::render(
            cx,
            Problem::new(match stray {
                Stray::NotFound => ProblemType::NotFound,
                Stray::MethodNotAllowed => ProblemType::MethodNotAllowed,
                Stray::Misdirected => ProblemType::Misdirected,
                Stray::HeadTooLarge => ProblemType::HeadTooLarge,
                Stray::Panicked => ProblemType::Internal,
            }),
        ),
        Reader::Person => error_page::render(
            cx,
            match stray {
                Stray::NotFound => PageProblem::NotFound,
                Stray::MethodNotAllowed => PageProblem::MethodNotAllowed,
                Stray::Misdirected => PageProblem::Misdirected,
                Stray::HeadTooLarge => PageProblem::HeadTooLarge,
                Stray::Panicked => PageProblem::Internal,
            },
        ),
    }
}

const fn to_service(stray: Stray) -> (StatusCode, OAuthError) {
    match stray {
        Stray::NotFound => (StatusCode::NOT_FOUND, OAuthError::invalid_request("there is nothing at this address")),
        Stray::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, OAuthError::invalid_request("the method is not allowed here")),
        Stray::Misdirected => (StatusCode::MISDIRECTED_REQUEST, OAuthError::invalid_request("the request is addressed to another host")),
        Stray::HeadTooLarge => {
            (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, OAuthError::invalid_request("the headers of the request are too large"))
        }
        Stray::Panicked => (StatusCode::INTERNAL_SERVER_ERROR, OAuthError::new(ErrorCode::ServerError, "something went wrong here")),
    }
}

/// The fallback of the router.
pub async fn not_found(cx: Cx) -> Response {
    render(&cx, Stray::NotFound)
}

/// The fallback for a path that exists with other methods.
pub async fn method_not_allowed(cx: Cx) -> Response {
    render(&cx, Stray::MethodNotAllowed)
}

#[cfg(test)]
mod tests {
    use http::{Request, header};

    use super::*;
    use crate::http::testing::{body, edge};

    #[test]
    fn the_path_tells_who_reads() {
        for (path, reader) in [
            ("/oauth/token", Reader::Service),
            ("/oauth/jwks", Reader::Service),
            ("/.well-known/openid-configuration", Reader::Service),
            ("/.well-known/nothing", Reader::Service),
            ("/oauth/authorize", Reader::Person),
            ("/oauth/logout", Reader::Person),
            ("/oauth/nothing", Reader::Person),
            ("/manage/v1", Reader::Api),
            ("/manage/v1/me", Reader::Api),
            ("/manage/v10", Reader::Person),
            ("/", Reader::Person),
        ] {
            assert_eq!(Reader::of(path), reader, "{path}");
        }
    }

    #[tokio::test]
    async fn every_reader_is_answered_with_the_same_status_in_a_form_of_their_own() {
        for (stray, status) in [
            (Stray::NotFound, 404),
            (Stray::MethodNotAllowed, 405),
            (Stray::Misdirected, 421),
            (Stray::HeadTooLarge, 431),
            (Stray::Panicked, 500),
        ] {
            for (path, content_type, words) in [
                ("/oauth/token", "application/json", "\"error\":"),
                ("/manage/v1/me", idp_api::PROBLEM_JSON, "\"type\":"),
                ("/login", "text/html; charset=utf-8", "<html lang=\"en\">"),
            ] {
                let request = Request::builder().uri(path).header(header::ACCEPT_LANGUAGE, "en").body(()).expect("a request");
                let response = render(&Cx::of(&edge(), &request.into_parts().0), stray);
                assert_eq!(response.status().as_u16(), status, "{stray:?} {path}");
                assert_eq!(response.headers()[header::CONTENT_TYPE], content_type, "{stray:?} {path}");
                let text = body(response).await;
                assert!(text.contains(words), "{stray:?} {path}: {text}");
            }
        }
    }
}
