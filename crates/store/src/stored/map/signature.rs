//! Signatures and what their checks found.

use std::sync::Arc;

use potok_domain as domain;
use potok_types::Ticks;

use super::super::v1::{CertificateChecked, Signature, SignatureChecked, Verification};

impl From<domain::Signature> for Signature {
    fn from(it: domain::Signature) -> Self {
        let domain::Signature {
            signer_box,
            signer_department,
            is_approval,
            check,
            power_of_attorney,
            verification,
        } = it;
        Self {
            signer_box: signer_box.into(),
            signer_department: signer_department.into(),
            is_approval,
            check: check.into(),
            power_of_attorney: power_of_attorney.map(Into::into),
            verification: verification.as_deref().map(Into::into),
        }
    }
}

impl From<Signature> for domain::Signature {
    fn from(it: Signature) -> Self {
        let Signature { signer_box, signer_department, is_approval, check, power_of_attorney, verification } =
            it;
        Self {
            signer_box: signer_box.into(),
            signer_department: signer_department.into(),
            is_approval,
            check: check.into(),
            power_of_attorney: power_of_attorney.map(Into::into),
            verification: verification.map(|found| Arc::new(found.into())),
        }
    }
}

impl From<domain::SignatureChecked> for SignatureChecked {
    fn from(it: domain::SignatureChecked) -> Self {
        let domain::SignatureChecked { signature, check, power_of_attorney, verification } = it;
        Self {
            signature: signature.into(),
            check: check.into(),
            power_of_attorney: power_of_attorney.map(Into::into),
            verification: verification.as_deref().map(Into::into),
        }
    }
}

impl From<SignatureChecked> for domain::SignatureChecked {
    fn from(it: SignatureChecked) -> Self {
        let SignatureChecked { signature, check, power_of_attorney, verification } = it;
        Self {
            signature: signature.into(),
            check: check.into(),
            power_of_attorney: power_of_attorney.map(Into::into),
            verification: verification.map(|found| Arc::new(found.into())),
        }
    }
}

impl From<&domain::Verification> for Verification {
    fn from(it: &domain::Verification) -> Self {
        let domain::Verification { at, is_of_content, proven_at, chain } = it;
        let link = |link: &domain::CertificateChecked| {
            let domain::CertificateChecked { certificate, faults } = *link;
            CertificateChecked { certificate: certificate.into(), faults }
        };
        Self {
            at: at.get(),
            is_of_content: *is_of_content,
            proven_at: proven_at.map(Ticks::get),
            chain: chain.iter().map(link).collect(),
        }
    }
}

impl From<Verification> for domain::Verification {
    fn from(Verification { at, is_of_content, proven_at, chain }: Verification) -> Self {
        let link = |CertificateChecked { certificate, faults }| domain::CertificateChecked {
            certificate: certificate.into(),
            faults,
        };
        Self {
            at: Ticks::new(at),
            is_of_content,
            proven_at: proven_at.map(Ticks::new),
            chain: chain.into_iter().map(link).collect(),
        }
    }
}
