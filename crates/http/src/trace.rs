//! What is remembered of a request for its log line.

use std::fmt;
use std::sync::OnceLock;

use potok_types::{BoxId, Entropy};

/// The name of one request: 32 hexadecimal digits, in every answer and in every log line about it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TraceId([u8; 16]);

impl TraceId {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(bytes)
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Who called about what, as it becomes known. Written at most once each.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) label: OnceLock<&'static str>,
    /// Of the method, for what is done with a body that nobody reads.
    pub(crate) body_limit_bytes: OnceLock<u64>,
    pub(crate) client_id: OnceLock<String>,
    pub(crate) box_id: OnceLock<BoxId>,
}
