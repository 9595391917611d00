use axum::extract::FromRequest as _;
use http::{HeaderValue, StatusCode};

use super::*;
use crate::http::testing::edge;

fn request(content_type: &str, body: impl Into<Body>) -> Request {
    Request::post("/login").header("content-type", content_type).body(body.into()).expect("a request")
}

#[test]
fn fields_are_read_once_each() {
    let fields = Fields::parse(b"name=Nuria+%C3%80gora+&password=+a+&box=").expect("readable");
    assert_eq!((fields.text("name"), fields.verbatim("password")), ("Nuria Àgora", " a "));
    assert_eq!((fields.given("box"), fields.checked("box"), fields.checked("other")), (None, true, false));
    assert_eq!(format!("{fields:?}"), r#"{"box", "name", "password"}"#);
    let many = (0..=limits::PARAMETERS_COUNT).map(|n| format!("f{n}=1")).collect::<Vec<_>>().join("&");
    for (encoded, why) in
        [(&b"a=1&a=1"[..], FieldsRefusal::Duplicate), (b"a=%FF", FieldsRefusal::NotText), (many.as_bytes(), FieldsRefusal::TooMany)]
    {
        assert_eq!(Fields::parse(encoded).err(), Some(why));
    }
}

#[tokio::test]
async fn a_form_of_another_type_or_too_large_is_a_page_with_its_status() {
    let large = format!("a={}", "x".repeat(limits::FORM));
    for (request, status) in [
        (request("application/json", "{}"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (request("text/plain; application/x-www-form-urlencoded", "a=1"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (request(FORM_TYPE, large), StatusCode::PAYLOAD_TOO_LARGE),
        (request(FORM_TYPE, "a=1&a=2"), StatusCode::BAD_REQUEST),
        (Request::post("/login").body(Body::empty()).expect("a request"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let refused = PageForm::from_request(request, &edge()).await.expect_err("refused");
        assert_eq!(refused.status(), status);
        assert_eq!(refused.headers()["content-type"], "text/html; charset=utf-8");
    }
    let good = request("Application/X-www-form-urlencoded; charset=UTF-8", "a=1");
    assert_eq!(PageForm::from_request(good, &edge()).await.expect("read").0.text("a"), "1");
}

#[tokio::test]
async fn a_body_in_pieces_is_put_together_and_stops_at_its_limit() {
    let pieces =
        |n: usize| Body::from_stream(futures_util::stream::iter((0..n).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"ab")))));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM_TYPE));
    assert_eq!(read_body(&headers, pieces(3), FORM_TYPE, 6).await, Ok(Bytes::from_static(b"ababab")));
    assert_eq!(read_body(&headers, pieces(4), FORM_TYPE, 6).await, Err(BodyRefusal::TooLarge));
    let broken = Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]));
    assert_eq!(read_body(&headers, broken, FORM_TYPE, 6).await, Err(BodyRefusal::Broken));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("7"));
    assert_eq!(read_body(&headers, Body::empty(), FORM_TYPE, 6).await, Err(BodyRefusal::TooLarge));
}

#[tokio::test]
async fn a_client_with_a_bad_body_gets_oauths_own_error() {
    let refused = RawForm::from_request(request("application/json", "{}"), &edge()).await.expect_err("refused");
    assert_eq!((refused.status(), &refused.headers()["cache-control"]), (StatusCode::BAD_REQUEST, &HeaderValue::from_static("no-store")));
    let body = axum::body::to_bytes(refused.into_body(), 4096).await.expect("whole");
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&body).expect("JSON"),
        serde_json::json!({"error": "invalid_request", "error_description": "expected application/x-www-form-urlencoded"})
    );
}

#[tokio::test]
async fn a_json_body_is_a_problem_unless_it_is_what_the_call_documents() {
    let deep = format!("{}{}", "[".repeat(17), "]".repeat(17));
    for (content_type, body, status) in [
        (JSON_TYPE, "{", StatusCode::BAD_REQUEST),
        (JSON_TYPE, r#"{"a":1}"#, StatusCode::BAD_REQUEST),
        (JSON_TYPE, &deep, StatusCode::BAD_REQUEST),
        ("text/plain", "[1]", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let refused = ApiBody::<Vec<u8>>::from_request(request(content_type, body.to_owned()), &edge()).await.expect_err("refused");
        assert_eq!(
            (refused.status(), &refused.headers()["content-type"]),
            (status, &HeaderValue::from_static(idp_api::PROBLEM_JSON)),
            "{body}"
        );
    }
    let good = ApiBody::<Vec<u8>>::from_request(request(JSON_TYPE, "[1,2]"), &edge()).await.expect("read");
    assert_eq!(good.0, [1, 2]);
}

#[test]
fn brackets_within_strings_do_not_nest() {
    let quoted = format!("\"{}\\\"{}\"", "[".repeat(40), "{".repeat(40));
    assert!(!too_deep(quoted.as_bytes()));
    assert!(!too_deep("[".repeat(JSON_DEPTH).as_bytes()));
    assert!(too_deep("[{".repeat(JSON_DEPTH).as_bytes()));
}
