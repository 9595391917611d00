//! Revocation (RFC 7009): 200 with an empty body for every token the caller may revoke and for every unknown one (N-30).

use crate::{error::OAuthError, introspect::PresentedToken, params::Params};

/// Reads a revocation request. `token_type_hint` is not needed, and an unknown one is ignored (RFC 7009 §2.1).
pub fn read(params: &Params) -> Result<PresentedToken, OAuthError> {
    PresentedToken::read(params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::ErrorCode, testing::params};

    #[test]
    fn a_missing_token_is_the_only_refusal() {
        assert_eq!(
            read(&params(&[("token_type_hint", "refresh_token")])).map_err(|error| error.code).err(),
            Some(ErrorCode::InvalidRequest)
        );
        assert!(matches!(read(&params(&[("token", "unknown"), ("token_type_hint", "odd")])), Ok(PresentedToken::Foreign)));
    }
}
