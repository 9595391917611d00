//! Authorization responses (RFC 6749 §4.1.2, RFC 9207 §2, Form Post Response Mode §2).

use idp_domain::{authorization::ResponseMode, issuer::Issuer};
use url::form_urlencoded;

use crate::{authorize::TrustedRedirect, error::OAuthError};

/// What the client is told.
#[derive(Debug, Clone, Copy)]
pub enum Answer<'a> {
    /// The authorization code.
    Code(&'a str),
    /// A refusal.
    Error(OAuthError),
}

/// How the answer leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A redirect: 303 after a POST with credentials, never 307 or 308 (N-05).
    Redirect {
        /// The `Location`.
        location: String,
    },
    /// A page with a form that posts itself.
    FormPost {
        /// The form's `action`.
        action: String,
        /// Its hidden fields.
        fields: Vec<(&'static str, String)>,
    },
}

/// The answer to a request, in the mode it asked for.
pub fn deliver(redirect: &TrustedRedirect, issuer: &Issuer, answer: Answer<'_>) -> Delivery {
    let fields = fields(redirect, issuer, answer);
    match redirect.mode() {
        ResponseMode::Query => {
            Delivery::Redirect { location: with_query(redirect.uri(), fields.iter().map(|(name, value)| (*name, value.as_str()))) }
        }
        ResponseMode::FormPost => Delivery::FormPost { action: redirect.uri().to_owned(), fields },
    }
}

/// `code` or `error` with its description; `state` if it was sent; `iss` always, errors included (N-10).
fn fields(redirect: &TrustedRedirect, issuer: &Issuer, answer: Answer<'_>) -> Vec<(&'static str, String)> {
    let mut fields = match answer {
        Answer::Code(code) => vec![("code", code.to_owned())],
        Answer::Error(error) => {
            vec![("error", error.code.as_str().to_owned()), ("error_description", error.description.to_owned())]
        }
    };
    if let Some(state) = redirect.state() {
        fields.push(("state", state.to_owned()));
    }
    fields.push(("iss", issuer.as_str().to_owned()));
    fields
}

/// Appends parameters to a URI, whose own text stays byte for byte as registered: a query is kept (RFC 6749 §3.1.2), a
/// private-use URI such as `app.immich:///oauth-callback` is not tidied up.
pub(crate) fn with_query<'a>(uri: &str, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let joint = match uri.find('?') {
        _ if query.is_empty() => "",
        None => "?",
        Some(_) if uri.ends_with(['?', '&']) => "",
        Some(_) => "&",
    };
    format!("{uri}{joint}{query}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        authorize::AuthorizeParams,
        error::ErrorCode,
        testing::{REDIRECT, client, issuer, params},
    };

    fn redirect(uri: &str, more: &[(&str, &str)]) -> TrustedRedirect {
        let params = params(&[&[("client_id", "nuvol"), ("redirect_uri", uri)], more].concat());
        AuthorizeParams::read(&params).expect("a client").trust(Some(&client())).expect("trusted")
    }
    fn location(redirect: &TrustedRedirect, answer: Answer<'_>) -> String {
        match deliver(redirect, &issuer(), answer) {
            Delivery::Redirect { location } => location,
            Delivery::FormPost { .. } => panic!("a redirect was asked for"),
        }
    }

    #[test]
    fn the_answer_is_appended_and_the_registered_uri_stays_as_it_is() {
        let iss = "iss=https%3A%2F%2Fid.ateneu.cat";
        for (uri, start) in [
            (REDIRECT, "https://nuvol.cat/cb?"),
            ("https://wp.cat/ajax.php?action=oidc", "https://wp.cat/ajax.php?action=oidc&"),
            ("app.immich:///oauth-callback", "app.immich:///oauth-callback?"),
        ] {
            let redirect = redirect(uri, &[("state", "a b&c")]);
            assert_eq!(location(&redirect, Answer::Code("ac_1")), format!("{start}code=ac_1&state=a+b%26c&{iss}"));
        }
        assert_eq!(location(&redirect(REDIRECT, &[]), Answer::Code("ac_1")), format!("{REDIRECT}?code=ac_1&{iss}"));
    }

    #[test]
    fn an_error_carries_state_and_issuer_and_no_code() {
        let error = OAuthError::new(ErrorCode::LoginRequired, "sign in first");
        assert_eq!(
            location(&redirect(REDIRECT, &[("state", "s")]), Answer::Error(error)),
            format!("{REDIRECT}?error=login_required&error_description=sign+in+first&state=s&iss=https%3A%2F%2Fid.ateneu.cat")
        );
    }

    #[test]
    fn form_post_leaves_nothing_in_the_query() {
        let redirect = redirect(REDIRECT, &[("response_mode", "form_post"), ("state", "s")]);
        let Delivery::FormPost { action, fields } = deliver(&redirect, &issuer(), Answer::Code("ac_1")) else { panic!("a form") };
        assert_eq!(action, REDIRECT);
        assert_eq!(fields, [("code", "ac_1".into()), ("state", "s".into()), ("iss", "https://id.ateneu.cat".to_owned())]);
    }

    #[test]
    fn a_dangling_joint_is_not_doubled() {
        for (uri, whole) in [("a:?", "a:?x=1"), ("a:?y&", "a:?y&x=1"), ("a:?y", "a:?y&x=1"), ("a:", "a:?x=1")] {
            assert_eq!(with_query(uri, [("x", "1")]), whole);
        }
        assert_eq!(with_query("a:", []), "a:");
    }

    proptest! {
        #[test]
        fn whatever_the_state_it_is_echoed_intact_and_alone(state in "[^\\p{Cc}]{1,80}") {
            let location = location(&redirect(REDIRECT, &[("state", &state)]), Answer::Code("c"));
            let query = location.split_once('?').expect("a query").1;
            let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs.len(), 3);
            prop_assert_eq!(&pairs[1], &("state".to_owned(), state));
        }
    }
}
