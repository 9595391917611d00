//! A user agent without a window: one request at a time, every redirect visible, cookies kept and judged, forms filled by name.
//!
//! [`Session::get`] and [`Session::submit`] follow redirects as a browser does; [`Session::step`] makes exactly one request, for
//! tests that look at what lies between.

use anyhow::{Context, Result, ensure};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use url::Url;

use crate::{
    cookies::CookieJar,
    html::{self, Form},
};

const MOST_REDIRECTS: usize = 20;

/// What one request was answered with.
#[derive(Debug, Clone)]
pub struct Page {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    /// Where a redirect leads, absolute; `None` for anything else.
    pub fn location(&self) -> Option<Url> {
        let location = self.headers.get(header::LOCATION)?.to_str().ok()?;
        self.status.is_redirection().then(|| self.url.join(location).ok()).flatten()
    }

    /// The header's value as text; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The words a person sees.
    pub fn text(&self) -> String {
        html::text(&self.body)
    }

    /// The form with this button.
    pub fn form(&self, button: &str) -> Result<Form> {
        html::form_with_button(&self.body, &self.url, button).with_context(|| self.describe())
    }

    /// The only form of the page, for instance the one that a script would post by itself.
    pub fn only_form(&self) -> Result<Form> {
        let mut forms = html::forms(&self.body, &self.url)?;
        ensure!(forms.len() == 1, "{} forms where one was expected: {}", forms.len(), self.describe());
        Ok(forms.remove(0))
    }

    /// The address of the link with these words.
    pub fn link(&self, words: &str) -> Result<Url> {
        let links = html::links(&self.body, &self.url);
        links
            .into_iter()
            .find(|(label, _)| label == words)
            .map(|(_, url)| url)
            .with_context(|| format!("no link {words:?}: {}", self.describe()))
    }

    /// A query parameter of the page's own address.
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.url, name)
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.body).with_context(|| self.describe())
    }

    /// Fails, with what the page says, unless the status is this.
    pub fn must_be(self, status: u16) -> Result<Self> {
        ensure!(self.status == status, "expected {status}, got {}", self.describe());
        Ok(self)
    }

    /// One line for failures: status, address and the beginning of what it says.
    pub fn describe(&self) -> String {
        let words: String = self.text().chars().take(400).collect();
        format!("{} {}: {words}", self.status, self.url)
    }
}

/// The first value of a query parameter.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// One request, as [`Session::step`] sends it.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<String>,
}

impl Request {
    pub fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: None }
    }

    pub fn head(url: Url) -> Self {
        Self { method: Method::HEAD, ..Self::get(url) }
    }

    /// A form post; fields may repeat.
    pub fn post<N: AsRef<str>, V: AsRef<str>>(url: Url, fields: impl IntoIterator<Item = (N, V)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Self { method: Method::POST, url, headers: HeaderMap::new(), body: Some(body) };
        request.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Adds or replaces a header. Only for names and values written in tests, which may be no ASCII.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static("")));
        self
    }

    /// What a browser would send for this form.
    pub fn for_form(form: &Form) -> Self {
        if form.method == "post" {
            return Self::post(form.action.clone(), form.fields.iter().map(|(name, value)| (name, value)));
        }
        let mut url = form.action.clone();
        url.query_pairs_mut().clear().extend_pairs(&form.fields);
        Self::get(url)
    }
}

/// One person's browser.
#[derive(Debug)]
pub struct Session {
    client: reqwest::Client,
    pub cookies: CookieJar,
    languages: Option<String>,
    /// Every address that was asked, in order, since the session began.
    pub trail: Vec<Url>,
}

impl Session {
    pub fn new() -> Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(crate::ambient::PATIENCE)
            .build()
            .context("an HTTP client")?;
        Ok(Self { client, cookies: CookieJar::default(), languages: None, trail: Vec::new() })
    }

    /// Says `Accept-Language: …` from now on.
    #[must_use]
    pub fn speaking(mut self, languages: &str) -> Self {
        self.languages = Some(languages.to_owned());
        self
    }

    /// Opens an address and follows where it leads.
    pub async fn get(&mut self, url: &str) -> Result<Page> {
        let page = self.step(Request::get(Url::parse(url).with_context(|| url.to_owned())?), None).await?;
        self.follow(page).await
    }

    /// Sends the form and follows where it leads. `from` is the page that holds it.
    pub async fn submit(&mut self, from: &Page, form: &Form) -> Result<Page> {
        let page = self.step(Request::for_form(form), Some(&from.url)).await?;
        self.follow(page).await
    }

    /// Opens the link with these words and follows where it leads.
    pub async fn click(&mut self, from: &Page, words: &str) -> Result<Page> {
        let page = self.step(Request::get(from.link(words)?), Some(&from.url)).await?;
        self.follow(page).await
    }

    /// Follows redirects to the end; an error after twenty.
    pub async fn follow(&mut self, page: Page) -> Result<Page> {
        self.follow_until(page, |_| false).await
    }

    /// Follows redirects, but does not ask an address that `stop` knows: the page that leads there is the answer, and
    /// [`Page::location`] tells the address. For instance a service's redirect address where nobody listens.
    pub async fn follow_until(&mut self, mut page: Page, stop: impl Fn(&Url) -> bool) -> Result<Page> {
        for _ in 0..MOST_REDIRECTS {
            let Some(next) = page.location().filter(|next| !stop(next)) else { return Ok(page) };
            ensure!(!matches!(page.status.as_u16(), 307 | 308), "a redirect that repeats a post: {}", page.describe());
            let from = page.url.clone();
            page = self.step(Request::get(next), Some(&from)).await?;
        }
        anyhow::bail!("more than {MOST_REDIRECTS} redirects, the last ones: {:?}", &self.trail[self.trail.len() - 4..])
    }

    /// Exactly one request with this session's cookies; keeps those of the answer.
    ///
    /// `from` is the page on which it was made: a browser tells it with a post (`Origin`) and classifies it (`Sec-Fetch-Site`).
    /// Headers that the request already has win.
    pub async fn step(&mut self, request: Request, from: Option<&Url>) -> Result<Page> {
        let mut headers = request.headers;
        let mut default = |name: &'static str, value: &str| -> Result<()> {
            headers.entry(name).or_insert(HeaderValue::from_str(value)?);
            Ok(())
        };
        default("sec-fetch-site", from.map_or("none", |from| relation(from, &request.url)))?;
        if let Some(from) = from.filter(|_| request.method == Method::POST) {
            default("origin", &from.origin().ascii_serialization())?;
        }
        if let Some(languages) = &self.languages {
            default("accept-language", languages)?;
        }
        if let Some(cookies) = self.cookies.header(&request.url) {
            default("cookie", &cookies)?;
        }

        self.trail.push(request.url.clone());
        let mut outgoing = self.client.request(request.method, request.url.clone()).headers(headers);
        if let Some(body) = request.body {
            outgoing = outgoing.body(body);
        }
        let answer = outgoing.send().await.with_context(|| request.url.to_string())?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            self.cookies.set(&request.url, cookie.to_str()?)?;
        }
        let body = String::from_utf8(answer.bytes().await?.to_vec()).with_context(|| format!("{} is not text", request.url))?;
        Ok(Page { url: request.url, status, headers, body })
    }
}

/// How a browser classifies a request (`Sec-Fetch-Site`). Ports part origins, not sites.
fn relation(from: &Url, to: &Url) -> &'static str {
    if from.origin() == to.origin() {
        "same-origin"
    } else if from.host_str() == to.host_str() && from.scheme() == to.scheme() {
        "same-site"
    } else {
        "cross-site"
    }
}

#[cfg(test)]
mod tests;
