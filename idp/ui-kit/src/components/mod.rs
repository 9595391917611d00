//! The parts pages are made of. Each takes data and renders itself inside `html! { (part) }`.

mod alert;
mod avatar;
mod button;
mod card;
mod choice;
mod field;
mod form;
mod icon;
mod mail;
mod nav;
mod people;
mod stat;
mod table;
mod text;

pub use alert::{Alert, error_summary};
pub use avatar::Avatar;
pub use button::{Button, ButtonKind, LinkButton};
pub use card::{Card, Tile, grid, tile_rows, tiles};
pub use choice::{Checkbox, Choice, Choices, Select};
pub use field::{Field, TextArea};
pub use form::{Form, SearchForm, csrf, field_group, hidden, required_note};
pub use icon::{Icon, mark};
pub use mail::MailPreview;
pub use nav::{Steps, Tab, back_link, pagination, tabs};
pub use people::{PersonRow, people};
pub use stat::{Meter, Part, Stat, parts, sparkline, stats};
pub use table::{Cell, Table};
pub use text::{EmptyState, actions, code_block, definitions, disclosure, lede, note, page_header, section, stack, time, way};

/// What a message or tag is about; decides its colour and icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// It worked; it is in force.
    Success,
    /// Look twice; something waits.
    Warning,
    /// It failed; it is closed.
    Error,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
    const fn icon(self) -> Icon {
        match self {
            Self::Neutral | Self::Info => Icon::Info,
            Self::Success => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Stop,
        }
    }
}

mod tag {
    use maud::{Markup, Render, html};

    use super::Tone;

    /// A short state beside a name: *activa*, *gestora*, *en espera*.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Tag {
        tone: Tone,
        label: String,
    }

    impl Tag {
        /// A tag of this tone.
        pub fn new(tone: Tone, label: impl Into<String>) -> Self {
            Self { tone, label: label.into() }
        }
        /// A tag without a judgement.
        pub fn neutral(label: impl Into<String>) -> Self {
            Self::new(Tone::Neutral, label)
        }
    }

    impl Render for Tag {
        fn render(&self) -> Markup {
            html! { span class={ "tag tag-" (self.tone.class()) } { (self.label) } }
        }
    }
}
pub use tag::Tag;
