//! The pages people meet on the main path, in three languages, compared with the checked-in ones under `snapshots/pages`.
//! Those of the galleries stand under `snapshots/gallery`, each in its first state.

use anyhow::{Context as _, Result};
use idp_domain::locale::Locale;
use integration_tests::{
    html::{self, Form},
    http::{Page, Request, Session},
    world::World,
};
use ui_kit::testing::Snapshots;
use url::Url;

use crate::oidc::{CLUSTER, PASSWORD, archive, office};

/// A visitor who collects what they see.
struct Reader<'a> {
    world: &'a World,
    locale: Locale,
    seen: &'a mut Snapshots,
}

impl Reader<'_> {
    fn session(&self) -> Result<Session> {
        Ok(Session::new()?.speaking(self.locale.as_str()))
    }

    fn keep(&mut self, name: &str, status: u16, page: &Page) -> Result<()> {
        let page = page.clone().must_be(status).with_context(|| format!("{name} in {}", self.locale))?;
        let today = idp::texts::in_language(self.locale).date(self.world.clock.now().millis());
        let body = page.body.replace(&self.world.issuer, "https://issuer.test").replace(&today, "(today)");
        self.seen.add(&format!("{name}.{}", self.locale), &body);
        Ok(())
    }

    async fn open(&mut self, session: &mut Session, name: &str, path: &str) -> Result<Page> {
        let page = session.get(&self.world.at(path)).await?;
        self.keep(name, 200, &page)?;
        Ok(page)
    }

    async fn strangers_pages(&mut self) -> Result<()> {
        let mut somebody = self.session()?;
        self.open(&mut somebody, "home", "/").await?;
        self.open(&mut somebody, "join-pick", "/join").await?;
        self.open(&mut somebody, "join", "/join/ateneu").await?;
        let page = self.open(&mut somebody, "login", "/login").await?;
        let wrong = sign_in(&mut somebody, &page, "maria", "not the password at all").await?;
        self.keep("login-wrong", 422, &wrong)?;
        let forged = form_with(&page, "password")?.forge("csrf", "forged");
        let stale = somebody.submit(&page, &forged).await?;
        self.keep("error-stale-form", 403, &stale)
    }

    async fn errors(&mut self) -> Result<()> {
        let office = office(self.world);
        for (name, changes) in
            [("error-unknown-client", ("client_id", "nobody")), ("error-unregistered-redirect", ("redirect_uri", "https://evil.test/cb"))]
        {
            let page = self.session()?.step(Request::get(office.authorize_url(&[changes])?), None).await?;
            self.keep(name, 400, &page)?;
        }
        let page = self.session()?.get(&self.world.at("/nowhere")).await?;
        self.keep("error-not-found", 404, &page)?;
        let page = self.session()?.get(&self.world.at("/login?flow=flo_0")).await?;
        self.keep("error-flow-gone", 410, &page)
    }

    async fn members_pages(&mut self) -> Result<()> {
        let mut maria = self.session()?;
        let archive = archive(self.world);
        let login = archive.open(&mut maria, &[("scope", "openid profile email collectives services")]).await?;
        self.keep("login-to-service", 200, &login)?;
        let consent = sign_in(&mut maria, &login, "maria", PASSWORD).await?;
        self.keep("consent", 200, &consent)?;
        let choose = office(self.world).open(&mut maria, &[("prompt", "select_account")]).await?;
        self.keep("choose", 200, &choose)?;
        self.open(&mut maria, "account-services", "/account").await?;
        self.open(&mut maria, "account-collectives", "/account/collectives").await?;
        self.open(&mut maria, "account-security", "/account/security").await?;
        self.open(&mut maria, "join-member", "/join/ateneu").await?;
        let question = self.open(&mut maria, "logout", "/logout").await?;
        let asked = html::forms(&question.body, &question.url)?.pop().context("the question is a form")?;
        let farewell = maria.submit(&question, &asked).await?;
        self.keep("farewell", 200, &farewell)?;

        let mut nuria = self.session()?;
        let login = office(self.world).open(&mut nuria, &[]).await?;
        let away = sign_in(&mut nuria, &login, "nuria", PASSWORD).await?;
        self.keep("no-access", 200, &away)
    }
}

fn form_with(page: &Page, field: &str) -> Result<Form> {
    let forms = html::forms(&page.body, &page.url)?;
    forms.into_iter().find(|form| form.value(field).is_some()).with_context(|| format!("no form with {field}: {}", page.describe()))
}

/// Signs in whatever the page's language, and goes on within the provider.
async fn sign_in(session: &mut Session, page: &Page, username: &str, password: &str) -> Result<Page> {
    let form = form_with(page, "password")?.set("identifier", username)?.set("password", password)?;
    let next = session.step(Request::for_form(&form), Some(&page.url)).await?;
    let home = page.url.origin();
    session.follow_until(next, |url: &Url| url.origin() != home).await
}

#[tokio::test]
async fn every_page_says_what_was_read_in_three_languages() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut seen = Snapshots::of("pages");
    for locale in Locale::ALL {
        let mut reader = Reader { world: &world, locale, seen: &mut seen };
        reader.strangers_pages().await?;
        reader.errors().await?;
        reader.members_pages().await?;
    }
    seen.compare()
}
