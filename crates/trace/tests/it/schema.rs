//! `docs/protocol.schema.json` is what the types say.

use expect_test::expect_file;
use mondegreen_trace::{Effect, Input};
use schemars::generate::SchemaSettings;
use serde_json::json;

/// `UPDATE_EXPECT=1` writes it anew.
#[test]
fn the_schema_in_the_docs_is_that_of_the_types() {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let line = [
        generator.subschema_for::<Input>(),
        generator.subschema_for::<Effect>(),
    ];
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of the assistant protocol, version 1",
        "description": "Fields that are not named here are ignored; other types are not part of the protocol.",
        "anyOf": line,
        "$defs": generator.take_definitions(true),
    });
    let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
    expect_file!["../../../../docs/protocol.schema.json"].assert_eq(&text);
}
