//! Which methods the server has built.

/// Labels of the methods that the server answers; the others are 501, or 410 when they are gone. The server's own
/// tests compare this list with the handlers it registers.
pub const SERVED: &[&str] = &[
    "/connect/token",
    "Authenticate V3",
    "GetBox",
    "GetDocflows V2",
    "GetDocflows V3",
    "GetDocflows V4",
    "GetDocflows V5",
    "GetEntityContent V4",
    "GetEvent V2",
    "GetEvent V3",
    "GetLastEvent",
    "GetLastEvent V2",
    "GetMessage V5",
    "GetMessage V6",
    "GetMyOrganizations",
    "GetMyUser V2",
    "GetNewEvents V4",
    "GetNewEvents V5",
    "GetNewEvents V6",
    "GetNewEvents V7",
    "GetNewEvents V8",
    "GetOrganization",
    "GetOrganizationsByInnKpp",
    "PostMessage V3",
    "PostMessagePatch V3",
    "PostMessagePatch V4",
    "ShelfDownload",
    "ShelfUpload",
];
