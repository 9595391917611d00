//! Searching in normalised columns, alike on both databases: lower case, no accents, signs taken literally.

use idp_domain::name::DisplayName;
use sea_orm::{
    ExprTrait,
    sea_query::{Expr, LikeExpr},
};

const ESCAPE: char = '!';

/// What somebody typed into a search field, as it is compared: like a name's sort key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// Nothing: everything is found.
    Nothing,
    /// Part of a name.
    Part(String),
    /// Something no name contains: nothing is found.
    Nonsense,
}

impl Typed {
    pub(crate) fn of(text: Option<&str>) -> Self {
        let text = text.map_or("", str::trim);
        if text.is_empty() {
            return Self::Nothing;
        }
        match DisplayName::parse(text).map(|name| name.sort_key()) {
            Ok(key) if !key.is_empty() => Self::Part(key),
            _ => Self::Nonsense,
        }
    }
}

/// Whether a normalised column contains the part.
pub(crate) fn contains(column: Expr, part: &str) -> Expr {
    column.like(LikeExpr::new(format!("%{}%", escaped(part))).escape(ESCAPE))
}

/// What is never true.
pub(crate) fn never() -> Expr {
    Expr::Constant(0_i64.into()).eq(Expr::Constant(1_i64.into()))
}

/// What is always true.
pub(crate) fn always() -> Expr {
    Expr::Constant(1_i64.into()).eq(Expr::Constant(1_i64.into()))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            out.push(ESCAPE);
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_signs_are_taken_literally() {
        assert_eq!(escaped("50%_a!b"), "50!%!_a!!b");
    }

    #[test]
    fn what_is_typed_is_compared_like_a_name() {
        for (text, expected) in [
            (None, Typed::Nothing),
            (Some("  "), Typed::Nothing),
            (Some("  Àngela L'Hort "), Typed::Part("angela lhort".to_owned())),
            (Some("a\u{202e}b"), Typed::Nonsense),
            (Some("'"), Typed::Nonsense),
        ] {
            assert_eq!(Typed::of(text), expected, "{text:?}");
        }
    }
}
