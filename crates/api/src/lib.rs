//! The contract: every HTTP method of the API once, as data and types.
//!
//! Each method is an [`Endpoint`]: a type with its [`MethodSpec`], its query struct and its bodies. The declarations
//! stand in `methods/`, one file per area. Everything that needs a list of methods takes it from here: the server by
//! [`find`] and [`methods::all`], the client by [`for_each_endpoint!`], the parity table by [`parity::table`].

mod access;
mod date;
mod endpoint;
pub mod methods;
mod params;
pub mod parity;
mod payload;
mod query;
mod routes;
mod served;
mod spec;
mod sunset;

pub use access::{Access, Administrator, Caller, Documents, Right};
pub use date::{Date, InvalidDate};
pub use endpoint::Endpoint;
pub use params::{NoQuery, Opaque, QueryField, QueryParams};
pub use payload::{Empty, Form, Format, Html, Json, Maybe, Payload, PayloadError, Raw, Text, content_type};
pub use query::{QueryError, QueryMap, QueryWriter};
pub use routes::{Lookup, Route, by_label, find, successor};
pub use served::SERVED;
pub use spec::{
    Area, BODY_LIMIT_BYTES, BodyKind, BoxIn, Deprecation, FILE_BODY_LIMIT_BYTES, MESSAGE_BODY_LIMIT_BYTES,
    MethodSpec, ParamKind, ParamSpec, SHELF_PART_BODY_LIMIT_BYTES, Verb,
};
pub use sunset::{DEPRECATION_POLICY_URL, end_of_day, sunset_header, sunset_link};

/// Hands every method to a macro, area by area.
///
/// The macro is called once per area with `Type function(Query, Request) #[doc = "summary"],` repeated. `Query` is the
/// name of a type in [`methods`] or [`NoQuery`]; `Request` is [`Empty`], [`Raw`], [`Form`] or a path that begins with
/// `proto`, which is [`potok_wire::proto`].
///
/// ```
/// macro_rules! print_names {
///     ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
///         $(println!("{}", stringify!($function));)*
///     };
/// }
/// fn main() {
///     potok_api::for_each_endpoint!(print_names);
/// }
/// ```
#[macro_export]
macro_rules! for_each_endpoint {
    ($callback:ident) => {
        $crate::for_each_auth_endpoint! { $callback }
        $crate::for_each_oidc_endpoint! { $callback }
        $crate::for_each_organizations_endpoint! { $callback }
        $crate::for_each_employees_endpoint! { $callback }
        $crate::for_each_departments_endpoint! { $callback }
        $crate::for_each_counteragents_endpoint! { $callback }
        $crate::for_each_events_endpoint! { $callback }
        $crate::for_each_messages_endpoint! { $callback }
        $crate::for_each_documents_endpoint! { $callback }
        $crate::for_each_docflow_endpoint! { $callback }
        $crate::for_each_forwarding_endpoint! { $callback }
        $crate::for_each_generation_endpoint! { $callback }
        $crate::for_each_parsing_endpoint! { $callback }
        $crate::for_each_print_endpoint! { $callback }
        $crate::for_each_shelf_endpoint! { $callback }
        $crate::for_each_powers_of_attorney_endpoint! { $callback }
        $crate::for_each_signing_endpoint! { $callback }
        $crate::for_each_miscellaneous_endpoint! { $callback }
    };
}
