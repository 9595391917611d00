//! A mail as it was sent.

use maud::{Markup, Render, html};

use crate::T;

/// Who wrote what to whom. Only the plain text is shown: a mail's own HTML never enters a page.
#[derive(Debug, Clone)]
pub struct MailPreview {
    t: T,
    from: String,
    to: String,
    subject: String,
    sent_at: i64,
    text: String,
}

impl MailPreview {
    /// A mail with its plain text; `sent_at` in milliseconds.
    pub fn new(
        t: T,
        from: impl Into<String>,
        to: impl Into<String>,
        subject: impl Into<String>,
        sent_at: i64,
        text: impl Into<String>,
    ) -> Self {
        Self { t, from: from.into(), to: to.into(), subject: subject.into(), sent_at, text: text.into() }
    }
}

impl Render for MailPreview {
    fn render(&self) -> Markup {
        let t = self.t;
        html! {
            article class="mail" {
                header class="mail-head" {
                    h2 { (self.subject) }
                    dl {
                        div { dt { (t.msg("kit-mail-from")) } dd { (self.from) } }
                        div { dt { (t.msg("kit-mail-to")) } dd { (self.to) } }
                        div { dt { (t.msg("kit-mail-date")) } dd { (t.date_time(self.sent_at)) } }
                    }
                }
                div class="mail-body" {
                    @for line in self.text.lines() {
                        @if is_link(line) { a href=(line) { (line) } } @else { (line) }
                        "\n"
                    }
                }
            }
        }
    }
}

/// Whether a line of a mail is an address and nothing else, as our mails write them.
fn is_link(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(char::is_whitespace)
}
