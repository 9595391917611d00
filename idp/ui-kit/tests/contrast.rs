//! The stylesheet's colours are readable in both themes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

/// `(foreground, background, least ratio)`.
const PAIRS: [(&str, &str, f64); 40] = [
    ("ink", "paper", 7.0),
    ("ink", "surface", 7.0),
    ("ink", "sunk", 7.0),
    ("muted", "paper", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "sunk", 4.5),
    ("edge", "paper", 3.0),
    ("edge", "surface", 3.0),
    ("sea", "paper", 4.5),
    ("sea", "surface", 4.5),
    ("sea", "sunk", 4.5),
    ("sea", "sea-wash", 4.5),
    ("sea-deep", "sea-wash", 4.5),
    ("on-sea", "sea", 4.5),
    ("on-sea", "sea-deep", 4.5),
    ("muted", "sea-wash", 4.5),
    ("tile", "surface", 4.5),
    ("tile", "tile-wash", 4.5),
    ("good", "good-wash", 4.5),
    ("good", "surface", 4.5),
    ("warn", "warn-wash", 4.5),
    ("bad", "bad-wash", 4.5),
    ("bad", "surface", 4.5),
    ("bad", "paper", 4.5),
    ("on-bad", "bad", 4.5),
    ("on-bad", "bad-deep", 4.5),
    ("ink", "sea-wash", 7.0),
    ("ink", "good-wash", 7.0),
    ("ink", "warn-wash", 7.0),
    ("ink", "bad-wash", 7.0),
    ("focus", "paper", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "sunk", 3.0),
    ("good", "paper", 4.5),
    ("warn", "surface", 4.5),
    ("foam", "surface", 3.0),
    ("honey", "surface", 3.0),
    ("tile", "paper", 4.5),
    ("sea-deep", "surface", 4.5),
    ("bad-deep", "surface", 4.5),
];

#[test]
fn every_pair_of_colours_is_readable_in_light_and_dark() {
    let css = std::str::from_utf8(&ui_kit::assets::stylesheet().bytes).expect("the stylesheet is UTF-8");
    let tokens: BTreeMap<&str, (f64, f64)> = css.lines().filter_map(token).collect();
    let mut faint = Vec::new();
    for (front, back, least) in PAIRS {
        let (front_light, front_dark) = *tokens.get(front).unwrap_or_else(|| panic!("no colour --{front}"));
        let (back_light, back_dark) = *tokens.get(back).unwrap_or_else(|| panic!("no colour --{back}"));
        for (theme, ratio) in [("light", ratio(front_light, back_light)), ("dark", ratio(front_dark, back_dark))] {
            if ratio < least {
                faint.push(format!("{theme}: {front} on {back} has {ratio:.2}, needs {least}"));
            }
        }
    }
    assert!(faint.is_empty(), "{}", faint.join("\n"));
}

/// `--ink: light-dark(#2b2420, #f2e9dd);` as the luminances of both themes.
fn token(line: &str) -> Option<(&str, (f64, f64))> {
    let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
    let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
    Some((name, (luminance(light)?, luminance(dark)?)))
}

fn luminance(colour: &str) -> Option<f64> {
    let hex = colour.strip_prefix('#').filter(|hex| hex.len() == 6)?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?) / 255.0;
        Some(if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}

fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}
