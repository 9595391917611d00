//! The contract as a document: generated from the handlers, checked in as `idp/openapi.json`.

use idp_api::{Problem, paths};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Content, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required, ResponseBuilder, ServerBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use super::routes;

const SCHEME: &str = "access_token";

/// The document, pretty-printed, with a line break at its end.
pub fn openapi() -> String {
    let (_, mut document) = OpenApiRouter::with_openapi(head()).nest(paths::BASE, routes()).split_for_parts();
    add_problem(&mut document);
    for (template, item) in &mut document.paths.paths {
        for operation in operations(item) {
            complete(template, operation);
        }
    }
    // a document made of strings, numbers, lists and maps with text keys
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

fn head() -> OpenApi {
    let mut components = utoipa::openapi::Components::new();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of a person with the scope `manage` and the audience `<issuer>/manage`"))
        .build();
    components.add_security_scheme(SCHEME, SecurityScheme::Http(bearer));
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Aplec management API").version("1").description(Some(
            "Identifiers are opaque strings with a prefix, times are milliseconds since 1970, quotas are bytes. Within v1 \
             changes only add. What belongs to a collective that the caller has nothing to do with does not exist: 404.",
        )))
        .servers(Some([ServerBuilder::new().url("/").description(Some("Relative to the issuer")).build()]))
        .components(Some(components))
        .security(Some([SecurityRequirement::new(SCHEME, [idp_api::SCOPE])]))
        .build()
}

fn add_problem(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let mut schemas = Vec::new();
    Problem::schemas(&mut schemas);
    schemas.push((Problem::name().into_owned(), Problem::schema()));
    components.schemas.extend(schemas);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch].into_iter().filter_map(Option::as_mut)
}

/// What is the same everywhere: the identifiers of the path, and a problem as the answer to everything that fails.
fn complete(template: &str, operation: &mut Operation) {
    let names = template.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let ids = names.map(|name| {
        ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
            .build()
            .into()
    });
    let given = operation.parameters.take().unwrap_or_default();
    let all: Vec<RefOr<Parameter>> = ids.chain(given).collect();
    operation.parameters = (!all.is_empty()).then_some(all);
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done".clone_into(&mut response.description);
        }
    }
    let problem = ResponseBuilder::new()
        .description("Why it was not done")
        .content(idp_api::PROBLEM_JSON, Content::new(Some(RefOr::Ref(Ref::from_schema_name(Problem::name())))))
        .build();
    operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the variable is the wish of whoever runs this test, no setting")]
    fn the_document_is_the_one_checked_in() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(file, openapi()).expect("writable");
        }
        let known = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(openapi(), known, "the API changed; run this test again with UPDATE_EXPECT=1 and read the difference");
    }

    #[test]
    fn it_describes_every_route_once() {
        let document: serde_json::Value = serde_json::from_str(&openapi()).expect("JSON");
        let described: BTreeSet<_> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
        assert_eq!(described, paths::ALL.into_iter().collect());
    }
}
