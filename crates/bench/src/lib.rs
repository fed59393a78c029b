//! The load generator: numbers per second and p99 of the main calls over HTTP, each beside a bare static answer of the
//! same size from the same HTTP stack, measured in the same run.

mod bare;
pub mod load;
pub mod operator;
pub mod oracle;
pub mod permission;
pub mod process;
pub mod requests;
mod table;

pub use bare::Bare;
pub use table::Table;
