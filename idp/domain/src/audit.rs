//! Audited facts: every change, in the same transaction as the change, chained per collective.
//!
//! A row holds no personal text in the clear: people appear by a pseudonymous index, and free text is sealed with a
//! key per person, so that erasing the key erases the text without breaking the chain.

use crate::{
    id::{ClientId, CollectiveId, GrantId, JobId, KeyId, MandateId, MembershipId, OfferId, PersonId, RequestId, ServiceId, SessionId},
    policy::Actor,
    time::Timestamp,
};

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident { $($field:ident : $type:ty),* } = $kind:literal;)*) => {
        /// A fact worth remembering.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum AuditEvent {
            $($(#[$doc])* $name { $(#[doc = "What it concerns."] $field: $type),* },)*
        }
        impl AuditEvent {
            /// Every kind: a test of the house checks that some use case records it.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];
            /// The stable name of this kind.
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => $kind,)* }
            }
            /// `name=identifier` of everything it concerns, in declared order: part of the chained bytes.
            pub fn fields(&self) -> Vec<(&'static str, String)> {
                match self { $(Self::$name { $($field),* } => vec![$((stringify!($field), $field.to_string())),*],)* }
            }
        }
    };
}

events! {
    /// The setup link founded the cluster.
    ClusterFounded {} = "cluster.founded";
    /// The database was put back from a backup: what was issued before counts for nothing.
    ClusterRestored {} = "cluster.restored";
    /// A declarative file was applied.
    ClusterApplied { creations: u64, changes: u64 } = "cluster.applied";
    /// A mail or logout token that was given up is tried again.
    JobRetried { job: JobId } = "job.retried";
    /// Somebody registered.
    PersonRegistered {} = "person.registered";
    /// A person's address was verified.
    EmailVerified {} = "person.email_verified";
    /// An account became active.
    PersonActivated {} = "person.activated";
    /// A person chose another language.
    LanguageChanged {} = "person.language_changed";
    /// A person's name, language or time zone changed.
    ProfileChanged {} = "person.profile_changed";
    /// A manager or steward looked at a person's profile.
    PersonViewed {} = "person.viewed";
    /// A password was set.
    PasswordSet {} = "credential.password_set";
    /// A collective was founded.
    CollectiveFounded { collective: CollectiveId } = "collective.founded";
    /// A collective's name, language or listing changed.
    CollectiveEdited { collective: CollectiveId } = "collective.edited";
    /// Somebody asked to join.
    JoinRequested { request: RequestId } = "request.join";
    /// Somebody asked for a service.
    AccessRequested { request: RequestId, service: ServiceId } = "request.access";
    /// A request was accepted.
    RequestAccepted { request: RequestId } = "request.accepted";
    /// A request was refused.
    RequestRefused { request: RequestId } = "request.refused";
    /// The person took a request back.
    RequestWithdrawn { request: RequestId } = "request.withdrawn";
    /// A request was handed to another collective.
    RequestRerouted { request: RequestId, to: CollectiveId } = "request.rerouted";
    /// A membership began to stand.
    MembershipActivated { membership: MembershipId } = "membership.activated";
    /// A membership was paused.
    MembershipSuspended { membership: MembershipId } = "membership.suspended";
    /// A membership stands again.
    MembershipResumed { membership: MembershipId } = "membership.resumed";
    /// A membership's end moved.
    MembershipExtended { membership: MembershipId } = "membership.extended";
    /// The collective vouches for the person from now on.
    MembershipMadeHome { membership: MembershipId } = "membership.made_home";
    /// A membership joined working groups.
    WorkingGroupsJoined { membership: MembershipId } = "membership.working_groups_joined";
    /// A membership lapsed.
    MembershipLapsed { membership: MembershipId } = "membership.lapsed";
    /// A membership ended.
    MembershipEnded { membership: MembershipId } = "membership.ended";
    /// Somebody was invited.
    MembershipInvited { membership: MembershipId } = "membership.invited";
    /// The mail that leads in was sent again.
    InvitationResent { membership: MembershipId } = "membership.invitation_resent";
    /// A mandate was proposed.
    MandateProposed { mandate: MandateId } = "mandate.proposed";
    /// A mandate was accepted by its holder.
    MandateAccepted { mandate: MandateId } = "mandate.accepted";
    /// A mandate ended.
    MandateEnded { mandate: MandateId } = "mandate.ended";
    /// A service was registered.
    ServiceRegistered { service: ServiceId } = "service.registered";
    /// A service changed.
    ServiceEdited { service: ServiceId } = "service.edited";
    /// A service was offered to a collective.
    OfferMade { offer: OfferId } = "offer.made";
    /// An offer changed.
    OfferEdited { offer: OfferId } = "offer.edited";
    /// A door was opened.
    GrantGiven { grant: GrantId, service: ServiceId } = "grant.given";
    /// A grant's role, quota or end changed.
    GrantChanged { grant: GrantId, service: ServiceId } = "grant.changed";
    /// A door was closed.
    GrantWithdrawn { grant: GrantId, service: ServiceId } = "grant.withdrawn";
    /// A client was registered.
    ClientRegistered { client: ClientId } = "client.registered";
    /// A client changed.
    ClientEdited { client: ClientId } = "client.edited";
    /// A person agreed to what a client is told about them.
    ConsentGiven { client: ClientId } = "consent.given";
    /// A person was signed out.
    SessionEnded { session: SessionId } = "session.ended";
    /// A person took back what a client could do in their name while they were away.
    AuthorizationEnded { client: ClientId } = "authorization.ended";
    /// A code was presented twice: what it produced was revoked.
    CodeReplayed { client: ClientId } = "code.replayed";
    /// A code was presented by another client and burnt.
    CodeLeaked { client: ClientId } = "code.leaked";
    /// A refresh token was presented after its successor was used, or by another client: the family was revoked.
    RefreshTokenReplayed { client: ClientId } = "refresh_token.replayed";
    /// A client revoked a token.
    TokenRevoked { client: ClientId } = "token.revoked";
    /// A signing key was published.
    KeyPublished { key: KeyId } = "key.published";
    /// A signing key was revoked.
    KeyRevoked { key: KeyId } = "key.revoked";
}

/// One fact with its circumstances, as appended by a use case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Actor,
    /// Whose chain it belongs to; absent: the cluster's.
    pub collective: Option<CollectiveId>,
    /// Whom it concerns; that person can read it.
    pub person: Option<PersonId>,
    /// What happened.
    pub event: AuditEvent,
    /// The request it happened in.
    pub request_id: String,
}

/// A sign-in or its failure: kept apart from the chain, short-lived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Signed in with a password.
    Password,
    /// The password was wrong.
    WrongPassword,
    /// Too many attempts.
    Throttled,
    /// Right password, but the account may not sign in.
    NotAllowed,
}

impl SignInOutcome {
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::WrongPassword => "wrong_password",
            Self::Throttled => "throttled",
            Self::NotAllowed => "not_allowed",
        }
    }
}
