//! A mail server on a loopback port, with as much of RFC 5321 as a client of ours speaks: it remembers every mail with its
//! envelope and refuses what it is told to refuse. And the reading of such a mail, apart from the code that wrote it.

use std::{
    collections::VecDeque,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A mail as the server took it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// Who signed in to send it, as `user:password`.
    pub signed_in: Option<String>,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Everything after `DATA`, dots unstuffed.
    pub data: String,
}

#[derive(Debug, Default)]
struct Office {
    /// The replies to the next recipients; none left: 250.
    recipients: VecDeque<&'static str>,
    /// Only who signs in like this may send.
    password: Option<&'static str>,
    asked: usize,
    passwords: usize,
    mails: Vec<Received>,
}

/// A server that is up until it is dropped.
#[derive(Debug)]
pub struct SmtpServer {
    /// Where it listens.
    pub port: u16,
    office: Arc<Mutex<Office>>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    /// Listens on a free port and takes everything.
    pub async fn start() -> Result<Self> {
        Self::on(0).await
    }

    /// Listens on this port.
    pub async fn on(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let (port, office) = (listener.local_addr()?.port(), Arc::new(Mutex::new(Office::default())));
        let task = tokio::spawn(accept(listener, Arc::clone(&office)));
        Ok(Self { port, office, task })
    }

    /// Wants `user:password` before anything is sent.
    pub fn wants(&self, password: &'static str) {
        lock(&self.office).password = Some(password);
    }

    /// Answers the next recipients like this, and takes those that follow.
    pub fn answer_recipients(&self, replies: impl IntoIterator<Item = &'static str>) {
        lock(&self.office).recipients = replies.into_iter().collect();
    }

    /// Every mail so far.
    pub fn mails(&self) -> Vec<Received> {
        lock(&self.office).mails.clone()
    }

    /// How often somebody said a password.
    pub fn passwords(&self) -> usize {
        lock(&self.office).passwords
    }

    /// How often somebody began to hand over a mail.
    pub fn asked(&self) -> usize {
        lock(&self.office).asked
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(office: &Mutex<Office>) -> MutexGuard<'_, Office> {
    office.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, office: Arc<Mutex<Office>>) {
    // dropped with the server, and every conversation with it
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        conversations.spawn(converse(stream, Arc::clone(&office)));
    }
}

/// One connection, until it says goodbye or makes no sense.
async fn converse(stream: TcpStream, office: Arc<Mutex<Office>>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut mail, mut signed_in) = (Received::default(), None);
    say(&mut stream, "220 mail.exemple.test").await?;
    while let Some(line) = hear(&mut stream).await? {
        let (verb, rest) = line.split_at_checked(4).context("a command")?;
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.exemple.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "AUTH" => {
                signed_in = Some(plain(rest)?);
                let mut office = lock(&office);
                office.passwords += 1;
                if office.password == signed_in.as_deref() { "235 2.7.0 welcome" } else { "535 5.7.8 no" }
            }
            "MAIL" => {
                lock(&office).asked += 1;
                mail = Received { signed_in: signed_in.clone(), from: path(rest)?, ..Received::default() };
                let allowed = lock(&office).password.is_none_or(|wanted| signed_in.as_deref() == Some(wanted));
                if allowed { "250 2.1.0 ok" } else { "530 5.7.0 who are you" }
            }
            "RCPT" => {
                mail.to.push(path(rest)?);
                lock(&office).recipients.pop_front().unwrap_or("250 2.1.5 ok")
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                while let Some(line) = hear(&mut stream).await?.filter(|line| line != ".") {
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push_str("\r\n");
                }
                lock(&office).mails.push(std::mem::take(&mut mail));
                "250 2.0.0 taken"
            }
            "NOOP" | "RSET" => "250 2.0.0 ok",
            "QUIT" => {
                say(&mut stream, "221 2.0.0 bye").await?;
                break;
            }
            _ => "502 5.5.1 what",
        };
        say(&mut stream, reply).await?;
    }
    Ok(())
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    // RFC 5321 §2.3.8: lines end in CRLF and nothing else
    Ok(Some(line.strip_suffix("\r\n").context("a line that ends in CRLF")?.to_owned()))
}

async fn say(stream: &mut BufReader<TcpStream>, reply: &str) -> Result<()> {
    stream.get_mut().write_all(format!("{reply}\r\n").as_bytes()).await?;
    Ok(())
}

/// ` FROM:<a@b> BODY=8BITMIME` → `a@b`.
fn path(rest: &str) -> Result<String> {
    let (_, path) = rest.split_once('<').context("a path")?;
    Ok(path.split_once('>').context("a path")?.0.to_owned())
}

/// ` PLAIN AHVzZXIAcGFzc3dvcmQ=` → `user:password` (RFC 4616).
fn plain(rest: &str) -> Result<String> {
    let encoded = rest.trim().strip_prefix("PLAIN ").context("AUTH PLAIN")?;
    let text = String::from_utf8(STANDARD.decode(encoded)?)?;
    let [_, user, password] = text.split('\0').collect::<Vec<_>>()[..] else { bail!("three parts") };
    Ok(format!("{user}:{password}"))
}

impl Received {
    /// A field of the head, unfolded and decoded; empty when it is not there.
    pub fn field(&self, name: &str) -> String {
        field(self.data.split("\r\n\r\n").next().unwrap_or_default(), name)
    }

    /// The body of the part with this type, decoded.
    pub fn part(&self, content_type: &str) -> Result<String> {
        let boundary = self.field("Content-Type");
        let boundary = boundary.split_once("boundary=\"").and_then(|(_, rest)| rest.split_once('"')).context("a boundary")?.0;
        for part in self.data.split(&format!("--{boundary}\r\n")).skip(1) {
            let part = part.split(&format!("\r\n--{boundary}--")).next().unwrap_or(part);
            let (head, body) = part.split_once("\r\n\r\n").context("a part has a head")?;
            if field(head, "Content-Type").starts_with(content_type) {
                return decoded(body, &field(head, "Content-Transfer-Encoding"));
            }
        }
        bail!("no {content_type} in\n{}", self.data)
    }
}

fn field(head: &str, name: &str) -> String {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let value = unfolded.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    words(&value.unwrap_or_default())
}

/// Encoded words (RFC 2047 §2, the encoding B) in their place; the blank between two of them vanishes (§6.2).
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, encoded)) = rest.split_once("=?utf-8?b?") {
        if !(before.trim().is_empty() && rest.len() < text.len()) {
            out.push_str(before);
        }
        let Some((word, after)) = encoded.split_once("?=") else { break };
        out.push_str(&String::from_utf8_lossy(&STANDARD.decode(word).unwrap_or_default()));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn decoded(body: &str, encoding: &str) -> Result<String> {
    let bytes = match encoding {
        "base64" => STANDARD.decode(body.split_whitespace().collect::<String>())?,
        "quoted-printable" => unquoted(body)?,
        "7bit" => body.as_bytes().to_vec(),
        other => bail!("a server may accept seven bits only, this is {other}"),
    };
    Ok(String::from_utf8(bytes)?)
}

/// RFC 2045 §6.7.
fn unquoted(body: &str) -> Result<Vec<u8>> {
    let body = body.replace("=\r\n", "");
    let mut parts = body.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (hex, plain) = part.split_at_checked(2).context("two digits")?;
        bytes.push(u8::from_str_radix(hex, 16)?);
        bytes.extend_from_slice(plain.as_bytes());
    }
    Ok(bytes)
}
