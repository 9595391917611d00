//! Parameters of a query or form, each at most once.

use std::collections::BTreeMap;

/// A parameter was given twice, which leaves open what was meant (RFC 6749 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duplicate;

/// Reads `a=1&b=2`; an empty parameter counts as absent.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, String>, Duplicate> {
    let mut parameters = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Duplicate);
        }
    }
    parameters.retain(|_, value| !value.is_empty());
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_given_twice_is_refused_and_an_empty_one_is_absent() {
        assert_eq!(parse("state=a&state=b"), Err(Duplicate));
        assert_eq!(parse("state=a&state="), Err(Duplicate));
        let read = parse("code=a%20b&state=").expect("nothing is given twice");
        assert_eq!(read.into_iter().collect::<Vec<_>>(), [("code".to_owned(), "a b".to_owned())]);
    }
}
