//! One HTML document around every page: head, header, navigation, languages, footer.

use maud::{DOCTYPE, Markup, html};

use crate::{
    T, assets,
    components::{Alert, Avatar, Button, Form, Icon, LinkButton, Tone, mark},
    i18n::Lang,
};

/// How much room the page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// One card in the middle: signing in, one question, one message.
    Narrow,
    /// Text and forms at a comfortable line length.
    #[default]
    Medium,
    /// A desk: lists, tables, tiles.
    Wide,
}

/// A link of the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub label: String,
    /// Whether the reader is there.
    pub current: bool,
    /// How many things wait there; nothing is shown for `None` and `Some(0)`.
    pub count: Option<u64>,
}

impl NavItem {
    /// A link that is not the current one and counts nothing.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), current: false, count: None }
    }
    /// Marks the link as the reader's place when `here`.
    pub fn current(self, here: bool) -> Self {
        Self { current: here, ..self }
    }
    /// Shows how many things wait there.
    pub fn count(self, n: u64) -> Self {
        Self { count: Some(n), ..self }
    }
}

/// The same page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LangLink {
    /// The language it leads to.
    pub lang: Lang,
    /// The page's address with that language chosen, as `?ui_locales=es`.
    pub href: String,
}

/// The form that signs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOut {
    /// Where the form is posted.
    pub action: String,
    /// The value of the hidden `csrf` field.
    pub csrf: String,
    /// What the button says.
    pub label: String,
}

/// Who is signed in, and what belongs to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonMenu {
    /// The name they chose to be called.
    pub name: String,
    /// A second line: an address, a collective.
    pub detail: Option<String>,
    /// `(href, label)`.
    pub links: Vec<(String, String)>,
    /// The way out.
    pub sign_out: Option<SignOut>,
}

/// What just happened, told once at the top of the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Success, warning…
    pub tone: Tone,
    /// One sentence.
    pub text: String,
}

/// What surrounds a page's body.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The reader's language.
    pub t: T,
    /// The page's own title, without the application's name.
    pub title: String,
    /// The product's or cluster's name, shown in the header and after the title.
    pub app_name: String,
    /// Where the name leads.
    pub home: String,
    /// How much room the page takes.
    pub width: Width,
    /// The main navigation; none for an empty list.
    pub nav: Vec<NavItem>,
    /// The person's menu when somebody is signed in.
    pub person: Option<PersonMenu>,
    /// The language switcher; none for an empty list.
    pub languages: Vec<LangLink>,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Go on to this address by itself after so many seconds; the body must offer the same link.
    pub refresh: Option<(u32, String)>,
    /// `(href, label)` of the footer.
    pub footer: Vec<(String, String)>,
}

impl Shell {
    /// A page of medium width with nothing around it but the name.
    pub fn new(t: T, title: impl Into<String>, app_name: impl Into<String>) -> Self {
        Self {
            t,
            title: title.into(),
            app_name: app_name.into(),
            home: "/".to_owned(),
            width: Width::default(),
            nav: Vec::new(),
            person: None,
            languages: Vec::new(),
            flash: None,
            refresh: None,
            footer: Vec::new(),
        }
    }
    /// How much room the page takes.
    pub fn width(self, width: Width) -> Self {
        Self { width, ..self }
    }
    /// One card in the middle.
    pub fn narrow(self) -> Self {
        Self { width: Width::Narrow, ..self }
    }
    /// A desk with lists.
    pub fn wide(self) -> Self {
        Self { width: Width::Wide, ..self }
    }
    /// Where the name leads.
    pub fn home(self, href: impl Into<String>) -> Self {
        Self { home: href.into(), ..self }
    }
    /// The main navigation.
    pub fn nav(self, nav: Vec<NavItem>) -> Self {
        Self { nav, ..self }
    }
    /// The person's menu.
    pub fn person(self, person: PersonMenu) -> Self {
        Self { person: Some(person), ..self }
    }
    /// The language switcher: one address for each language, made by `href`.
    pub fn languages(self, href: impl Fn(Lang) -> String) -> Self {
        Self { languages: Lang::ALL.into_iter().map(|lang| LangLink { lang, href: href(lang) }).collect(), ..self }
    }
    /// What just happened, if anything.
    pub fn flash(self, flash: Option<Flash>) -> Self {
        Self { flash, ..self }
    }
    /// Goes on to `url` by itself after `seconds`.
    pub fn refresh(self, seconds: u32, url: impl Into<String>) -> Self {
        Self { refresh: Some((seconds, url.into())), ..self }
    }
    /// Links of the footer as `(href, label)`.
    pub fn footer(self, footer: Vec<(String, String)>) -> Self {
        Self { footer, ..self }
    }
}

/// The whole document. `body` starts with its own `h1` (see [`crate::page_header`]).
pub fn page(shell: &Shell, body: Markup) -> Markup {
    let t = shell.t;
    let width = match shell.width {
        Width::Narrow => "narrow",
        Width::Medium => "medium",
        Width::Wide => "wide",
    };
    html! {
        (DOCTYPE)
        html lang=(t.lang().tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                @if let Some((seconds, url)) = &shell.refresh {
                    meta http-equiv="refresh" content={ (seconds) ";url=" (url) };
                }
                title { (shell.title) " · " (shell.app_name) }
                link rel="icon" type="image/svg+xml" href=(assets::mark().path);
                link rel="stylesheet" href=(assets::stylesheet().path);
            }
            body class={ "page page-" (width) } {
                a class="skip" href="#main" { (t.msg("kit-skip")) }
                (header(shell))
                main id="main" tabindex="-1" {
                    @if let Some(flash) = &shell.flash {
                        (Alert::new(flash.tone, flash.text.clone()).announced())
                    }
                    @if shell.width == Width::Narrow { div class="sheet" { (body) } } @else { (body) }
                }
                (footer(shell))
            }
        }
    }
}

fn header(shell: &Shell) -> Markup {
    let t = shell.t;
    html! {
        header class="masthead" {
            div class="masthead-row" {
                a class="brand" href=(shell.home) { (mark()) span { (shell.app_name) } }
                @if let Some(person) = &shell.person { (person_menu(t, person)) }
            }
            @if !shell.nav.is_empty() {
                nav class="main-nav" aria-label=(t.msg("kit-main-navigation")) {
                    ul {
                        @for item in &shell.nav {
                            li {
                                a href=(item.href) aria-current=[item.current.then_some("page")] {
                                    (item.label)
                                    @if let Some(n) = item.count.filter(|n| *n > 0) { " " span class="count" { (n) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn person_menu(t: T, person: &PersonMenu) -> Markup {
    html! {
        details class="person-menu" {
            summary aria-label={ (t.msg("kit-account")) ": " (person.name) } {
                (Avatar::new(person.name.clone()).small())
                span class="person-menu-name" { (person.name) }
                (Icon::Down)
            }
            div class="person-menu-panel" {
                p class="person-menu-who" {
                    strong { (person.name) }
                    @if let Some(detail) = &person.detail { br; span { (detail) } }
                }
                @for (href, label) in &person.links { (LinkButton::quiet(label.clone(), href.clone()).wide()) }
                @if let Some(out) = &person.sign_out {
                    (Form::post(out.action.clone()).csrf(out.csrf.clone()).body(html! { (Button::secondary(out.label.clone()).wide().icon(Icon::Exit)) }))
                }
            }
        }
    }
}

fn footer(shell: &Shell) -> Markup {
    html! {
        footer class="colophon" {
            @if !shell.languages.is_empty() {
                nav class="languages" aria-label=(shell.t.msg("kit-languages")) {
                    (Icon::Globe)
                    ul {
                        @for link in &shell.languages {
                            @let here = link.lang == shell.t.lang();
                            li {
                                a href=(link.href) lang=(link.lang.tag()) hreflang=(link.lang.tag()) aria-current=[here.then_some("true")] {
                                    (link.lang.endonym())
                                }
                            }
                        }
                    }
                }
            }
            @if !shell.footer.is_empty() {
                ul class="colophon-links" {
                    @for (href, label) in &shell.footer { li { a href=(href) { (label) } } }
                }
            }
        }
    }
}
