//! `application/x-www-form-urlencoded` parameters of a query or a body: every name once, everything bounded (N-09).

use std::fmt;

use idp_domain::limits;

use crate::error::{ErrorCode, OAuthError};

/// Bytes in a parameter's name.
const NAME: usize = 64;

/// The parameters of one request. Every name occurs once; an empty value is an absent one (RFC 6749 §3.1); values hold
/// no control characters but tab and line breaks, since databases refuse some of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params {
    values: Vec<(String, String)>,
    spoiled: Vec<String>,
    flaw: Option<ParamsError>,
}

/// Why parameters are refused. Names come from outside: they are for the log, never for an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// More bytes than a form may have.
    #[error("the request has more than {} bytes of parameters", limits::FORM)]
    TooLarge,
    /// More parameters than a request may have.
    #[error("the request has more than {} parameters", limits::PARAMETERS_COUNT)]
    TooMany,
    /// One value (or name) is too long.
    #[error("the parameter {0:?} is too long")]
    TooLong(String),
    /// A name occurs twice (RFC 6749 §3.1, §3.2).
    #[error("the parameter {0:?} is repeated")]
    Repeated(String),
    /// A stray `%`, bytes that are no UTF-8, or control characters.
    #[error("the parameter {0:?} is not well encoded")]
    Encoding(String),
    /// Two different `resource` values: our access tokens have one audience (RFC 8707 §2, N-28).
    #[error("the request names two resources")]
    TwoResources,
}

/// How long the value of a parameter may be (SECURITY D26).
fn limit(name: &str) -> usize {
    match name {
        "state" | "nonce" => limits::STATE,
        "claims" => limits::CLAIMS,
        "id_token_hint" | "client_assertion" | "token" | "access_token" | "request" => limits::JWT,
        _ => limits::PARAMETER,
    }
}

impl Params {
    /// Parses parameters and refuses the request at its first flaw.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParamsError> {
        let params = Self::salvage(bytes)?;
        match params.flaw {
            Some(flaw) => Err(flaw),
            None => Ok(params),
        }
    }

    /// Parses parameters, leaving out those that are repeated, too long or badly encoded. The authorization endpoint
    /// needs it: when `client_id` and `redirect_uri` are sound, the flaw of another parameter is told to the client by
    /// redirect, not to the person by a page. Only a request that is too large altogether is an error.
    pub fn salvage(bytes: &[u8]) -> Result<Self, ParamsError> {
        if bytes.len() > limits::FORM {
            return Err(ParamsError::TooLarge);
        }
        let mut params = Self::default();
        let pairs = bytes.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty());
        for (count, pair) in pairs.enumerate() {
            if count == limits::PARAMETERS_COUNT {
                return Err(ParamsError::TooMany);
            }
            params.take(pair);
        }
        Ok(params)
    }

    fn take(&mut self, pair: &[u8]) {
        let mut halves = pair.splitn(2, |&byte| byte == b'=');
        let raw_name = halves.next().unwrap_or_default();
        let raw_value = halves.next().unwrap_or_default();
        let Some(name) = decode(raw_name).filter(|name| clean(name)) else {
            return self.note(ParamsError::Encoding(String::from_utf8_lossy(raw_name).chars().take(NAME).collect()));
        };
        if name.len() > NAME {
            return self.note(ParamsError::TooLong(name.chars().take(NAME).collect()));
        }
        if raw_value.is_empty() {
            return; // RFC 6749 §3.1: without a value as if it were omitted
        }
        let Some(value) = decode(raw_value).filter(|value| clean(value)) else {
            return self.spoil(name.clone(), ParamsError::Encoding(name));
        };
        if value.len() > limit(&name) {
            return self.spoil(name.clone(), ParamsError::TooLong(name));
        }
        match self.get(&name) {
            None if self.is_spoiled(&name) => {}
            None => self.values.push((name, value)),
            Some(same) if name == "resource" && same == value => {}
            Some(_) if name == "resource" => self.spoil(name, ParamsError::TwoResources),
            Some(_) => self.spoil(name.clone(), ParamsError::Repeated(name)),
        }
    }

    fn spoil(&mut self, name: String, flaw: ParamsError) {
        self.values.retain(|(known, _)| *known != name);
        self.spoiled.push(name);
        self.note(flaw);
    }

    fn note(&mut self, flaw: ParamsError) {
        self.flaw.get_or_insert(flaw);
    }

    /// The value of a parameter; `None` when absent, empty or spoiled.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the parameter was sent, but in a way that cannot be used.
    pub fn is_spoiled(&self, name: &str) -> bool {
        self.spoiled.iter().any(|known| known == name)
    }

    /// The first flaw of salvaged parameters.
    pub fn flaw(&self) -> Option<&ParamsError> {
        self.flaw.as_ref()
    }

    /// Names and values in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Values may be secrets: only names are shown.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Params")
            .field("names", &self.values.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("flaw", &self.flaw)
            .finish_non_exhaustive()
    }
}

impl ParamsError {
    /// The error as a client is told.
    pub fn to_oauth(&self) -> OAuthError {
        match self {
            Self::TooLarge => OAuthError::invalid_request("the request is too large"),
            Self::TooMany => OAuthError::invalid_request("the request has too many parameters"),
            Self::TooLong(name) => OAuthError::invalid_request(known(name).map_or("a parameter is too long", |known| known.too_long)),
            Self::Repeated(name) => OAuthError::invalid_request(known(name).map_or("a parameter is repeated", |known| known.repeated)),
            Self::Encoding(name) => {
                OAuthError::invalid_request(known(name).map_or("a parameter is not well encoded", |known| known.encoding))
            }
            Self::TwoResources => OAuthError::new(ErrorCode::InvalidTarget, "only one resource may be named"),
        }
    }
}

struct Known {
    name: &'static str,
    repeated: &'static str,
    too_long: &'static str,
    encoding: &'static str,
}

macro_rules! known_parameters {
    ($($name:literal)*) => {
        /// Descriptions are constants, so a parameter is named in an answer only if it stands here.
        const KNOWN: &[Known] = &[$(Known {
            name: $name,
            repeated: concat!("the parameter ", $name, " is repeated"),
            too_long: concat!("the parameter ", $name, " is too long"),
            encoding: concat!("the parameter ", $name, " is not well encoded"),
        }),*];
    };
}

known_parameters! {
    "client_id" "redirect_uri" "response_type" "response_mode" "scope" "state" "nonce" "code_challenge" "code_challenge_method"
    "prompt" "max_age" "login_hint" "ui_locales" "id_token_hint" "claims" "acr_values" "resource" "request" "request_uri" "registration"
    "display" "claims_locales" "grant_type" "code" "code_verifier" "refresh_token" "client_secret" "client_assertion"
    "client_assertion_type" "token" "token_type_hint" "access_token" "post_logout_redirect_uri" "logout_hint"
}

fn known(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}

fn clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Decodes one name or value; `None` for a stray `%` or bytes that are no UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => hex(*rest.next()?)? << 4 | hex(*rest.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::is_description;

    #[test]
    fn values_are_decoded_and_empty_ones_are_absent() {
        let params = Params::parse(
            b"scope=openid+email&redirect_uri=https%3A%2F%2Fa.cat%2Fcb%3Fx%3D1&state=&flag&&name=Col%C2%B7lectiu&raw=https://a.cat/?x=y",
        )
        .expect("well formed");
        assert_eq!(params.get("scope"), Some("openid email"));
        assert_eq!(params.get("redirect_uri"), Some("https://a.cat/cb?x=1"));
        assert_eq!(params.get("name"), Some("Col·lectiu"));
        assert_eq!(params.get("raw"), Some("https://a.cat/?x=y"));
        assert_eq!((params.get("state"), params.get("flag"), params.get("other")), (None, None, None));
        assert_eq!(params.iter().count(), 4);
    }

    #[test]
    fn every_flaw_is_told_by_its_name() {
        let long = |name: &str, size: usize| format!("{name}={}", "a".repeat(size)).into_bytes();
        let many = "a=1&".repeat(65).into_bytes();
        for (bytes, error, description) in [
            (b"state=a&state=b".to_vec(), ParamsError::Repeated("state".into()), "the parameter state is repeated"),
            (b"state=a&state=a".to_vec(), ParamsError::Repeated("state".into()), "the parameter state is repeated"),
            (b"x=a&x=b".to_vec(), ParamsError::Repeated("x".into()), "a parameter is repeated"),
            (b"resource=a&resource=b".to_vec(), ParamsError::TwoResources, "only one resource may be named"),
            (b"nonce=%zz".to_vec(), ParamsError::Encoding("nonce".into()), "the parameter nonce is not well encoded"),
            (b"nonce=%a".to_vec(), ParamsError::Encoding("nonce".into()), "the parameter nonce is not well encoded"),
            (b"nonce=%ff".to_vec(), ParamsError::Encoding("nonce".into()), "the parameter nonce is not well encoded"),
            (b"nonce=a%00b".to_vec(), ParamsError::Encoding("nonce".into()), "the parameter nonce is not well encoded"),
            (b"%ff=a".to_vec(), ParamsError::Encoding("%ff".into()), "a parameter is not well encoded"),
            (long("state", 1025), ParamsError::TooLong("state".into()), "the parameter state is too long"),
            (long("nonce", 1025), ParamsError::TooLong("nonce".into()), "the parameter nonce is too long"),
            (long("claims", 4097), ParamsError::TooLong("claims".into()), "the parameter claims is too long"),
            (long("scope", 2049), ParamsError::TooLong("scope".into()), "the parameter scope is too long"),
            (long("id_token_hint", 16385), ParamsError::TooLong("id_token_hint".into()), "the parameter id_token_hint is too long"),
            (long(&"n".repeat(65), 1), ParamsError::TooLong("n".repeat(64)), "a parameter is too long"),
            (long("x", 65 * 1024), ParamsError::TooLarge, "the request is too large"),
            (many, ParamsError::TooMany, "the request has too many parameters"),
        ] {
            assert_eq!(Params::parse(&bytes).as_ref(), Err(&error));
            assert_eq!(error.to_oauth().description, description);
            let code = if error == ParamsError::TwoResources { ErrorCode::InvalidTarget } else { ErrorCode::InvalidRequest };
            assert_eq!(error.to_oauth().code, code);
        }
    }

    #[test]
    fn a_value_at_its_limit_passes() {
        for (name, size) in [("state", 1024), ("claims", 4096), ("scope", 2048), ("client_assertion", 16384)] {
            let text = format!("{name}={}", "a".repeat(size));
            assert!(Params::parse(text.as_bytes()).is_ok(), "{name}");
        }
    }

    #[test]
    fn the_same_resource_twice_is_one() {
        let params = Params::parse(b"resource=https://a.cat&resource=https://a.cat").expect("one resource");
        assert_eq!(params.get("resource"), Some("https://a.cat"));
    }

    #[test]
    fn salvaging_keeps_what_is_sound_and_nothing_of_what_is_not() {
        let params = Params::salvage(b"client_id=a&state=x&state=y&state=z&redirect_uri=https://a.cat/").expect("small enough");
        assert_eq!((params.get("client_id"), params.get("redirect_uri")), (Some("a"), Some("https://a.cat/")));
        assert_eq!(params.get("state"), None);
        assert!(params.is_spoiled("state") && !params.is_spoiled("client_id"));
        assert_eq!(params.flaw(), Some(&ParamsError::Repeated("state".into())));
    }

    #[test]
    fn debug_shows_names_only() {
        let params = Params::parse(b"client_secret=hush").expect("well formed");
        assert!(!format!("{params:?}").contains("hush"));
    }

    #[test]
    fn every_description_keeps_to_its_alphabet() {
        for known in KNOWN {
            assert!(is_description(known.repeated) && is_description(known.too_long) && is_description(known.encoding));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_parsed_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(params) = Params::parse(&bytes) {
                let mut names: Vec<_> = params.iter().map(|(name, _)| name.to_owned()).collect();
                let count = names.len();
                names.sort();
                names.dedup();
                prop_assert_eq!(names.len(), count);
                prop_assert!(params.iter().all(|(_, value)| !value.is_empty()));
            }
        }

        #[test]
        fn what_was_encoded_is_read_back(value in "[^\\p{Cc}]{1,60}") {
            let body: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("x", &value).finish();
            let params = Params::parse(body.as_bytes());
            prop_assert_eq!(params.as_ref().ok().and_then(|params| params.get("x")), Some(value.as_str()));
        }
    }
}
