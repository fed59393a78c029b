//! Versions of the feed that are gone from the documentation.

use crate::{Deprecation, MethodSpec, Verb};

const fn feed(version: u8, label: &'static str, path: &'static str) -> MethodSpec {
    MethodSpec {
        name: "GetNewEvents",
        version,
        label,
        verb: Verb::Get,
        path,
        summary: "A page of the feed.",
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        area: crate::Area::Events,
        ..MethodSpec::BASE
    }
}

pub(crate) static RETIRED: &[&MethodSpec] = &[
    &feed(1, "GetNewEvents", "/GetNewEvents"),
    &feed(2, "GetNewEvents V2", "/V2/GetNewEvents"),
    &feed(3, "GetNewEvents V3", "/V3/GetNewEvents"),
];
