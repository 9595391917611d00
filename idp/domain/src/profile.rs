//! Compatibility profiles: what a relying party really reads, as data of its client.

use crate::quota::Quota;

/// How `groups` is written for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum GroupsRendering {
    /// `["cc_ateneu"]`
    #[default]
    Strings,
    /// `[{"gid": "cc_ateneu", "displayName": "L'Ateneu"}]`
    Objects,
    /// `"cc_ateneu,cc_forn"`
    CommaString,
}

/// How `quota` is written for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum QuotaRendering {
    /// A number of bytes.
    #[default]
    Bytes,
    /// A string such as `"5 GB"`: Nextcloud drops a number silently.
    Text,
}

/// Where the claims of the granted scopes appear, beside userinfo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ClaimPlacement {
    /// In userinfo; in the ID token only what the `claims` parameter asks for (OIDC Core §5.4).
    #[default]
    Userinfo,
    /// In the ID token too ("hydrated").
    IdToken,
}

/// Whether a client must use PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum PkceRule {
    /// Always (RFC 9700 §2.1.1).
    #[default]
    Required,
    /// A confidential client of a service that cannot do better. Named so that nobody takes it for normal.
    Legacy,
}

/// The algorithm of a client's ID tokens and logout tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SigningAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every relying party reads.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "RS256"))]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[cfg_attr(feature = "serde", serde(rename = "ES256"))]
    Es256,
    /// Ed25519.
    #[cfg_attr(feature = "serde", serde(rename = "EdDSA"))]
    EdDsa,
}

impl SigningAlg {
    /// Every algorithm, in the order they are advertised.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];
    /// The JWA name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
    /// The algorithm of a JWA name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == name)
    }
}

/// What a client really needs. Starts from a [`Preset`]; every field may differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct CompatProfile {
    /// Where claims appear.
    pub claims: ClaimPlacement,
    /// How groups are written.
    pub groups: GroupsRendering,
    /// Whether `groups` is sent even when the scope was not asked for. Services that empty a person's groups when the
    /// claim is missing need it.
    pub groups_always: bool,
    /// How the quota is written.
    pub quota: QuotaRendering,
    /// The quota released when no grant sets one; absent means no claim.
    pub default_quota: Option<Quota>,
    /// An additional claim that repeats the frozen username, such as `nc_uid`.
    pub username_claim: Option<String>,
    /// The algorithm of ID tokens and logout tokens.
    pub alg: SigningAlg,
    /// Whether PKCE may be missing.
    pub pkce: PkceRule,
    /// Whether the redirect URI itself redirects to another origin, as Synapse's does to its web client. After a form of ours
    /// Chromium follows no such chain (`form-action`): the answer travels by a page that goes on by itself.
    #[cfg_attr(feature = "serde", serde(default))]
    pub redirects_onward: bool,
}

/// A named starting point for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Standard-conforming relying parties.
    Generic,
    /// Nextcloud's `user_oidc`.
    Nextcloud,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 2] = [Self::Generic, Self::Nextcloud];
    /// The name in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Nextcloud => "nextcloud",
        }
    }
    /// The preset of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == name)
    }
    /// The profile it stands for.
    pub fn profile(self) -> CompatProfile {
        let generic = CompatProfile {
            claims: ClaimPlacement::Userinfo,
            groups: GroupsRendering::Strings,
            groups_always: false,
            quota: QuotaRendering::Bytes,
            default_quota: None,
            username_claim: None,
            alg: SigningAlg::Rs256,
            pkce: PkceRule::Required,
            redirects_onward: false,
        };
        match self {
            Self::Generic => generic,
            // user_oidc reads only the ID token, takes a missing `groups` for an empty one and drops a numeric quota
            Self::Nextcloud => CompatProfile {
                claims: ClaimPlacement::IdToken,
                groups: GroupsRendering::Objects,
                groups_always: true,
                quota: QuotaRendering::Text,
                username_claim: Some("nc_uid".to_owned()),
                ..generic
            },
        }
    }
}
