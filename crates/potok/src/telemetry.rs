//! The log: structured lines on standard error. Tokens and document bytes are never given to it.

use std::backtrace::{Backtrace, BacktraceStatus};
mod out;

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, LogSettings};
use out::Stderr;

/// The log cannot be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    /// The filter cannot be read.
    #[error("the log filter {filter:?} is wrong: {source}")]
    Filter {
        /// What was given.
        filter: String,
        /// Why.
        source: ParseError,
    },
    /// There is a log already.
    #[error("the log was set up twice")]
    Twice,
}

/// What is wrong with the settings of the log, if anything is.
pub(crate) fn problem(settings: &LogSettings) -> Option<ParseError> {
    settings.filter.parse::<Targets>().err()
}

/// Starts the log of this process, and sends panics there too.
///
/// # Errors
/// [`LogError`].
pub(crate) fn start(settings: &LogSettings) -> Result<(), LogError> {
    let filter: Targets = settings
        .filter
        .parse()
        .map_err(|source| LogError::Filter { filter: settings.filter.clone(), source })?;
    let log = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(Stderr::start())
        .with_ansi(std::io::stderr().is_terminal());
    match settings.format {
        LogFormat::Text => log.finish().with(filter).try_init(),
        LogFormat::Json => log.json().flatten_event(true).finish().with(filter).try_init(),
    }
    .map_err(|_| LogError::Twice)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let text = panic.payload_as_str().unwrap_or("a panic without text");
        fault(text, place.as_deref(), &Backtrace::capture());
    }));
    Ok(())
}

/// One line about a panic: its text, where it stood, and who called whom if `RUST_BACKTRACE` asks for that.
fn fault(text: &str, place: Option<&str>, calls: &Backtrace) {
    let backtrace = (calls.status() == BacktraceStatus::Captured).then(|| tracing::field::display(calls));
    tracing::error!(panic = text, place, backtrace, "a fault of the server");
}

/// Writes the lines that wait: before the process ends.
pub(crate) fn flush() {
    out::flush();
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no writer panics").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(calls: &Backtrace) -> String {
        let lines = Lines::default();
        let into = lines.clone();
        let log = tracing_subscriber::fmt().json().with_writer(move || into.clone()).finish();
        tracing::subscriber::with_default(log, || fault("out of range", Some("a.rs:1:2"), calls));
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_panic_is_one_line_that_names_the_lines_of_its_callers_when_asked() {
        let asked = logged(&Backtrace::force_capture());
        assert_eq!(asked.lines().count(), 1);
        assert!(
            asked.contains("out of range") && asked.contains("a.rs:1:2") && asked.contains("telemetry.rs:"),
            "{asked}"
        );
        assert!(!logged(&Backtrace::disabled()).contains("backtrace"));
    }
}
