//! What a signature says about itself.

use potok_cms::{Certificate, SignedData, SubjectKind as CertificateKind, UnixTime};
use potok_domain::{SignatureDescription, SubjectKind};
use potok_types::Ticks;

/// `None` when it cannot be read or carries no certificate of its first signer.
pub(super) fn describe(signature: &[u8]) -> Option<SignatureDescription> {
    let signed = SignedData::parse(signature).ok()?;
    let certificate = signed.signer_certificate()?;
    let signing_time = signed.signers().first()?.signing_time().map(|at| Ticks::from_unix_seconds(at.0));
    Some(SignatureDescription { signing_time, ..of_certificate(certificate) })
}

fn of_certificate(certificate: &Certificate) -> SignatureDescription {
    let subject = certificate.subject();
    let issuer = certificate.issuer();
    let owned = |value: Option<&str>| value.map(str::to_owned);
    SignatureDescription {
        signing_time: None,
        thumbprint: certificate.thumbprint().to_string(),
        serial_number: certificate.serial_hex(),
        issuer: owned(issuer.common_name().or_else(|| issuer.organization())),
        not_before: text(certificate.not_before()),
        not_after: text(certificate.not_after()),
        organization: owned(subject.organization()),
        inn: owned(subject.inn()),
        position: owned(subject.title()),
        first_name: owned(subject.given_name()),
        surname: owned(subject.surname()),
        snils: owned(subject.snils()),
        email: owned(certificate.email()),
        subject: match subject.kind() {
            CertificateKind::Unknown => SubjectKind::Unknown,
            CertificateKind::LegalEntity => SubjectKind::LegalEntity,
            CertificateKind::IndividualEntity => SubjectKind::IndividualEntity,
            CertificateKind::PhysicalPerson => SubjectKind::PhysicalPerson,
        },
    }
}

fn text(time: UnixTime) -> String {
    let at = time.to_civil();
    let (hour, minute, second) = (at.hour, at.minute, at.second);
    format!("{:02}.{:02}.{:04} {hour:02}:{minute:02}:{second:02}", at.day, at.month, at.year)
}
