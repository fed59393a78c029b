//! The contract: every HTTP method of the API once, as data and types.
//!
//! Each method is an [`Endpoint`]: a type with its [`MethodSpec`], its query struct and its bodies. The declarations
//! stand in `methods/`, one file per area. Everything that needs a list of methods takes it from here: the server by
//! [`find`] and [`methods::all`], the client by [`for_each_endpoint!`], the parity table by [`parity::table`].

mod date;
mod endpoint;
mod example;
pub mod limits;
pub mod methods;
mod params;
pub mod parity;
mod payload;
mod query;
mod routes;
mod spec;
mod sunset;

pub use date::{Date, InvalidDate};
pub use endpoint::Endpoint;
pub use example::Example;
pub use methods::Area;
pub use params::{NoQuery, Opaque, QueryField, QueryParams};
pub use payload::{Empty, Form, Format, Html, Json, Maybe, Payload, PayloadError, Raw, Text, content_type};
pub use potok_types::access::{Access, AccessClass, Administrator, Caller, Documents, Right};
pub use query::{QueryError, QueryMap, QueryWriter};
pub use routes::{Lookup, Route, by_label, find, successor};
pub use spec::{
    BODY_LIMIT_BYTES, BodyKind, BoxIn, Deprecation, FILE_BODY_LIMIT_BYTES, FORM_BODY_LIMIT_BYTES,
    LOGIN_BODY_LIMIT_BYTES, MESSAGE_BODY_LIMIT_BYTES, MethodSpec, ParamKind, ParamSpec,
    SHELF_FILE_BODY_LIMIT_BYTES, Verb,
};
pub use sunset::{DEPRECATION_POLICY_URL, end_of_day, sunset_header, sunset_link};
