//! The HTTP edge: from the contract of [`potok_api`] to the use cases of [`potok_app`] and back.
//!
//! A request is routed by the contract's own table, so there is no second list of paths. What every request has to pass
//! (who calls, how often, content type, size) stands in `dispatch`; a handler decodes, translates, calls one use case,
//! translates back, and decides nothing. What happened becomes a status in one place, `refusals`.

mod answer;
mod apart;
mod authorization;
mod body;
mod call;
mod came;
mod connections;
mod console;
mod counted;
mod described;
mod digest;
mod dispatch;
mod error;
mod fitted;
mod form;
mod format;
mod front;
mod handlers;
mod lines;
mod live;
mod operations;
mod options;
mod outgoing;
mod own;
mod pages;
mod peer;
mod preference;
mod range;
mod rate;
mod ready;
mod refusals;
mod registry;
mod rendering;
mod requests;
mod server;
mod short;
mod signin;
mod spans;
mod straight;
mod structures;
mod tls;
mod trace;
mod unpaced;
mod unsent;

pub use connections::ConnectionLimits;
pub use error::{ApiError, ErrorCode};
pub use handlers::served;
pub use operations::{Figures, Operations};
pub use options::{HttpOptions, OptionsError};
pub use rendering::WireRendering;
pub use server::{Edge, HttpServer};
pub use spans::{Span, Spans};
pub use tls::{Tls, TlsError, TlsFiles};
