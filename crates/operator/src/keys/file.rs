//! Keys in files.

use std::path::Path;

use potok_cms::{KeyStore, UnixTime};
use zeroize::Zeroizing;

use super::{KeyError, Password, read_certificates, unreadable};
use crate::Signer;

/// Reads a key with its certificate, which may stand in another file: then it is that one, also when there is an older one
/// beside the key.
pub(super) fn open(
    path: &Path,
    certificate: Option<&Path>,
    password: Option<&Password>,
    at: UnixTime,
) -> Result<Signer, KeyError> {
    let bytes = Zeroizing::new(std::fs::read(path).map_err(unreadable(path))?);
    let unusable = |source| KeyError::Key { path: path.to_owned(), source };
    let store = KeyStore::parse(&bytes, password.map(Password::as_str)).map_err(unusable)?;
    let named = certificate.map(read_certificates).transpose()?.unwrap_or_default();
    let has_certificates = !named.is_empty() || !store.certificates.is_empty() || store.left_out.is_some();
    if !has_certificates && !store.keys.is_empty() {
        return Err(KeyError::NoCertificate);
    }
    let (identity, above) = store.into_identity_of(named, at).map_err(unusable)?;
    Ok(Signer::new(identity, above))
}
