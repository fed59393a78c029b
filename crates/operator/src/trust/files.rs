//! The folders of certificates and lists.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use potok_cms::{Certificate, CertificateError, RevocationList, Trust};

use super::TrustError;

/// Files with certificates.
const CERTIFICATES: [&str; 4] = ["pem", "crt", "cer", "der"];
/// Files with revocation lists.
const LISTS: [&str; 3] = ["crl", "pem", "der"];

/// A file as it was at some time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileMark {
    path: PathBuf,
    modified: Option<SystemTime>,
    len_bytes: u64,
}

/// The files that count now.
pub(super) struct Found {
    pub(super) files: Vec<FileMark>,
    pub(super) certificates: Vec<PathBuf>,
    pub(super) lists: Vec<PathBuf>,
}

impl Found {
    /// Looks at files, and into folders, of certificates and of revocation lists.
    pub(super) fn look(certificates: &[PathBuf], lists: &[PathBuf]) -> Result<Self, TrustError> {
        let mut files = Vec::new();
        let mut list_all = |places: &[PathBuf], endings: &[&str]| {
            let mut found = Vec::new();
            for place in places {
                found.extend(list(place, endings, &mut files)?);
            }
            Ok(found)
        };
        let certificates = list_all(certificates, &CERTIFICATES)?;
        let lists = list_all(lists, &LISTS)?;
        Ok(Self { files, certificates, lists })
    }

    /// Reads all files and puts what they say beside `own`.
    pub(super) fn read(&self, own: &Trust) -> Result<Trust, TrustError> {
        let mut trust = own.clone();
        for path in &self.certificates {
            let wrong = |source| TrustError::Certificate { path: path.clone(), source };
            let found = Certificate::parse_bundle(&bytes(path)?).map_err(wrong)?;
            if found.is_empty() {
                return Err(wrong(CertificateError::NotACertificate));
            }
            for certificate in found {
                let is_root =
                    certificate.is_self_issued() && certificate.is_signed_by_certificate(&certificate);
                if is_root {
                    trust.anchors.push(certificate);
                } else {
                    trust.intermediates.push(certificate);
                }
            }
        }
        for path in &self.lists {
            let list = RevocationList::parse(&bytes(path)?);
            let list = list.map_err(|source| TrustError::RevocationList { path: path.clone(), source })?;
            trust.revocation_lists.push(list);
        }
        Ok(trust)
    }
}

/// The files of a folder with one of the endings, by name; a single file whatever its name is.
fn list(place: &Path, endings: &[&str], marks: &mut Vec<FileMark>) -> Result<Vec<PathBuf>, TrustError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| TrustError::Unreadable { path, source }
    };
    let mut paths = Vec::new();
    if place.is_file() {
        paths.push(place.to_owned());
    } else {
        for entry in std::fs::read_dir(place).map_err(unreadable(place))? {
            let path = entry.map_err(unreadable(place))?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
            let is_wanted = ending.is_some_and(|ending| endings.contains(&ending.as_str()));
            if is_wanted && path.is_file() {
                paths.push(path);
            }
        }
        paths.sort();
    }
    for path in &paths {
        let found = std::fs::metadata(path).map_err(unreadable(path))?;
        marks.push(FileMark { path: path.clone(), modified: found.modified().ok(), len_bytes: found.len() });
    }
    Ok(paths)
}

fn bytes(path: &Path) -> Result<Vec<u8>, TrustError> {
    std::fs::read(path).map_err(|source| TrustError::Unreadable { path: path.to_owned(), source })
}
