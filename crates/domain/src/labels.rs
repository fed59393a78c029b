//! Labels of entities.

/// A label that hides the person who made a receipt or an amendment request. Other labels with a leading `_` are
/// reserved.
pub(crate) const IMPERSONAL: &str = "_impersonal";

/// One of `labels` is [`IMPERSONAL`]; case does not matter.
pub(crate) fn is_impersonal(labels: &[String]) -> bool {
    labels.iter().any(|label| label.eq_ignore_ascii_case(IMPERSONAL))
}
