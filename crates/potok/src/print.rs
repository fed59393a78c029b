//! Standard output: what a command was asked for, and nothing else. The log goes to standard error.

use std::io::Write as _;

/// Writes one line. A reader that went away (`potok … | head`) is no fault of ours.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _reader_may_be_gone = writeln!(std::io::stdout(), "{text}");
}

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) {
    let _reader_may_be_gone = std::io::stdout().write_all(bytes);
}

/// Writes one line to standard error: what whoever asked should know besides.
pub(crate) fn complaint(text: impl std::fmt::Display) {
    let _reader_may_be_gone = writeln!(std::io::stderr(), "{text}");
}
