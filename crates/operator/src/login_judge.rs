//! Which certificates may open an account: the seam `CertificateJudge` over the trusted certificates.

use std::sync::Arc;

use potok_cms::chain::{Purpose, Times};
use potok_cms::{Certificate, Chain, Language, UnixTime};
use potok_seams::CertificateJudge;
use potok_types::Ticks;

use crate::trust::TrustStore;

/// Believes certificates with a chain to a trusted root, in which nothing is revoked or out of date at the login. The server's
/// own test authority opens no account: its keys are nobody's.
#[derive(Clone, Debug)]
pub struct LoginJudge {
    trust: Arc<TrustStore>,
}

impl LoginJudge {
    /// A judge that believes `trust`.
    pub const fn new(trust: Arc<TrustStore>) -> Self {
        Self { trust }
    }
}

impl CertificateJudge for LoginJudge {
    fn judge(&self, certificate: &Certificate, at: Ticks) -> Result<(), String> {
        let trust = self.trust.current(at);
        // Only the certificate comes with the call, so the authorities between have to be among the trusted files. What
        // its key may be used for does not count: signing keys and encryption keys both show who holds them.
        let chain =
            Chain::build(certificate, &[], &trust, Times::at(UnixTime(at.unix_seconds())), Purpose::Any);
        if chain.is_valid() {
            return Ok(());
        }
        Err(chain.status().text(Language::English))
    }

    fn knows_issuers(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use potok_cms::revocation::Revocation;
    use potok_cms::{RevocationList, Trust, UnixTime};

    use super::*;
    use crate::verify::testing::{AT, pki};

    fn judge(trust: Trust, certificate: &Certificate, at: UnixTime) -> Result<(), String> {
        let store = TrustStore::of(trust, Ticks::from_unix_seconds(at.0));
        LoginJudge::new(Arc::new(store)).judge(certificate, Ticks::from_unix_seconds(at.0))
    }

    #[test]
    fn the_chain_counts_and_who_is_revoked_at_the_time() {
        let pki = pki();
        let good = &pki.people[0][0].certificate;
        assert_eq!(judge(pki.trust(), good, AT), Ok(()));

        let revoked_at = UnixTime(AT.0 + 100);
        let entry = (good.clone(), Revocation { time: revoked_at, reason: 1 });
        let validity = potok_cms::pki::Validity::days(AT, 30);
        let list = pki.authority.revocation_list(&[entry], 9, validity).unwrap();
        let mut with_list = pki.trust();
        with_list.revocation_lists = vec![RevocationList::parse(&list).unwrap()];
        let without_root = Trust { anchors: Vec::new(), ..pki.trust() };
        let without_authority = Trust { intermediates: Vec::new(), ..pki.trust() };
        let later = UnixTime(AT.0 + 400 * 86_400);
        for (trust, at, words) in [
            (with_list, UnixTime(revoked_at.0 + 1), "revoked"),
            (without_root, AT, "the issuer of a certificate is not known"),
            (without_authority, AT, "the issuer of a certificate is not known"),
            (Trust::default(), AT, "not known"),
            (pki.trust(), later, "expired"),
        ] {
            let refused = judge(trust, good, at).unwrap_err();
            assert!(refused.contains(words), "{words}: {refused}");
        }
    }
}
