//! Each status that the contract documents of each method that is served is got at least once, with JSON and with protobuf.
//!
//! Most follow from what a method is: [`provoked`] calls its example as everybody, with something missing, something that is not
//! there, too much. What that does not bring stands as rows in a file that [`told`] reads, as calls; and what no call brings stands there too,
//! with the reason.

mod format;
mod provoked;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use potok_testkit::sdk::api::{BodyKind, Format, MethodSpec};
use potok_testkit::{RawRequest, World, WorldOptions};

use self::told::Told;
use crate::walk::place::Place;
use crate::walk::served;

/// The statuses that were seen, and of each the words of one answer.
pub(crate) type Seen = BTreeMap<u16, String>;

/// Whether the method reads or writes a structure, so that there are two formats.
fn has_formats(spec: &MethodSpec) -> bool {
    [spec.request, spec.response].iter().any(|kind| matches!(kind, BodyKind::Wire(_)))
}

async fn walk(format: Format) {
    let place = Place::new().await;
    let mut seen: BTreeMap<&str, Seen> = BTreeMap::new();
    let methods = || served().filter(|spec| format == Format::Json || has_formats(spec));
    for spec in methods() {
        let statuses = seen.entry(spec.label).or_default();
        provoked::all(&place, spec, format, statuses).await;
    }
    let told = Told::read();
    let wrong = told.play(&place, format, &mut seen).await;
    place.suspend().await;
    for spec in methods() {
        let statuses = seen.entry(spec.label).or_default();
        provoked::suspended(&place, spec, format, statuses).await;
    }
    place.end().await;
    let mut found = wrong;
    for (label, statuses) in &seen {
        let fault = statuses
            .get(&500)
            .map(|text| format!("{label} has a fault, or is answered otherwise than declared: {text}"));
        found.extend(fault);
    }
    for spec in methods() {
        let known: BTreeSet<u16> = seen[spec.label].keys().copied().collect();
        let expected = spec.status_codes.iter().filter(|status| !told.is_never(spec, **status));
        let left: Vec<&u16> = expected.filter(|status| !known.contains(status)).collect();
        let denied: Vec<&u16> = known.iter().filter(|status| told.is_denied(spec, **status)).collect();
        if !denied.is_empty() {
            found.push(format!("{spec} answers {denied:?}, and is said never to"));
        }
        if !left.is_empty() {
            found.push(format!("{spec} is documented to answer {left:?} and never did"));
        }
    }
    assert!(found.is_empty(), "{format:?}:\n{}", found.join("\n"));
}

#[tokio::test]
async fn every_documented_status_is_answered_in_json() {
    walk(Format::Json).await;
}

#[tokio::test]
async fn every_documented_status_is_answered_in_protobuf() {
    walk(Format::Protobuf).await;
}

/// Nobody who calls too often is let in, whatever he calls.
#[tokio::test]
async fn every_method_has_an_end_of_patience() {
    let options = WorldOptions {
        settings: Box::new(|settings| {
            (settings.http.requests_per_second, settings.http.stranger_requests_per_second) = (1000, 1);
        }),
        ..WorldOptions::default()
    };
    let world = World::start_with(options).await;
    for spec in served().filter(|spec| spec.status_codes.contains(&429)) {
        let mut told = 0;
        for _ in 0..50 {
            if told == 429 {
                break;
            }
            let request = RawRequest {
                verb: spec.verb.to_string(),
                path: spec.path.to_owned(),
                ..RawRequest::default()
            };
            told = world.raw(request).await.status;
        }
        assert_eq!(told, 429, "{spec}");
    }
    world.end().await;
}

/// A reason for what nobody expects is none.
#[test]
fn reasons_are_of_documented_statuses() {
    let needless = Told::read().needless();
    assert!(needless.is_empty(), "not documented: {needless:?}");
}
