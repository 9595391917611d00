//! The files of `ui-kit`, each at a path named by its content.

use axum::response::Response;
use http::{HeaderValue, StatusCode, Uri, header};
use ui_kit::assets;

use super::{
    context::Cx,
    error_page::{self, PageProblem},
    headers::Class,
};

/// `GET /assets/{name}`. The path changes with the content, so a browser asks once; a proxy that asks again is answered by
/// the tag.
pub async fn get(cx: Cx, uri: Uri, headers: http::HeaderMap) -> Response {
    let Some(asset) = assets::find(uri.path()) else {
        return error_page::render(&cx, PageProblem::NotFound);
    };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tags| tags.to_str().is_ok_and(|tags| names(tags, &asset.etag)));
    let mut response = if known { Response::default() } else { Response::new(asset.bytes.as_slice().into()) };
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    }
    if let Ok(tag) = HeaderValue::from_str(&asset.etag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    cx.edge.headers().dress(Class::Asset, response.headers_mut());
    response
}

/// Whether `If-None-Match` names a tag: weak comparison (RFC 9110 §13.1.2).
pub fn names(tags: &str, etag: &str) -> bool {
    tags.trim() == "*" || tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, extract::Request, routing};
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::{paths, testing::edge};

    async fn ask(path: &str, tag: Option<&str>) -> Response {
        let router: Router = Router::new().route(paths::ASSET, routing::get(get)).with_state(edge());
        let mut request = Request::builder().uri(path);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        router.oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible")
    }

    #[tokio::test]
    async fn an_asset_may_be_kept_for_ever_and_is_not_sent_twice() {
        let css = assets::stylesheet();
        let first = ask(&css.path, None).await;
        assert_eq!(
            (first.status(), &first.headers()["content-type"]),
            (StatusCode::OK, &HeaderValue::from_static("text/css; charset=utf-8"))
        );
        assert_eq!(first.headers()["cache-control"], assets::CACHE_CONTROL);
        let tag = first.headers()["etag"].to_str().expect("ASCII").to_owned();
        for tags in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
            assert_eq!(ask(&css.path, Some(&tags)).await.status(), StatusCode::NOT_MODIFIED, "{tags}");
        }
        assert_eq!(ask(&css.path, Some("\"x\"")).await.status(), StatusCode::OK);
        assert_eq!(ask("/assets/aplec.css", None).await.status(), StatusCode::NOT_FOUND);
    }
}
