//! One look for every page: layout, components, styles, languages.
//!
//! Both web faces and the demo's service call [`page`] and the components of this crate, so they look the same because
//! they run the same functions. Everything takes plain data: nothing here knows a request, a route or a rule.
//!
//! * [`i18n`]: the languages, their messages (Fluent), dates, numbers and sizes.
//! * [`layout`]: one HTML document.
//! * [`components`]: buttons, forms, lists, tables, messages; each renders itself inside `html!`.
//! * [`assets`]: the stylesheet and the mark, named by their content.
//!
//! No page needs a script or an inline style: the pages work under [`CONTENT_SECURITY_POLICY`].

#![expect(clippy::needless_pass_by_value, reason = "`page(&shell, html! { … })` reads better than a borrowed `html!`")]

pub mod assets;
pub mod components;
pub mod i18n;
pub mod layout;

#[cfg(feature = "testing")]
pub mod testing;

mod gallery;

pub use components::*;
pub use gallery::{gallery, gallery_narrow};
pub use i18n::{Catalogue, Lang, T, Value};
pub use layout::{Flash, LangLink, NavItem, PersonMenu, Shell, SignOut, Width, page};
pub use maud::{Markup, Render};

/// The policy every page of this kit works under. `form-action` is left to the caller, because Chromium applies it to the
/// whole chain of redirects after a form is sent.
pub const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
