//! Every method, one file per area.

use std::sync::LazyLock;

use crate::MethodSpec;

mod auth;
mod common;
mod counteragents;
mod departments;
mod docflow;
mod documents;
mod employees;
mod events;
mod forwarding;
mod generation;
mod messages;
mod miscellaneous;
mod oidc;
mod organizations;
mod parsing;
mod powers_of_attorney;
mod print;
mod retired;
mod shelf;
mod signing;

pub use common::*;
pub(crate) use retired::RETIRED;

/// Lists the areas: type, file, the macro that hands the methods of the file on, heading of the parity table.
macro_rules! areas {
    ($d:tt $($area:ident $file:ident $list:ident $title:literal;)*) => {
        $(pub use $file::*;)*

        /// The part of the API a method belongs to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the names say it all")]
        pub enum Area {
            $($area,)*
        }

        impl Area {
            /// All of them, in the order of the parity table.
            pub const ALL: &[Self] = &[$(Self::$area),*];

            /// The name of the files about it: that of the declarations, that of its page of `docs/parity`.
            pub const fn file(self) -> &'static str {
                match self {
                    $(Self::$area => stringify!($file),)*
                }
            }

            /// The heading in the parity table.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$area => $title,)*
                }
            }
        }

        static ALL: LazyLock<Vec<&'static MethodSpec>> = LazyLock::new(|| [$($file::METHODS),*].concat());

        /// Hands every method to a macro, area by area.
        ///
        /// The macro is called once per area with `Type function(Query, Request) #[doc = "summary"],` repeated. `Query`
        /// is the name of a type in [`methods`](crate::methods) or [`NoQuery`](crate::NoQuery); `Request` is
        /// [`Empty`](crate::Empty), [`Raw`](crate::Raw), [`Form`](crate::Form) or a path that begins with `proto`, which
        /// is [`potok_wire::proto`].
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
            ($d callback:ident) => {
                $($crate::$list! { $d callback })*
            };
        }
    };
}

areas! {
    $
    Auth auth for_each_auth_endpoint "Authentication";
    Oidc oidc for_each_oidc_endpoint "OpenID Connect";
    Organizations organizations for_each_organizations_endpoint "Organizations";
    Employees employees for_each_employees_endpoint "Employees";
    Departments departments for_each_departments_endpoint "Departments";
    Counteragents counteragents for_each_counteragents_endpoint "Counteragents";
    Events events for_each_events_endpoint "Events";
    Messages messages for_each_messages_endpoint "Messages";
    Documents documents for_each_documents_endpoint "Documents";
    Docflow docflow for_each_docflow_endpoint "Docflow";
    Forwarding forwarding for_each_forwarding_endpoint "Forwarding";
    Generation generation for_each_generation_endpoint "Generation";
    Parsing parsing for_each_parsing_endpoint "Parsing";
    Print print for_each_print_endpoint "Print forms";
    Shelf shelf for_each_shelf_endpoint "Shelf";
    PowersOfAttorney powers_of_attorney for_each_powers_of_attorney_endpoint "Powers of attorney";
    Signing signing for_each_signing_endpoint "Signing";
    Miscellaneous miscellaneous for_each_miscellaneous_endpoint "Miscellaneous";
}

/// Every method of the contract, area by area; those that are [gone](MethodSpec::is_gone) too.
pub fn all() -> &'static [&'static MethodSpec] {
    &ALL
}

/// Versions that disappeared before the contract was written down: they have no types, only a 410.
pub fn retired() -> &'static [&'static MethodSpec] {
    RETIRED
}
