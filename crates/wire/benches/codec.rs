//! The codec on one `BoxEvent` of about four kilobytes of protobuf, and on one page of a hundred. Prints a table; the
//! numbers to look at are the ratios between the formats.
//!
//! `cargo bench -p potok-wire`. Under `cargo test --benches` every line runs once, so that the bench cannot rot.

#![expect(clippy::print_stdout, reason = "a bench is there to print its numbers")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use potok_wire::framing::{ReadyEvent, box_event_list, box_event_list_json};
use potok_wire::proto::events::{BoxEvent, Entity};
use potok_wire::proto::{Content, TotalCountType};
use potok_wire::{
    decode_json, decode_protobuf, decode_protobuf_slice, encode_json, encode_protobuf, to_json,
};
use prost::Message as _;

const SAMPLE: &[u8] = include_bytes!("../testdata/get_event_v2.json");

fn main() {
    let budget = match std::env::args().any(|argument| argument == "--bench") {
        true => Duration::from_millis(300),
        false => Duration::ZERO,
    };
    let event = four_kilobytes();
    let protobuf = encode_protobuf(&event);
    let json = to_json(&event);
    let shared = Bytes::from(protobuf.clone());
    let key = "CN3T_DeCTa4";
    let page = vec![ReadyEvent { body: &protobuf, index_key: key }; 100];
    let page_bytes = box_event_list(&page, Some(100), TotalCountType::Equal).len();
    let page_json_bytes =
        box_event_list_json(&page, Some(100), TotalCountType::Equal).map_or(0, |page| page.len());
    let mut buffer = Vec::new();

    println!("{:<44}{:>10}{:>12}{:>10}", "one BoxEvent", "bytes", "ns/op", "MB/s");
    line("protobuf encode", protobuf.len(), budget, || encode_protobuf(black_box(&event)));
    line("json encode", json.len(), budget, || to_json(black_box(&event)));
    line("json encode into a kept buffer", json.len(), budget, || {
        buffer.clear();
        encode_json(black_box(&event), &mut buffer);
        buffer.len()
    });
    line("protobuf decode", protobuf.len(), budget, || {
        decode_protobuf_slice::<BoxEvent>(black_box(&protobuf))
    });
    line("protobuf decode, sharing the buffer", protobuf.len(), budget, || {
        decode_protobuf::<BoxEvent>(black_box(&shared).clone())
    });
    line("json decode", json.len(), budget, || decode_json::<BoxEvent>(black_box(&json)));
    line("json decode of the indented sample", SAMPLE.len(), budget, || {
        decode_json::<BoxEvent>(black_box(SAMPLE))
    });

    println!("{:<44}{:>10}{:>12}{:>10}", "a page of 100 of them", "bytes", "ns/op", "MB/s");
    line("protobuf framed", page_bytes, budget, || {
        box_event_list(black_box(&page), Some(100), TotalCountType::Equal)
    });
    line("json", page_json_bytes, budget, || {
        box_event_list_json(black_box(&page), Some(100), TotalCountType::Equal)
    });
}

/// The API's sample answer, its entities repeated without contents until it has four kilobytes.
fn four_kilobytes() -> BoxEvent {
    let mut event: BoxEvent = decode_json(SAMPLE).expect("the sample is valid, a test says so");
    let patch = event.patch.as_mut().expect("the sample is a patch");
    let sample: Vec<Entity> = patch.entities.clone();
    for entity in sample.iter().cycle() {
        let mut entity = entity.clone();
        entity.content = entity.content.map(|content| Content { data: None, ..content });
        patch.entities.push(entity);
        if patch.encoded_len() > 3_900 {
            break;
        }
    }
    event
}

/// Runs `operation` for about the budget and prints the best of five rounds: the least disturbed one.
fn line<T>(name: &str, bytes: usize, budget: Duration, mut operation: impl FnMut() -> T) {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let (mut runs, started) = (0_u32, Instant::now());
        loop {
            black_box(operation());
            runs += 1;
            if started.elapsed() >= budget / 5 {
                break;
            }
        }
        best = best.min(started.elapsed().as_secs_f64() * 1e9 / f64::from(runs));
    }
    println!("  {name:<42}{bytes:>10}{best:>12.0}{:>10.0}", bytes as f64 * 1e3 / best);
}
