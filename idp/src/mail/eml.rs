//! Reads back the mails that [`super::transport`] wrote, and no others.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A mail as a file told it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
}

/// Reads a file; what is not there stays empty.
pub(super) fn read(file: &str) -> Mail {
    let file = file.replace("\r\n", "\n");
    let (head, body) = file.split_once("\n\n").unwrap_or((&file, ""));
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| {
        let line = head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        });
        line.unwrap_or_default().to_owned()
    };
    Mail { from: words(&field("From")), to: words(&field("To")), subject: words(&field("Subject")), text: first_part(body) }
}

/// The plain text is the first part; it ends where the next boundary begins.
fn first_part(body: &str) -> String {
    let Some(boundary) = body.lines().find(|line| line.starts_with("--")) else { return body.to_owned() };
    let part = body.split(&format!("{boundary}\n")).nth(1).unwrap_or_default();
    let (head, text) = part.split_once("\n\n").unwrap_or_default();
    if !head.lines().any(|line| line.eq_ignore_ascii_case("Content-Transfer-Encoding: base64")) {
        return text.trim_end().to_owned();
    }
    let encoded: String = text.split_whitespace().collect();
    let decoded = STANDARD.decode(encoded).unwrap_or_default();
    String::from_utf8_lossy(&decoded).replace("\r\n", "\n").trim_end().to_owned()
}

/// `=?utf-8?b?…?=` decoded (RFC 2047 §2); blanks between two encoded words vanish (§6.2).
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut after_encoded = false;
    for word in text.split(' ') {
        let decoded = decode(word);
        let between_encoded = after_encoded && decoded.is_some();
        if !out.is_empty() && !between_encoded {
            out.push(' ');
        }
        after_encoded = decoded.is_some();
        out.push_str(decoded.as_deref().unwrap_or(word));
    }
    out.replace('"', "")
}

fn decode(word: &str) -> Option<String> {
    let inner = word.strip_prefix("=?")?.strip_suffix("?=")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, text) = rest.split_once('?')?;
    if !charset.eq_ignore_ascii_case("utf-8") || !encoding.eq_ignore_ascii_case("b") {
        return None;
    }
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_unfolded_and_decoded() {
        let mail = read(
            "Subject: =?utf-8?b?Q29uZmlybWEgbGEgdGV2YSBhZHJlw6dh?= =?utf-8?b?IGRl?=\r\n =?utf-8?b?IMOgcGxlYw==?= ara\r\nTo: Maria <m@x.cat>\r\n\
             Content-Type: multipart/alternative;\r\n boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHola\r\n-- \r\nfi\r\n\r\n--b\r\n\
             Content-Type: text/html\r\n\r\n<p>Hola\r\n--b--\r\n",
        );
        assert_eq!(mail.subject, "Confirma la teva adreça de àplec ara");
        assert_eq!((mail.to.as_str(), mail.text.as_str()), ("Maria <m@x.cat>", "Hola\n-- \nfi"));
    }

    #[test]
    fn anything_is_read_without_panic() {
        for file in ["", "\n\n", "--", "a: b\n\n--x", "Subject: =?utf-8?b?!?= =??=\n\n--x\n--x\n"] {
            read(file);
        }
    }
}
