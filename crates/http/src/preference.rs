//! What a caller would like (RFC 7240): `Prefer: dry-run` makes of a change a trial, which is checked, decided and answered as the
//! real one, and leaves nothing behind.

use std::fmt::Write as _;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};
use potok_api::{MethodSpec, Verb};
use potok_app::{Exchange, Undeliverable};

use crate::answer::Answer;
use crate::{ApiError, Edge};

pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
pub(crate) const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// A signature that would be taken, and would not be delivered.
const NOT_DELIVERED: HeaderName = HeaderName::from_static("potok-not-delivered");
const DRY_RUN: &str = "dry-run";
/// Signatures that are told of at most, and the characters of what is told of each.
const TOLD: usize = 20;
const TOLD_CHARS: usize = 300;

/// The preferences of a request, in their order; what belongs to one of them counts as one of its own.
pub(crate) fn all(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split([',', ';']))
}

/// The exchange on which a call is tried, if its caller wants that of a method that may change something.
///
/// # Errors
/// 400 for a method that cannot be tried: it would be done, and its caller would think that it was not.
pub(crate) fn trial(
    edge: &Edge,
    spec: &MethodSpec,
    headers: &HeaderMap,
) -> Result<Option<Arc<Exchange>>, ApiError> {
    let is_asked = all(headers).any(|preference| preference.trim().eq_ignore_ascii_case(DRY_RUN));
    if !is_asked || spec.verb == Verb::Get {
        return Ok(None);
    }
    if !spec.may_be_tried {
        let text = format!(
            "header Prefer: {DRY_RUN} means nothing for {spec}, and nothing was done: leave the header out, or try a post, a \
             patch, a draft or a template"
        );
        return Err(ApiError::bad_request(text));
    }
    Ok(Some(Arc::new(edge.app.exchange().trial())))
}

/// The answer of a trial.
pub(crate) fn tried(answer: Answer, trial: &Exchange) -> Answer {
    let answer = answer.with(PREFERENCE_APPLIED, HeaderValue::from_static(DRY_RUN));
    let found = trial.undeliverable();
    let told = found.iter().take(TOLD).filter_map(|found| HeaderValue::try_from(told(found)).ok());
    told.fold(answer, |answer, value| answer.with(NOT_DELIVERED, value))
}

/// The place of a signature, and what is wrong with it as an extended parameter (RFC 8187): headers have no letters of others.
fn told(found: &Undeliverable) -> String {
    let mut told = found.path.clone();
    if !found.words.is_empty() {
        told.push_str("; words*=UTF-8''");
        for c in found.words.join(". ").chars().take(TOLD_CHARS) {
            if c.is_ascii_alphanumeric() {
                told.push(c);
                continue;
            }
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _never_fails = write!(told, "%{byte:02X}");
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_into_a_header_whole() {
        let words = vec!["Подпись не та".to_owned(), "b".to_owned()];
        let found = Undeliverable { path: "Signatures[0]".to_owned(), words };
        let header = told(&found);
        assert!(header.starts_with("Signatures[0]; words*=UTF-8''%D0%9F%D0%BE"), "{header}");
        assert!(header.ends_with("%D0%B0%2E%20b"), "{header}");
        assert!(HeaderValue::try_from(header).is_ok());
        let bare = Undeliverable { path: "Signatures[0]".to_owned(), words: Vec::new() };
        assert_eq!(told(&bare), "Signatures[0]");
    }
}
