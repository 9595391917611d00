//! Use cases: decides by combining the domain, the protocol, the store and the keys.
