//! What short-lived storage holds, in one list. Losing all of it costs somebody a click, never lets anybody in.

/// A kind of short-lived value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A login flow.
    Flow,
    /// An assertion that was presented: its `jti` counts once (RFC 7523 §3).
    AssertionJti,
    /// A client's own access token that it revoked.
    RevokedToken,
    /// Sign-in attempts on an account.
    LoginAttempts,
    /// The one attempt of a waiting time.
    LoginSlot,
    /// Sign-in attempts from a network prefix.
    LoginPrefix,
    /// Registrations from a network prefix.
    RegistrationPrefix,
    /// Registrations of an address.
    RegistrationAddress,
    /// Requests of a person.
    Requests,
    /// Invitation mails of a membership.
    InvitationMails,
    /// Addresses that a collective invited.
    InvitedAddresses,
    /// Calls of the management API by a person.
    ManageCalls,
    /// Changes through the management API by a person.
    ManageChanges,
    /// Tokens from a network prefix that the management API refused.
    RefusedTokens,
}

impl Kind {
    /// The name in storage.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::AssertionJti => "assertion_jti",
            Self::RevokedToken => "revoked_token",
            Self::LoginAttempts => "login_attempts",
            Self::LoginSlot => "login_slot",
            Self::LoginPrefix => "login_prefix",
            Self::RegistrationPrefix => "registration_prefix",
            Self::RegistrationAddress => "registration_address",
            Self::Requests => "requests",
            Self::InvitationMails => "invitation_mails",
            Self::InvitedAddresses => "invited_addresses",
            Self::ManageCalls => "manage_calls",
            Self::ManageChanges => "manage_changes",
            Self::RefusedTokens => "refused_tokens",
        }
    }
}
