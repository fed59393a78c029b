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

/// How a field is printed once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copy {
    /// As it is.
    Same,
    /// The id of a box, with dashes.
    Dashed,
    /// Ticks as a time in ISO 8601.
    Time,
}

/// Message, name, field: printed once more under that name, and skipped on input.
pub(crate) const COPIES: &[(&str, &str, &str, Copy)] = &[
    ("Diadoc.Api.Proto.Organization", "OrgIdGuid", "OrgId", Copy::Same),
    ("Diadoc.Api.Proto.Counteragent", "LastEventTimestamp", "LastEventTimestampTicks", Copy::Time),
    (DOCUMENT, "MessageIdGuid", "MessageId", Copy::Same),
    (DOCUMENT, "EntityIdGuid", "EntityId", Copy::Same),
    (DOCUMENT, "CounteragentBoxIdGuid", "CounteragentBoxId", Copy::Dashed),
    (DOCUMENT, "CreationTimestamp", "CreationTimestampTicks", Copy::Time),
];

const DOCUMENT: &str = "Diadoc.Api.Proto.Documents.Document";

/// Message, field, its twin: the twin has the same value for clients that look for it under another number. JSON has the
/// field alone, which stands for both on input.
pub(crate) const TWINS: &[(&str, &str, &str)] = &[(
    "Diadoc.Api.Proto.Docflow.DocumentInfoV3",
    "HasUnreadOutOfWorkflowUniversalMessages",
    "HasUnreadOutOfWorkflowUniversalMessagesForJava",
)];

/// Message, field: a required message that may be unknown. JSON has `null` for it while all of it is zero, and takes `null` for
/// that; protobuf has no way to leave it out.
pub(crate) const UNKNOWN: &[(&str, &str)] =
    &[("Diadoc.Api.Proto.Departments.Department", "CreationTimestamp")];

/// The JSON name of a field.
pub(crate) fn of_field<'a>(message: &str, field: &'a str) -> &'a str {
    find(FIELDS, message, field).unwrap_or(field)
}

/// The JSON name of an enum value.
pub(crate) fn of_value<'a>(enumeration: &str, value: &'a str) -> &'a str {
    find(VALUES, enumeration, value).unwrap_or(value)
}

/// The twin of a field, if it has one.
pub(crate) fn twin(message: &str, field: &str) -> Option<&'static str> {
    find(TWINS, message, field)
}

/// Whether JSON may have `null` for a required field, see [`UNKNOWN`].
pub(crate) fn may_be_unknown(message: &str, field: &str) -> bool {
    UNKNOWN.contains(&(message, field))
}

fn find(table: &'static [(&str, &str, &str)], owner: &str, member: &str) -> Option<&'static str> {
    table.iter().find(|row| row.0 == owner && row.1 == member).map(|row| row.2)
}
