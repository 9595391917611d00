//! A manager at work through the management API: signs in as the desk's client does (`private_key_jwt`, PKCE, one audience)
//! and calls with the manager's own token.

use anyhow::{Context as _, Result};
use idp_api::{
    ActOutcome, Door, MemberDetail, MemberItem, WithReason,
    client::{ApiError, Caller, ManageApi, Portion},
};
use idp_domain::Ttl;
use keys::{Assertion, AssertionSigner, SigningAlg};
use serde_json::Value;
use url::Url;

use crate::{
    http::{Request, Session},
    rp::{Rp, VERIFIER},
    world::World,
};

/// The desk's `client_id` in tests.
pub const CLIENT_ID: &str = "admin-ui";
const REDIRECT: &str = "https://desk.test/callback";

fn signer() -> Result<AssertionSigner> {
    Ok(AssertionSigner::from_pem(keys::testing::private_pem(SigningAlg::EdDsa))?)
}

/// The lines that register the desk in a cluster file.
pub fn registration() -> Result<String> {
    registration_at(REDIRECT)
}

/// The same for a desk that answers at this address.
pub fn registration_at(redirect: &str) -> Result<String> {
    Ok(format!(
        "\n[[client]]\nclient_id = \"{CLIENT_ID}\"\nkind = \"admin_ui\"\nname = \"Taula\"\nauth = \"private_key_jwt\"\njwks = '''{}'''\n\
         grant_types = [\"authorization_code\", \"refresh_token\"]\nredirect_uris = [\"{redirect}\"]\nscopes = [\"openid\", \"profile\", \"manage\"]\n",
        signer()?.public_jwks()?
    ))
}

/// The client assertion of one request; each carries its own `jti`.
pub fn assertion(world: &World, jti: &str) -> Result<String> {
    let assertion = Assertion { client_id: CLIENT_ID, issuer: &world.issuer, jti, now: world.clock.now(), lifetime: Ttl::minutes(1) };
    Ok(signer()?.sign(&assertion)?)
}

/// A manager with a live token.
pub struct Desk {
    api: ManageApi,
    /// The browser the manager signed in with.
    pub session: Session,
    /// The token response.
    pub tokens: Value,
}

impl Desk {
    /// Signs a person in at the desk.
    pub async fn open(world: &World, username: &str, password: &str) -> Result<Self> {
        let resource = world.at("/manage");
        let changes = [("scope", "openid profile manage"), ("resource", resource.as_str())];
        let rp = Rp::new(&world.issuer, CLIENT_ID, None, REDIRECT);
        let mut session = Session::new()?.speaking("en");
        let page = rp.open(&mut session, &changes).await?;
        let page = rp.answer_form(&mut session, page, username, password).await?;
        let code = rp.code(&page.location().with_context(|| format!("no redirect to the desk: {}", page.describe()))?)?;
        let assertion = assertion(world, &code[3..30])?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let answer = session.step(Request::post(Url::parse(&world.at("/oauth/token"))?, fields), None).await?;
        let tokens = answer.must_be(200)?.json()?;
        Ok(Self { api: ManageApi::of(&Url::parse(&world.issuer)?)?, session, tokens })
    }

    /// Asks for a new access token, as the desk does before the old one expires.
    pub async fn renew(&mut self, world: &World) -> Result<()> {
        let refresh_token = self.tokens["refresh_token"].as_str().context("a refresh token")?.to_owned();
        let assertion = assertion(world, &format!("renewal-{}", world.clock.now().millis()))?;
        let resource = world.at("/manage");
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &refresh_token),
            ("resource", &resource),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", &assertion),
        ];
        let answer = self.session.step(Request::post(Url::parse(&world.at("/oauth/token"))?, fields), None).await?;
        self.tokens["access_token"] = answer.must_be(200)?.json()?["access_token"].take();
        Ok(())
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.tokens["access_token"].as_str().unwrap_or_default()
    }

    /// The API as this manager sees it.
    pub fn api(&self) -> Caller<'_> {
        self.api.with(self.token())
    }

    /// A collective this manager manages, by its slug.
    pub async fn collective(&self, slug: &str) -> Result<String> {
        let me = self.api().me().await?;
        me.collectives.into_iter().find(|collective| collective.slug == slug).map(|collective| collective.id).context("not a manager there")
    }

    /// A member by username.
    pub async fn member(&self, collective: &str, username: &str) -> Result<MemberItem> {
        let page = self.api().members(collective, Some(username), None, Portion::default()).await?;
        page.items.into_iter().find(|member| member.username == username).with_context(|| format!("no member {username}"))
    }

    /// A member's page.
    pub async fn detail(&self, collective: &str, username: &str) -> Result<MemberDetail> {
        let member = self.member(collective, username).await?;
        Ok(self.api().member(collective, &member.id).await?)
    }

    /// The door a collective opened for a member to a service.
    pub async fn door(&self, collective: &str, username: &str, service: &str) -> Result<Door> {
        let detail = self.detail(collective, username).await?;
        detail.doors.into_iter().find(|door| door.service.slug == service).with_context(|| format!("no door to {service}"))
    }

    /// Closes the door a collective opened.
    pub async fn withdraw(&self, slug: &str, username: &str, service: &str) -> Result<ActOutcome> {
        let collective = self.collective(slug).await?;
        let member = self.member(&collective, username).await?;
        let door = self.door(&collective, username, service).await?;
        Ok(self.api().withdraw(&collective, &member.id, &door.grant_id, door.version, &WithReason::default()).await?)
    }

    /// What the API answers to a call that must fail.
    pub fn problem<T: std::fmt::Debug>(answer: std::result::Result<T, ApiError>) -> Result<idp_api::Problem> {
        match answer {
            Err(ApiError::Problem(problem)) => Ok(*problem),
            other => anyhow::bail!("expected a problem, got {other:?}"),
        }
    }
}
