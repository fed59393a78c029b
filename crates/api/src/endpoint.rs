//! The type of a method, and the macro that declares methods.

use potok_types::access::AccessClass;

use crate::{MethodSpec, Payload, QueryParams};

/// One method of the API as a type: its data, and what goes in and out.
///
/// The types are empty enums: nothing is ever made of them, they only choose.
pub trait Endpoint: Send + Sync + 'static {
    /// The data.
    const SPEC: &'static MethodSpec;
    /// Who may call it; [`MethodSpec::access`] is the same as data.
    type Access: AccessClass;
    /// The query.
    type Query: QueryParams;
    /// The request body.
    type Request: Payload;
    /// The body of a successful answer.
    type Response: Payload;

    /// What names the box in the body, or its organization; `None` when [`MethodSpec::box_in`] says that it stands
    /// elsewhere.
    fn named_in(_body: &Self::Request) -> Option<&str> {
        None
    }
}

/// Declares the methods of one area, and the macro that hands their list on (see [`crate::for_each_endpoint`]).
///
/// `Type function = "Name" version, Verb "path", Query, Request => Response { access: Class, field: value, … }`; the
/// fields are those of [`MethodSpec`] that are not said before the brace, and what is left out has the value of
/// `MethodSpec::BASE`. Where the body names the box, the field that does so stands behind its type:
/// `proto::Request[box_id: BoxIn::Body("BoxId")]`.
macro_rules! endpoints {
    (
        $d:tt $area:ident $list:ident;
        $(
            #[doc = $summary:literal]
            $(#[doc = $doc:literal])*
            $name:ident $function:ident = $method:literal $version:tt, $verb:ident $path:literal,
            $query:ident, $($request:ident)::+ $([$named:ident: $place:expr])? => $response:ty {
                access: $access:ty $(, $field:ident: $value:expr)* $(,)?
            }
        )*
    ) => {
        $(
            #[doc = concat!("`", stringify!($verb), " ", $path, "`:", $summary)]
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $name {}

            impl $crate::Endpoint for $name {
                const SPEC: &'static $crate::MethodSpec = &$crate::MethodSpec {
                    name: $method,
                    version: $version,
                    label: $crate::endpoint::label!($method $version),
                    verb: $crate::Verb::$verb,
                    path: $path,
                    summary: $summary.trim_ascii(),
                    query: <$query as $crate::QueryParams>::PARAMS,
                    request: <$($request)::+ as $crate::Payload>::KIND,
                    response: <$response as $crate::Payload>::KIND,
                    access: <$access as potok_types::access::AccessClass>::ACCESS,
                    area: $crate::Area::$area,
                    $(box_in: $place,)?
                    $($field: $value,)*
                    ..$crate::MethodSpec::BASE
                };
                type Access = $access;
                type Query = $query;
                type Request = $($request)::+;
                type Response = $response;

                $(
                    fn named_in(body: &Self::Request) -> Option<&str> {
                        Some(&body.$named)
                    }
                )?
            }
        )*

        /// The data of this area's methods, in the order of declaration.
        pub(crate) static METHODS: &[&$crate::MethodSpec] = &[$(<$name as $crate::Endpoint>::SPEC),*];

        #[doc(hidden)]
        #[macro_export]
        macro_rules! $list {
            ($d callback:ident) => {
                $d callback! { $($name $function($query, $($request)::+) #[doc = $summary],)* }
            };
        }
    };
}
pub(crate) use endpoints;

/// `GetBox`, but `GetEvent V2`.
macro_rules! label {
    ($method:literal 1) => {
        $method
    };
    ($method:literal $version:tt) => {
        concat!($method, " V", $version)
    };
}
pub(crate) use label;
