//! Small drawings, always beside words: they are hidden from screen readers.

use maud::{Markup, PreEscaped, Render, html};

use crate::assets;

/// An icon in the colour and size of the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// It worked.
    Check,
    /// Good to know.
    Info,
    /// Look twice.
    Warning,
    /// It failed.
    Stop,
    /// Take away.
    Cross,
    /// Add.
    Plus,
    /// More below.
    Down,
    /// Go on.
    Right,
    /// Go back.
    Left,
    /// Leave.
    Exit,
    /// Search.
    Search,
    /// A language.
    Globe,
    /// People.
    People,
    /// A person.
    Person,
    /// A service's door.
    Door,
    /// A mail.
    Mail,
    /// A secret.
    Key,
    /// Waiting.
    Clock,
    /// Pause.
    Pause,
    /// Leads elsewhere.
    Away,
}

impl Icon {
    /// Strokes on a canvas of 24 × 24.
    const fn strokes(self) -> &'static str {
        match self {
            Self::Check => r#"<circle cx="12" cy="12" r="9"/><path d="M8 12.4l2.7 2.7L16 9.6"/>"#,
            Self::Info => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11.2V16M12 7.9v.2"/>"#,
            Self::Warning => r#"<path d="M12 4.2L2.9 19.4h18.2zM12 10v4.3M12 16.8v.2"/>"#,
            Self::Stop => r#"<circle cx="12" cy="12" r="9"/><path d="M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6"/>"#,
            Self::Cross => r#"<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>"#,
            Self::Plus => r#"<path d="M12 5.5v13M5.5 12h13"/>"#,
            Self::Down => r#"<path d="M6.5 9.5L12 15l5.5-5.5"/>"#,
            Self::Right => r#"<path d="M9.5 6l6 6-6 6"/>"#,
            Self::Left => r#"<path d="M14.5 6l-6 6 6 6"/>"#,
            Self::Exit => r#"<path d="M13.5 4.5h-7v15h7M10.5 12h10M17 8.5l3.5 3.5-3.5 3.5"/>"#,
            Self::Search => r#"<circle cx="10.8" cy="10.8" r="6.3"/><path d="M15.5 15.5l5 5"/>"#,
            Self::Globe => r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3.2 3 3.2 15 0 18M12 3c-3.2 3-3.2 15 0 18"/>"#,
            Self::People => {
                r#"<circle cx="8.5" cy="9" r="3.2"/><path d="M2.8 19.5c0-8 11.4-8 11.4 0M15.5 6.2a3 3 0 0 1 0 5.8M17.3 14.4c2.6.5 3.9 2.4 3.9 5.1"/>"#
            }
            Self::Person => r#"<circle cx="12" cy="8.3" r="3.8"/><path d="M4.8 20c0-9.2 14.4-9.2 14.4 0"/>"#,
            Self::Door => r#"<path d="M6 20.5v-13a6 6 0 0 1 12 0v13M3.5 20.5h17M14.6 13v1.4"/>"#,
            Self::Mail => r#"<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><path d="M3.8 7.5L12 13.4l8.2-5.9"/>"#,
            Self::Key => r#"<circle cx="8" cy="15.5" r="4.3"/><path d="M11.2 12.4L19.5 4M16 7.6l2.8 2.8"/>"#,
            Self::Clock => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.4 2"/>"#,
            Self::Pause => r#"<circle cx="12" cy="12" r="9"/><path d="M9.8 9v6M14.2 9v6"/>"#,
            Self::Away => {
                r#"<path d="M18.5 13.5v5a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 18.5V7a1.5 1.5 0 0 1 1.5-1.5h5M14.5 4H20v5.5M19.5 4.5L11 13"/>"#
            }
        }
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false" { (PreEscaped(self.strokes())) }
        }
    }
}

/// The product's mark: people in a ring, as in a sardana.
pub fn mark() -> Markup {
    html! { img class="mark" src=(assets::mark().path) width="36" height="36" alt=""; }
}
