//! The shape of a settings file as JSON Schema, for editors: read off the reference, so that it cannot say anything else.

use serde_json::{Map, Value, json};

use super::REFERENCE;

/// JSON Schema (2020-12) of a settings file.
pub fn schema() -> Value {
    let mut root = Map::new();
    let mut sections: Vec<(String, Map<String, Value>)> = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in REFERENCE.lines() {
        if let Some(words) = line.strip_prefix('#') {
            comment.push(words.trim());
        } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            sections.push((name.to_owned(), Map::new()));
            comment.clear();
        } else if let Some((name, example)) = line.split_once(" = ") {
            let properties = sections.last_mut().map_or(&mut root, |(_, properties)| properties);
            properties.insert(name.to_owned(), property(&comment.join(" "), example));
            comment.clear();
        } else {
            comment.clear();
        }
    }
    for (name, properties) in sections {
        root.insert(name, json!({ "type": "object", "additionalProperties": false, "properties": properties }));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of idp",
        "type": "object",
        "additionalProperties": false,
        "required": ["issuer"],
        "properties": root,
    })
}

fn property(description: &str, example: &str) -> Value {
    // the examples of the reference are JSON as well as TOML
    let example: Value = serde_json::from_str(example).unwrap_or_default();
    match example {
        Value::Array(_) => json!({ "description": description, "type": "array", "items": { "type": "string" }, "examples": [example] }),
        Value::Number(_) => json!({ "description": description, "type": "integer", "examples": [example] }),
        _ => json!({ "description": description, "type": "string", "examples": [example] }),
    }
}
