//! Documented limits of the API, each with its unit. What the API leaves open is decided here once.

/// Documents in one message.
pub const DOCUMENTS_PER_MESSAGE: usize = 40;
/// One document in a message.
pub const DOCUMENT_BYTES: u64 = 70 * 1024 * 1024;
/// The file of a power of attorney; those that people issue have a few thousand bytes.
pub const POWER_FILE_BYTES: u64 = 1024 * 1024;
/// Powers of attorney in one chain, each handed on from the one before.
pub const POWER_CHAIN: usize = 10;
/// Powers of attorney of one employee that are in force or will be.
pub const POWERS_PER_EMPLOYEE: usize = 100;
/// Powers of attorney that are attached to one employee in a day.
pub const POWERS_PER_DAY: usize = 50;
/// Structured data attached to a document.
pub const STRUCTURED_DATA_BYTES: u64 = 10 * 1024 * 1024;
/// Words taken out of an amendment request; what is longer is cut off.
pub const AMENDMENT_TEXT_CHARS: usize = 20_000;
/// Words taken out of a refusal or of a request to revoke; what is longer is cut off.
pub const REASON_CHARS: usize = 5000;
/// A comment to a document.
pub const COMMENT_CHARS: usize = 5000;
/// Sum of all inline content of one read answer.
pub const INLINE_CONTENT_BYTES: u64 = 1_048_576;
/// Events, documents and counteragents on one page.
pub const PAGE: usize = 100;
/// Bytes of the events of one page of a feed: what is more is left to the next page, but for the first event.
pub const FEED_PAGE_BYTES: usize = 8 * 1024 * 1024;
/// Documents of a packet that still merges with others when one is linked to it.
pub const MERGED_DOCUMENTS: usize = 100;
/// Documents moved in one `MoveDocuments`.
pub const DOCUMENTS_PER_MOVE: usize = 1000;
/// Documents asked for in one `DetectCustomPrintForms`.
pub const DOCUMENTS_PER_PRINT_DETECTION: usize = 100;
/// Documents asked for in one `GetDocflows`.
pub const DOCFLOWS_PER_REQUEST: usize = 100;
/// Counting of events after a bookmark stops here and reports `GreaterThanOrEqual`.
pub const TOTAL_COUNT: u64 = 100_000;
/// Counting of documents in a list stops here.
pub const DOCUMENT_COUNT: u64 = 1000;
/// One part of an upload to the shelf.
pub const SHELF_PART_BYTES: usize = 70 * 1024 * 1024;
/// One file on the shelf.
pub const SHELF_FILE_BYTES: u64 = 400 * 1024 * 1024;
/// Parts of one file on the shelf.
pub const SHELF_PARTS: u32 = 10_000;
/// How long a file stays on the shelf.
pub const SHELF_LIFETIME_SECONDS: i64 = 7 * 24 * 3600;
/// How long a title that was made for its signer is kept.
pub const PREPARED_LIFETIME_SECONDS: i64 = 24 * 3600;
/// Tags alive on one document.
pub const TAGS_PER_DOCUMENT: usize = 30;
/// Characters of one attribute of a document.
pub const METADATA_VALUE_CHARS: usize = 1000;
/// Labels on one entity.
pub const LABELS_PER_ENTITY: usize = 30;
/// Invalid signatures of one entity per box and day before further ones are refused.
pub const INVALID_SIGNATURES_PER_DAY: usize = 3;
/// Changes of tags in one patch.
pub const TAG_CHANGES_PER_PATCH: usize = 15;
/// Patches of one box that change the tags of one document, and changes of them in one patch.
pub const TAG_EDITS_PER_DOCUMENT: usize = 10;
/// A comment to the refusal of a template.
pub const TEMPLATE_REFUSAL_COMMENT_CHARS: usize = 2000;
/// A comment to a request to approve or sign, to its denial, and to a step on a route.
pub const REQUEST_COMMENT_CHARS: usize = 500;
/// What is written with an invitation.
pub const INVITATION_CHARS: usize = 2000;
/// The name of a group of counteragents.
pub const GROUP_NAME_CHARS: usize = 1024;
/// Departments of a group of counteragents.
pub const GROUP_DEPARTMENTS: usize = 419;
/// Stages of one route of approval.
pub const ROUTE_STAGES: usize = 50;
/// A comment to the withdrawal of such a request.
pub const CANCELLATION_COMMENT_CHARS: usize = 256;
/// Items of one list of a patch: a message has at most [`DOCUMENTS_PER_MESSAGE`] documents, each with a few things to say of.
pub const ITEMS_PER_PATCH: usize = 200;
/// Links of one document, of each of the two kinds.
pub const LINKS_PER_DOCUMENT: usize = 100;
/// Attributes of one document; the type with the most has about thirty.
pub const METADATA_PER_DOCUMENT: usize = 200;
/// Values of one condition of a list or a feed.
pub const FILTER_VALUES: usize = 200;
/// INNs of one `GetOrganizationsByInnList`.
pub const INNS_PER_REQUEST: usize = 1000;
/// Keys of one box in the storage of keys and values.
pub const KEYS_PER_BOX: u64 = 10_000;
/// Employees on one page.
pub const EMPLOYEES_PER_PAGE: u64 = 50;
/// Security events on one page.
pub const SECURITY_EVENTS_PER_PAGE: u64 = 1000;
/// Boxes of one user of a technology partner whose events are read at once.
pub const PARTNER_BOXES: usize = 1000;
/// Characters of the place up to which they were read: 28 bytes a box, in base64.
pub const PARTNER_CURSOR_CHARS: usize = PARTNER_BOXES * 28 / 3 * 4 + 4;
/// Certificates that are told of one counteragent.
pub const COUNTERAGENT_CERTIFICATES: usize = 1000;
/// An id in whatever form; the longest, a box id with its suffix, has less than half of them.
pub const ID_CHARS: usize = 100;
/// A word of a closed set: a type, a function, a version, a status; a part of a person's name; a name on the shelf.
pub const NAME_CHARS: usize = 255;
/// The sender's own id of a document.
pub const CUSTOM_ID_CHARS: usize = 1000;
/// Words to search for, and other values of a query.
pub const QUERY_CHARS: usize = 1000;
/// A login or a password.
pub const LOGIN_CHARS: usize = 255;
/// A signature, with all certificates, lists and stamps in it; a certificate; the data of a signer.
pub const SIGNATURE_BYTES: u64 = 8 * 1024 * 1024;
