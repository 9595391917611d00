//! Mails: what the application decided to say, put into words and sent.
//!
//! [`letter`] turns the facts of [`idp_app::mail`] into paragraphs in the reader's language, [`render()`] the paragraphs into
//! text and HTML, [`transport`] hands them over. [`mailbox`] shows what a cluster without SMTP would have sent.

mod eml;
pub mod letter;
pub mod mailbox;
pub mod render;
pub mod transport;

pub use render::{MailPlaces, Rendered, render};
pub use transport::{MailRoute, Mailer, SendError};
