//! A letter as plain text and as HTML.

use idp_app::{
    AppSettings,
    mail::{MailLink, OutgoingMail},
};
use idp_domain::issuer::Issuer;
use maud::{DOCTYPE, Markup, html};
use ui_kit::T;
use url::Url;

use super::letter::{self, Letter, Part};
use crate::{http::paths, texts};

/// Where the links of mails lead.
#[derive(Debug, Clone)]
pub struct MailPlaces {
    /// The issuer; every page of ours is below it.
    pub issuer: Issuer,
    /// The admin UI, when there is one.
    pub admin_ui: Option<Url>,
    /// The cluster's name.
    pub cluster_name: String,
}

impl MailPlaces {
    /// As the application is configured.
    pub fn of(settings: &AppSettings) -> Self {
        Self { issuer: settings.issuer.clone(), admin_ui: settings.admin_ui.clone(), cluster_name: settings.cluster_name.clone() }
    }
    /// The address a link stands for.
    pub(super) fn address(&self, link: &MailLink) -> String {
        match link {
            MailLink::Verify(secret) => paths::verify_link(&self.issuer, secret),
            MailLink::Activate(secret) => paths::welcome_link(&self.issuer, secret),
            MailLink::SignIn => paths::login_link(&self.issuer),
            MailLink::MyCollectives => self.issuer.join(paths::ACCOUNT_COLLECTIVES),
            MailLink::Security => self.issuer.join(paths::ACCOUNT_SECURITY),
            MailLink::Queue(collective) => match &self.admin_ui {
                Some(admin_ui) => paths::queue_link(admin_ui, *collective),
                None => paths::login_link(&self.issuer),
            },
        }
    }
}

/// A mail ready to send. Holds one-time links: never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The sender's name.
    pub from_name: String,
    /// On one line.
    pub subject: String,
    /// For readers without HTML, and the one a mailbox page shows.
    pub text: String,
    /// For all others.
    pub html: String,
}

/// Puts a mail into words, in the recipient's language.
pub fn render(mail: &OutgoingMail, places: &MailPlaces) -> Rendered {
    let t = texts::in_language(mail.locale);
    let letter = letter::write(&mail.content, &mail.name, t, places);
    Rendered {
        from_name: match &letter.sender {
            Some(collective) => format!("{collective} · {}", places.cluster_name),
            None => places.cluster_name.clone(),
        },
        subject: letter.subject.clone(),
        text: as_text(&letter, places),
        // mails have lines of at most 998 bytes: one per element is far below
        html: as_html(&letter, t, places).into_string().replace("><", ">\n<"),
    }
}

fn as_text(letter: &Letter, places: &MailPlaces) -> String {
    let mut paragraphs: Vec<String> = letter.parts.iter().map(part_as_text).collect();
    paragraphs.push(format!("-- \n{}\n{}\n", letter.sender.as_deref().unwrap_or(&places.cluster_name), places.issuer));
    paragraphs.join("\n\n")
}

fn part_as_text(part: &Part) -> String {
    match part {
        Part::Text(words) | Part::Note(words) => words.clone(),
        Part::Quote(words) => words.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        Part::Button { label, url } => format!("{label}:\n{url}"),
        Part::List(items) => {
            let line = |(name, url): &(String, Option<String>)| match url {
                Some(url) => format!("- {name}\n  {url}"),
                None => format!("- {name}"),
            };
            items.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

// Mail programs read no stylesheet but the one on the element itself; a page's policy does not apply here.
const BODY: &str = "margin:0;padding:24px;background:#f6f4ef;color:#22201c;font:16px/1.5 system-ui,sans-serif";
const SHEET: &str = "max-width:560px;margin:0 auto;padding:24px 28px;background:#ffffff;border-radius:8px";
const BUTTON: &str =
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#8c2f1b;color:#ffffff;font-weight:600;text-decoration:none";
const SMALL: &str = "font-size:14px;color:#5c564c;word-break:break-word";
const QUOTE: &str = "margin:0;padding:8px 16px;border-left:3px solid #d8d2c4;white-space:pre-line";

fn as_html(letter: &Letter, t: T, places: &MailPlaces) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(t.lang().tag()) {
            head { meta charset="utf-8"; title { (letter.subject) } }
            body style=(BODY) {
                div style=(SHEET) {
                    @for part in &letter.parts { (part_as_html(part, t)) }
                    p style=(SMALL) {
                        (letter.sender.as_deref().unwrap_or(&places.cluster_name)) br;
                        a href=(places.issuer) style="color:inherit" { (places.issuer) }
                    }
                }
            }
        }
    }
}

fn part_as_html(part: &Part, t: T) -> Markup {
    html! {
        @match part {
            Part::Text(words) => { p { (words) } },
            Part::Note(words) => { p style=(SMALL) { (words) } },
            Part::Quote(words) => { blockquote style=(QUOTE) { (words) } },
            Part::Button { label, url } => {
                p { a href=(url) style=(BUTTON) { (label) } }
                p style=(SMALL) { (t.msg("mail-button-hint")) br; (url) }
            },
            Part::List(items) => {
                ul {
                    @for (name, url) in items {
                        li { @if let Some(url) = url { a href=(url) { (name) } } @else { (name) } }
                    }
                }
            },
        }
    }
}

#[cfg(test)]
mod tests;
