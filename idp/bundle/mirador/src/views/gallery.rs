//! Every page in every language, compared with the checked-in ones.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use maud::Markup;
use serde_json::{Map, Value, json};
use ui_kit::{Lang, T, testing::Snapshots};

use super::{Notice, nowhere, trouble, welcome, who_you_are};
use crate::{Settings, TEXTS, sessions::SignedIn};

const ISSUER: &str = "https://id.exemple.cat";
/// 2026-03-03T14:05:00Z in seconds.
const NOW: i64 = 1_772_546_700;
const TROUBLES: [&str; 9] = ["unavailable", "denied", "interrupted", "refused", "lost", "expired", "untrusted", "unexpected", "foreign"];

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn maria(userinfo: Option<&Value>) -> anyhow::Result<SignedIn> {
    let claims = json!({
        "iss": ISSUER, "aud": "mirador", "sub": "s-maria", "sid": "session-1", "iat": NOW, "exp": NOW + 300, "auth_time": NOW - 60,
        "acr": "1", "amr": ["pwd"], "nonce": "un número d’un sol ús", "at_hash": "empremta",
    });
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let token = format!("{}.{}.{}", encode(&json!({ "alg": "EdDSA", "kid": "first" })), encode(&claims), encode(&json!("cap firma")));
    Ok(SignedIn {
        sub: "s-maria".to_owned(),
        sid: Some("session-1".to_owned()),
        id_token: token.parse()?,
        algorithm: "EdDSA".to_owned(),
        id_claims: object(&claims),
        userinfo: userinfo.map(object),
        csrf: "TOKEN".to_owned(),
        since: NOW * 1000,
    })
}

fn pages(t: T) -> anyhow::Result<Vec<(String, Markup)>> {
    let now = NOW * 1000;
    let settings = Settings::new(ISSUER, "mirador", "a secret of thirty-two characters", "https://mirador.exemple.cat")?;
    let userinfo = json!({
        "sub": "s-maria", "name": "Maria <b>Rosell</b>", "preferred_username": "maria", "email": "maria@exemple.cat",
        "email_verified": true, "locale": "ca", "updated_at": NOW - 86_400, "groups": ["cc_ateneu", "cc_ateneu_managers"],
        "collectives": [{ "id": "ateneu", "name": "L'Ateneu", "roles": ["member", "manager"], "home": true }],
        "services": [{ "id": "mirador", "role": "editora", "via": "ateneu" }, { "id": "oficina", "via": "ateneu" }],
        "service_role": "editora", "quota": 5_368_709_120_u64, "phone_number": "972 000 000",
    });
    let mut all = vec![("nowhere".to_owned(), nowhere(t))];
    for notice in [Notice::None, Notice::SignedOut, Notice::Ended { at: now - 60_000 }] {
        all.push(("welcome".to_owned(), welcome(t, ISSUER, notice, now)));
    }
    for userinfo in [Some(&userinfo), None] {
        all.push(("home".to_owned(), who_you_are(t, &settings, &maria(userinfo)?, now)));
    }
    let detail = Some(("access_denied", Some("no <b>door</b> is open")));
    all.extend(TROUBLES.map(|words| (format!("trouble-{words}"), trouble(t, words, ISSUER, detail))));
    Ok(all)
}

#[test]
fn every_page_says_what_was_read() -> anyhow::Result<()> {
    let mut seen = Snapshots::of("gallery/mirador");
    for lang in Lang::ALL {
        for (name, page) in pages(T::new(lang, &TEXTS))? {
            seen.add_first(&format!("{name}.{lang}"), &page.into_string());
        }
    }
    seen.compare()
}
