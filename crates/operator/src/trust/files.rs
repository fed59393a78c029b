//! The folders of certificates and lists.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use potok_cms::{Certificate, CertificateError, RevocationList, RevocationPolicy, Trust};

use super::TrustError;

/// Files with certificates.
const CERTIFICATES: [&str; 6] = ["pem", "crt", "cer", "der", "p7b", "p7c"];
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
    certificates: Vec<Place>,
    lists: Vec<Place>,
}

/// A file, and whether it was named itself or lies in a folder that was.
struct Place {
    path: PathBuf,
    is_named: bool,
}

/// What files say.
pub(super) struct Read {
    pub(super) trust: Trust,
    /// Files that say nothing of use, and are left out.
    pub(super) left_out: Vec<TrustError>,
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

    /// Reads all files. One bad file of a folder leaves the others as they are; a file of certificates that was named itself
    /// has to be one.
    pub(super) fn read(&self, revocation: RevocationPolicy) -> Result<Read, TrustError> {
        let mut trust = Trust { revocation, ..Trust::default() };
        let mut left_out = Vec::new();
        for Place { path, is_named } in &self.certificates {
            match read_certificates(path) {
                Ok(found) => {
                    let (roots, others): (Vec<_>, Vec<_>) = found.into_iter().partition(Certificate::is_root);
                    trust.anchors.extend(roots);
                    trust.intermediates.extend(others);
                }
                Err(error) if *is_named => return Err(error),
                Err(error) => left_out.push(error),
            }
        }
        for Place { path, .. } in &self.lists {
            match read_list(path) {
                Ok(list) => trust.revocation_lists.push(list),
                Err(error) => left_out.push(error),
            }
        }
        Ok(Read { trust, left_out })
    }
}

fn read_certificates(path: &Path) -> Result<Vec<Certificate>, TrustError> {
    let wrong = |source| TrustError::Certificate { path: path.to_owned(), source };
    let found = Certificate::parse_bundle(&bytes(path)?).map_err(wrong)?;
    if found.is_empty() { Err(wrong(CertificateError::NotACertificate)) } else { Ok(found) }
}

fn read_list(path: &Path) -> Result<RevocationList, TrustError> {
    let wrong = |source| TrustError::RevocationList { path: path.to_owned(), source };
    RevocationList::parse(&bytes(path)?).map_err(wrong)
}

/// The files of a folder with one of the endings, by name; a single file whatever its name is.
fn list(place: &Path, endings: &[&str], marks: &mut Vec<FileMark>) -> Result<Vec<Place>, TrustError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| TrustError::Unreadable { path, source }
    };
    let mut paths = Vec::new();
    let is_named = place.is_file();
    if is_named {
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
    Ok(paths.into_iter().map(|path| Place { path, is_named }).collect())
}

fn bytes(path: &Path) -> Result<Vec<u8>, TrustError> {
    std::fs::read(path).map_err(|source| TrustError::Unreadable { path: path.to_owned(), source })
}
