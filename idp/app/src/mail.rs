//! Mails as facts. A job names whom and what; addresses, names and one-time links are filled in when it is delivered,
//! so that no secret waits in the outbox and a mail that became moot is not sent.

use idp_domain::{
    id::{CollectiveId, EmailId, LinkId, MandateId, PersonId, RequestId},
    locale::Locale,
    secret::Secret,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

pub use crate::join::prepare_mail::prepare_mail as prepare;

/// A mail to write, as it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum Mail {
    /// Prove an address: opens a page with a button.
    VerifyAddress {
        /// To.
        person: PersonId,
        /// The address to prove.
        email: EmailId,
        /// What its registration asks for, if it was one; in mails enqueued before this was told, the latest.
        #[serde(default)]
        wish: Option<LinkId>,
    },
    /// The one welcome mail after validation.
    Welcome {
        /// To.
        person: PersonId,
        /// In whose name.
        collective: CollectiveId,
    },
    /// Somebody waits in the queue; one mail per manager.
    RequestWaits {
        /// To.
        manager: PersonId,
        /// What waits.
        request: RequestId,
    },
    /// A request was refused, with its reason.
    RequestRefused {
        /// What was refused.
        request: RequestId,
    },
    /// The username is free again, since nobody vouches for the account.
    UsernameFreed {
        /// To.
        person: PersonId,
    },
    /// A request for a service was accepted.
    AccessGranted {
        /// What was accepted.
        request: RequestId,
    },
    /// An invitation to a collective: choose a password and start, or answer in the account that is there already.
    Invitation {
        /// To.
        person: PersonId,
        /// In whose name.
        collective: CollectiveId,
    },
    /// Somebody registered with an address that already signs in: told only to its owner.
    AlreadyRegistered {
        /// To.
        person: PersonId,
    },
    /// A member is proposed as manager and decides in their own account.
    MandateProposed {
        /// To.
        person: PersonId,
        /// In whose name.
        collective: CollectiveId,
        /// What waits for their yes.
        mandate: MandateId,
    },
    /// The password was changed: whoever did not do it learns of it.
    PasswordChanged {
        /// To.
        person: PersonId,
        /// When.
        at: Timestamp,
    },
}

/// A page a mail leads to; the edge knows the address.
#[derive(Debug, Clone)]
pub enum MailLink {
    /// Proves an address.
    Verify(Secret),
    /// Chooses a first password.
    Activate(Secret),
    /// The sign-in page.
    SignIn,
    /// The person's own password and sessions.
    Security,
    /// The managers' queue of a collective.
    Queue(CollectiveId),
    /// The collectives of one's own account: what waits for one's yes.
    MyCollectives,
}

/// A service as a welcome mail lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailService {
    /// Shown.
    pub name: String,
    /// Where it is.
    pub url: Option<String>,
}

/// A mail ready to be put into words.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// The recipient's address.
    pub to: String,
    /// The recipient's name.
    pub name: String,
    /// The recipient's language.
    pub locale: Locale,
    /// What it says.
    pub content: MailContent,
}

/// What a mail says.
#[derive(Debug, Clone)]
pub enum MailContent {
    /// Prove this address.
    VerifyAddress {
        /// Where to.
        link: MailLink,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// Welcome.
    Welcome {
        /// In whose name.
        collective: String,
        /// How to sign in.
        username: String,
        /// Who helps.
        managers: Vec<String>,
        /// What is open already.
        services: Vec<MailService>,
        /// Where to.
        link: MailLink,
    },
    /// Somebody waits.
    RequestWaits {
        /// In which collective's queue.
        collective: String,
        /// Who waits.
        applicant: String,
        /// For which service, when it is not about joining.
        service: Option<String>,
        /// What the person wrote.
        text: String,
        /// Where to.
        link: MailLink,
    },
    /// Refused.
    RequestRefused {
        /// By which collective.
        collective: String,
        /// Which service, when it was not about joining.
        service: Option<String>,
        /// Why.
        reason: String,
        /// The person has no username any more: it was freed, since nobody vouches for the account.
        username_freed: bool,
    },
    /// The username is free again.
    UsernameFreed {
        /// Where to.
        link: MailLink,
    },
    /// A door was opened.
    AccessGranted {
        /// By which collective.
        collective: String,
        /// To what.
        service: MailService,
    },
    /// Invited, without a password so far.
    Invitation {
        /// By which collective.
        collective: String,
        /// How to sign in.
        username: String,
        /// Where to.
        link: MailLink,
        /// Until when the link works.
        expires_at: Timestamp,
    },
    /// Invited, with an account: says yes or no in it.
    InvitedWithAccount {
        /// By which collective.
        collective: String,
        /// Where to.
        link: MailLink,
    },
    /// You already have an account.
    AlreadyRegistered {
        /// How to sign in.
        username: String,
        /// Where to.
        link: MailLink,
    },
    /// Proposed as manager.
    MandateProposed {
        /// By which collective.
        collective: String,
        /// Where to.
        link: MailLink,
    },
    /// Your password was changed.
    PasswordChanged {
        /// When.
        at: Timestamp,
        /// Who helps if it was somebody else.
        managers: Vec<String>,
        /// Where sessions end.
        link: MailLink,
    },
}
