//! What one connection does over and over: the operations of the benchmark, as a relying party or a browser does them.

use anyhow::{Context, Result, ensure};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderName, StatusCode, header};
use idp::http::paths;
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded::Serializer};

use super::wire::{Answer, Ask, Connection};
use crate::{cookies::CookieJar, html};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// What services of this kind ask for.
const SCOPE: &str = "openid profile email groups";

/// A relying party.
#[derive(Debug, Clone)]
pub struct Party {
    pub client_id: String,
    /// Absent for a public client.
    pub secret: Option<String>,
    pub redirect_uri: String,
}

impl Party {
    /// A form of the token endpoint or its neighbours, with the client's authentication.
    fn ask(&self, path: &str, fields: &[(&str, &str)]) -> Result<Ask> {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(fields);
        match &self.secret {
            None => {
                form.append_pair("client_id", &self.client_id);
                Ok(Ask::post(path, form.finish()))
            }
            Some(secret) => {
                let basic = STANDARD.encode(format!("{}:{secret}", self.client_id));
                Ask::post(path, form.finish()).with(header::AUTHORIZATION, &format!("Basic {basic}"))
            }
        }
    }

    fn authorize(&self) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", SCOPE)
            .append_pair("state", "Zm9yIHRoZSBjb29wZXJhdGl2ZQ")
            .append_pair("nonce", "bi0wUzZfV3pBMk1q")
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        format!("{}?{}", paths::AUTHORIZE, query.finish())
    }
}

/// Tokens as the token endpoint gave them.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    fn read(answer: &Answer) -> Result<Self> {
        let json = answer.json()?;
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        ensure!(!text("access_token").is_empty(), "no access token in {json}");
        Ok(Self { access: text("access_token"), refresh: text("refresh_token") })
    }
}

/// Who signs in.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// People are called `persona-0`, `persona-1` and so on.
    pub people: usize,
    pub password: String,
    /// `http://localhost:<port>`.
    pub issuer: Url,
}

/// The name of a generated person.
pub fn username(number: usize) -> String {
    format!("persona-{number}")
}

/// Something to do over and over.
#[derive(Debug, Clone)]
pub enum Work {
    /// The same request with the same answer.
    Same { name: &'static str, ask: Ask, status: StatusCode },
    /// Refreshes, with the successor where the token is rotated.
    Refresh { party: Party, token: String },
    /// A live session reaches a service: code, tokens, userinfo.
    Hop { party: Party, cookie: String },
    /// Somebody signs in with a password on the way to a service.
    SignIn { party: Party, crowd: Crowd },
}

impl Work {
    pub fn discovery() -> Self {
        Self::Same { name: "discovery", ask: Ask::get(paths::OPENID_CONFIGURATION), status: StatusCode::OK }
    }

    pub fn jwks() -> Self {
        Self::Same { name: "jwks", ask: Ask::get(paths::JWKS), status: StatusCode::OK }
    }

    pub fn client_credentials(party: &Party) -> Result<Self> {
        let ask = party.ask(paths::TOKEN, &[("grant_type", "client_credentials")])?;
        Ok(Self::Same { name: "client_credentials", ask, status: StatusCode::OK })
    }

    pub fn introspection(party: &Party, tokens: &Tokens) -> Result<Self> {
        let ask = party.ask(paths::INTROSPECT, &[("token", &tokens.access)])?;
        Ok(Self::Same { name: "introspection", ask, status: StatusCode::OK })
    }

    pub fn userinfo(tokens: &Tokens) -> Result<Self> {
        let ask = Ask::get(paths::USERINFO).with(header::AUTHORIZATION, &format!("Bearer {}", tokens.access))?;
        Ok(Self::Same { name: "userinfo", ask, status: StatusCode::OK })
    }

    /// What failures are told under.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Same { name, .. } => name,
            Self::Refresh { .. } => "refresh",
            Self::Hop { .. } => "SSO hop",
            Self::SignIn { .. } => "password login",
        }
    }

    /// Once; `turn` counts through the whole run.
    pub async fn once(&mut self, connection: &mut Connection, turn: u64) -> Result<()> {
        match self {
            Self::Same { ask, status, .. } => {
                connection.send(ask).await?.must_be(*status)?;
            }
            Self::Refresh { party, token } => {
                let ask = party.ask(paths::TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", token)])?;
                let tokens = Tokens::read(&connection.send(&ask).await?.must_be(StatusCode::OK)?)?;
                if !tokens.refresh.is_empty() {
                    *token = tokens.refresh;
                }
            }
            Self::Hop { party, cookie } => {
                hop(connection, party, cookie).await?;
            }
            Self::SignIn { party, crowd } => {
                sign_in(connection, party, crowd, turn).await?;
            }
        }
        Ok(())
    }
}

/// A live session reaches a service; gives the tokens it got.
pub async fn hop(connection: &mut Connection, party: &Party, cookie: &str) -> Result<Tokens> {
    let answer = connection.send(&Ask::get(party.authorize()).with(header::COOKIE, cookie)?).await?.must_be(StatusCode::SEE_OTHER)?;
    arrive(connection, party, answer.header(&header::LOCATION).context("a location")?).await
}

/// What the service does with the answer that reached it.
async fn arrive(connection: &mut Connection, party: &Party, location: &str) -> Result<Tokens> {
    let landed = Url::parse(location).with_context(|| format!("the session does not count: sent to {location}"))?;
    ensure!(location.starts_with(&party.redirect_uri), "sent to {location}");
    let code = landed.query_pairs().find(|(name, _)| name == "code").with_context(|| location.to_owned())?.1.into_owned();
    let fields =
        [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", &party.redirect_uri), ("code_verifier", VERIFIER)];
    let tokens = Tokens::read(&connection.send(&party.ask(paths::TOKEN, &fields)?).await?.must_be(StatusCode::OK)?)?;
    let userinfo = Ask::get(paths::USERINFO).with(header::AUTHORIZATION, &format!("Bearer {}", tokens.access))?;
    connection.send(&userinfo).await?.must_be(StatusCode::OK)?;
    Ok(tokens)
}

/// Signs the next person in on the way to a service, in a browser of their own, and gives the browser's cookies.
pub async fn sign_in(connection: &mut Connection, party: &Party, crowd: &Crowd, turn: u64) -> Result<String> {
    // a stride that meets everybody, in no order an index would like
    let number = usize::try_from(turn)?.wrapping_mul(7919) % crowd.people;
    let mut browser = Browser { jar: CookieJar::default(), url: crowd.issuer.clone(), from: network(turn) };
    let form_page = browser.follow(connection, Ask::get(party.authorize()), party).await?;
    let Followed::Page(page) = form_page else { anyhow::bail!("a browser without cookies was let in") };
    let form = html::forms(&page, &browser.url)?
        .into_iter()
        .find(|form| form.fields.iter().any(|(name, _)| name == "password"))
        .context("no form with a password on the sign-in page")?;
    let fields = form.set("identifier", &username(number))?.set("password", &crowd.password)?;
    let body = Serializer::new(String::new()).extend_pairs(&fields.fields).finish();
    let post = Ask::post(target(&fields.action), body).with(HeaderName::from_static("sec-fetch-site"), "same-origin")?;
    match browser.follow(connection, post, party).await? {
        Followed::Arrived(location) => drop(arrive(connection, party, &location).await?),
        Followed::Page(page) => anyhow::bail!("{} stays at {}: {}", username(number), browser.url, html::text(&page)),
    }
    Ok(browser.cookies())
}

/// Each from a network of their own: sign-ins from one network are counted together, and a crowd behind one proxy is none.
fn network(turn: u64) -> String {
    let [.., a, b, c] = turn.to_be_bytes();
    format!("{}.{b}.{c}.1", 16 + a % 100)
}

fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

enum Followed {
    /// A page to read.
    Page(String),
    /// A redirect to the client.
    Arrived(String),
}

/// As much of a browser as a sign-in needs.
struct Browser {
    jar: CookieJar,
    url: Url,
    from: String,
}

impl Browser {
    fn cookies(&self) -> String {
        self.jar.header(&self.url).unwrap_or_default()
    }

    async fn follow(&mut self, connection: &mut Connection, ask: Ask, party: &Party) -> Result<Followed> {
        let mut next = ask;
        for _ in 0..8 {
            self.url = self.url.join(&next.target)?;
            let cookies = self.cookies();
            if !cookies.is_empty() {
                next = next.with(header::COOKIE, &cookies)?;
            }
            let answer = connection.send(&next.with(HeaderName::from_static("x-forwarded-for"), &self.from)?).await?;
            for cookie in answer.headers.get_all(header::SET_COOKIE) {
                self.jar.set(&self.url, cookie.to_str()?)?;
            }
            let Some(location) = answer.header(&header::LOCATION).filter(|_| answer.status.is_redirection()) else {
                let page = answer.must_be(StatusCode::OK)?;
                return Ok(Followed::Page(String::from_utf8(page.body.to_vec())?));
            };
            if location.starts_with(&party.redirect_uri) {
                return Ok(Followed::Arrived(location.to_owned()));
            }
            next = Ask::get(target(&self.url.join(location)?));
        }
        anyhow::bail!("redirected without end, last to {}", self.url)
    }
}
