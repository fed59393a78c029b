//! Fuzzing small enough for every test run: valid bodies, damaged by a seeded generator. Nothing may panic, and what
//! still decodes must survive another round.

use potok_wire::proto::docflow::{
    GetDocflowBatchRequest, GetDocflowBatchResponse, GetDocflowBatchResponseV5,
};
use potok_wire::proto::documents::Document;
use potok_wire::proto::events::{BoxEvent, Message, MessagePatchToPost, MessageToPost};
use potok_wire::{Structure, WireMessage, decode_json, decode_protobuf_slice, encode_protobuf, to_json};

use crate::arbitrary::instance;

/// Damaged bodies per type and format.
const ROUNDS: u64 = 1_500;

#[test]
fn damaged_bodies_never_panic_and_survive_another_round() {
    let decoded = [
        damage::<BoxEvent>(1),
        damage::<Message>(2),
        damage::<MessageToPost>(3),
        damage::<MessagePatchToPost>(4),
        damage::<Document>(5),
        damage::<GetDocflowBatchRequest>(6),
        damage::<GetDocflowBatchResponse>(7),
        damage::<GetDocflowBatchResponseV5>(8),
    ];
    // A generator whose every body is refused at once, or accepted, would test nothing.
    for (protobuf, json) in decoded {
        assert!((ROUNDS / 50..ROUNDS).contains(&protobuf), "{decoded:?}");
        assert!((ROUNDS / 50..ROUNDS).contains(&json), "{decoded:?}");
    }
}

/// Returns how many damaged bodies still decoded, in protobuf and in JSON.
fn damage<M: WireMessage>(seed: u64) -> (u64, u64) {
    let mut rng = SplitMix(seed);
    let mut decoded = (0, 0);
    for _ in 0..ROUNDS {
        let choices: Vec<u8> = (0..rng.below(120)).map(|_| rng.byte()).collect();
        let protobuf = instance(M::NAME, &choices).bare;
        let json = to_json(&decode_protobuf_slice::<M>(&protobuf).unwrap());

        // What reads by the tables alone says the same of whatever the types take.
        let untyped = Structure::named(M::NAME).unwrap();
        let damaged = rng.damaged(protobuf);
        let told = untyped.json(&damaged.clone().into()).ok();
        if let Ok(message) = decode_protobuf_slice::<M>(&damaged) {
            assert_eq!(told, Some(to_json(&message)));
            another_round(&message);
            decoded.0 += 1;
        }
        let damaged = rng.damaged(json);
        let packed = untyped.protobuf(&damaged).ok();
        if let Ok(message) = decode_json::<M>(&damaged) {
            assert_eq!(packed, Some(encode_protobuf(&message)));
            another_round(&message);
            decoded.1 += 1;
        }
    }
    decoded
}

fn another_round<M: WireMessage>(message: &M) {
    assert_eq!(&decode_protobuf_slice::<M>(&encode_protobuf(message)).unwrap(), message);
    let json = to_json(message);
    assert_eq!(to_json(&decode_json::<M>(&json).unwrap()), json);
}

/// The generator known by this name; enough for a test, and the same on every machine.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// One or two small harms to a body.
    fn damaged(&mut self, mut body: Vec<u8>) -> Vec<u8> {
        const PUNCTUATION: &[u8] = b"\"\\{}[],:09-tn\0\xff";
        for _ in 0..=self.below(2) {
            let at = self.below(body.len());
            match self.below(7) {
                _ if body.is_empty() => body.push(self.byte()),
                0 => body[at] ^= 1 << self.below(8),
                1 => body[at] = self.byte(),
                2 => body[at] = PUNCTUATION[self.below(PUNCTUATION.len())],
                3 => body.insert(at, self.byte()),
                4 => {
                    body.remove(at);
                }
                5 => body.truncate(at),
                _ => {
                    let end = at + self.below(body.len() - at);
                    let copy = body[at..end].to_vec();
                    body.splice(at..at, copy);
                }
            }
        }
        body
    }
}
