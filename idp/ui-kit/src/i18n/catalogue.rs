//! Every message in every language, and the proof that the languages agree.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

use super::{Lang, Value, elision};

/// The words of this kit itself; an application may override one by defining the same key.
const KIT: [(Lang, &str); 3] = [
    (Lang::Ca, include_str!("../../locales/ca.ftl")),
    (Lang::Es, include_str!("../../locales/es.ftl")),
    (Lang::En, include_str!("../../locales/en.ftl")),
];

/// The messages of one application in all languages, with the kit's own underneath.
pub struct Catalogue {
    /// In the order of [`Lang::ALL`].
    bundles: [FluentBundle<FluentResource>; Lang::ALL.len()],
    sources: Vec<(Lang, &'static str)>,
}

/// Message (or `message.attribute`) to the variables it uses.
type Shape = BTreeMap<String, BTreeSet<String>>;

impl Catalogue {
    /// Reads the Fluent sources of each language. A message that cannot be read is left out here and named by
    /// [`Catalogue::problems`], which every application's tests assert to be empty.
    pub fn new(languages: &[(Lang, &[&'static str])]) -> Self {
        let own = languages.iter().flat_map(|(lang, sources)| sources.iter().map(|source| (*lang, *source)));
        let sources: Vec<(Lang, &'static str)> = KIT.into_iter().chain(own).collect();
        let bundles = Lang::ALL.map(|lang| {
            let mut bundle = FluentBundle::new_concurrent(lang.tag().parse().into_iter().collect());
            bundle.set_use_isolating(false);
            for (name, function) in elision::FUNCTIONS {
                // the names are our own and given once
                let _ = bundle.add_function(name, move |arguments, _| elision::apply(function, arguments));
            }
            for (_, source) in sources.iter().filter(|(of, _)| *of == lang) {
                let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(readable, _)| readable);
                bundle.add_resource_overriding(resource);
            }
            bundle
        });
        Self { bundles, sources }
    }

    pub(super) fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles[lang.index()].has_message(key)
    }

    pub(super) fn format(&self, lang: Lang, key: &str, values: &[(&str, Value<'_>)]) -> Option<String> {
        let bundle = &self.bundles[lang.index()];
        let pattern = bundle.get_message(key)?.value()?;
        let arguments: FluentArgs<'_> = values.iter().cloned().collect();
        // a variable that is missing prints as `{$name}`; tests over all pages look for that
        Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
    }

    /// What is wrong with the texts, one sentence each: syntax, keys given twice, keys or variables that a language has
    /// and Catalan has not, or the other way round. Empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let shapes = Lang::ALL.map(|lang| self.shape(lang, &mut problems));
        let reference = &shapes[Lang::Ca.index()];
        for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::Ca) {
            let shape = &shapes[lang.index()];
            for (key, variables) in reference {
                match shape.get(key) {
                    None => problems.push(format!("{lang}: `{key}` is missing")),
                    Some(theirs) if theirs != variables => {
                        problems.push(format!("{lang}: `{key}` uses the variables {theirs:?}, Catalan {variables:?}"));
                    }
                    Some(_) => {}
                }
            }
            problems.extend(shape.keys().filter(|key| !reference.contains_key(*key)).map(|key| format!("{lang}: `{key}` has no Catalan")));
        }
        problems
    }

    fn shape(&self, lang: Lang, problems: &mut Vec<String>) -> Shape {
        let mut shape = Shape::new();
        for (nth, (_, source)) in self.sources.iter().filter(|(of, _)| *of == lang).enumerate() {
            let resource = parser::parse(*source).unwrap_or_else(|(readable, errors)| {
                problems.extend(errors.iter().map(|error| format!("{lang}: {error}")));
                readable
            });
            let mut here = BTreeSet::new();
            for entry in &resource.body {
                let Entry::Message(message) = entry else { continue };
                let key = message.id.name;
                if !here.insert(key) || (nth > 1 && shape.contains_key(key)) {
                    problems.push(format!("{lang}: `{key}` is given twice"));
                }
                shape.insert(key.to_owned(), message.value.as_ref().map(variables).unwrap_or_default());
                for attribute in &message.attributes {
                    shape.insert(format!("{key}.{}", attribute.id.name), variables(&attribute.value));
                }
            }
        }
        shape
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("sources", &self.sources.len()).finish_non_exhaustive()
    }
}

fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(pattern, &mut found);
    found
}

fn collect(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, found),
            Expression::Select { selector, variants } => {
                collect_inline(selector, found);
                for variant in variants {
                    collect(&variant.value, found);
                }
            }
        }
    }
}

fn collect_inline(expression: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                collect_inline(argument, found);
            }
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                collect_inline(inner, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::T;

    fn leaked(languages: &[(Lang, &[&'static str])]) -> &'static Catalogue {
        Box::leak(Box::new(Catalogue::new(languages)))
    }

    #[test]
    fn the_kits_own_languages_agree() {
        assert_eq!(Catalogue::new(&[]).problems(), Vec::<String>::new());
    }

    #[test]
    fn every_way_of_disagreeing_is_named() {
        let catalogue = Catalogue::new(&[
            (Lang::Ca, &["one = { $n }\ntwo = dos\nthree = { $n ->\n  [one] { $a }\n *[other] { $b }\n}\n"]),
            (Lang::Es, &["one = { $m }\nthree = { $a } { $b } { $n }\nfour = cuatro\n"]),
            (Lang::En, &["one = { $n }\none = { $n }\ntwo = two\nthree = { $a } { $b } { $n }\nbroken = {\n"]),
        ]);
        let problems = catalogue.problems().join("\n");
        for expected in [
            "es: `one` uses the variables {\"m\"}, Catalan {\"n\"}",
            "es: `two` is missing",
            "es: `four` has no Catalan",
            "en: `one` is given twice",
        ] {
            assert!(problems.contains(expected), "{expected}\nin\n{problems}");
        }
        assert!(!problems.contains("`three`"), "{problems}");
        assert!(problems.lines().any(|line| line.starts_with("en: ") && !line.contains('`')), "the syntax error is told: {problems}");
    }

    #[test]
    fn a_missing_text_falls_back_to_catalan_and_then_to_its_key() {
        let catalogue = leaked(&[(Lang::Ca, &["hello = Hola, { $name }"]), (Lang::Es, &[]), (Lang::En, &[])]);
        let t = T::new(Lang::En, catalogue);
        assert_eq!(t.args("hello", &[("name", "Núria".into())]), "Hola, Núria");
        assert_eq!(t.msg("nowhere"), "nowhere");
        assert!(!t.has("hello"));
    }

    #[test]
    fn an_application_may_override_a_word_of_the_kit() {
        let catalogue = leaked(&[(Lang::Ca, &["kit-skip = Cap al contingut"])]);
        assert_eq!(T::new(Lang::Ca, catalogue).msg("kit-skip"), "Cap al contingut");
    }

    #[test]
    fn threads_share_one_catalogue() {
        let t = T::new(Lang::Ca, leaked(&[(Lang::Ca, &["people = { $n ->\n  [one] una persona\n *[other] { $n } persones\n}"])]));
        let handle = std::thread::spawn(move || t.args("people", &[("n", 3.into())]));
        assert_eq!(t.args("people", &[("n", 1.into())]), "una persona");
        assert_eq!(handle.join().expect("the thread ended well"), "3 persones");
    }
}
