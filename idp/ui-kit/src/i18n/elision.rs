//! The small words that Catalan joins to the next one: *de Maria* but *d’Anna*, *el 3 de març* but *l’11 de març*.

use fluent_bundle::FluentValue;

/// What stands before a word: as it is before a consonant, elided before a vowel.
type Forms = (&'static str, &'static str);

/// The functions of the texts by name.
pub(super) const FUNCTIONS: [(&str, Forms); 4] =
    [("DE", ("de ", "d’")), ("EL", ("el ", "l’")), ("DEL", ("del ", "de l’")), ("AL", ("al ", "a l’"))];

/// The first positional argument with the form it asks for.
pub(super) fn apply((full, elided): Forms, arguments: &[FluentValue<'_>]) -> FluentValue<'static> {
    let Some(FluentValue::String(word)) = arguments.first() else { return FluentValue::Error };
    let form = if begins_with_a_vowel(word) { elided } else { full };
    FluentValue::String(format!("{form}{word}").into())
}

/// As it is said: *h* is silent, *1* and *11* are *u* and *onze*, and *i* or *u* before a vowel are no vowels (*de Iolanda*).
fn begins_with_a_vowel(word: &str) -> bool {
    let number: String = word.chars().take_while(char::is_ascii_digit).collect();
    if !number.is_empty() {
        return matches!(number.as_str(), "1" | "11");
    }
    let mut letters = word.chars().flat_map(char::to_lowercase).skip_while(|letter| *letter == 'h');
    match letters.next() {
        Some(letter @ ('i' | 'u')) => !letters.next().is_some_and(|next| is_vowel(next) && !matches!((letter, next), ('i', 'u'))),
        Some(letter) => is_vowel(letter),
        None => false,
    }
}

const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'à' | 'á' | 'e' | 'è' | 'é' | 'i' | 'í' | 'ï' | 'o' | 'ò' | 'ó' | 'u' | 'ú' | 'ü')
}

#[cfg(test)]
mod tests {
    use crate::{Catalogue, Lang, T};

    #[test]
    fn small_words_are_joined_to_vowels_only() {
        let texts = "of = la porta { DE($x) }\non = { EL($x) }\nsince = { DEL($x) }\nuntil = fins { AL($x) }";
        let t = T::new(Lang::Ca, Box::leak(Box::new(Catalogue::new(&[(Lang::Ca, &[texts])]))));
        let said = |key, x: &str| t.args(key, &[("x", x.to_owned().into())]);
        for (name, joined) in [
            ("Maria", "de Maria"),
            ("Anna", "d’Anna"),
            ("Òscar", "d’Òscar"),
            ("Helena", "d’Helena"),
            ("Iu", "d’Iu"),
            ("Imma", "d’Imma"),
            ("Iolanda", "de Iolanda"),
            ("L'Ateneu", "de L'Ateneu"),
        ] {
            assert_eq!(said("of", name), format!("la porta {joined}"), "{name}");
        }
        for (date, [on, since, until]) in [
            ("3 de març", ["el 3 de març", "del 3 de març", "fins al 3 de març"]),
            ("1 de març", ["l’1 de març", "de l’1 de març", "fins a l’1 de març"]),
            ("11 de març", ["l’11 de març", "de l’11 de març", "fins a l’11 de març"]),
            ("12 de març", ["el 12 de març", "del 12 de març", "fins al 12 de març"]),
        ] {
            assert_eq!(["on", "since", "until"].map(|key| said(key, date)), [on, since, until]);
        }
    }
}
