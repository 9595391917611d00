//! Hands mails over: to an SMTP server, or to a directory where a cluster without one can look at them.

use std::{
    fs::DirBuilder,
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use idp_domain::{Timestamp, id::JobId, secret::Typed};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::response::Code,
};

use tokio::io::AsyncWriteExt as _;

use super::Rendered;

/// How long an SMTP server may take over one mail; the request path never waits for it (F25).
const SMTP_DEADLINE: Duration = Duration::from_secs(30);

/// Bytes in a line, at most (RFC 5322 §2.1.1).
const LINE: usize = 998;

/// Where mails go.
#[derive(Debug, Clone)]
pub enum MailRoute {
    /// `smtps://user:password@host`, or `smtp://localhost` without encryption.
    Smtp(Typed),
    /// One `.eml` file per mail.
    Directory(PathBuf),
}

/// Why a mail was not handed over; no address and no text of the mail in it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The settings name no usable server or sender.
    #[error("the mail settings cannot be used: {0}")]
    Settings(String),
    /// The recipient's or sender's address is not one that mail programs accept.
    #[error("the address cannot be written to")]
    Address,
    /// The mail cannot be put together.
    #[error("the mail cannot be put together: {0}")]
    Message(#[from] lettre::error::Error),
    /// The server refused it with this status. Its words are not told: they repeat the address.
    #[error("the mail server refused it with status {0}")]
    Refused(Code),
    /// There is no server, it offers no encryption though it must, or it did not answer in time.
    #[error("the mail server cannot be reached or does not answer as it should")]
    NoServer,
    /// The file cannot be written.
    #[error("the mail directory: {0}")]
    Directory(#[from] io::Error),
}

impl SendError {
    /// Whether sending it again is of no use: there is no such mailbox. Other refusals, such as those of a wrong password or
    /// of a server that is wrongly set up, end when somebody repairs that.
    pub fn is_final(&self) -> bool {
        // RFC 5321 §4.2.3; 556: the domain takes no mail (RFC 7504 §3)
        const NO_SUCH_MAILBOX: [u16; 4] = [550, 551, 553, 556];
        match self {
            Self::Refused(code) => NO_SUCH_MAILBOX.contains(&u16::from(*code)),
            Self::Address | Self::Message(_) => true,
            Self::Settings(_) | Self::NoServer | Self::Directory(_) => false,
        }
    }
}

impl From<lettre::transport::smtp::Error> for SendError {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        error.status().map_or(Self::NoServer, Self::Refused)
    }
}

/// Sends mails from one address.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Address,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Directory(PathBuf),
}

impl Mailer {
    /// Sends from the address `from` by this route. The directory is made when it is not there.
    pub fn new(from: &str, route: &MailRoute) -> Result<Self, SendError> {
        let from = from.parse().map_err(|_| SendError::Address)?;
        let way = match route {
            MailRoute::Smtp(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
                    .map_err(|_| SendError::Settings("expected smtps://user:password@host".to_owned()))?;
                Way::Smtp(transport.timeout(Some(SMTP_DEADLINE)).build())
            }
            MailRoute::Directory(path) => {
                // one-time links lie there: nobody else on this machine reads them
                DirBuilder::new().recursive(true).mode(0o700).create(path)?;
                Way::Directory(path.clone())
            }
        };
        Ok(Self { from, way })
    }

    /// Sends one mail. Sent again under the same job it carries the same Message-ID, by which mail programs drop the copy.
    pub async fn send(&self, job: JobId, now: Timestamp, to: (&str, &str), mail: &Rendered) -> Result<(), SendError> {
        let (address, name) = to;
        let recipient = Mailbox::new(Some(one_line(name)), address.parse().map_err(|_| SendError::Address)?);
        let message = self.message(job, now, recipient, mail)?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await?;
            }
            Way::Directory(directory) => write_whole(directory, &format!("{job}.eml"), &message.formatted()).await?,
        }
        Ok(())
    }

    /// Whether mails could leave now: the server answers and takes the password, or a file can be written. No mail is sent.
    pub async fn try_to_reach(&self) -> Result<(), SendError> {
        match &self.way {
            Way::Smtp(transport) => {
                let answers = transport.test_connection().await?;
                if answers { Ok(()) } else { Err(SendError::NoServer) }
            }
            Way::Directory(directory) => {
                const PROBE: &str = ".probe";
                write_whole(directory, PROBE, b"").await?;
                Ok(tokio::fs::remove_file(directory.join(PROBE)).await?)
            }
        }
    }

    fn message(&self, job: JobId, now: Timestamp, to: Mailbox, mail: &Rendered) -> Result<Message, SendError> {
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.millis()).unwrap_or(0));
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("{job}-part"))
            .singlepart(self.part(ContentType::TEXT_PLAIN, mail.text.clone()))
            .singlepart(self.part(ContentType::TEXT_HTML, mail.html.clone()));
        let message = Message::builder()
            .from(Mailbox::new(Some(one_line(&mail.from_name)), self.from.clone()))
            .to(to)
            .subject(one_line(&mail.subject))
            .date(date)
            .message_id(Some(format!("<{job}@{}>", self.from.domain())))
            // RFC 3834 §5: no "I am on holiday" in return
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .multipart(parts)?;
        Ok(message)
    }

    fn part(&self, content_type: ContentType, text: String) -> SinglePart {
        let builder = SinglePart::builder().header(content_type);
        match self.way {
            // a server may accept seven bits only
            Way::Smtp(_) => builder.body(text),
            Way::Directory(_) => builder.body(readable(&text)),
        }
    }
}

/// What stands in the head of a mail has no line of its own to begin: control characters become blanks.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// A text as it is, for people and programs that look at a file; encoded only when a line is too long for that.
fn readable(text: &str) -> Body {
    let lines: Vec<&str> = text.lines().collect();
    if lines.iter().any(|line| line.len() > LINE) {
        return Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::Base64).unwrap_or_else(Body::new);
    }
    Body::dangerous_pre_encoded(lines.join("\r\n").into_bytes(), ContentTransferEncoding::EightBit)
}

/// Writes beside and renames, so that nobody ever reads half a mail, and nobody but its owner a whole one.
async fn write_whole(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = directory.join(format!(".{name}.part"));
    let mut file = tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    tokio::fs::rename(&unfinished, directory.join(name)).await
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use uuid::Uuid;

    use super::*;
    use crate::mail::eml;

    fn mail() -> Rendered {
        Rendered {
            from_name: "L’Ateneu · Núvol".to_owned(),
            subject: "Benvinguda a L’Ateneu, una adreça prou llarga perquè s’hagi de plegar en més d’una línia".to_owned(),
            text: "Hola, Núria:\n\nhttps://id.nuvol.cat/verify?link=ln_0\n\n-- \nL’Ateneu\n".to_owned(),
            html: "<p>Hola".to_owned(),
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_772_546_700_000);

    #[tokio::test]
    async fn a_mail_in_a_directory_is_a_whole_file_that_reads_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let mailer = Mailer::new("no-reply@nuvol.cat", &MailRoute::Directory(directory.path().join("mail"))).expect("a mailer");
        let job = JobId::from_uuid(Uuid::from_u128(5));
        for _ in 0..2 {
            mailer.send(job, NOW, ("nuria@exemple.cat", "Núria, la d’Àger"), &mail()).await.expect("sent");
        }
        let files: Vec<_> =
            std::fs::read_dir(directory.path().join("mail")).expect("a directory").map(|file| file.expect("a file").path()).collect();
        assert_eq!(files, [directory.path().join("mail").join(format!("{job}.eml"))], "the same job is the same mail");
        let file = std::fs::read_to_string(&files[0]).expect("UTF-8");
        for expected in [
            "Message-ID: <job_00000000000000000000000000000005@nuvol.cat>\r\n",
            "Date: Tue, 03 Mar 2026 14:05:00 +0000\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "https://id.nuvol.cat/verify?link=ln_0\r\n",
            "Content-Type: text/html; charset=utf-8\r\n",
        ] {
            assert!(file.contains(expected), "{expected} in\n{file}");
        }
        let read = eml::read(&file);
        assert_eq!(read.subject, mail().subject);
        assert_eq!(read.from, "L’Ateneu · Núvol <no-reply@nuvol.cat>");
        assert_eq!(read.to, "Núria, la d’Àger <nuria@exemple.cat>");
        assert_eq!(read.text, mail().text.trim_end());
    }

    #[tokio::test]
    async fn mails_in_a_directory_are_read_by_nobody_else() {
        let home = tempfile::tempdir().expect("a directory");
        let directory = home.path().join("data/mail");
        let mailer = Mailer::new("no-reply@nuvol.cat", &MailRoute::Directory(directory.clone())).expect("a mailer");
        let job = JobId::from_uuid(Uuid::from_u128(5));
        mailer.send(job, NOW, ("nuria@exemple.cat", "Núria"), &mail()).await.expect("sent");
        let mode = |path: &Path| std::fs::metadata(path).expect("is there").permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700);
        assert_eq!(mode(&directory.join(format!("{job}.eml"))), 0o600);
    }

    #[tokio::test]
    async fn a_line_too_long_for_a_mail_is_encoded_and_reads_back() {
        let directory = tempfile::tempdir().expect("a directory");
        let mailer = Mailer::new("no-reply@nuvol.cat", &MailRoute::Directory(directory.path().to_owned())).expect("a mailer");
        let job = JobId::from_uuid(Uuid::from_u128(5));
        for text in ["àvia ".repeat(80), "àvia ".repeat(400)] {
            let long = Rendered { text: format!("Hola\n\n{text}\n"), ..mail() };
            mailer.send(job, NOW, ("a@exemple.cat", "A"), &long).await.expect("sent");
            let file = std::fs::read_to_string(directory.path().join(format!("{job}.eml"))).expect("a file");
            assert!(file.lines().all(|line| line.len() <= LINE));
            assert_eq!(eml::read(&file).text, long.text.trim_end());
        }
    }

    #[tokio::test]
    async fn an_address_or_a_name_adds_no_line_to_the_head() {
        let directory = tempfile::tempdir().expect("a directory");
        let mailer = Mailer::new("no-reply@nuvol.cat", &MailRoute::Directory(directory.path().to_owned())).expect("a mailer");
        let job = JobId::from_uuid(Uuid::from_u128(5));
        let address = ("a@exemple.cat\r\nBcc: b@exemple.cat", "A");
        assert!(matches!(mailer.send(job, NOW, address, &mail()).await, Err(SendError::Address)));
        let planted = Rendered { subject: "x\r\nBcc: b@exemple.cat".to_owned(), ..mail() };
        mailer.send(job, NOW, ("a@exemple.cat", "A\r\nBcc: c@exemple.cat"), &planted).await.expect("sent");
        let file = std::fs::read_to_string(directory.path().join(format!("{job}.eml"))).expect("a file");
        let head = file.split("\r\n\r\n").next().expect("a head");
        assert!(!head.lines().any(|line| line.starts_with("Bcc:")), "{head}");
    }

    #[test]
    fn settings_that_cannot_work_are_told_without_the_password() {
        let error =
            Mailer::new("no-reply@nuvol.cat", &MailRoute::Smtp(Typed::new("ftp://me:s3cret@host".to_owned()))).expect_err("no mail server");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert!(Mailer::new("nobody", &MailRoute::Smtp(Typed::new("smtp://localhost".to_owned()))).is_err());
    }
}
