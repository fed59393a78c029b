//! Who decides what is believed: signatures, and certificates by which people log in.

use std::sync::Arc;

use potok_cms::Trust;
use potok_operator::trust::{TrustOptions, TrustStore};
use potok_operator::{CutOff, DigestCheck, LoginJudge, Offload, OperatorServices, Verifier};
use potok_seams::{AnyIssuer, CertificateJudge, SignatureVerifier};
use potok_types::Clock;

use crate::StartError;
use crate::settings::Signatures;

/// Whoever decides what is believed.
pub struct Verifiers {
    /// Verifiers signatures.
    pub signatures: Arc<dyn SignatureVerifier>,
    /// Verifiers the certificates by which people log in.
    pub logins: Arc<dyn CertificateJudge>,
}

impl Verifiers {
    /// Looks at no certificate: signatures have to be of their contents, and adding a certificate to a user is the act of
    /// trust. `test_authority` makes the server's test signatures.
    pub fn of_contents(offload: Offload, test_authority: Option<Trust>) -> Self {
        Self { signatures: Arc::new(DigestCheck::new(offload, test_authority)), logins: Arc::new(AnyIssuer) }
    }

    /// Verifiers by the trusted certificates of `options`. The authority of the server's own test signatures counts beside them
    /// for test organizations, as long as `with_test_signatures`. Where trust is configured, it decides who may log in;
    /// without, adding a certificate to a user is the act of trust.
    ///
    /// # Errors
    /// [`StartError`] names the file.
    pub(crate) async fn open(
        signatures: Signatures,
        options: TrustOptions,
        with_test_signatures: bool,
        services: &OperatorServices,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let offload = services.offload.clone();
        let test_authority = services.test_keys.as_ref().map(|keys| keys.trust());
        if signatures == Signatures::AsGiven {
            return Ok(Self::of_contents(offload, test_authority));
        }
        let is_configured = options.certificates.is_some();
        let now = clock.now();
        let test_authority = test_authority.filter(|_| with_test_signatures).unwrap_or_default();
        let opened = offload.run(move || TrustStore::open(options, test_authority, now)).await;
        let store = opened.map_err(|cut_off: CutOff| StartError::OperatorServices(cut_off.into()))??;
        let store = Arc::new(store);
        if store.is_empty() {
            tracing::warn!(
                "no certificate is trusted, so nothing signed is delivered but between test organizations"
            );
        }
        let logins: Arc<dyn CertificateJudge> = match is_configured {
            false => Arc::new(AnyIssuer),
            true => Arc::new(LoginJudge::new(Arc::clone(&store))),
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
    async fn the_authority_of_test_signatures_lets_in_only_where_nothing_else_is_trusted() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(NOW));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        for (signatures, is_configured, with_test_signatures, lets_in) in [
            (Signatures::Checked, true, true, false),
            (Signatures::Checked, true, false, false),
            // Nothing is configured: any certificate that was added.
            (Signatures::Checked, false, false, true),
            (Signatures::AsGiven, true, false, true),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let options = OperatorOptions::default();
            let keys = folder.path().join("keys");
            let services = OperatorServices::open(options, &keys, with_test_signatures, &*clock, &entropy)
                .await
                .unwrap();
            let certificate = services.test_keys.as_ref().unwrap().operator().certificate.clone();
            let trust = folder.path().join("trust");
            std::fs::create_dir(&trust).unwrap();
            let options =
                TrustOptions { certificates: is_configured.then_some(trust), ..TrustOptions::default() };
            let verifiers =
                Verifiers::open(signatures, options, with_test_signatures, &services, &clock).await.unwrap();
            let judged = verifiers.logins.judge(&certificate, NOW);
            assert_eq!(judged.is_ok(), lets_in, "{signatures:?} {is_configured} {with_test_signatures}");
        }
    }
}
