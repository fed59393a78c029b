//! `ExtendedSignerDetails`.

use potok_domain::SubjectKind;
use potok_domain::directory::ExtendedSigner;
use potok_wire::proto::invoicing::signers::{ExtendedSignerDetails, SignerPowers, SignerStatus, SignerType};

/// `ExtendedSignerDetails`. What the format of the title does not know is -1.
pub fn answer(it: ExtendedSigner) -> ExtendedSignerDetails {
    let details = it.details;
    let names_organization = it.kind == SubjectKind::LegalEntity;
    ExtendedSignerDetails {
        surname: it.surname,
        first_name: it.first_name,
        patronymic: it.patronymic,
        job_title: it.job_title,
        inn: it.inn,
        registration_certificate: details.registration_certificate,
        signer_type: details.signer_type.unwrap_or(SignerType::SignerTypeUnspecified as i32),
        signer_organization_name: it.organization.filter(|_| names_organization),
        signer_info: details.signer_info,
        signer_powers: details.powers.unwrap_or(SignerPowers::SignerPowersUnspecified as i32),
        signer_status: details.status.unwrap_or(SignerStatus::SignerStatusUnspecified as i32),
        signer_powers_base: details.powers_base,
        signer_org_powers_base: details.org_powers_base,
    }
}
