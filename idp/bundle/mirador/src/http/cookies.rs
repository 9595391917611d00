//! The service's own two cookies. Browsers share cookies between the ports of a host, so all others are ignored.

use axum::http::{HeaderMap, header};

/// Names the browser's session.
pub(super) const SESSION: &str = "mirador_session";
/// The language somebody chose.
pub(super) const LANGUAGE: &str = "mirador_lang";

/// The value of the cookie `name`; `None` when it is absent or given twice with different values.
pub(super) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut found = values
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value));
    let first = found.next()?;
    found.all(|other| other == first).then(|| first.to_owned())
}

/// A `Set-Cookie` value that lives as long as the browser's session, or `max_age` seconds.
pub(super) fn write(name: &str, value: &str, max_age: Option<i64>, https: bool) -> String {
    let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn other_cookies_are_ignored_and_contradictions_refused() {
        for (line, value) in [
            ("idp_sid=x; mirador_session=a; admin=y", Some("a")),
            ("xmirador_session=a", None),
            ("mirador_session=a; mirador_session=b", None),
            ("mirador_session=a; mirador_session=a", Some("a")),
            ("mirador_session", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(line));
            assert_eq!(read(&headers, SESSION).as_deref(), value, "{line}");
        }
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        assert_eq!(write("a", "b", None, false), "a=b; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(write("a", "", Some(0), true), "a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    }
}
