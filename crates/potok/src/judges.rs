//! Who decides what is believed: signatures, and certificates by which people log in.

use std::sync::Arc;

use potok_cms::Trust;
use potok_operator::trust::{TrustOptions, TrustStore};
use potok_operator::{CutOff, DigestCheck, LoginJudge, Office, Offload, Verifier};
use potok_seams::{AnyIssuer, CertificateJudge, SignatureVerifier};
use potok_types::Clock;

use crate::StartError;
use crate::settings::Signatures;

/// Whoever decides what is believed.
pub struct Judges {
    /// Judges signatures.
    pub signatures: Arc<dyn SignatureVerifier>,
    /// Judges the certificates by which people log in.
    pub logins: Arc<dyn CertificateJudge>,
}

impl Judges {
    /// Looks at no certificate: signatures have to be of their contents, and adding a certificate to a user is the act of
    /// trust.
    pub fn of_contents(offload: Offload) -> Self {
        Self { signatures: Arc::new(DigestCheck::new(offload)), logins: Arc::new(AnyIssuer) }
    }

    /// Judges by the trusted certificates of `options`. The authority of the server's own test signatures is
    /// trusted as long as it is there; for logins only when `with_test_signatures`, as it may be there for the operator's
    /// key alone. Without configured trust, adding a certificate to a user is the act of trust.
    ///
    /// # Errors
    /// [`StartError`] names the file.
    pub(crate) async fn open(
        signatures: Signatures,
        options: TrustOptions,
        with_test_signatures: bool,
        office: &Office,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let offload = office.offload.clone();
        if signatures == Signatures::AsGiven {
            return Ok(Self::of_contents(offload));
        }
        let own = office.test_keys.as_ref().map(|keys| keys.trust());
        let may_log_in = with_test_signatures || own.is_none();
        let is_configured = options.certificates.is_some();
        let now = clock.now();
        let open = async |own: Trust| {
            let options = options.clone();
            let opened = offload.run(move || TrustStore::open(options, own, now)).await;
            let store = opened.map_err(|cut_off: CutOff| StartError::Office(cut_off.into()))??;
            Ok::<_, StartError>(Arc::new(store))
        };
        let store = open(own.unwrap_or_default()).await?;
        if store.is_empty() {
            tracing::warn!(
                "no certificate is trusted, so nothing that is signed can be delivered: give a folder of roots with --trust DIR"
            );
        }
        let logins: Arc<dyn CertificateJudge> = match (is_configured, may_log_in) {
            (false, _) => Arc::new(AnyIssuer),
            (true, true) => Arc::new(LoginJudge::new(Arc::clone(&store))),
            (true, false) => Arc::new(LoginJudge::new(open(Trust::default()).await?)),
        };
        let signatures = Arc::new(Verifier::new(store, offload.clone(), Arc::clone(clock)));
        Ok(Self { signatures, logins })
    }
}

#[cfg(test)]
mod tests {
    use potok_operator::OperatorOptions;
    use potok_types::{Entropy, ManualClock, SeededEntropy, Ticks};

    use super::*;

    const NOW: Ticks = Ticks::new(639_000_000_000_000_000);

    #[tokio::test]
    async fn the_authority_of_test_signatures_lets_in_only_where_there_are_such() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(NOW));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        for (signatures, is_configured, with_test_signatures, lets_in) in [
            (Signatures::Checked, true, true, true),
            (Signatures::Checked, true, false, false),
            // Nothing is configured: any certificate that was added.
            (Signatures::Checked, false, false, true),
            (Signatures::AsGiven, true, false, true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let options = OperatorOptions::default();
            let keys = folder.path().join("keys");
            let office = Office::open(options, &keys, with_test_signatures, &*clock, &entropy).await.unwrap();
            let certificate = office.test_keys.as_ref().unwrap().operator().certificate.clone();
            let trust = folder.path().join("trust");
            std::fs::create_dir(&trust).unwrap();
            let options =
                TrustOptions { certificates: is_configured.then_some(trust), ..TrustOptions::default() };
            let judges =
                Judges::open(signatures, options, with_test_signatures, &office, &clock).await.unwrap();
            let judged = judges.logins.judge(&certificate, NOW);
            assert_eq!(judged.is_ok(), lets_in, "{signatures:?} {is_configured} {with_test_signatures}");
        }
    }
}
