//! A person's initials in a circle: nobody is asked for a photograph, nothing is fetched.

use maud::{Markup, Render, html};

/// How many colours the stylesheet has for avatars.
const COLOURS: u32 = 6;

/// The initials of a name; the colour follows from the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    name: String,
    small: bool,
}

impl Avatar {
    /// Of the usual size.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), small: false }
    }
    /// As high as a line of text and a half.
    pub fn small(self) -> Self {
        Self { small: true, ..self }
    }

    /// The first letters of the first and the last word that begins with one.
    fn initials(&self) -> String {
        let mut firsts = self.name.split_whitespace().filter_map(|word| without_article(word).chars().find(|c| c.is_alphanumeric()));
        let first = firsts.next();
        first.into_iter().chain(firsts.next_back()).flat_map(char::to_uppercase).collect()
    }

    fn colour(&self) -> u32 {
        self.name.chars().fold(7_u32, |sum, c| sum.wrapping_mul(31).wrapping_add(u32::from(c))) % COLOURS
    }
}

/// `Ateneu` of `L’Ateneu`: an elided article or preposition begins no name.
fn without_article(word: &str) -> &str {
    match word.split_once(['\'', '’']) {
        Some((article, noun)) if article.chars().count() == 1 && !noun.is_empty() => noun,
        _ => word,
    }
}

impl Render for Avatar {
    fn render(&self) -> Markup {
        let size = if self.small { " avatar-small" } else { "" };
        html! { span class={ "avatar avatar-" (self.colour()) (size) } aria-hidden="true" { (self.initials()) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_last_name() {
        for (name, initials) in [
            ("Maria Rosell i Puig", "MP"),
            ("Òscar", "Ò"),
            ("“Lluna” de Nit", "LN"),
            ("", ""),
            ("— · —", ""),
            ("ñandú ça", "ÑÇ"),
            ("Col·lectiu L'Àgora", "CÀ"),
            ("L’Ateneu", "A"),
            ("O'", "O"),
        ] {
            assert_eq!(Avatar::new(name).initials(), initials, "{name}");
        }
    }
}
