//! Certificates and revocation lists in files.

use std::io;
use std::path::{Path, PathBuf};

use potok_cms::{Certificate, CertificateError, RevocationList, RevocationListError, Trust};

/// Why a trust store cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TrustFileError {
    /// A file or folder cannot be read.
    #[error("{path} could not be read")]
    Unreadable {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No certificates.
    #[error("{path} has no certificate that could be read")]
    Certificate {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: CertificateError,
    },
    /// No revocation list.
    #[error("{path} is no revocation list that could be read")]
    RevocationList {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: RevocationListError,
    },
}

/// Reads certificates and revocation lists, in DER or PEM, from files and from folders of them. Certificates that issued
/// themselves are trusted; others only help to get there.
///
/// # Errors
/// [`TrustFileError`] names the file.
pub fn read_trust(certificates: &[PathBuf], lists: &[PathBuf]) -> Result<Trust, TrustFileError> {
    let mut trust = Trust::default();
    for path in files(certificates)? {
        let found = Certificate::parse_bundle(&read(&path)?);
        for certificate in found.map_err(|source| TrustFileError::Certificate { path, source })? {
            match certificate.is_self_issued() {
                true => trust.anchors.push(certificate),
                false => trust.intermediates.push(certificate),
            }
        }
    }
    for path in files(lists)? {
        let found = RevocationList::parse(&read(&path)?);
        let list = found.map_err(|source| TrustFileError::RevocationList { path, source })?;
        trust.revocation_lists.push(list);
    }
    Ok(trust)
}

/// The files named, and those of the folders named, in a settled order.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, TrustFileError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(unreadable(path))?;
        let mut inside = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable(path))?.path();
            let is_hidden = entry.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if entry.is_file() && !is_hidden {
                inside.push(entry);
            }
        }
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, TrustFileError> {
    std::fs::read(path).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> TrustFileError {
    move |source| TrustFileError::Unreadable { path: path.to_owned(), source }
}
