//! Decoding after encoding is identity, for arbitrary messages of every type and in both formats.

use potok_wire::proto::LoginPassword;
use potok_wire::{
    MessageVisitor, Structure, WireMessage, decode_json, decode_protobuf, decode_protobuf_slice,
    for_each_message,
};
use potok_wire::{encode_protobuf, to_json};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::arbitrary::{Instance, instance};

/// How many messages of each type are tried.
const CASES: u32 = 24;

#[test]
fn every_message_survives_both_formats() {
    let mut types = 0;
    for_each_message(&mut RoundTrip { types: &mut types });
    assert!(types > 500, "only {types} messages were seen");
}

#[test]
fn every_character_is_escaped_at_every_place() {
    // The writer looks at eight bytes at a time: what it does must not depend on where a character stands.
    for character in (0..=0xFF).chain([0x2028, 0xFFFF, 0x1F642]).filter_map(char::from_u32) {
        for place in 0..18 {
            let login = format!("{}{character}{}", "x".repeat(place), "ы".repeat(18 - place));
            let message = LoginPassword { login, password: character.to_string() };
            let value = serde_json::json!({ "Login": message.login, "Password": message.password });
            assert_eq!(text(&to_json(&message)), value.to_string());
            assert_eq!(decode_json::<LoginPassword>(value.to_string().as_bytes()).unwrap(), message);
        }
    }
}

struct RoundTrip<'a> {
    types: &'a mut usize,
}

impl MessageVisitor for RoundTrip<'_> {
    fn visit<M: WireMessage>(&mut self) {
        *self.types += 1;
        // The rng is seeded, so that a failure is the same failure tomorrow.
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
        TestRunner::new_with_rng(config, rng)
            .run(&vec(any::<u8>(), 0..400), |choices| {
                check::<M>(&instance(M::NAME, &choices));
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{}: {error}", M::NAME));
    }
}

fn check<M: WireMessage>(made: &Instance) {
    let bare: M = decode_protobuf_slice(&made.bare).unwrap();
    let filled: M = decode_protobuf_slice(&made.filled).unwrap();

    let protobuf = encode_protobuf(&bare);
    assert_eq!(decode_protobuf_slice::<M>(&protobuf).unwrap(), bare);
    assert_eq!(decode_protobuf::<M>(protobuf.into()).unwrap(), bare);

    // JSON prints some absent fields with their default, so what comes back has them set; nothing else may differ.
    let json = to_json(&bare);
    assert_eq!(decode_json::<M>(&json).unwrap(), filled);
    assert_eq!(decode_json::<M>(&to_json(&filled)).unwrap(), filled);
    assert_eq!(text(&to_json(&filled)), text(&json));

    // The tables alone say the same as the types.
    let untyped = Structure::named(M::NAME).unwrap();
    assert_eq!(text(&untyped.json(&made.bare.clone().into()).unwrap()), text(&json));
    assert_eq!(untyped.protobuf(&json).unwrap(), encode_protobuf(&filled), "{}", M::NAME);

    // serde_json keeps objects sorted by key and escapes as little as possible: it must print the very same text.
    let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(value.to_string(), text(&json));
}

fn text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap()
}
