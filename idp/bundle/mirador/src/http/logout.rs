//! `/logout`: out of here and, through the provider, out of everywhere (RP-Initiated Logout 1.0).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    Mirador, answer,
    cookies::{self, SESSION},
    params,
    visitor::Visitor,
};
use crate::views;

pub(super) async fn leave(State(state): State<Mirador>, visitor: Visitor, headers: HeaderMap, form: String) -> Response {
    let Some((id, signed_in)) = visitor.session_id.as_deref().zip(visitor.browser.signed_in.as_ref()) else {
        return answer::see_other("/");
    };
    let token = params::parse(&form).ok().and_then(|mut parameters| parameters.remove("csrf"));
    if !from_this_site(&headers, &state.settings.base_url) || token.as_deref() != Some(signed_in.csrf.as_str()) {
        let page = views::trouble(visitor.t, "foreign", &state.settings.issuer, None);
        return answer::page(&state, &visitor, StatusCode::FORBIDDEN, &page, None);
    }
    state.sessions.sign_out(id);
    // with the provider gone, at least this session is closed
    let onwards = state.relying.end_session_url(signed_in).await;
    let mut response = answer::see_other(onwards.as_ref().map_or("/", url::Url::as_str));
    answer::set_cookie(&mut response, &cookies::write(SESSION, "", Some(0), state.settings.is_https()));
    response
}

/// Whether the browser says that this service's own page sent the form; same-site is not enough.
fn from_this_site(headers: &HeaderMap, base_url: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => header("origin").is_none_or(|origin| origin == base_url),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_our_own_page_may_sign_out() {
        for (name, value, good) in [
            ("sec-fetch-site", "same-origin", true),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "cross-site", false),
            ("origin", "http://localhost:8082", true),
            ("origin", "http://localhost:8080", false),
            ("origin", "null", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            assert_eq!(from_this_site(&headers, "http://localhost:8082"), good, "{name}: {value}");
        }
    }
}
