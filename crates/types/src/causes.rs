//! Errors for people who run the server.

use std::error::Error;

/// An error with everything that led to it, in one line. A cause that its effect quotes already is not repeated.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Told {
        words: &'static str,
        source: Option<Box<Told>>,
    }

    #[test]
    fn causes_follow_their_effects() {
        let told = |words, source: Option<Told>| Told { words, source: source.map(Box::new) };
        assert_eq!(with_causes(&told("no", None)), "no");
        let deep = told("the store failed", Some(told("no file", Some(told("permission denied", None)))));
        assert_eq!(with_causes(&deep), "the store failed: no file: permission denied");
        let quoting = told("no key: no file", Some(told("no file", Some(told("a disk", None)))));
        assert_eq!(with_causes(&quoting), "no key: no file: a disk");
    }
}
