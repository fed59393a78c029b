//! What the fuzz targets check. The first two bytes of the input choose one of all message types, the rest is a body.

use potok_wire::{
    MessageVisitor, WireMessage, decode_json, decode_protobuf_slice, encode_protobuf, for_each_message, to_json,
};

/// The number of message types to choose from.
const TYPES: u16 = 539;

/// A protobuf body is refused, or survives another round in both formats.
pub fn protobuf(data: &[u8]) {
    struct Protobuf;
    impl Check for Protobuf {
        fn check<M: WireMessage>(body: &[u8]) {
            if let Ok(message) = decode_protobuf_slice::<M>(body) {
                another_round(&message);
            }
        }
    }
    choose::<Protobuf>(data);
}

/// A JSON body is refused, or survives another round in both formats.
pub fn json(data: &[u8]) {
    struct Json;
    impl Check for Json {
        fn check<M: WireMessage>(body: &[u8]) {
            if let Ok(message) = decode_json::<M>(body) {
                another_round(&message);
            }
        }
    }
    choose::<Json>(data);
}

fn another_round<M: WireMessage>(message: &M) {
    let protobuf = encode_protobuf(message);
    assert_eq!(&decode_protobuf_slice::<M>(&protobuf).expect("our own bytes decode"), message);
    // JSON prints some absent fields with their default, so texts are compared, not structs.
    let json = to_json(message);
    let again = decode_json::<M>(&json).expect("our own text decodes");
    assert_eq!(to_json(&again), json);
}

trait Check {
    fn check<M: WireMessage>(body: &[u8]);
}

fn choose<C: Check>(data: &[u8]) {
    let Some((first, body)) = data.split_first_chunk() else { return };
    for_each_message(&mut Choice::<C> {
        left: u16::from_le_bytes(*first) % TYPES,
        done: false,
        body,
        check: std::marker::PhantomData,
    });
}

struct Choice<'a, C> {
    left: u16,
    done: bool,
    body: &'a [u8],
    check: std::marker::PhantomData<C>,
}

impl<C: Check> MessageVisitor for Choice<'_, C> {
    fn visit<M: WireMessage>(&mut self) {
        if self.done {
            return;
        }
        match self.left.checked_sub(1) {
            Some(left) => self.left = left,
            None => {
                self.done = true;
                C::check::<M>(self.body);
            }
        }
    }
}
