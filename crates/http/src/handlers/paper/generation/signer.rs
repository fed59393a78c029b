//! The structure `Signer`.

use potok_app::{GivenSigner, SignerByDetails, SignerDetails};
use potok_wire::proto::invoicing::{Signer, SignerDetails as Details};

use crate::ApiError;

/// What the structure at `path` says.
///
/// # Errors
/// 400 when it says nothing.
pub(super) fn by_details(path: &'static str, given: Signer) -> Result<GivenSigner, ApiError> {
    let signer = SignerByDetails {
        path,
        certificate: given.signer_certificate.filter(|bytes| !bytes.is_empty()),
        thumbprint: given.signer_certificate_thumbprint.filter(|text| !text.is_empty()),
        details: given.signer_details.map(|details| SignerDetails {
            surname: details.surname,
            first_name: details.first_name,
            patronymic: details.patronymic,
            job_title: details.job_title,
        }),
    };
    if signer.certificate.is_none() && signer.thumbprint.is_none() && signer.details.is_none() {
        return Err(ApiError::bad_request(format!(
            "{path}: nobody is named; give one of SignerDetails, SignerCertificate and SignerCertificateThumbprint"
        )));
    }
    Ok(GivenSigner::Details(signer))
}

/// The same on the way out.
pub(super) fn shown(signer: SignerDetails) -> Signer {
    Signer {
        signer_details: Some(Details {
            surname: signer.surname,
            first_name: signer.first_name,
            patronymic: signer.patronymic,
            job_title: signer.job_title,
            ..Details::default()
        }),
        ..Signer::default()
    }
}
