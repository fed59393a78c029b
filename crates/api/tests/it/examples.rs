//! Every example is a call of its method.

use potok_api::methods::*;
use potok_api::{BoxIn, Endpoint, Format, Payload as _, QueryParams as _};

/// Anything of the right form.
fn value(name: &str) -> Option<String> {
    let text = match name {
        "inn" | "number" | "custom" | "shelf" | "own_shelf" | "client" | "secret" | "refresh" | "login"
        | "password" => name.to_owned(),
        _ => "1f208d03-2a60-4f64-91b1-b7aad54cfaf3".to_owned(),
    };
    Some(text)
}

fn check<E: Endpoint>() {
    let Some(example) = E::SPEC.example else { return };
    let (query, body) = example.fill(value).expect("every name has a value");
    let parsed = E::Query::parse(&query);
    assert!(parsed.is_ok(), "{}: {query}: {parsed:?}", E::SPEC);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        assert!(E::SPEC.query.iter().any(|param| param.name == name), "{}: {name}", E::SPEC);
    }
    let body = E::Request::from_body(Format::Json, body.into());
    let body = body.unwrap_or_else(|error| panic!("{}: {error}", E::SPEC));
    if let BoxIn::Body(_) | BoxIn::BodyOrganization(_) = E::SPEC.box_in {
        assert_eq!(E::named_in(&body), value("box").as_deref(), "{}", E::SPEC);
    }
}

macro_rules! check_all {
    ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
        $(check::<$endpoint>();)*
    };
}

#[test]
fn every_example_is_read_by_its_method() {
    potok_api::for_each_endpoint!(check_all);
}
