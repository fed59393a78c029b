//! Whether the revocation lists at hand are enough, for whoever runs the server.

use std::collections::BTreeSet;
use std::fmt;

use potok_cms::{Certificate, Trust, UnixTime};

/// An authority without a current revocation list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListGap {
    /// Whose certificates are not covered.
    pub authority: String,
    /// When the next list was due; `None` when there is none at all.
    pub due: Option<i64>,
}

impl fmt::Display for ListGap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.due {
            Some(due) => {
                write!(f, "the revocation list of {} is out of date since {}", self.authority, UnixTime(due))
            }
            None => write!(f, "there is no revocation list of {}", self.authority),
        }
    }
}

/// The authorities of `trust` whose certificates no current list covers at `at`.
pub fn gaps(trust: &Trust, at: UnixTime) -> BTreeSet<ListGap> {
    let authorities =
        trust.anchors.iter().chain(&trust.intermediates).filter(|certificate| may_issue(certificate));
    authorities.filter_map(|authority| gap(authority, trust, at)).collect()
}

fn may_issue(certificate: &Certificate) -> bool {
    matches!(certificate.extensions().authority, Some((true, _)))
}

fn gap(authority: &Certificate, trust: &Trust, at: UnixTime) -> Option<ListGap> {
    let own = trust.revocation_lists.iter().filter(|list| list.is_issued_by(authority));
    let mut due = None;
    for list in own {
        if list.is_current_at(at) {
            return None;
        }
        due = due.max(list.next().map(|next| next.0));
    }
    let subject = authority.subject();
    let name = subject.common_name().or_else(|| subject.organization());
    Some(ListGap { authority: name.map_or_else(|| subject.to_string(), str::to_owned), due })
}
