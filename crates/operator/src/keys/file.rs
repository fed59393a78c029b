//! Keys in files.

use std::path::Path;

use potok_cms::KeyStore;
use potok_cms::pki::Identity;
use zeroize::Zeroizing;

use super::{KeyError, Password, read_certificates, unreadable};
use crate::Signer;

/// Reads a key with its certificate, which may stand in another file.
pub(super) fn open(
    path: &Path,
    certificate: Option<&Path>,
    password: Option<&Password>,
) -> Result<Signer, KeyError> {
    let bytes = Zeroizing::new(std::fs::read(path).map_err(unreadable(path))?);
    let unusable = |source| KeyError::Key { path: path.to_owned(), source };
    let mut store = KeyStore::parse(&bytes, password.map(Password::as_str)).map_err(unusable)?;
    if let Some(certificate) = certificate {
        store.certificates.extend(read_certificates(certificate)?);
    }
    if store.certificates.is_empty() && !store.keys.is_empty() {
        return Err(KeyError::NoCertificate);
    }
    let (Identity { certificate, key }, mut above) = store.into_identity().map_err(unusable)?;
    above.retain(|other| *other != certificate);
    Ok(Signer::new(Identity { certificate, key }, above))
}
