//! The bytes of a fact that are hashed: one `name=value` per line, in a fixed order, nothing left out.

use std::fmt::Write;

use idp_domain::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entity::audit;

const VERSION: &str = "aplec.audit.1";

/// Who acted, by pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Person(Uuid),
    Operator,
    System,
}

impl Who {
    pub(super) const fn index(self) -> Option<Uuid> {
        match self {
            Self::Person(index) => Some(index),
            Self::Operator | Self::System => None,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Person(index) => index.to_string(),
            Self::Operator => "operator".to_owned(),
            Self::System => "system".to_owned(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "operator" => Some(Self::Operator),
            "system" => Some(Self::System),
            index => index.parse().ok().map(Self::Person),
        }
    }
}

/// Everything a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) id: Uuid,
    pub(super) chain: String,
    pub(super) seq: i64,
    pub(super) at: Timestamp,
    pub(super) actor: Who,
    pub(super) person: Option<Uuid>,
    pub(super) kind: String,
    pub(super) fields: Vec<(String, String)>,
    pub(super) request_id: String,
    /// Of the sealed text, so that the text may go one day and the chain stays.
    pub(super) detail_hash: Option<String>,
}

/// The hash of a sealed text.
pub(super) fn detail_hash(sealed: &[u8]) -> String {
    Sha256::digest(sealed).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('\n', "\\n")
}

fn unescape(value: &str) -> Option<String> {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                _ => return None,
            }),
            plain => text.push(plain),
        }
    }
    Some(text)
}

impl Fact {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut text = format!("{VERSION}\n");
        let mut line = |name: &str, value: &str| {
            text.push_str(name);
            text.push('=');
            text.push_str(&escape(value));
            text.push('\n');
        };
        line("id", &self.id.to_string());
        line("chain", &self.chain);
        line("seq", &self.seq.to_string());
        line("at", &self.at.millis().to_string());
        line("actor", &self.actor.text());
        line("person", &self.person.map(|index| index.to_string()).unwrap_or_default());
        line("kind", &self.kind);
        line("request", &self.request_id);
        line("detail", self.detail_hash.as_deref().unwrap_or_default());
        for (name, value) in &self.fields {
            line(name, value);
        }
        text.into_bytes()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != VERSION {
            return None;
        }
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix('=').and_then(unescape);
        let optional = |text: String| (!text.is_empty()).then_some(text);
        let fact = Self {
            id: value("id")?.parse().ok()?,
            chain: value("chain")?,
            seq: value("seq")?.parse().ok()?,
            at: Timestamp::from_millis(value("at")?.parse().ok()?),
            actor: Who::parse(&value("actor")?)?,
            person: optional(value("person")?).map(|text| text.parse()).transpose().ok()?,
            kind: value("kind")?,
            request_id: value("request")?,
            detail_hash: optional(value("detail")?),
            fields: Vec::new(),
        };
        let fields: Option<Vec<_>> =
            lines.map(|line| line.split_once('=').and_then(|(name, value)| Some((name.to_owned(), unescape(value)?)))).collect();
        Some(Self { fields: fields?, ..fact })
    }

    /// Whether the columns that find the row say what its bytes say. A sealed text that was removed is no edit.
    pub(super) fn agrees_with(&self, row: &audit::Model) -> bool {
        let detail = row.detail_sealed.as_deref().map(detail_hash);
        self.id == row.id
            && self.chain == row.chain
            && self.seq == row.seq
            && self.at.millis() == row.at
            && self.actor.index() == row.actor_index
            && self.person == row.person_index
            && self.kind == row.kind
            && (detail.is_none() || detail == self.detail_hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact() -> Fact {
        Fact {
            id: Uuid::from_u128(1),
            chain: "cluster".into(),
            seq: 7,
            at: Timestamp::from_millis(9),
            actor: Who::Person(Uuid::from_u128(2)),
            person: None,
            kind: "grant.given".into(),
            fields: vec![("grant".into(), "gra_1".into()), ("service".into(), "svc_2".into())],
            request_id: "a\nkind=forged\\".into(),
            detail_hash: Some(detail_hash(b"sealed")),
        }
    }

    #[test]
    fn a_fact_survives_its_bytes_whatever_its_texts_hold() {
        assert_eq!(Fact::decode(&fact().encode()), Some(fact()));
        let plain = Fact { actor: Who::System, person: Some(Uuid::from_u128(3)), fields: Vec::new(), detail_hash: None, ..fact() };
        assert_eq!(Fact::decode(&plain.encode()), Some(plain));
    }

    #[test]
    fn no_text_can_pass_for_another_line() {
        let text = String::from_utf8(fact().encode()).expect("text");
        assert_eq!(text.lines().filter(|line| line.starts_with("kind=")).count(), 1);
    }

    #[test]
    fn damaged_bytes_are_no_fact() {
        let bytes = fact().encode();
        for damaged in [&b""[..], b"aplec.audit.1\n", b"aplec.audit.2\nid=1\n", &bytes[..40], &bytes[1..]] {
            assert_eq!(Fact::decode(damaged), None);
        }
    }
}
