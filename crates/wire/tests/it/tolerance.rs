//! What JSON input is forgiven, and what is not: each line is an input and what it must become.

use potok_wire::proto::documents::GetDocumentsV4Request;
use potok_wire::proto::events::{BoxEvent, Entity, MessagePatch, MessageToPost, SignedContent};
use potok_wire::proto::{Content, LoginPassword, Timestamp};
use potok_wire::{Reason, WireMessage, decode_json, to_json};
use serde_json::{Value, json};

/// The input must decode, and print these properties among its own.
fn check<M: WireMessage>(cases: &[(&str, Value)]) {
    for (input, expected) in cases {
        let message: M = decode_json(input.as_bytes()).unwrap_or_else(|error| panic!("{input}: {error}"));
        let printed: Value = serde_json::from_slice(&to_json(&message)).unwrap();
        for (property, value) in expected.as_object().unwrap() {
            let found = printed.get(property).unwrap_or(&Value::Null);
            assert_eq!(found, value, "{property} of {input}");
        }
    }
}

/// The input must be refused with this path and text.
fn refuse<M: WireMessage>(cases: &[(&str, &str, &str)]) {
    for (input, path, reason) in cases {
        let error = decode_json::<M>(input.as_bytes()).expect_err(input);
        assert_eq!((error.path(), error.reason().to_string().as_str()), (*path, *reason), "{input}");
    }
}

#[test]
fn names_in_any_case_and_unknown_properties() {
    check::<LoginPassword>(&[
        (r#"{"Login": "l", "Password": "p"}"#, json!({"Login": "l", "Password": "p"})),
        (r#"{"login": "l", "password": "p"}"#, json!({"Login": "l", "Password": "p"})),
        (r#"{"PASSWORD": "p", "lOGIN": "l"}"#, json!({"Login": "l", "Password": "p"})),
        (
            r#"{"x": {"Login": [1, 2.5e3, {"y": null}]}, "Login": "l", "": 1, "Password": "p"}"#,
            json!({"Login": "l"}),
        ),
        (
            r#"{"\u004Cogin": "\u043f\u0440\ud83d\ude42", "Password": "\/"}"#,
            json!({"Login": "пр🙂", "Password": "/"}),
        ),
        ("\u{feff} {\"Login\": \"l\",\r\n\t\"Password\": \"p\"} ", json!({"Login": "l"})),
        (r#"{"Login": "first", "Password": "p", "LOGIN": "last"}"#, json!({"Login": "last"})),
    ]);
}

#[test]
fn null_is_absent() {
    check::<MessagePatch>(&[(
        r#"{"MessageId": "m", "TimestampTicks": 1, "PatchId": "p", "MessageType": "Letter", "Entities": null,
            "ForDraft": null, "NotDeliveredEventId": null}"#,
        json!({"Entities": [], "ForDraft": false, "NotDeliveredEventId": null}),
    )]);
    // An absent value has the default of the proto file, which is not always false.
    check::<MessageToPost>(&[
        (
            r#"{"FromBoxId": "b", "StrictDraftValidation": null}"#,
            json!({"StrictDraftValidation": true, "LockMode": "None"}),
        ),
        (r#"{"FromBoxId": "b", "StrictDraftValidation": false}"#, json!({"StrictDraftValidation": false})),
    ]);
}

#[test]
fn enums_by_name_in_any_case_or_number() {
    let entity = |value: &str| format!(r#"{{"EntityId": "e", "AttachmentType": {value}}}"#);
    for (input, printed) in [
        (r#""Nonformalized""#, json!("Nonformalized")),
        (r#""nonFORMALIZED""#, json!("Nonformalized")),
        ("0", json!("Nonformalized")),
        (r#""0""#, json!("Nonformalized")),
        (r#""-1""#, json!("UnknownAttachmentType")),
        ("66", json!("ResolutionRouteAssignment")),
        (r#""ResolutionRouteAssignment""#, json!("ResolutionRouteAssignment")),
        (r#""ResolutionRouteAssignmentAttachment""#, json!("ResolutionRouteAssignment")),
        (r#""resolutionRouteRemovalAttachment""#, json!("ResolutionRouteRemoval")),
        ("67", json!("ResolutionRouteRemoval")),
        ("4242", json!(4242)),
        ("null", json!("UnknownAttachmentType")),
    ] {
        check::<Entity>(&[(&entity(input), json!({ "AttachmentType": printed }))]);
    }
    refuse::<Entity>(&[
        (&entity(r#""Letter""#), "AttachmentType", r#"unknown value "Letter""#),
        (&entity("true"), "AttachmentType", "expected an integer, found a boolean"),
        (&entity("[0]"), "AttachmentType", "expected an integer, found a list"),
        (&entity(r#""""#), "AttachmentType", r#"unknown value """#),
    ]);
}

#[test]
fn numbers_and_booleans_as_texts() {
    let entity = |value: &str| format!(r#"{{"EntityId": "e", "RawCreationDate": {value}}}"#);
    for (input, printed) in [
        ("638899802371782567", json!(638_899_802_371_782_567_i64)),
        (r#""638899802371782567""#, json!(638_899_802_371_782_567_i64)),
        (r#"" -5 ""#, json!(-5)),
        ("9223372036854775807", json!(i64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
    ] {
        check::<Entity>(&[(&entity(input), json!({ "RawCreationDate": printed }))]);
    }
    for (input, printed) in [
        ("1.0", 1),
        ("1e0", 1),
        ("-2.50E1", -25),
        ("1e3", 1000),
        ("0.5e1", 5),
        ("120e-1", 12),
        (r#""7.0""#, 7),
        ("-0.0", 0),
        ("0e999999999", 0),
    ] {
        check::<Entity>(&[(&entity(input), json!({ "RawCreationDate": printed }))]);
    }
    for value in ["9223372036854775808", "1.5", "1e-1", "1e19", "1e999999999", "9223372036854775808.0"] {
        let reason = format!("expected an integer of 64 bits, found {value:?}");
        refuse::<Entity>(&[(&entity(value), "RawCreationDate", &reason)]);
    }
    refuse::<Entity>(&[
        (&entity(r#""1,5""#), "RawCreationDate", r#"expected an integer of 64 bits, found "1,5""#),
        (&entity("{}"), "RawCreationDate", "expected an integer, found an object"),
    ]);

    let entity = |value: &str| format!(r#"{{"EntityId": "e", "NeedReceipt": {value}}}"#);
    for (input, printed) in [("true", true), (r#""true""#, true), (r#""False""#, false), ("false", false)] {
        check::<Entity>(&[(&entity(input), json!({ "NeedReceipt": printed }))]);
    }
    refuse::<Entity>(&[
        (&entity("1"), "NeedReceipt", "expected a boolean, found a number"),
        (&entity(r#""yes""#), "NeedReceipt", r#"expected true or false, found "yes""#),
    ]);

    check::<GetDocumentsV4Request>(&[(
        r#"{"DocumentCategory": "Inbound"}"#,
        json!({"Count": 100, "SortDirection": "Ascending"}),
    )]);
    refuse::<GetDocumentsV4Request>(&[(
        r#"{"DocumentCategory": "Inbound", "Count": 2147483648}"#,
        "Count",
        "2147483648 does not fit into 32 bits",
    )]);
}

#[test]
fn bytes_in_both_alphabets_and_with_line_breaks() {
    for (input, printed) in [
        ("+/8=", "+/8="),
        ("-_8=", "+/8="),
        ("-_8", "+/8="),
        ("", ""),
        ("JQ==", "JQ=="),
        ("JVBE\\r\\nRi0x ", "JVBERi0x"),
        ("JVBERi0x", "JVBERi0x"),
    ] {
        check::<Content>(&[(&format!(r#"{{"Size": 1, "Data": "{input}"}}"#), json!({ "Data": printed }))]);
    }
    check::<SignedContent>(&[(
        r#"{"Content": null}"#,
        json!({"Content": null, "SignWithTestSignature": false}),
    )]);
    for input in ["+/8", "JQ", "JQ=", "aGVs\\nbG8", "aGVsbG8"] {
        let error = decode_json::<Content>(format!(r#"{{"Size": 1, "Data": "{input}"}}"#).as_bytes())
            .expect_err(input);
        assert!(error.reason().to_string().contains("the text was cut short"), "{input}: {error}");
    }
    for input in ["a", "?", "JQ==JQ==", "JQ===", "+_8="] {
        let error = decode_json::<Content>(format!(r#"{{"Size": 1, "Data": "{input}"}}"#).as_bytes())
            .expect_err(input);
        assert!(error.reason().to_string().starts_with("not base64: "), "{input}: {error}");
        assert_eq!(error.path(), "Data");
    }
}

#[test]
fn both_names_of_the_delivered_event() {
    let patch = |name: &str| {
        format!(
            r#"{{"MessageId": "m", "TimestampTicks": 1, "PatchId": "p", "MessageType": 1, "{name}": "d"}}"#
        )
    };
    for name in ["DeliveredEventId", "DeliveredPatchId", "deliveredpatchid"] {
        let expected = json!({"DeliveredEventId": "d", "DeliveredPatchId": null, "MessageType": "Letter"});
        check::<MessagePatch>(&[(&patch(name), expected)]);
    }
}

#[test]
fn a_timestamp_is_ticks_and_may_be_given_as_time() {
    check::<Timestamp>(&[
        (r#"{"Ticks": 638899802371782567}"#, json!({"Ticks": 638_899_802_371_782_567_i64, "DateTime": null})),
        (r#"{"DateTime": "2025-08-05T08:43:57.1782567Z"}"#, json!({"Ticks": 638_899_802_371_782_567_i64})),
        (
            r#"{"dateTime": "2025-08-05T11:43:57.1782567+03:00"}"#,
            json!({"Ticks": 638_899_802_371_782_567_i64}),
        ),
        (r#"{"DateTime": "2025-08-05T08:43:57.1782567"}"#, json!({"Ticks": 638_899_802_371_782_567_i64})),
        (r#"{"DateTime": "1970-01-01T00:00:00Z"}"#, json!({"Ticks": 621_355_968_000_000_000_i64})),
        (r#"{"DateTime": "0001-01-01T00:00:00Z"}"#, json!({"Ticks": 0})),
        (r#"{"DateTime": null}"#, json!({"Ticks": 0})),
        // Ticks win, whichever comes first.
        (r#"{"DateTime": "1970-01-01T00:00:00Z", "Ticks": 5}"#, json!({"Ticks": 5})),
        (r#"{"Ticks": 5, "DateTime": "1970-01-01T00:00:00Z"}"#, json!({"Ticks": 5})),
        (r#"{"Ticks": 5, "DateTime": "whatever"}"#, json!({"Ticks": 5})),
    ]);
    refuse::<Timestamp>(&[
        (r#"{"DateTime": "05.08.2025"}"#, "DateTime", r#"expected an ISO 8601 time, found "05.08.2025""#),
        (r#"{"DateTime": 5}"#, "DateTime", "expected a time, found a number"),
    ]);
}

#[test]
fn shapes_that_do_not_fit() {
    refuse::<MessageToPost>(&[
        (
            r#"{"FromBoxId": "b", "DocumentAttachments": {}}"#,
            "DocumentAttachments",
            "expected a list, found an object",
        ),
        (
            r#"{"FromBoxId": "b", "DocumentAttachments": "x"}"#,
            "DocumentAttachments",
            "expected a list, found a string",
        ),
        (
            r#"{"FromBoxId": "b", "DocumentAttachments": [null]}"#,
            "DocumentAttachments[0]",
            "expected an object, found null",
        ),
        (r#"{"FromBoxId": ["b"]}"#, "FromBoxId", "expected a string, found a list"),
        (r#"{"FromBoxId": true}"#, "FromBoxId", "expected a string, found a boolean"),
        ("null", "", "expected an object, found null"),
        ("5", "", "expected an object, found a number"),
    ]);
}

#[test]
fn texts_that_are_not_json() {
    for input in [
        "",
        " ",
        "{",
        r#"{"EventId""#,
        r#"{"EventId": "#,
        r#"{"EventId": "e"#,
        r#"{"EventId": "e"} x"#,
        r#"{"EventId": "e"}{}"#,
        r#"{"EventId": "\ud800"}"#,
        r#"{"EventId": "\x"}"#,
        "{\"EventId\": \"\n\"}",
        r#"{'EventId': 'e'}"#,
        r#"{EventId: "e"}"#,
        r#"{"EventId": "e",,}"#,
        r#"{,}"#,
        r#"{"EventId": "e", "x": [,]}"#,
        r#"{"EventId": "e",} ,"#,
        r#"{"EventId": "e", "x": nul,}"#,
        r#"{"EventId": "e", "x": nul}"#,
        r#"{"EventId": "e", "Message": NaN}"#,
    ] {
        let error = decode_json::<BoxEvent>(input.as_bytes()).expect_err(input);
        assert!(matches!(error.reason(), Reason::Malformed(_)), "{input}: {error}");
    }
    let error = decode_json::<BoxEvent>(b"{\"EventId\": \"\xff\"}").unwrap_err();
    assert!(matches!(error.reason(), Reason::Malformed(_)), "{error}");
}

/// The vendor's own support has printed such bodies.
#[test]
fn a_comma_before_the_end_is_forgiven() {
    check::<MessageToPost>(&[
        (r#"{"FromBoxId": "b",}"#, json!({"FromBoxId": "b"})),
        ("{\"FromBoxId\": \"a,}\\\\\", \"x\": [1, 2 , ] ,\r\n }", json!({"FromBoxId": "a,}\\"})),
        (r#"{"x": "\",]", "FromBoxId": "b", "InitialDocumentIds": [],}"#, json!({"FromBoxId": "b"})),
    ]);
    let error = decode_json::<MessageToPost>(br#"{"FromBoxId": 5,}"#).unwrap_err();
    assert_eq!(
        (error.path(), error.reason().to_string().as_str()),
        ("FromBoxId", "expected a string, found a number")
    );
}

#[test]
fn a_long_wrong_value_is_not_repeated_in_full() {
    let input = format!(r#"{{"EntityId": "e", "EntityType": "{}"}}"#, "ы".repeat(10_000));
    let error = decode_json::<Entity>(input.as_bytes()).unwrap_err();
    assert!(error.to_string().len() < 250, "{error}");
}
