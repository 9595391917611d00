//! How a client says who it is at the token, introspection and revocation endpoints (RFC 6749 §2.3, OIDC Core §9).

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use idp_domain::{
    client::{ClientAuthMethod, ClientIdentifier},
    secret::Typed,
};

use crate::{
    client_assertion::{self, ASSERTION_TYPE},
    error::OAuthError,
    params::{Params, decode},
};

/// Basic credentials come padded or not.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// An attempt to authenticate. Nothing in it is verified.
#[derive(Debug, Clone)]
pub enum ClientAuthAttempt {
    /// `client_secret_basic`.
    Basic {
        /// Who it claims to be.
        client_id: ClientIdentifier,
        /// The secret as the RFC has it encoded, and as it stands when that differs; one match is enough.
        secrets: Vec<Typed>,
    },
    /// `client_secret_post`.
    Post {
        /// Who it claims to be.
        client_id: ClientIdentifier,
        /// The secret.
        secret: Typed,
    },
    /// `private_key_jwt` (RFC 7523 §2.2).
    Assertion {
        /// Who it claims to be: the parameter, or the unverified `sub` of the assertion; equal when both are there.
        client_id: ClientIdentifier,
        /// The assertion, to be verified with the client's keys and then with [`client_assertion::check`].
        assertion: String,
    },
    /// `none`: a public client names itself.
    Public {
        /// Who it claims to be.
        client_id: ClientIdentifier,
    },
}

impl ClientAuthAttempt {
    /// Reads the one method that was used (N-23) from the `Authorization` header and the body. Two methods are
    /// `invalid_request`; none, a foreign scheme or unreadable credentials are `invalid_client`.
    pub fn read(authorization: Option<&str>, params: &Params) -> Result<Self, OAuthError> {
        let assertion = params.get("client_assertion");
        let secret = params.get("client_secret");
        let methods = [authorization.is_some(), assertion.is_some(), secret.is_some()];
        if methods.into_iter().filter(|used| *used).count() > 1 {
            return Err(OAuthError::invalid_request("more than one client authentication method was used"));
        }
        if params.get("client_assertion_type").is_some() != assertion.is_some() {
            return Err(OAuthError::invalid_request("client_assertion and client_assertion_type belong together"));
        }
        let named = params.get("client_id").map(identifier).transpose()?;
        if let Some(header) = authorization {
            return basic(header, named.as_ref());
        }
        if let Some(assertion) = assertion {
            return by_assertion(assertion, params, named);
        }
        let client_id = named.ok_or(OAuthError::invalid_client())?;
        Ok(match secret {
            Some(secret) => Self::Post { client_id, secret: Typed::new(secret.to_owned()) },
            None => Self::Public { client_id },
        })
    }

    /// Who the client claims to be.
    pub const fn client_id(&self) -> &ClientIdentifier {
        match self {
            Self::Basic { client_id, .. }
            | Self::Post { client_id, .. }
            | Self::Assertion { client_id, .. }
            | Self::Public { client_id } => client_id,
        }
    }

    /// The method it used; must be the registered one.
    pub const fn method(&self) -> ClientAuthMethod {
        match self {
            Self::Basic { .. } | Self::Post { .. } => ClientAuthMethod::Secret,
            Self::Assertion { .. } => ClientAuthMethod::PrivateKeyJwt,
            Self::Public { .. } => ClientAuthMethod::None,
        }
    }
}

fn identifier(text: &str) -> Result<ClientIdentifier, OAuthError> {
    ClientIdentifier::parse(text).map_err(|_| OAuthError::invalid_client())
}

/// RFC 7617, with both halves form-encoded first (RFC 6749 §2.3.1). Nextcloud and others do not encode, so the secret is
/// tried as it stands too.
fn basic(header: &str, named: Option<&ClientIdentifier>) -> Result<ClientAuthAttempt, OAuthError> {
    let refused = OAuthError::invalid_client();
    let (scheme, credentials) = header.trim().split_once(' ').ok_or(refused)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(refused);
    }
    let bytes = BASE64.decode(credentials.trim()).map_err(|_| refused)?;
    let text = String::from_utf8(bytes).map_err(|_| refused)?;
    let (id, secret) = text.split_once(':').ok_or(refused)?;
    // an identifier has no character that either reading would change, so the decoded form is the only one
    let client_id = identifier(&decode(id.as_bytes()).ok_or(refused)?)?;
    if secret.is_empty() || named.is_some_and(|named| *named != client_id) {
        return Err(refused);
    }
    let mut secrets = Vec::new();
    if let Some(decoded) = decode(secret.as_bytes())
        && decoded != secret
    {
        secrets.push(Typed::new(decoded));
    }
    secrets.push(Typed::new(secret.to_owned()));
    Ok(ClientAuthAttempt::Basic { client_id, secrets })
}

fn by_assertion(assertion: &str, params: &Params, named: Option<ClientIdentifier>) -> Result<ClientAuthAttempt, OAuthError> {
    if params.get("client_assertion_type") != Some(ASSERTION_TYPE) {
        return Err(OAuthError::invalid_client());
    }
    let subject = client_assertion::unverified_subject(assertion).ok_or(OAuthError::invalid_client())?;
    if named.is_some_and(|named| named != subject) {
        return Err(OAuthError::invalid_client());
    }
    Ok(ClientAuthAttempt::Assertion { client_id: subject, assertion: assertion.to_owned() })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;
    use crate::{error::ErrorCode, testing::params};

    fn header(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }
    fn jwt(sub: &str) -> String {
        format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"{sub}"}}"#)))
    }
    fn secrets(attempt: &ClientAuthAttempt) -> Vec<&str> {
        match attempt {
            ClientAuthAttempt::Basic { secrets, .. } => secrets.iter().map(Typed::expose).collect(),
            ClientAuthAttempt::Post { secret, .. } => vec![secret.expose()],
            ClientAuthAttempt::Assertion { .. } | ClientAuthAttempt::Public { .. } => Vec::new(),
        }
    }

    #[test]
    fn every_method_is_read() {
        let jwt = jwt("nuvol");
        let by_jwt = [("client_assertion", jwt.as_str()), ("client_assertion_type", ASSERTION_TYPE)];
        let (basic, unpadded) = (header("nuvol:s"), format!("bAsIc {}", STANDARD_NO_PAD.encode("nuvol:s")));
        for (authorization, body, method, found) in [
            (Some(basic.as_str()), vec![], ClientAuthMethod::Secret, vec!["s"]),
            (Some(unpadded.as_str()), vec![], ClientAuthMethod::Secret, vec!["s"]),
            (Some(basic.as_str()), vec![("client_id", "nuvol")], ClientAuthMethod::Secret, vec!["s"]),
            (None, vec![("client_id", "nuvol"), ("client_secret", "s")], ClientAuthMethod::Secret, vec!["s"]),
            (None, vec![("client_id", "nuvol")], ClientAuthMethod::None, vec![]),
            (None, by_jwt.to_vec(), ClientAuthMethod::PrivateKeyJwt, vec![]),
            (None, [&by_jwt[..], &[("client_id", "nuvol")]].concat(), ClientAuthMethod::PrivateKeyJwt, vec![]),
        ] {
            let attempt = ClientAuthAttempt::read(authorization, &params(&body)).expect("sound");
            assert_eq!((attempt.client_id().as_str(), attempt.method(), secrets(&attempt)), ("nuvol", method, found));
        }
    }

    #[test]
    fn a_basic_secret_counts_encoded_and_as_it_stands() {
        for (sent, candidates) in [
            ("nuvol:a%2Bb", vec!["a+b", "a%2Bb"]),
            ("nuvol:a+b", vec!["a b", "a+b"]),
            ("nuvol:a%zz", vec!["a%zz"]),
            ("nuvol:a:b", vec!["a:b"]),
            ("n%75vol:ab", vec!["ab"]),
        ] {
            let attempt = ClientAuthAttempt::read(Some(&header(sent)), &params(&[])).expect("sound");
            assert_eq!((attempt.client_id().as_str(), secrets(&attempt)), ("nuvol", candidates), "{sent}");
        }
    }

    #[test]
    fn every_refusal_of_a_client() {
        use ErrorCode::{InvalidClient, InvalidRequest};
        let (jwt, foreign) = (jwt("nuvol"), jwt("a b"));
        let basic = header("nuvol:s");
        let secret = vec![("client_id", "nuvol"), ("client_secret", "s")];
        let assertion = |jwt| vec![("client_assertion", jwt), ("client_assertion_type", ASSERTION_TYPE)];
        for (authorization, body, code) in [
            (None, vec![], InvalidClient),
            (None, vec![("client_secret", "s")], InvalidClient),
            (None, vec![("client_id", "a b")], InvalidClient),
            (Some(basic.clone()), secret.clone(), InvalidRequest),
            (Some(basic.clone()), assertion(jwt.as_str()), InvalidRequest),
            (None, [secret, assertion(jwt.as_str())].concat(), InvalidRequest),
            (Some(basic), vec![("client_id", "altre")], InvalidClient),
            (Some("Bearer abc".into()), vec![("client_id", "nuvol")], InvalidClient),
            (Some(String::new()), vec![("client_id", "nuvol")], InvalidClient),
            (Some("Basic".into()), vec![], InvalidClient),
            (Some("Basic !!!".into()), vec![], InvalidClient),
            (Some(header("no colon")), vec![], InvalidClient),
            (Some(header("nuvol:")), vec![], InvalidClient),
            (Some(header(":s")), vec![], InvalidClient),
            (Some(format!("Basic {}", STANDARD.encode(b"nuvol:\xff"))), vec![], InvalidClient),
            (None, vec![("client_assertion", jwt.as_str())], InvalidRequest),
            (None, vec![("client_id", "nuvol"), ("client_assertion_type", ASSERTION_TYPE)], InvalidRequest),
            (None, vec![("client_assertion", jwt.as_str()), ("client_assertion_type", "saml2")], InvalidClient),
            (None, assertion("a.b"), InvalidClient),
            (None, assertion("a.b.c"), InvalidClient),
            (None, assertion("e30.e30.e30"), InvalidClient),
            (None, assertion("a.b.c.d.e"), InvalidClient),
            (None, assertion(foreign.as_str()), InvalidClient),
            (None, [assertion(jwt.as_str()), vec![("client_id", "altre")]].concat(), InvalidClient),
        ] {
            let refused = ClientAuthAttempt::read(authorization.as_deref(), &params(&body)).map_err(|error| error.code);
            assert_eq!(refused.err(), Some(code), "{authorization:?} {body:?}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_survived(text in "(Basic )?\\PC{0,60}", inner in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = ClientAuthAttempt::read(Some(&text), &params(&[]));
            let _ = ClientAuthAttempt::read(Some(&format!("Basic {}", STANDARD.encode(inner))), &params(&[]));
        }

        #[test]
        fn any_assertion_is_survived(text in "[A-Za-z0-9_.-]{0,80}") {
            let _ = ClientAuthAttempt::read(None, &params(&[("client_assertion", &text), ("client_assertion_type", ASSERTION_TYPE)]));
        }
    }
}
