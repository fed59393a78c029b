//! Chains of certificates: from the signer's to one that is trusted.

mod flags;
#[cfg(test)]
mod tests;

pub use flags::StatusFlags;

use crate::certificate::{Certificate, KeyUsage, Uncheckable};
use crate::oid;
use crate::revocation::RevocationList;
use crate::time::UnixTime;

/// Certificates in one chain; real ones have two to four.
const MAX_LENGTH: usize = 8;
/// Signatures that are checked while looking for a chain, so that many certificates with one name cost no more.
const MAX_CHECKS: usize = 32;

/// Whether revocation lists have to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RevocationPolicy {
    /// Lists count where they are at hand.
    #[default]
    IfAvailable,
    /// Each certificate below the root needs a current list.
    Required,
}

/// What is trusted, and what helps to get there.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Certificates that are trusted as they are; chains end here.
    pub anchors: Vec<Certificate>,
    /// Authorities that may stand between; trusted only through an anchor.
    pub intermediates: Vec<Certificate>,
    /// Revocation lists.
    pub revocation_lists: Vec<RevocationList>,
    /// Whether lists have to be there.
    pub revocation: RevocationPolicy,
}

/// The two points in time of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When the certificates have to be in their periods of validity.
    pub validity: UnixTime,
    /// When they must not be revoked: not before `validity`, because who revokes a key doubts what it signed lately.
    pub revocation: UnixTime,
}

impl Times {
    /// Both at once.
    pub const fn at(time: UnixTime) -> Self {
        Self { validity: time, revocation: time }
    }
}

/// What the first certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents.
    Signature,
    /// Making time stamps.
    TimeStamp,
    /// Anything: only the chain counts.
    Any,
}

/// One certificate of a chain and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainElement {
    /// The certificate.
    pub certificate: Certificate,
    /// What is wrong.
    pub status: StatusFlags,
    /// Why the issuer's signature cannot be checked; `status` has [`StatusFlags::NOT_SIGNATURE_VALID`] then, as the API knows
    /// nothing nearer.
    pub uncheckable: Option<Uncheckable>,
    /// What the revocation lists at hand know of it.
    pub list: ListState,
}

/// Whether there is a revocation list for a certificate at the time of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// None is needed: the certificate is trusted as it is, or nobody vouches for it.
    NotNeeded,
    /// A current one.
    Current,
    /// The next one was due at this time.
    Outdated(UnixTime),
    /// No list of the issuer is at hand.
    Missing,
}

impl ChainElement {
    /// What is wrong without the flag that only says that a signature could not be checked.
    pub(crate) fn told_status(&self) -> StatusFlags {
        match self.uncheckable {
            Some(_) => self.status.without(StatusFlags::NOT_SIGNATURE_VALID),
            None => self.status,
        }
    }
}

/// A chain from the certificate in question towards a root; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The certificate in question first, the root last.
    pub elements: Vec<ChainElement>,
}

impl Chain {
    /// Builds the best chain for a certificate and checks it: of all that can be built one without faults, else one
    /// that ends at an anchor, else the longest.
    ///
    /// `others` are certificates that came along and are not trusted.
    pub fn build(
        certificate: &Certificate,
        others: &[Certificate],
        trust: &Trust,
        times: Times,
        purpose: Purpose,
    ) -> Self {
        let mut search = Search { others, trust, times, purpose, checks: 0, best: None };
        search.extend(&mut vec![certificate.clone()]);
        let (_, chain) = search.best.expect("the search looks at one chain at least");
        chain
    }

    /// All flags of all certificates.
    pub fn status(&self) -> StatusFlags {
        self.elements.iter().fold(StatusFlags::NO_ERROR, |all, element| all.or(element.status))
    }

    /// All flags without those that only say that a signature could not be checked: [`Chain::uncheckable`] tells of these.
    pub(crate) fn told_status(&self) -> StatusFlags {
        self.elements.iter().fold(StatusFlags::NO_ERROR, |all, element| all.or(element.told_status()))
    }

    /// Why signatures in the chain cannot be checked, each reason once.
    pub(crate) fn uncheckable(&self) -> Vec<Uncheckable> {
        let mut reasons = Vec::new();
        for reason in self.elements.iter().filter_map(|element| element.uncheckable) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// Whether nothing is wrong with any certificate.
    pub fn is_valid(&self) -> bool {
        self.status().is_empty()
    }
}

/// How good a chain is: without faults, then ending at an anchor, then with fewer faults, then longer.
type Rank = (bool, bool, std::cmp::Reverse<u32>, usize);

struct Search<'a> {
    others: &'a [Certificate],
    trust: &'a Trust,
    times: Times,
    purpose: Purpose,
    checks: usize,
    best: Option<(Rank, Chain)>,
}

impl Search<'_> {
    /// Looks for issuers of the last certificate of `path`; leaves `path` as it was.
    fn extend(&mut self, path: &mut Vec<Certificate>) {
        let last = path.last().expect("a path has a first certificate").clone();
        let is_anchor = self.trust.anchors.contains(&last);
        let mut found_issuer = false;
        // An anchor ends the chain even when somebody signed it too.
        if !is_anchor
            && path.len() < MAX_LENGTH
            && !(last.is_self_issued() && last.is_signed_by_certificate(&last))
        {
            let trust = self.trust;
            let candidates = trust.anchors.iter().chain(&trust.intermediates).chain(self.others);
            let mut issuers: Vec<&Certificate> = Vec::new();
            for candidate in candidates {
                let fits = candidate.subject().matches(last.issuer())
                    && !path.contains(candidate)
                    && !issuers.contains(&candidate)
                    && key_ids_agree(candidate, &last);
                if fits {
                    issuers.push(candidate);
                }
            }
            for issuer in issuers {
                if self.checks == MAX_CHECKS || self.found_faultless() {
                    break;
                }
                self.checks += 1;
                // Another authority of the same name is no issuer; the only one of its name is, with a wrong signature.
                if last.is_signed_by_certificate(issuer) {
                    found_issuer = true;
                    path.push(issuer.clone());
                    self.extend(path);
                    path.pop();
                }
            }
            if !found_issuer {
                found_issuer = self.extend_with_wrong_signature(path, &last);
            }
        }
        if !found_issuer {
            self.consider(path, is_anchor);
        }
    }

    /// Shows the named issuer above a certificate it did not sign, so that people see what does not fit.
    fn extend_with_wrong_signature(&mut self, path: &mut Vec<Certificate>, last: &Certificate) -> bool {
        let trust = self.trust;
        let mut named = trust.anchors.iter().chain(&trust.intermediates).chain(self.others);
        let Some(issuer) = named.find(|candidate| {
            candidate.subject().matches(last.issuer())
                && !path.contains(candidate)
                && key_ids_agree(candidate, last)
        }) else {
            return false;
        };
        if self.checks == MAX_CHECKS {
            return false;
        }
        self.checks += 1;
        path.push(issuer.clone());
        self.extend(path);
        path.pop();
        true
    }

    fn found_faultless(&self) -> bool {
        self.best.as_ref().is_some_and(|((faultless, ..), _)| *faultless)
    }

    fn consider(&mut self, path: &[Certificate], ends_at_anchor: bool) {
        let elements: Vec<ChainElement> =
            (0..path.len()).map(|index| self.element(path, index, ends_at_anchor)).collect();
        let chain = Chain { elements };
        let status = chain.status();
        let faults = std::cmp::Reverse(status.bits().count_ones());
        let rank = (status.is_empty(), ends_at_anchor, faults, path.len());
        if self.best.as_ref().is_none_or(|(best, _)| *best < rank) {
            self.best = Some((rank, chain));
        }
    }

    /// One certificate of a path and what is wrong with it.
    fn element(&self, path: &[Certificate], index: usize, ends_at_anchor: bool) -> ChainElement {
        let certificate = &path[index];
        let is_last = index + 1 == path.len();
        let mut element = ChainElement {
            certificate: certificate.clone(),
            status: self.own_status(path, index),
            uncheckable: None,
            list: ListState::NotNeeded,
        };
        if is_last && ends_at_anchor {
            // Trusted as it is: who signed it, and whether it was revoked, is of no concern.
            return element;
        }
        let status = &mut element.status;
        let issuer = if is_last { certificate } else { &path[index + 1] };
        let is_root = is_last && certificate.is_self_issued();
        if is_last && !is_root {
            status.add(StatusFlags::PARTIAL_CHAIN);
            return element;
        }
        if is_root {
            status.add(StatusFlags::UNTRUSTED_ROOT);
        }
        if !certificate.is_signed_by_certificate(issuer) {
            status.add(StatusFlags::NOT_SIGNATURE_VALID);
            element.uncheckable = certificate.uncheckable_by(issuer);
        }
        if certificate.has_weak_signature() {
            status.add(StatusFlags::HAS_WEAK_SIGNATURE);
        }
        if !is_root {
            let (revocation, list) = self.revocation_status(certificate, issuer);
            status.add(revocation);
            element.list = list;
        }
        element
    }

    /// What is wrong with a certificate whoever signed it.
    fn own_status(&self, path: &[Certificate], index: usize) -> StatusFlags {
        let certificate = &path[index];
        let extensions = certificate.extensions();
        let mut status = StatusFlags::NO_ERROR;
        if !certificate.is_valid_at(self.times.validity) {
            status.add(StatusFlags::NOT_TIME_VALID);
        }
        if extensions.is_broken {
            status.add(StatusFlags::INVALID_EXTENSION);
        }
        if !extensions.unknown_critical.is_empty() {
            status.add(StatusFlags::HAS_NOT_SUPPORTED_CRITICAL_EXTENSION);
        }
        if index == 0 {
            status.add(self.usage_status(certificate));
        } else {
            status.add(authority_status(path, index));
        }
        status
    }

    fn usage_status(&self, certificate: &Certificate) -> StatusFlags {
        let extensions = certificate.extensions();
        let signs = KeyUsage::DIGITAL_SIGNATURE.or(KeyUsage::NON_REPUDIATION);
        let allowed = match self.purpose {
            Purpose::Any => true,
            Purpose::Signature => extensions.allows_usage(signs),
            Purpose::TimeStamp => {
                // RFC 3161 §2.3: the purpose has to be there, and no other.
                extensions.allows_usage(signs)
                    && extensions.purposes.as_ref().is_some_and(|purposes| purposes == &[oid::TIME_STAMPING])
            }
        };
        if allowed { StatusFlags::NO_ERROR } else { StatusFlags::NOT_VALID_FOR_USAGE }
    }

    fn revocation_status(&self, certificate: &Certificate, issuer: &Certificate) -> (StatusFlags, ListState) {
        let mut state = ListState::Missing;
        let lists = self.trust.revocation_lists.iter();
        for list in lists.filter(|list| list.covers(certificate) && list.is_issued_by(issuer)) {
            // An entry counts from its date on, also when the list came later or is outdated by now.
            let revoked = list.find(certificate.serial());
            if revoked.is_some_and(|revocation| revocation.time <= self.times.revocation) {
                return (StatusFlags::REVOKED, ListState::Current);
            }
            let at = self.times.revocation;
            state = match (list.next().filter(|next| *next < at), state) {
                _ if list.is_current_at(at) => ListState::Current,
                (_, ListState::Current) | (None, _) => state,
                (Some(next), ListState::Outdated(other)) => ListState::Outdated(next.max(other)),
                (Some(next), _) => ListState::Outdated(next),
            };
        }
        let status = match self.trust.revocation {
            RevocationPolicy::Required if state != ListState::Current => {
                StatusFlags::REVOCATION_STATUS_UNKNOWN.or(StatusFlags::OFFLINE_REVOCATION)
            }
            _ => StatusFlags::NO_ERROR,
        };
        (status, state)
    }
}

/// Whether a certificate above the first may issue the one below it.
fn authority_status(path: &[Certificate], index: usize) -> StatusFlags {
    let extensions = path[index].extensions();
    let mut status = StatusFlags::NO_ERROR;
    // Authorities below, without the first certificate and without those that only renew a key.
    let below = path[1..index].iter().filter(|certificate| !certificate.is_self_issued()).count();
    let allowed = match extensions.authority {
        Some((true, None)) => true,
        Some((true, Some(limit))) => u32::try_from(below).is_ok_and(|below| below <= limit),
        Some((false, _)) | None => false,
    };
    if !allowed {
        status.add(StatusFlags::INVALID_BASIC_CONSTRAINTS);
    }
    if !extensions.allows_usage(KeyUsage::KEY_CERT_SIGN) {
        status.add(StatusFlags::NOT_VALID_FOR_USAGE);
    }
    status
}

/// Two identifiers that are both there have to be the same.
fn key_ids_agree(issuer: &Certificate, subject: &Certificate) -> bool {
    match (&issuer.extensions().subject_key_id, &subject.extensions().authority_key_id) {
        (Some(issuer), Some(wanted)) => issuer == wanted,
        _ => true,
    }
}
