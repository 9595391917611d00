//! What each mail says, as paragraphs in the reader's language.

use idp_app::mail::{MailContent, MailLink, MailService};
use idp_domain::Timestamp;
use ui_kit::T;

use super::render::MailPlaces;

/// A mail before it is text or HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whose voice it is, when it is a collective's.
    pub sender: Option<String>,
    /// The subject, on one line.
    pub subject: String,
    /// From the greeting to the last sentence.
    pub parts: Vec<Part>,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// Somebody else's words.
    Quote(String),
    /// The one thing to do.
    Button {
        /// What it says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Names, each with its address if it has one.
    List(Vec<(String, Option<String>)>),
    /// Small print.
    Note(String),
}

struct Words<'a> {
    t: T,
    places: &'a MailPlaces,
}

/// Writes the letter to somebody called `name`.
pub fn write(content: &MailContent, name: &str, t: T, places: &MailPlaces) -> Letter {
    let words = Words { t, places };
    let mut letter = words.letter(content);
    letter.parts.insert(0, Part::Text(t.args("mail-greeting", &[("name", name.into())])));
    letter
}

impl Words<'_> {
    fn letter(&self, content: &MailContent) -> Letter {
        match content {
            MailContent::VerifyAddress { link, expires_at } => self.verify_address(link, *expires_at),
            MailContent::Welcome { collective, username, managers, services, link } => {
                self.welcome(collective, username, managers, services, link)
            }
            MailContent::RequestWaits { collective, applicant, service, text, link } => {
                self.request_waits(collective, applicant, service.as_deref(), text, link)
            }
            MailContent::RequestRefused { collective, service, reason, username_freed } => {
                let mut letter = self.request_refused(collective, service.as_deref(), reason);
                if *username_freed {
                    letter.parts.push(Part::Text(self.t.msg("mail-refused-username")));
                }
                letter
            }
            MailContent::UsernameFreed { link } => self.username_freed(link),
            MailContent::AccessGranted { collective, service } => self.access_granted(collective, service),
            MailContent::Invitation { collective, username, link, expires_at } => self.invitation(collective, username, link, *expires_at),
            MailContent::InvitedWithAccount { collective, link } => self.invited_with_account(collective, link),
            MailContent::AlreadyRegistered { username, link } => self.already_registered(username, link),
            MailContent::MandateProposed { collective, link } => self.mandate_proposed(collective, link),
            MailContent::PasswordChanged { at, managers, link } => self.password_changed(*at, managers, link),
        }
    }

    fn verify_address(&self, link: &MailLink, expires_at: Timestamp) -> Letter {
        Letter {
            sender: None,
            subject: self.cluster("mail-verify-subject"),
            parts: vec![
                Part::Text(self.cluster("mail-verify-text")),
                self.button("mail-verify-button", link),
                self.until(expires_at),
                Part::Note(self.t.msg("mail-verify-ignore")),
            ],
        }
    }

    fn welcome(&self, collective: &str, username: &str, managers: &[String], services: &[MailService], link: &MailLink) -> Letter {
        let mut parts = vec![
            Part::Text(self.with("mail-welcome-text", &[("collective", collective)])),
            Part::Text(self.with("mail-username", &[("username", username)])),
            self.button("mail-welcome-button", link),
        ];
        if services.is_empty() {
            parts.push(Part::Text(self.t.msg("mail-welcome-no-services")));
        } else {
            parts.push(Part::Text(self.t.msg("mail-welcome-services")));
            parts.push(Part::List(services.iter().map(listed).collect()));
        }
        if !managers.is_empty() {
            parts.push(Part::Text(self.with("mail-welcome-managers", &[("managers", &managers.join(", "))])));
        }
        Letter { sender: Some(collective.to_owned()), subject: self.with("mail-welcome-subject", &[("collective", collective)]), parts }
    }

    fn request_waits(&self, collective: &str, applicant: &str, service: Option<&str>, text: &str, link: &MailLink) -> Letter {
        let about = match service {
            None => self.with("mail-request-join", &[("collective", collective), ("applicant", applicant)]),
            Some(service) => {
                self.with("mail-request-access", &[("collective", collective), ("applicant", applicant), ("service", service)])
            }
        };
        let mut parts = vec![Part::Text(about)];
        if !text.is_empty() {
            parts.push(Part::Quote(text.to_owned()));
        }
        parts.push(self.button("mail-request-button", link));
        parts.push(Part::Note(self.t.msg("mail-request-any-manager")));
        Letter { sender: None, subject: self.with("mail-request-subject", &[("collective", collective), ("applicant", applicant)]), parts }
    }

    fn request_refused(&self, collective: &str, service: Option<&str>, reason: &str) -> Letter {
        let about = match service {
            None => self.with("mail-refused-join", &[("collective", collective)]),
            Some(service) => self.with("mail-refused-access", &[("collective", collective), ("service", service)]),
        };
        let mut parts = vec![Part::Text(about)];
        if !reason.is_empty() {
            parts.push(Part::Text(self.t.msg("mail-refused-reason")));
            parts.push(Part::Quote(reason.to_owned()));
        }
        parts.push(Part::Text(self.with("mail-refused-talk", &[("collective", collective)])));
        Letter { sender: Some(collective.to_owned()), subject: self.with("mail-refused-subject", &[("collective", collective)]), parts }
    }

    fn username_freed(&self, link: &MailLink) -> Letter {
        Letter {
            sender: None,
            subject: self.cluster("mail-freed-subject"),
            parts: vec![
                Part::Text(self.cluster("mail-freed-text")),
                Part::Text(self.t.msg("mail-refused-username")),
                self.button("mail-already-button", link),
            ],
        }
    }

    fn access_granted(&self, collective: &str, service: &MailService) -> Letter {
        let mut parts = vec![Part::Text(self.with("mail-granted-text", &[("collective", collective), ("service", &service.name)]))];
        if let Some(url) = &service.url {
            parts.push(Part::Button { label: self.with("mail-granted-button", &[("service", &service.name)]), url: url.clone() });
        }
        parts.push(Part::Note(self.t.msg("mail-granted-again")));
        Letter { sender: Some(collective.to_owned()), subject: self.with("mail-granted-subject", &[("service", &service.name)]), parts }
    }

    fn invitation(&self, collective: &str, username: &str, link: &MailLink, expires_at: Timestamp) -> Letter {
        Letter {
            sender: Some(collective.to_owned()),
            subject: self.with("mail-invitation-subject", &[("collective", collective)]),
            parts: vec![
                Part::Text(self.with("mail-invitation-text", &[("collective", collective), ("cluster", &self.places.cluster_name)])),
                Part::Text(self.with("mail-username", &[("username", username)])),
                self.button("mail-invitation-button", link),
                self.until(expires_at),
                Part::Note(self.t.msg("mail-invitation-ignore")),
            ],
        }
    }

    fn invited_with_account(&self, collective: &str, link: &MailLink) -> Letter {
        let text = self.with("mail-invited-text", &[("collective", collective), ("cluster", &self.places.cluster_name)]);
        let ignore = Part::Note(self.t.msg("mail-invitation-ignore"));
        Letter {
            sender: Some(collective.to_owned()),
            subject: self.with("mail-invitation-subject", &[("collective", collective)]),
            parts: vec![Part::Text(text), self.button("mail-invited-button", link), ignore],
        }
    }

    fn already_registered(&self, username: &str, link: &MailLink) -> Letter {
        Letter {
            sender: None,
            subject: self.cluster("mail-already-subject"),
            parts: vec![
                Part::Text(self.cluster("mail-already-text")),
                Part::Text(self.with("mail-username", &[("username", username)])),
                self.button("mail-already-button", link),
                Part::Note(self.t.msg("mail-already-ignore")),
            ],
        }
    }

    fn mandate_proposed(&self, collective: &str, link: &MailLink) -> Letter {
        let named = [("collective", collective)];
        Letter {
            sender: Some(collective.to_owned()),
            subject: self.with("mail-mandate-subject", &named),
            parts: vec![
                Part::Text(self.with("mail-mandate-text", &named)),
                Part::Text(self.with("mail-mandate-duties", &named)),
                self.button("mail-mandate-button", link),
                Part::Note(self.with("mail-mandate-free", &named)),
            ],
        }
    }

    fn password_changed(&self, at: Timestamp, managers: &[String], link: &MailLink) -> Letter {
        let when = self.t.date_time(at.millis());
        let text = self.with("mail-password-text", &[("cluster", &self.places.cluster_name), ("when", &when)]);
        let mut parts = vec![Part::Text(text), Part::Text(self.t.msg("mail-password-not-you")), self.button("mail-password-button", link)];
        if !managers.is_empty() {
            parts.push(Part::Text(self.with("mail-password-managers", &[("managers", &managers.join(", "))])));
        }
        parts.push(Part::Note(self.t.msg("mail-password-ignore")));
        Letter { sender: None, subject: self.cluster("mail-password-subject"), parts }
    }

    fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, (*value).into())).collect();
        self.t.args(key, &values)
    }
    fn cluster(&self, key: &str) -> String {
        self.with(key, &[("cluster", &self.places.cluster_name)])
    }
    fn button(&self, key: &str, link: &MailLink) -> Part {
        Part::Button { label: self.t.msg(key), url: self.places.address(link) }
    }
    fn until(&self, expires_at: Timestamp) -> Part {
        Part::Note(self.with("mail-until", &[("when", &self.t.date_time(expires_at.millis()))]))
    }
}

fn listed(service: &MailService) -> (String, Option<String>) {
    (service.name.clone(), service.url.clone())
}
