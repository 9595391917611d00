//! The `scope` parameter (RFC 6749 §3.3): bounded, checked, and only ever smaller than what a client may have.

use idp_domain::{
    client::{Client, GrantType},
    limits,
    scope::{Scope, ScopeSet},
};

use crate::error::{ErrorCode, OAuthError};

/// Reads a `scope` parameter. Unknown words are dropped (OIDC Core §3.1.2.1); what is no scope token at all
/// (`%x21 / %x23-5B / %x5D-7E`), or too many of them, is `invalid_scope`.
pub fn read(text: &str) -> Result<ScopeSet, OAuthError> {
    let mut words = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        words += 1;
        if words > limits::SCOPE_WORDS {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "the scope has too many words"));
        }
        if !word.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "the scope has characters that are not allowed"));
        }
    }
    Ok(ScopeSet::parse(text))
}

/// Whether a `scope` member is left out: a scope has at least one word (RFC 6749 §3.3).
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(crate) const fn is_none(scope: &ScopeSet) -> bool {
    scope.is_empty()
}

/// The part of the asked scopes that a client may have. `offline_access` needs the refresh grant type besides
/// (OIDC Core §11: ignored otherwise).
pub fn allowed(asked: ScopeSet, client: &Client) -> ScopeSet {
    let allowed = asked.intersection(client.scopes);
    if client.may_use(GrantType::RefreshToken) { allowed } else { allowed.without(Scope::OfflineAccess) }
}

/// The scopes of a refreshed token (RFC 6749 §6): what was granted, or the asked part of it; asking for more is
/// `invalid_scope` (N-19: scope can only shrink). `asked` is `None` when the parameter was absent.
pub fn narrowed(granted: ScopeSet, asked: Option<ScopeSet>) -> Result<ScopeSet, OAuthError> {
    match asked {
        None => Ok(granted),
        Some(asked) if asked.is_empty() || !asked.is_subset(granted) => {
            Err(OAuthError::new(ErrorCode::InvalidScope, "the scope exceeds what was granted"))
        }
        Some(asked) => Ok(asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::client;

    #[test]
    fn words_are_counted_and_checked() {
        assert_eq!(read("openid  email unknown openid").map(|set| set.to_string()), Ok("openid email".to_owned()));
        assert!(read(&"a ".repeat(32)).is_ok());
        for bad in [&"a ".repeat(33), "open\"id", "open\\id", "à", "a\tb", "a\u{7f}"] {
            assert_eq!(read(bad).map_err(|error| error.code), Err(ErrorCode::InvalidScope), "{bad:?}");
        }
    }

    #[test]
    fn a_refreshed_token_never_has_more_scope_than_was_granted() {
        let granted = ScopeSet::parse("openid email");
        assert_eq!(narrowed(granted, None), Ok(granted));
        assert_eq!(narrowed(granted, Some(ScopeSet::parse("email"))), Ok(ScopeSet::parse("email")));
        for asked in ["openid email groups", "manage", "unknown"] {
            assert!(narrowed(granted, Some(ScopeSet::parse(asked))).is_err(), "{asked}");
        }
    }

    #[test]
    fn a_client_gets_what_it_is_registered_for() {
        assert_eq!(allowed(ScopeSet::parse("openid manage services"), &client()).to_string(), "openid");
        let online = Client { grant_types: vec![GrantType::AuthorizationCode], ..client() };
        assert_eq!(allowed(ScopeSet::parse("openid offline_access"), &online).to_string(), "openid");
    }
}
