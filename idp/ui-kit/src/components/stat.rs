//! Numbers to see at a glance. Drawn as SVG with attributes, which a strict content policy allows.

use std::fmt::Write as _;

use maud::{Markup, Render, html};

use super::Tone;

/// One number with its meaning.
#[derive(Debug, Clone)]
pub struct Stat {
    label: String,
    value: String,
    detail: Option<String>,
    href: Option<String>,
    drawing: Option<Markup>,
}

impl Stat {
    /// A number, already written in the reader's language.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), detail: None, href: None, drawing: None }
    }
    /// What to make of it.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// Where its things are listed.
    pub fn href(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
    /// How it went, oldest first.
    pub fn trend(self, values: &[f64]) -> Self {
        Self { drawing: Some(sparkline(values)), ..self }
    }
    /// How much of a whole it is, from 0 to 1.
    pub fn share(self, share: f64) -> Self {
        Self { drawing: Some(bar(share)), ..self }
    }
}

impl Render for Stat {
    fn render(&self) -> Markup {
        html! {
            div class="stat" {
                dt { @if let Some(href) = &self.href { a href=(href) { (self.label) } } @else { (self.label) } }
                dd {
                    span class="stat-value" { (self.value) }
                    @if let Some(drawing) = &self.drawing { (drawing) }
                    @if let Some(detail) = &self.detail { span class="stat-detail" { (detail) } }
                }
            }
        }
    }
}

/// Several numbers beside each other.
pub fn stats(stats: &[Stat]) -> Markup {
    html! { dl class="stats" { @for stat in stats { (stat) } } }
}

/// How much of something is used, with the words beside it.
#[derive(Debug, Clone)]
pub struct Meter {
    label: String,
    share: f64,
    words: String,
}

impl Meter {
    /// `share` from 0 to 1; `words` as `1,2 GB de 5 GB`.
    pub fn new(label: impl Into<String>, share: f64, words: impl Into<String>) -> Self {
        Self { label: label.into(), share, words: words.into() }
    }
}

impl Render for Meter {
    fn render(&self) -> Markup {
        html! {
            div class="meter" {
                span class="meter-label" { (self.label) }
                span class="meter-words" { (self.words) }
                (bar(self.share))
            }
        }
    }
}

fn bar(share: f64) -> Markup {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    html! {
        svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect class="bar-whole" width="100" height="6" {}
            rect class="bar-part" width=(format!("{:.1}", share * 100.0)) height="6" {}
        }
    }
}

/// One part of a whole: as a stretch of its bar and as a line under it.
#[derive(Debug, Clone)]
pub struct Part {
    label: String,
    n: u32,
    words: String,
    tone: Tone,
    href: Option<String>,
}

impl Part {
    /// `n` of them; `words` as `12 persones`.
    pub fn new(tone: Tone, label: impl Into<String>, n: u32, words: impl Into<String>) -> Self {
        Self { label: label.into(), n, words: words.into(), tone, href: None }
    }
    /// Where they are listed.
    pub fn href(self, href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..self }
    }
}

/// What a whole is made of: one bar, and a line for each part that says what its colour means.
pub fn parts(parts: &[Part]) -> Markup {
    let whole = f64::from(parts.iter().map(|part| part.n).sum::<u32>().max(1));
    let mut from = 0.0;
    let mut stretches = Vec::new();
    for part in parts {
        let share = f64::from(part.n) / whole * 100.0;
        stretches.push((part.tone.class(), from, share));
        from += share;
    }
    html! {
        div class="parts" {
            svg class="parts-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                @for (tone, from, share) in &stretches {
                    rect class={ "part-" (tone) } x=(format!("{from:.2}")) width=(format!("{share:.2}")) height="6" {}
                }
            }
            ul {
                @for part in parts {
                    li {
                        span class={ "part-dot part-" (part.tone.class()) } aria-hidden="true" {}
                        @if let Some(href) = &part.href { a href=(href) { (part.label) } } @else { span { (part.label) } }
                        " " span class="part-words" { (part.words) }
                    }
                }
            }
        }
    }
}

/// A small line of how a number went, oldest first; nothing for fewer than two finite values.
pub fn sparkline(values: &[f64]) -> Markup {
    const WIDTH: f64 = 120.0;
    const HEIGHT: f64 = 32.0;
    const MARGIN: f64 = 3.0;
    let values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let span = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least;
    let gap = (WIDTH - 2.0 * MARGIN) / values.iter().skip(1).map(|_| 1.0).sum::<f64>();
    let mut line = String::new();
    let mut last = (MARGIN, HEIGHT / 2.0);
    let mut x = MARGIN;
    for value in &values {
        let height = if span > 0.0 { (value - least) / span } else { 0.5 };
        last = (x, HEIGHT - MARGIN - height * (HEIGHT - 2.0 * MARGIN));
        // writing to a string cannot fail
        let _ = write!(line, "{}{:.1} {:.1}", if line.is_empty() { 'M' } else { 'L' }, last.0, last.1);
        x += gap;
    }
    html! {
        @if values.len() > 1 {
            svg class="spark" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) aria-hidden="true" focusable="false" {
                path class="spark-area" d={ (line) "V" (HEIGHT) "H" (MARGIN) "Z" } {}
                path class="spark-line" d=(line) {}
                circle class="spark-end" cx=(format!("{:.1}", last.0)) cy=(format!("{:.1}", last.1)) r="2.6" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_frame() {
        for (share, width) in [(0.5, "50.0"), (7.0, "100.0"), (-1.0, "0.0"), (f64::NAN, "0.0")] {
            assert!(bar(share).into_string().contains(&format!(r#"width="{width}""#)), "{share}");
        }
    }

    #[test]
    fn the_parts_of_a_bar_fill_it_one_after_the_other() {
        let three = [(1, Tone::Info), (2, Tone::Success), (1, Tone::Warning)].map(|(n, tone)| Part::new(tone, "x", n, "y"));
        let drawn = parts(&three).into_string();
        for stretch in [r#"x="0.00" width="25.00""#, r#"x="25.00" width="50.00""#, r#"x="75.00" width="25.00""#] {
            assert!(drawn.contains(stretch), "{stretch} in {drawn}");
        }
        assert!(!parts(&[Part::new(Tone::Info, "x", 0, "y")]).into_string().contains("NaN"));
    }

    #[test]
    fn a_line_needs_two_points() {
        assert_eq!(sparkline(&[1.0, f64::NAN]).into_string(), "");
        let drawn = sparkline(&[1.0, 3.0, 2.0]).into_string();
        assert!(drawn.contains("M3.0 29.0L60.0 3.0L117.0 16.0"), "{drawn}");
        assert!(sparkline(&[2.0, 2.0]).into_string().contains("M3.0 16.0L117.0 16.0"));
    }
}
