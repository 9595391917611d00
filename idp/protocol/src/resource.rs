//! Resource indicators (RFC 8707): which audience an access token may get. One per token (N-28).

use idp_domain::{
    client::{Client, ClientRole},
    issuer::Issuer,
};
use url::Url;

use crate::error::{ErrorCode, OAuthError};

/// The audience of the management API.
pub fn manage_audience(issuer: &Issuer) -> String {
    issuer.join("/manage")
}

/// Checks a `resource` parameter: an absolute URI without fragment (RFC 8707 §2) that the client is registered for, or
/// the client's own `client_id`, or for the managers' desk the management API. Anything else is `invalid_target`.
pub fn check(resource: &str, client: &Client, issuer: &Issuer) -> Result<(), OAuthError> {
    if resource == client.client_id.as_str() {
        return Ok(());
    }
    if resource.contains('#') || Url::parse(resource).is_err() {
        return Err(OAuthError::new(ErrorCode::InvalidTarget, "the resource is not an absolute URI without fragment"));
    }
    let registered = client.resources.iter().any(|known| known == resource);
    let desk = client.role == ClientRole::AdminUi && resource == manage_audience(issuer);
    if registered || desk { Ok(()) } else { Err(OAuthError::new(ErrorCode::InvalidTarget, "the client may not ask for this resource")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{client, issuer};

    #[test]
    fn an_audience_is_registered_or_refused() {
        for good in ["https://nuvol.cat/api", "nuvol"] {
            assert_eq!(check(good, &client(), &issuer()), Ok(()), "{good}");
        }
        for bad in ["", "api", "/api", "https://nuvol.cat/api/", "https://nuvol.cat/api#x", "https://id.ateneu.cat/manage", "altre"] {
            assert_eq!(check(bad, &client(), &issuer()).map_err(|error| error.code), Err(ErrorCode::InvalidTarget), "{bad}");
        }
        let desk = Client { role: ClientRole::AdminUi, ..client() };
        assert_eq!(check(&manage_audience(&issuer()), &desk, &issuer()), Ok(()));
    }
}
