//! The structure `Signer`.

use potok_domain::paper::{GivenSigner, SignerByDetails, SignerDetails};
use potok_types::{Attested, Invalid};
use potok_wire::proto::invoicing::{Signer, SignerDetails as Details};

/// What the structure at `path` says.
///
/// # Errors
/// It says nothing.
pub(crate) fn by_details(path: &'static str, given: Signer) -> Result<GivenSigner, Invalid> {
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
        return Err(match path.strip_suffix(".Signer") {
            Some(owner) => Invalid::attested(Attested::NoSigner, path, &[&owner]),
            // The structure is the whole body.
            None => Invalid::new(
                path,
                "nobody is named; give one of SignerDetails, SignerCertificate and SignerCertificateThumbprint",
            ),
        });
    }
    Ok(GivenSigner::Details(signer))
}

/// The person as the structure shows it.
pub fn signer(signer: SignerDetails) -> Signer {
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
