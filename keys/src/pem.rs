//! PKCS#8 as PEM (RFC 7468 §10).

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const LINE: usize = 64;

pub(crate) fn encode(pkcs8: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(pkcs8));
    let mut text = Zeroizing::new(String::with_capacity(body.len() + body.len() / LINE + BEGIN.len() + END.len() + 4));
    text.push_str(BEGIN);
    text.push('\n');
    let mut rest = body.as_str();
    while !rest.is_empty() {
        // base64 is ASCII: every index is a boundary
        let (line, tail) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str(END);
    text.push('\n');
    text
}

/// The DER bytes between the markers; `None` for anything else.
pub(crate) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let body = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let mut packed = Zeroizing::new(String::with_capacity(body.len()));
    packed.extend(body.split_ascii_whitespace());
    STANDARD.decode(packed.as_bytes()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_openssl_wrote_is_read_and_written_back_unchanged() {
        for fixture in [include_str!("../fixtures/rs256.pem"), include_str!("../fixtures/es256.pem"), include_str!("../fixtures/eddsa.pem")]
        {
            let der = decode(fixture).expect("openssl's PEM");
            assert_eq!(encode(&der).as_str(), fixture);
        }
    }

    #[test]
    fn other_text_is_no_key() {
        for text in ["", "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "AAAA"] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
