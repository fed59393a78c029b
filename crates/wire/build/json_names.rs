//! Where JSON differs from the proto files: other names, and what else is accepted on input.

/// Message, proto field, the name printed in JSON. The proto name stays accepted on input.
pub(crate) const FIELDS: &[(&str, &str, &str)] =
    &[("Diadoc.Api.Proto.Events.MessagePatch", "DeliveredPatchId", "DeliveredEventId")];

/// Enum, proto value, the name printed in JSON. The proto name stays accepted on input.
pub(crate) const VALUES: &[(&str, &str, &str)] = &[
    (
        "Diadoc.Api.Proto.Events.AttachmentType",
        "ResolutionRouteAssignmentAttachment",
        "ResolutionRouteAssignment",
    ),
    ("Diadoc.Api.Proto.Events.AttachmentType", "ResolutionRouteRemovalAttachment", "ResolutionRouteRemoval"),
];

/// Message, input-only property, the integer field it fills from an ISO 8601 time unless that field is given itself.
pub(crate) const TIMES: &[(&str, &str, &str)] = &[("Diadoc.Api.Proto.Timestamp", "DateTime", "Ticks")];

/// The JSON name of a field.
pub(crate) fn of_field<'a>(message: &str, field: &'a str) -> &'a str {
    find(FIELDS, message, field).unwrap_or(field)
}

/// The JSON name of an enum value.
pub(crate) fn of_value<'a>(enumeration: &str, value: &'a str) -> &'a str {
    find(VALUES, enumeration, value).unwrap_or(value)
}

fn find(table: &'static [(&str, &str, &str)], owner: &str, member: &str) -> Option<&'static str> {
    table.iter().find(|row| row.0 == owner && row.1 == member).map(|row| row.2)
}
