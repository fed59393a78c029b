//! `GetMyCertificates`.

use potok_domain::SubjectKind;
use potok_domain::directory::HeldCertificate;
use potok_wire::proto::certificates::{
    CertificateInfoV2, CertificateList, CertificateSubjectType, CertificateType, CertificateUsage,
    DssCertificateType,
};

/// `CertificateList`. The first certificate is the one to take.
pub fn answer(held: &[HeldCertificate]) -> CertificateList {
    let shown = |(nth, one): (usize, &HeldCertificate)| {
        let one = one.clone();
        let (kind, usage, dss) = match one.is_held_here {
            true => (CertificateType::Dss, CertificateUsage::DssUsage, Some(DssCertificateType::KSignServer)),
            false => (CertificateType::Token, CertificateUsage::TokenUsage, None),
        };
        CertificateInfoV2 {
            thumbprint: one.thumbprint,
            r#type: kind as i32,
            valid_from: Some(one.valid_from.get()),
            valid_to: Some(one.valid_to.get()),
            organization_name: one.organization,
            inn: one.inn,
            user_first_name: one.first_name,
            user_middle_name: one.middle_name,
            user_last_name: one.last_name,
            user_short_name: one.short_name,
            is_default: Some(nth == 0),
            subject_type: Some(subject(one.kind) as i32),
            usages: vec![usage as i32],
            dss_type: dss.map(|dss| dss as i32),
            ..CertificateInfoV2::default()
        }
    };
    CertificateList { certificates: held.iter().enumerate().map(shown).collect() }
}

const fn subject(kind: SubjectKind) -> CertificateSubjectType {
    match kind {
        SubjectKind::LegalEntity => CertificateSubjectType::LegalEntity,
        SubjectKind::IndividualEntity => CertificateSubjectType::IndividualEntity,
        SubjectKind::PhysicalPerson => CertificateSubjectType::PhysicalPerson,
        SubjectKind::Unknown => CertificateSubjectType::UnknownCertificateSubjectType,
    }
}
