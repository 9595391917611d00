//! OAuth 2.0 and OpenID Connect on the wire, translated to and from the domain.
