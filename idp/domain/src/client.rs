//! Clients (RFC 6749 §2): what may ask for tokens and how it proves who it is.

use std::fmt;

use crate::{
    id::{ClientId, ClientSecretId, ServiceId},
    locale::Locale,
    profile::CompatProfile,
    redirect::RedirectUri,
    scope::ScopeSet,
    secret::SecretHash,
    service::ServiceState,
    time::Timestamp,
};

/// The public `client_id`: 1 to 64 characters `[A-Za-z0-9._-]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientIdentifier(String);

/// The text is no `client_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client_id has 1 to 64 letters, digits, dots, underscores or hyphens")]
pub struct InvalidClientIdentifier;

impl ClientIdentifier {
    /// Parses a `client_id`.
    pub fn parse(text: &str) -> Result<Self, InvalidClientIdentifier> {
        let fits = (1..=64).contains(&text.len());
        let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if fits && clean { Ok(Self(text.to_owned())) } else { Err(InvalidClientIdentifier) }
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for ClientIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a client is registered to do at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
}

impl GrantType {
    /// Every grant type, as advertised.
    pub const ALL: [Self; 3] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
        }
    }
    /// The grant type of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant_type| grant_type.as_str() == name)
    }
}

/// How a client authenticates (OIDC Core §9). Basic and post are interchangeable for a secret client: Nextcloud
/// chooses post whenever discovery lists it, whatever was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthMethod {
    /// `client_secret_basic` or `client_secret_post`.
    Secret,
    /// `private_key_jwt` with the client's registered keys.
    PrivateKeyJwt,
    /// `none`: a public client.
    None,
}

impl ClientAuthMethod {
    /// The name in storage and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "client_secret",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }
    /// The method of a name; the two secret methods of the registry are one here.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "client_secret" | "client_secret_basic" | "client_secret_post" => Some(Self::Secret),
            "private_key_jwt" => Some(Self::PrivateKeyJwt),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// Whose client it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRole {
    /// A relying party of a service: the gate decides by the person's access to that service.
    Service(ServiceId),
    /// The managers' desk: the gate asks for an accepted mandate.
    AdminUi,
    /// A machine without people: `client_credentials` only.
    Machine,
}

/// Whether people are asked before their claims are released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentRule {
    /// The cluster's own service: the offer of the collective is the agreement.
    FirstParty,
    /// Everybody is asked once per set of scopes.
    Ask,
}

/// A registered client with everything a request needs.
#[derive(Debug, Clone)]
pub struct Client {
    /// The row.
    pub id: ClientId,
    /// The public identifier.
    pub client_id: ClientIdentifier,
    /// Shown to people.
    pub name: String,
    /// Whose client it is.
    pub role: ClientRole,
    /// How it authenticates.
    pub auth_method: ClientAuthMethod,
    /// Hashes of the live secrets: two at most, so that one can be rotated.
    pub secrets: Vec<SecretHash>,
    /// The client's JWK set (RFC 7517 §5) as registered, for `private_key_jwt`.
    pub jwks: Option<String>,
    /// What it may do at the token endpoint.
    pub grant_types: Vec<GrantType>,
    /// Where codes may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// What it may ask for.
    pub scopes: ScopeSet,
    /// Audiences it may name in `resource` (RFC 8707), besides its own `client_id`.
    pub resources: Vec<String>,
    /// Audiences whose tokens it may introspect, besides its own (RFC 7662 §4).
    pub introspects: Vec<String>,
    /// Where logout tokens are delivered (OIDC Back-Channel Logout §2.2).
    pub backchannel_logout_uri: Option<String>,
    /// The sector of its subjects; clients of one sector see the same `sub`. Empty: the cluster's own.
    pub sector: String,
    /// Whether people are asked.
    pub consent: ConsentRule,
    /// What the relying party really reads.
    pub profile: CompatProfile,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
}

/// When a client's secret counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretTimes {
    /// The row.
    pub id: ClientSecretId,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it stops counting; absent while nobody retired it.
    pub expires_at: Option<Timestamp>,
}

impl Client {
    /// Whether the client may use a grant type (RFC 6749 §5.2 `unauthorized_client`).
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
    /// The registered URI that accepts a presented one.
    pub fn redirect_uri(&self, presented: &str) -> Option<&RedirectUri> {
        self.redirect_uris.iter().find(|uri| uri.accepts(presented))
    }
    /// Whether the client holds no credential.
    pub fn is_public(&self) -> bool {
        self.auth_method == ClientAuthMethod::None
    }
    /// Whether the client counts as itself, without a person (RFC 6749 §4.4): it is switched on, and its service, if it has
    /// one, is active.
    pub fn acts_by_itself(&self, service: Option<ServiceState>) -> bool {
        self.disabled_at.is_none() && service.is_none_or(|state| state == ServiceState::Active)
    }
    /// The service this client signs people in to.
    pub const fn service(&self) -> Option<ServiceId> {
        match self.role {
            ClientRole::Service(service) => Some(service),
            ClientRole::AdminUi | ClientRole::Machine => None,
        }
    }
}

/// A choice of language for a page: what the request asked for (OIDC Core §3.1.2.1 `ui_locales`).
pub fn first_spoken(ui_locales: &str) -> Option<Locale> {
    ui_locales.split(' ').find_map(Locale::from_tag)
}
