//! Query strings as clients write them.

use potok_api::methods::*;
use potok_api::{Endpoint, Opaque, ParamKind, ParamSpec, QueryMap, QueryParams, QueryWriter};
use potok_types::BoxId;
use proptest::prelude::*;

const BOX: &str = "1f208d03-2a60-4f64-91b1-b7aad54cfaf3";
const ID: &str = "ffbb6f4f-ba5e-4d7b-a5a7-8b2c2b1d8e07";

fn box_id() -> BoxId {
    BOX.parse().expect("a box id")
}

#[test]
fn names_come_in_any_case_and_unknown_ones_are_skipped() {
    for raw in [
        format!("boxId={BOX}&eventId={ID}"),
        format!("?eventid={ID}&BOXID={BOX}"),
        format!("&unknown=1&unknown=2&&boxId={BOX}&eventId={ID}&x"),
        format!("box%49d=1f208d032a604f6491b1b7aad54cfaf3%40diadoc.ru&eventId={}", ID.replace('-', "")),
    ] {
        let query = GetEventQuery::parse(&raw).unwrap_or_else(|error| panic!("{raw}: {error}"));
        assert_eq!(
            query,
            GetEventQuery::new(box_id(), ID.parse::<potok_types::EventId>().expect("an id")),
            "{raw}"
        );
    }
}

#[test]
fn what_is_endless_is_refused_with_its_limit() {
    let search = |words: usize| {
        let raw = format!("myBoxId={BOX}&query={}", "%D1%8B".repeat(words));
        CounteragentsQuery::parse(&raw).map(|_| ())
    };
    assert_eq!(search(1000), Ok(()));
    let long = search(1001).expect_err("it is too long").to_string();
    assert_eq!(long, "query parameter query has more than 1000 characters, which is the limit: shorten it");
    let feed = |types: usize| {
        GetNewEventsQuery::parse(&format!("boxId={BOX}&typeNamedId={}", "a,".repeat(types))).map(|_| ())
    };
    assert_eq!(feed(200), Ok(()));
    let many = feed(201).expect_err("they are too many").to_string();
    assert_eq!(
        many,
        "query parameter typeNamedId has more than 200 values, which is the limit: leave some out"
    );
}

#[test]
fn a_name_without_value_is_absent_unless_it_is_a_flag() {
    let absent = GetMessageQuery::new(box_id(), ID.parse::<potok_types::MessageId>().expect("an id"));
    let read =
        |rest: &str| GetMessageQuery::parse(&format!("boxId={BOX}&messageId={ID}{rest}")).expect("a query");
    for rest in [
        "",
        "&entityId",
        "&entityId=",
        "&injectEntityContent",
        "&originalSignature=false",
        "&originalSignature=0",
    ] {
        assert_eq!(read(rest), absent, "{rest}");
    }
    for rest in [
        "&originalSignature",
        "&originalSignature=",
        "&ORIGINALSIGNATURE=True",
        "&originalSignature=1",
        "&originalSignature=yes",
    ] {
        assert_eq!(read(rest), GetMessageQuery { original_signature: true, ..absent.clone() }, "{rest}");
    }
    for (word, value) in
        [("True", true), ("true", true), ("1", true), ("False", false), ("FALSE", false), ("0", false)]
    {
        let expected = GetMessageQuery { inject_entity_content: Some(value), ..absent.clone() };
        assert_eq!(read(&format!("&injectEntityContent={word}")), expected, "{word}");
    }
}

#[test]
fn a_plus_is_a_blank_in_words_and_itself_in_opaque_text() {
    let read = |rest: &str| CounteragentsQuery::parse(&format!("myBoxId={BOX}&{rest}")).expect("a query");
    assert_eq!(read("query=%D0%9E%D0%9E%D0%9E+%D0%A0").query.as_deref(), Some("ООО Р"));
    assert_eq!(read("query=50%").query.as_deref(), Some("50%"), "some clients do not escape");
    for raw in ["afterIndexKey=a+b/c=", "afterIndexKey=a%2Bb/c%3D", "afterIndexKey=a%20b%2Fc="] {
        assert_eq!(read(raw).after_index_key, Some(Opaque::from("a+b/c=")), "{raw}");
    }
    let feed =
        |key: &str| GetNewEventsQuery::parse(&format!("boxId={BOX}&afterIndexKey={key}")).expect("a query");
    assert_eq!(feed("CNvI+/RK0Ik=").after_index_key, feed("CNvI-_RK0Ik").after_index_key);
    assert!(feed("CNvI+/RK0Ik=").after_index_key.is_some());
}

#[test]
fn lists_are_split_at_commas() {
    let query =
        GetNewEventsQuery::parse(&format!("boxId={BOX}&messageType=Letter,%20Draft,,&typeNamedId=a%2Cb"))
            .expect("a query");
    assert_eq!(query.message_type, ["Letter", "Draft"]);
    let twice = format!("boxId={BOX}&messageType=Letter&MessageType=Draft");
    let twice = GetNewEventsQuery::parse(&twice).expect("a list may be given in parts");
    assert_eq!(twice.message_type, query.message_type);
    assert_eq!(query.type_named_id, ["a", "b"]);
    assert!(query.document_direction.is_empty());
}

#[test]
fn errors_have_the_words_that_programs_know() {
    let feed = |rest: &str| format!("boxId={BOX}&{rest}");
    for (raw, name, expected) in [
        ("".to_owned(), "boxId", "Could not get boxId from query param"),
        ("boxId=12".to_owned(), "boxId", "Could not get boxId from query param"),
        (
            format!("boxId={BOX}&BOXID={BOX}"),
            "boxId",
            &format!("boxId: Could not parse query param: {BOX},{BOX}"),
        ),
        (feed("limit=ten"), "limit", "limit: Could not parse query param: ten"),
        (
            feed("limit=99999999999999999999"),
            "limit",
            "limit: Could not parse query param: 99999999999999999999",
        ),
        (feed("limit=1&limit=2"), "limit", "limit: Could not parse query param: 1,2"),
        (feed("orderBy=Ascending&orderBy"), "orderBy", "orderBy: Could not parse query param: Ascending,"),
        (feed("afterEventId=x"), "afterEventId", "Could not parse afterEventId query param"),
        (feed("afterIndexKey=CN3T"), "afterIndexKey", "cursor must have valid value"),
        (feed("orderBy=%ff"), "orderBy", "orderBy: Could not parse query param: \u{fffd}"),
    ] {
        let error = GetNewEventsQuery::parse(&raw).expect_err(&raw);
        assert_eq!((error.parameter(), error.to_string().as_str()), (name, expected), "{raw}");
        assert!(error.row().is_some_and(|row| row.fits(&error.to_string())), "{raw}");
    }
    for raw in ["", "&messageId=x", "&messageId"] {
        let error = GetMessageQuery::parse(&format!("boxId={BOX}{raw}")).expect_err(raw);
        assert_eq!(error.to_string(), "Could not find or parse messageId query param");
    }
    let long = "x".repeat(1000);
    let error = GetNewEventsQuery::parse(&feed(&format!("limit={long}"))).expect_err("a wrong number");
    assert!(error.to_string().len() < 128, "what is echoed stays short");
}

/// A value that the kind accepts.
fn value(kind: ParamKind) -> BoxedStrategy<String> {
    match kind {
        ParamKind::Text => ".{1,12}".boxed(),
        ParamKind::BoxId | ParamKind::Guid => any::<u128>().prop_map(|id| format!("{id:032x}")).boxed(),
        ParamKind::IndexKey => {
            any::<i64>().prop_map(|key| potok_types::IndexKey::new(key).to_string()).boxed()
        }
        ParamKind::Opaque => "[!-~]{1,20}".boxed(),
        ParamKind::Flag | ParamKind::Bool => prop_oneof!["true", "false", "True", "0", "1"].boxed(),
        ParamKind::Int => any::<i64>().prop_map(|number| number.to_string()).boxed(),
        ParamKind::List => {
            proptest::collection::vec("[a-zA-Zа-яА-Я]{1,8}", 1..4).prop_map(|items| items.join(",")).boxed()
        }
    }
}

/// A query string with all required parameters and some optional ones.
fn raw_query(params: &'static [ParamSpec]) -> impl Strategy<Value = String> {
    let one = |param: &'static ParamSpec| {
        let value = value(param.kind);
        let value =
            if param.required { value.prop_map(Some).boxed() } else { proptest::option::of(value).boxed() };
        value.prop_map(|value| value.map(|value| (param.name, value)))
    };
    params.iter().map(one).collect::<Vec<_>>().prop_map(|pairs| {
        let mut out = QueryWriter::default();
        for (name, value) in pairs.into_iter().flatten() {
            out.push(name, &value);
        }
        out.finish()
    })
}

fn survives_the_way_back<E: Endpoint>() {
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 32, ..ProptestConfig::default() });
    runner
        .run(&raw_query(E::Query::PARAMS), |raw| {
            let query =
                E::Query::parse(&raw).map_err(|error| TestCaseError::fail(format!("{raw}: {error}")))?;
            prop_assert_eq!(E::Query::parse(&query.to_query_string()), Ok(query));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{}: {error}", E::SPEC));
}

macro_rules! check_all {
    ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
        $(survives_the_way_back::<$endpoint>();)*
    };
}

#[test]
fn what_is_written_is_read_for_every_method() {
    potok_api::for_each_endpoint!(check_all);
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>()) {
        let param = ParamSpec { name: "query", required: false, kind: ParamKind::Text };
        let mut out = QueryWriter::default();
        out.push("query", &text);
        let raw = out.finish();
        prop_assert_eq!(QueryMap::parse(&raw).text(&param), Ok(Some(text).filter(|text| !text.is_empty())));
    }

    #[test]
    fn no_query_string_is_too_odd(raw in any::<String>()) {
        let _any_answer_will_do = GetNewEventsQuery::parse(&raw);
    }
}
