//! Chromium, driven as a person drives it: by labels, the words on buttons and the words on the page.
//!
//! Each [`Browser`] is a window of its own with an empty profile. A test says what it waits for; nothing pauses for a fixed time.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    error::{CmdError, ErrorStatus},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;
use url::Url;

use crate::{
    ambient::{self, eventually, variable},
    process::{Running, free_ports},
};

/// How the person has set up their browser.
#[derive(Debug, Clone)]
pub struct Setup {
    /// As in `Accept-Language`, the preferred one first.
    pub languages: &'static str,
    /// Width and height of the page in CSS pixels.
    pub window: (u32, u32),
    /// Whether the system asks for dark pages.
    pub scheme: Scheme,
    pub scripts: Scripts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    Run,
    Blocked,
}

impl Scheme {
    /// Chromium's number for it.
    fn chromium(self) -> u8 {
        match self {
            Self::Dark => 0,
            Self::Light => 1,
        }
    }

    /// The value of the media feature.
    fn css(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self { languages: "ca", window: (1280, 900), scheme: Scheme::Light, scripts: Scripts::Run }
    }
}

/// A window. Dropping it closes Chromium and its driver.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    /// In this order: the window is closed, then the driver ends, then the profile goes.
    session: OpenSession,
    _driver: Running,
    _profile: TempDir,
}

impl Browser {
    /// Opens a window; `None` means: skip the test, there is no browser and none is required.
    pub async fn open(setup: &Setup) -> Result<Option<Self>> {
        match ambient::needed("TEST_CHROMEDRIVER", "Chromium and its driver")? {
            Some(driver) => Ok(Some(Self::start(&driver, setup).await?)),
            None => Ok(None),
        }
    }

    async fn start(driver: &str, setup: &Setup) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let port = free_ports(1)?;
        let mut command = Command::new(driver);
        command.arg(format!("--port={port}"));
        let mut driver = Running::start("chromedriver", profile.path(), &mut command)?;
        driver.until("its port to answer", async || Ok(TcpStream::connect(("127.0.0.1", port)).ok().map(drop))).await?;

        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), chrome_options(setup, profile.path()));
        let connected =
            ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await;
        let client = connected.with_context(|| format!("a Chromium session; the driver said:\n{}", driver.log()))?;
        let id = client.session_id().await?.context("a session without an id")?;
        let browser = Self { client, session: OpenSession { port, id }, _driver: driver, _profile: profile };
        browser.set_window(setup.window).await?;
        Ok(browser)
    }

    /// Everything else that WebDriver can do.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub async fn goto(&self, url: &str) -> Result<()> {
        self.client.goto(url).await.with_context(|| url.to_owned())
    }

    pub async fn url(&self) -> Result<Url> {
        Ok(self.client.current_url().await?)
    }

    pub async fn title(&self) -> Result<String> {
        Ok(self.client.title().await?)
    }

    /// The words on the page as they are rendered.
    pub async fn text(&self) -> Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    pub async fn html(&self) -> Result<String> {
        Ok(self.client.source().await?)
    }

    /// Presses the button, link or summary that shows exactly these words.
    pub async fn click(&self, words: &str) -> Result<()> {
        let shown = xpath_text(words);
        let path =
            format!("//button[{shown}] | //a[{shown}] | //summary[{shown}] | //input[@type='submit' and @value={}]", xpath_literal(words));
        self.first_shown(&path, &format!("a button or link {words:?}")).await?.click().await?;
        Ok(())
    }

    /// As [`Self::click`], within the smallest part of the page that also says `near`: the one button of many rows.
    pub async fn click_near(&self, near: &str, words: &str) -> Result<()> {
        let (near, shown) = (xpath_literal(near), xpath_text(words));
        let control = format!("(self::button or self::a or self::summary) and {shown}");
        let within = format!("contains(normalize-space(.), {near}) and .//*[{control}]");
        let path = format!("//*[{within} and not(.//*[{within}])]//*[{control}]");
        self.first_shown(&path, &format!("a button or link {words:?} near {near}")).await?.click().await?;
        Ok(())
    }

    /// Writes into the field with this label (or, where no label says so, this name); what stood there goes.
    pub async fn fill(&self, label: &str, value: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.clear().await?;
        field.send_keys(value).await?;
        Ok(())
    }

    /// Ticks, or unticks, the box or choice with this label.
    pub async fn toggle(&self, label: &str) -> Result<()> {
        Ok(self.field(label).await?.click().await?)
    }

    /// Chooses the option that shows these words.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        Ok(self.field(label).await?.select_by_label(option).await?)
    }

    async fn field(&self, label: &str) -> Result<Element> {
        let (shown, literal) = (xpath_text(label), xpath_literal(label));
        let path = format!(
            "//*[@id = //label[{shown}]/@for] | //label[{shown}]//*[self::input or self::select or self::textarea] \
             | //*[(self::input or self::select or self::textarea) and (@aria-label={literal} or @name={literal})]"
        );
        self.first_shown(&path, &format!("a field {label:?}")).await
    }

    async fn first_shown(&self, path: &str, what: &str) -> Result<Element> {
        let found = eventually(what, async || {
            for element in self.client.find_all(Locator::XPath(path)).await? {
                match element.is_displayed().await {
                    Ok(true) => return Ok(Some(element)),
                    // the page changed between the two questions
                    Ok(false) => {}
                    Err(error) if is_stale(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(None)
        });
        self.explain(found.await).await
    }

    /// Waits until the page shows these words.
    pub async fn wait_for_text(&self, words: &str) -> Result<()> {
        let seen = eventually(format!("the page to say {words:?}"), async || {
            // during a navigation there may be no page at all
            Ok(self.text().await.is_ok_and(|text| text.contains(words)).then_some(()))
        });
        self.explain(seen.await).await
    }

    /// Waits until the address satisfies the condition; gives it.
    pub async fn wait_for_url(&self, what: &str, arrived: impl Fn(&Url) -> bool) -> Result<Url> {
        let seen = eventually(format!("the address to be {what}"), async || Ok(Some(self.url().await?).filter(|url| arrived(url))));
        self.explain(seen.await).await
    }

    /// Adds to a failure what a person would have seen, and a picture where `TEST_SCREENSHOTS` names a directory.
    async fn explain<T>(&self, result: Result<T>) -> Result<T> {
        let Err(error) = result else { return result };
        if let Some(directory) = variable("TEST_SCREENSHOTS") {
            let picture = Path::new(&directory).join(format!("failure-{}.png", self.session.id));
            self.screenshot(&picture).await.ok();
        }
        let url = self.url().await.map_or_else(|_| "no page".to_owned(), Url::into);
        let text: String = self.text().await.unwrap_or_default().chars().take(1500).collect();
        Err(error.context(format!("at {url}, which says:\n{text}\n")))
    }

    /// A PNG of what is in the window.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.client.screenshot().await?;
        std::fs::write(path, picture).with_context(|| path.display().to_string())
    }

    /// Sets the size of the page itself in CSS pixels, whatever frame the window has; phones are narrower than a window may be.
    pub async fn set_window(&self, (width, height): (u32, u32)) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await
    }

    /// Changes light and dark while the page is open.
    pub async fn set_scheme(&self, scheme: Scheme) -> Result<()> {
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme.css() }] }))
            .await
    }

    /// Runs a script in the page and gives what it returns.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// One command of Chromium's own protocol, through the driver.
    async fn devtools(&self, command: &'static str, parameters: serde_json::Value) -> Result<()> {
        self.client.issue_cmd(Devtools { command, parameters }).await?;
        Ok(())
    }
}

#[derive(Debug)]
struct Devtools {
    command: &'static str,
    parameters: serde_json::Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _request: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

fn is_stale(error: &CmdError) -> bool {
    matches!(error, CmdError::Standard(error) if error.error == ErrorStatus::StaleElementReference)
}

fn chrome_options(setup: &Setup, profile: &Path) -> serde_json::Value {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        // the suite also runs as root, where Chromium has no sandbox; it only ever opens our own pages
        "--no-sandbox".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-gpu".to_owned(),
        // nothing but what a page asks for goes over the network
        "--disable-quic".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--disable-features=OptimizationHints,MediaRouter,Translate".to_owned(),
        format!("--user-data-dir={}", profile.join("profile").display()),
        format!("--accept-lang={}", setup.languages),
        format!("--blink-settings=preferredColorScheme={}", setup.scheme.chromium()),
    ];
    arguments.extend(variable("TEST_CHROMIUM_ARGUMENTS").iter().flat_map(|more| more.split_whitespace()).map(str::to_owned));
    let mut options = json!({
        "args": arguments,
        "prefs": {
            "intl.accept_languages": setup.languages,
            "credentials_enable_service": false,
            "profile.default_content_setting_values.javascript": if setup.scripts == Scripts::Blocked { 2 } else { 1 },
        },
    });
    if let Some(chromium) = variable("TEST_CHROMIUM") {
        options["binary"] = chromium.into();
    }
    options
}

/// Tells the driver to close the window. By hand, because a `Drop` cannot wait for the asynchronous client; a driver that is only
/// killed would leave Chromium running.
#[derive(Debug)]
struct OpenSession {
    port: u16,
    id: String,
}

impl OpenSession {
    fn close(&self) -> Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(connection, "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.id, self.port)?;
        let mut answer = [0; 64];
        if connection.read(&mut answer)? == 0 {
            bail!("the driver hung up");
        }
        Ok(())
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            eprintln!("a Chromium window may stay open: {error:#}");
        }
    }
}

/// The element's whole text, white space aside, is this.
fn xpath_text(words: &str) -> String {
    format!("normalize-space(.)={}", xpath_literal(words))
}

/// XPath 1.0 has no escapes: a text with both kinds of quotes is put together from parts.
fn xpath_literal(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

#[cfg(test)]
mod tests;
