//! What the contract says about one method, as data.

use std::fmt;

use crate::{Access, Area, Caller, Date, Example};

/// The verb of a method. The API uses only two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// Reading.
    Get,
    /// Everything else.
    Post,
}

impl Verb {
    /// As it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How the value of a query parameter is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// Any text.
    Text,
    /// A box id in any of its forms.
    BoxId,
    /// A GUID, with or without dashes.
    Guid,
    /// A position in a box's event feed.
    IndexKey,
    /// Opaque text without blanks: a blank in it is a `+` that lost its escaping.
    Opaque,
    /// `true` by its mere presence; `false` or `0` take that back.
    Flag,
    /// `true`, `false`, `1` or `0` in any case.
    Bool,
    /// A decimal integer.
    Int,
    /// Values separated by commas.
    List,
}

/// One query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParamSpec {
    /// The name as the API writes it; any case is read.
    pub name: &'static str,
    /// Whether a call without it is refused with 400.
    pub required: bool,
    /// How the value is read.
    pub kind: ParamKind,
}

/// The kind of a request or response body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyKind {
    /// No body.
    Empty,
    /// A structure of the schema, by its full name; protobuf or JSON.
    Wire(&'static str),
    /// Bytes as they are.
    Raw,
    /// UTF-8 text without quotes.
    Text,
    /// A urlencoded form.
    Form,
    /// A JSON object that is not in the schema.
    Json,
    /// A page for people.
    Html,
}

impl BodyKind {
    /// What texts about a value in the body begin with: the structure's name without its package.
    pub fn short_name(self) -> &'static str {
        match self {
            Self::Wire(name) => name.rsplit('.').next().unwrap_or(name),
            _ => "the request body",
        }
    }
}

/// The short form of the parity table: the structure's name, else the kind in lower case.
impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Empty => "empty",
            Self::Wire(name) => name.strip_prefix("Diadoc.Api.Proto.").unwrap_or(name),
            Self::Raw => "bytes",
            Self::Text => "text",
            Self::Form => "form",
            Self::Json => "json",
            Self::Html => "html",
        })
    }
}

/// Where a call names the box it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoxIn {
    /// It names none.
    Nowhere,
    /// In this query parameter. When [`MethodSpec::access`] asks for an employee, of this box.
    Query(&'static str),
    /// In this query parameter, if it is given.
    OptionalQuery(&'static str),
    /// By the organization in this query parameter; every organization has exactly one box.
    Organization(&'static str),
    /// By the organization in this query parameter, if it is given.
    OptionalOrganization(&'static str),
    /// In this field of the body.
    Body(&'static str),
    /// By the organization in this field of the body.
    BodyOrganization(&'static str),
}

/// How far a method is on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deprecation {
    /// Current.
    None,
    /// Called obsolete, without a date.
    Obsolete,
    /// On the list of methods to be removed; no date was published for it.
    Announced,
    /// To be removed after a date.
    RemovalAfter {
        /// The last day on which the method is promised.
        date: Date,
        /// The date was published for the method's group, not for the method by name.
        assumed: bool,
    },
    /// Removed: 410.
    Gone,
}

/// Everything the contract says about one method.
///
/// A method is one verb on one path. Two of them are equal when both agree, so the label is enough to tell them apart.
#[derive(Clone, Copy, Debug)]
pub struct MethodSpec {
    /// The name without version: the path's last segment, except where two verbs share a path or an
    /// administration method shares a name; the whole path for OpenID Connect.
    pub name: &'static str,
    /// The version in the path; 1 where the path has none.
    pub version: u8,
    /// The name people use: `GetEvent V2`, and just `GetBox` for a first version. Unique.
    pub label: &'static str,
    /// The verb.
    pub verb: Verb,
    /// The path as documented, with a leading slash.
    pub path: &'static str,
    /// What the method does, in one line.
    pub summary: &'static str,
    /// The query parameters, required ones first.
    pub query: &'static [ParamSpec],
    /// The request body.
    pub request: BodyKind,
    /// The response body of a 200.
    pub response: BodyKind,
    /// Who may call it.
    pub access: Access,
    /// Where the box is named.
    pub box_in: BoxIn,
    /// Every status code the method can answer by documentation, rising; see [`Self::may_answer`].
    pub status_codes: &'static [u16],
    /// A call that works; every method that is served has one.
    pub example: Option<Example>,
    /// How far it is on its way out.
    pub deprecation: Deprecation,
    /// Label of the method to use instead, where that is not just a newer version of the same name;
    /// [`crate::successor`] knows both.
    pub replaced_by: Option<&'static str>,
    /// Whether the public documentation has a page for it. The others are known from published client libraries.
    pub documented: bool,
    /// The part of the API.
    pub area: Area,
    /// The largest request body accepted, in bytes; a larger one is answered 413.
    pub body_limit_bytes: u64,
    /// The body is handed on as it comes, and never held whole; only bytes are.
    pub is_streamed: bool,
    /// It changes nothing for a caller who sends `Prefer: dry-run`, and answers as if it had.
    pub may_be_tried: bool,
    /// What the other fields cannot say, or an empty string.
    pub note: &'static str,
}

/// Bodies of methods without a word of their own: 4 MB.
pub const BODY_LIMIT_BYTES: u64 = 4 * 1024 * 1024;
/// Forms of names and tokens, read before anybody is known: 16 KB.
pub const FORM_BODY_LIMIT_BYTES: u64 = 16 * 1024;
/// A login with its password, or a certificate, read before anybody is known: 64 KB.
pub const LOGIN_BODY_LIMIT_BYTES: u64 = 64 * 1024;
/// Bodies that carry documents: 100 MB.
pub const MESSAGE_BODY_LIMIT_BYTES: u64 = 100 * 1024 * 1024;
/// A whole file on its way to the shelf, which is never held whole: 400 MB.
pub const SHELF_FILE_BODY_LIMIT_BYTES: u64 = potok_types::limits::SHELF_FILE_BYTES;
/// A whole file, one document, or one part of a shelf upload, in a body: 70 MB.
pub const FILE_BODY_LIMIT_BYTES: u64 = 70 * 1024 * 1024;

impl MethodSpec {
    /// What a declaration need not say.
    pub(crate) const BASE: Self = Self {
        name: "",
        version: 1,
        label: "",
        verb: Verb::Get,
        path: "",
        summary: "",
        query: &[],
        request: BodyKind::Empty,
        response: BodyKind::Empty,
        access: Access::of(Caller::User),
        box_in: BoxIn::Nowhere,
        status_codes: &[],
        example: None,
        deprecation: Deprecation::None,
        replaced_by: None,
        documented: true,
        area: Area::Miscellaneous,
        body_limit_bytes: BODY_LIMIT_BYTES,
        is_streamed: false,
        may_be_tried: false,
        note: "",
    };

    /// Whether the method may answer with `status`: its declaration lists it, or every call of its kind can meet it on
    /// the way. Not all of those are documented for every method.
    pub fn may_answer(&self, status: u16) -> bool {
        let is_met = match status {
            400 => !self.query.is_empty() || self.request != BodyKind::Empty,
            401 => self.access.caller != Caller::Anyone,
            // An API client that is switched off, a box that is not the caller's.
            403 => !matches!(self.access.caller, Caller::Anyone | Caller::OAuthClient),
            402 => {
                matches!(self.access.caller, Caller::Employee | Caller::EmployeeIfNamed | Caller::Operator)
            }
            // What else the body names: a department, a file on the shelf.
            404 => matches!(self.box_in, BoxIn::Body(_)),
            413 | 415 => self.request != BodyKind::Empty,
            429 | 500 | 501 | 503 => true,
            _ => false,
        };
        is_met || self.status_codes.contains(&status)
    }

    /// Whether the vendor already removed it.
    pub const fn is_gone(&self) -> bool {
        matches!(self.deprecation, Deprecation::Gone)
    }
}

impl PartialEq for MethodSpec {
    fn eq(&self, other: &Self) -> bool {
        self.label == other.label
    }
}

impl Eq for MethodSpec {}

impl fmt::Display for MethodSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label)
    }
}

/// Short names for declarations.
pub(crate) mod dates {
    use super::Deprecation;
    use crate::Date;

    const NOVEMBER_2026: Date = Date { year: 2026, month: 11, day: 10 };
    const APRIL_2027: Date = Date { year: 2027, month: 4, day: 3 };
    /// Organization-id methods and old generators, by name.
    pub(crate) const R1: Deprecation = Deprecation::RemovalAfter { date: NOVEMBER_2026, assumed: false };
    /// The same, by group.
    pub(crate) const R1_ASSUMED: Deprecation =
        Deprecation::RemovalAfter { date: NOVEMBER_2026, assumed: true };
    /// Older feeds and their relatives, by name.
    pub(crate) const R2: Deprecation = Deprecation::RemovalAfter { date: APRIL_2027, assumed: false };
    /// The same, by group.
    pub(crate) const R2_ASSUMED: Deprecation = Deprecation::RemovalAfter { date: APRIL_2027, assumed: true };
}
