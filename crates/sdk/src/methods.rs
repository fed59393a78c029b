//! One function per method of the contract.

use potok_api::methods::*;
use potok_api::{Empty, Endpoint, Form, NoQuery, Raw};
use potok_wire::proto;

use crate::{Client, Error};

/// A function takes the query if the method has one, and the body if it has one.
macro_rules! function {
    ($endpoint:ident $function:ident(NoQuery, Empty) $summary:literal) => {
        function!(@ $endpoint $function [] [] (&NoQuery, Empty) $summary);
    };
    ($endpoint:ident $function:ident($query:ident, Empty) $summary:literal) => {
        function!(@ $endpoint $function [query: &$query] [] (query, Empty) $summary);
    };
    ($endpoint:ident $function:ident(NoQuery, $($request:ident)::+) $summary:literal) => {
        function!(@ $endpoint $function [] [request: $($request)::+] (&NoQuery, request) $summary);
    };
    ($endpoint:ident $function:ident($query:ident, $($request:ident)::+) $summary:literal) => {
        function!(@ $endpoint $function [query: &$query] [request: $($request)::+] (query, request) $summary);
    };
    (@ $endpoint:ident $function:ident
        [$($query:ident: $query_type:ty)?] [$($request:ident: $request_type:ty)?] ($($argument:expr),*) $summary:literal
    ) => {
        #[doc = $summary]
        ///
        #[doc = concat!("Calls [`", stringify!($endpoint), "`].")]
        ///
        /// # Errors
        /// As [`Client::call`].
        pub async fn $function(
            &self,
            $($query: $query_type,)?
            $($request: $request_type,)?
        ) -> Result<<$endpoint as Endpoint>::Response, Error> {
            self.call::<$endpoint>($($argument),*).await
        }
    };
}

macro_rules! functions {
    ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
        impl Client {
            $(function!($endpoint $function($query, $($request)::+) $summary);)*
        }
    };
}

potok_api::for_each_endpoint!(functions);
