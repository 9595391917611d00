//! Row versions as entity tags (RFC 9110 §8.8.3, §13.1.1).

/// The value of `If-Match` and `ETag` for a version: `"3"`, with the quotes.
pub fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version a strong entity tag names; `None` for weak tags, lists, `*` and anything else.
pub fn parse(tag: &str) -> Option<i64> {
    let digits = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let clean = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if clean { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_survives_its_tag_and_nothing_else_is_one() {
        assert_eq!(parse(&tag(17)), Some(17));
        for bad in ["", "17", "W/\"17\"", "\"17\", \"18\"", "*", "\"\"", "\"-1\"", "\"+1\"", "\"99999999999999999999\""] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
