//! The OpenID provider: the HTTP face and the wiring.
