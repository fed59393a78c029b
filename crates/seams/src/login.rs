//! Which certificates may open an account.

use potok_cms::Certificate;
use potok_types::Ticks;

/// Says whether a certificate may open the account that it was added to.
pub trait CertificateJudge: Send + Sync {
    /// Its period of validity is known to be right; chain and revocation are for the judge. Called off the async
    /// threads.
    ///
    /// # Errors
    /// Why not, for people.
    fn judge(&self, certificate: &Certificate, at: Ticks) -> Result<(), String>;

    /// Whether it tells issuers apart. Where it does not, nothing about its holder follows from what a certificate says.
    fn knows_issuers(&self) -> bool;
}

/// Believes every certificate that an administrator added, whoever issued it.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnyIssuer;

impl CertificateJudge for AnyIssuer {
    fn judge(&self, _certificate: &Certificate, _at: Ticks) -> Result<(), String> {
        Ok(())
    }

    fn knows_issuers(&self) -> bool {
        false
    }
}
