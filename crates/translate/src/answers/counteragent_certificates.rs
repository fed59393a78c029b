//! `GetCounteragentCertificates`.

use potok_wire::proto::{Certificate, CounteragentCertificateList};

/// `CounteragentCertificateList` of certificates in DER.
pub fn answer(certificates: Vec<Vec<u8>>) -> CounteragentCertificateList {
    let shown = certificates.into_iter().map(|der| Certificate { raw_certificate_data: der.into() });
    CounteragentCertificateList { certificates: shown.collect() }
}
