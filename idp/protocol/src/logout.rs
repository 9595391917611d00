//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0 §2, §3; N-38).

use idp_domain::{
    client::{Client, ClientIdentifier, first_spoken},
    locale::Locale,
};

use crate::{params::Params, respond::with_query};

/// A request to sign out, by GET or POST. Nothing in it is verified: without a valid hint for the current session the
/// person is asked first (N-38). There is no error for a missing parameter, only less to go by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndSessionRequest {
    /// An ID token we issued, possibly long expired; see [`crate::bodies::IdTokenHint`].
    pub id_token_hint: Option<String>,
    /// The client; must be the hint's audience when both are there.
    pub client_id: Option<ClientIdentifier>,
    /// Where the client wants the person back; see [`PostLogoutRedirect`].
    pub post_logout_redirect_uri: Option<String>,
    /// Echoed at that URI.
    pub state: Option<String>,
    /// Asked language.
    pub locale: Option<Locale>,
    /// Who the client thinks is leaving.
    pub logout_hint: Option<String>,
}

/// Why a person is not sent back after signing out; they see a page instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostLogoutRefusal {
    /// The client was switched off.
    #[error("the client is disabled")]
    DisabledClient,
    /// The request names another client than the one its URI is checked against.
    #[error("client_id and id_token_hint name different clients")]
    WrongClient,
    /// The URI is none of the registered ones; exact equality (RP-Initiated Logout §3).
    #[error("post_logout_redirect_uri is not registered for this client")]
    Unregistered,
}

/// A URI that belongs to the client: the only place a person may be sent after signing out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostLogoutRedirect {
    location: String,
}

impl EndSessionRequest {
    /// Reads the parameters. A `client_id` that cannot exist is nobody's, a hint's neither.
    pub fn read(params: &Params) -> Self {
        let text = |name: &str| params.get(name).map(str::to_owned);
        let named = params.get("client_id");
        let client_id = named.and_then(|id| ClientIdentifier::parse(id).ok());
        Self {
            id_token_hint: text("id_token_hint").filter(|_| named.is_none() || client_id.is_some()),
            client_id,
            post_logout_redirect_uri: text("post_logout_redirect_uri"),
            state: text("state"),
            locale: params.get("ui_locales").and_then(first_spoken),
            logout_hint: text("logout_hint"),
        }
    }

    /// Where the person may be sent back to: `None` when the request names no place. `client` is the audience of the
    /// verified hint, or without hint the client named by `client_id`.
    pub fn redirect(&self, client: &Client) -> Result<Option<PostLogoutRedirect>, PostLogoutRefusal> {
        let Some(uri) = &self.post_logout_redirect_uri else { return Ok(None) };
        if client.disabled_at.is_some() {
            return Err(PostLogoutRefusal::DisabledClient);
        }
        if self.client_id.as_ref().is_some_and(|named| *named != client.client_id) {
            return Err(PostLogoutRefusal::WrongClient);
        }
        if !client.post_logout_redirect_uris.iter().any(|known| known.as_str() == uri) {
            return Err(PostLogoutRefusal::Unregistered);
        }
        let location = with_query(uri, self.state.as_deref().map(|state| ("state", state)));
        Ok(Some(PostLogoutRedirect { location }))
    }
}

impl PostLogoutRedirect {
    /// The `Location`: the registered URI, with `state` if the request had one.
    pub fn location(&self) -> &str {
        &self.location
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{client, disabled, params};

    fn request(pairs: &[(&str, &str)]) -> EndSessionRequest {
        EndSessionRequest::read(&params(pairs))
    }

    #[test]
    fn every_parameter_is_read() {
        let read = request(&[
            ("id_token_hint", "a.b.c"),
            ("client_id", "nuvol"),
            ("post_logout_redirect_uri", "https://nuvol.cat/"),
            ("state", "s"),
            ("ui_locales", "es"),
            ("logout_hint", "maria"),
        ]);
        assert_eq!(read.client_id.as_ref().map(ClientIdentifier::as_str), Some("nuvol"));
        assert_eq!(
            (read.id_token_hint.as_deref(), read.locale, read.logout_hint.as_deref()),
            (Some("a.b.c"), Some(Locale::Es), Some("maria"))
        );
        assert_eq!(request(&[("client_id", "a b")]), EndSessionRequest::default());
    }

    #[test]
    fn a_registered_uri_is_answered_with_the_state_and_nothing_else() {
        for (pairs, location) in [
            (vec![("post_logout_redirect_uri", "https://nuvol.cat/")], Some("https://nuvol.cat/")),
            (
                vec![("post_logout_redirect_uri", "https://nuvol.cat/"), ("state", "a&b"), ("client_id", "nuvol")],
                Some("https://nuvol.cat/?state=a%26b"),
            ),
            (vec![("post_logout_redirect_uri", "https://wp.cat/?out=1"), ("state", "s")], Some("https://wp.cat/?out=1&state=s")),
            (vec![("state", "s")], None),
        ] {
            let redirect = request(&pairs).redirect(&client()).expect("allowed");
            assert_eq!(redirect.as_ref().map(PostLogoutRedirect::location), location, "{pairs:?}");
        }
    }

    #[test]
    fn an_address_sent_raw_as_nextcloud_does_is_understood() {
        let raw = Params::parse(b"post_logout_redirect_uri=https://nuvol.cat/&client_id=nuvol").expect("well formed");
        assert!(EndSessionRequest::read(&raw).redirect(&client()).expect("allowed").is_some());
    }

    #[test]
    fn nobody_is_sent_to_a_place_that_is_not_the_client_s() {
        for (pairs, found, refusal) in [
            (vec![("post_logout_redirect_uri", "https://evil.cat/")], client(), PostLogoutRefusal::Unregistered),
            (vec![("post_logout_redirect_uri", "https://nuvol.cat")], client(), PostLogoutRefusal::Unregistered),
            (vec![("post_logout_redirect_uri", "https://nuvol.cat/?x=1")], client(), PostLogoutRefusal::Unregistered),
            (vec![("post_logout_redirect_uri", "https://nuvol.cat/cb")], client(), PostLogoutRefusal::Unregistered),
            (vec![("post_logout_redirect_uri", "https://nuvol.cat/"), ("client_id", "altre")], client(), PostLogoutRefusal::WrongClient),
            (vec![("post_logout_redirect_uri", "https://nuvol.cat/")], disabled(), PostLogoutRefusal::DisabledClient),
        ] {
            assert_eq!(request(&pairs).redirect(&found), Err(refusal), "{pairs:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_only_registered_addresses_are_answered(uri in "(https://nuvol\\.cat/)?\\PC{0,20}", state in "\\PC{0,20}") {
            let asked = request(&[("post_logout_redirect_uri", &uri), ("state", &state)]);
            if let Ok(Some(redirect)) = asked.redirect(&client()) {
                prop_assert!(["https://nuvol.cat/", "https://wp.cat/?out=1"].iter().any(|known| redirect.location().starts_with(known)));
            }
        }
    }
}
