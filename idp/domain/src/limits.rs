//! Every limit on input in one table: bytes unless the name says otherwise. Parsers cite these and nothing else.

/// One OAuth parameter.
pub const PARAMETER: usize = 2 * 1024;
/// Parameters in one request.
pub const PARAMETERS_COUNT: usize = 64;
/// `state` and `nonce`.
pub const STATE: usize = 1024;
/// The `claims` parameter (OIDC Core §5.5).
pub const CLAIMS: usize = 4 * 1024;
/// Nesting of the `claims` parameter.
pub const CLAIMS_DEPTH: usize = 4;
/// Words in `scope`.
pub const SCOPE_WORDS: usize = 32;
/// A JWT of any kind.
pub const JWT: usize = 16 * 1024;
/// A form body.
pub const FORM: usize = 64 * 1024;
/// A JSON body.
pub const JSON: usize = 256 * 1024;
/// A client's JWK set.
pub const JWKS: usize = 64 * 1024;
/// Keys in a client's JWK set.
pub const JWKS_KEYS_COUNT: usize = 32;
/// All request headers together.
pub const HEADERS: usize = 16 * 1024;
/// The `Cookie` header.
pub const COOKIE: usize = 8 * 1024;
/// A password, before any work is done on it.
pub const PASSWORD: usize = 1024;
/// Characters in a password, at least (NIST SP 800-63B-4 §3.1.1.2).
pub const PASSWORD_MIN_CHARS: usize = 15;
/// Characters in a password, at most.
pub const PASSWORD_MAX_CHARS: usize = 128;
/// Characters in a display name.
pub const NAME_CHARS: usize = 120;
/// Characters in a free text of a person or a manager.
pub const TEXT_CHARS: usize = 2000;
/// Bytes in an e-mail address (RFC 5321 §4.5.3.1.3, less the angle brackets).
pub const EMAIL: usize = 254;
/// Bytes in a URI.
pub const URI: usize = 2 * 1024;
/// Rows in one page of a list.
pub const PAGE_ROWS: u64 = 200;
/// A `cluster.toml` for `aplec apply`: 100,000 people fit.
pub const CLUSTER_FILE: usize = 128 * 1024 * 1024;
