//! What is wrong with a signature, in words for whoever signed: the fault, its likely cause, and the cure.

use potok_cms::doctor::{Effort, diagnose};
use potok_cms::{Certificate, Language, Problem, SignedDataError, SignerVerification, StatusFlags, UnixTime};

const RUSSIAN: Language = Language::Russian;

/// The signature cannot be read.
pub(super) fn unreadable(
    error: &SignedDataError,
    signature: &[u8],
    content: &[u8],
    effort: &mut Effort,
) -> Vec<String> {
    let mut words = vec![error.text_ru()];
    // Of an attached signature the doctor can tell what it contains.
    words.extend(diagnose(signature, content, effort).map(|cause| cause.text(RUSSIAN)));
    words.push("Пришлите отсоединённую подпись CMS в формате DER".to_owned());
    words
}

/// What was found about a signer whose signature is not good.
pub(super) fn about_signer(
    signer: &SignerVerification,
    signature: &[u8],
    content: &[u8],
    effort: &mut Effort,
) -> Vec<String> {
    let mut words: Vec<String> = signer.certificate.iter().map(named).collect();
    for problem in signer.problems.iter().filter(|problem| problem.is_error()) {
        words.push(problem.text(RUSSIAN));
        if *problem == Problem::DigestMismatch {
            words.extend(diagnose(signature, content, effort).map(|cause| cause.text(RUSSIAN)));
        }
        words.extend(cures(*problem).map(str::to_owned));
    }
    words
}

/// A test signature in an organization that is no test.
pub(super) fn test_signature(signer: &SignerVerification) -> Vec<String> {
    let mut words: Vec<String> = signer.certificate.iter().map(named).collect();
    words.push(
        "Это тестовая подпись этого сервера: юридической силы у неё нет, и она действует только в тестовых организациях"
            .to_owned(),
    );
    words.push("Подпишите сертификатом удостоверяющего центра, которому доверяет этот сервер".to_owned());
    words
}

/// Whose certificate it is, so that people find the right one.
fn named(certificate: &Certificate) -> String {
    let subject = certificate.subject();
    let person =
        [subject.surname(), subject.given_name()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let name = match (subject.common_name(), person.as_str()) {
        (Some(name), "") => name.to_owned(),
        (Some(name), person) if name != person => format!("{name}, {person}"),
        _ => person,
    };
    format!(
        "Сертификат: {name}; серийный номер {}; действует с {} по {}",
        certificate.serial_hex(),
        day(certificate.not_before()),
        day(certificate.not_after())
    )
}

fn day(time: UnixTime) -> String {
    let date = time.to_civil();
    format!("{:02}.{:02}.{:04}", date.day, date.month, date.year)
}

/// What to do about faults of certificates.
const CHAIN_CURES: [(StatusFlags, &str); 7] = [
    (StatusFlags::NOT_TIME_VALID, "Подпишите сертификатом, который действует в день подписания"),
    (StatusFlags::REVOKED, "Подпишите сертификатом, который не отозван"),
    (
        StatusFlags::UNTRUSTED_ROOT,
        "Подпишите сертификатом удостоверяющего центра, которому доверяет этот сервер, или попросите его администратора \
         добавить корневой сертификат к доверенным",
    ),
    (
        StatusFlags::PARTIAL_CHAIN,
        "Подпишите сертификатом удостоверяющего центра, которому доверяет этот сервер, или попросите его администратора \
         добавить сертификат издателя к доверенным",
    ),
    (StatusFlags::NOT_VALID_FOR_USAGE, "Подпишите сертификатом, который предназначен для подписания"),
    (
        StatusFlags::NOT_SIGNATURE_VALID,
        "Получите сертификат у удостоверяющего центра заново: этот повреждён или подделан",
    ),
    (
        StatusFlags::OFFLINE_REVOCATION,
        "Попросите администратора сервера обновить списки отозванных сертификатов",
    ),
];

fn cures(problem: Problem) -> impl Iterator<Item = &'static str> {
    let flags = match problem {
        Problem::Chain(flags) => flags,
        _ => StatusFlags::NO_ERROR,
    };
    let of_chain = CHAIN_CURES.iter().filter(move |(flag, _)| flags.contains(*flag)).map(|(_, cure)| *cure);
    let other = match problem {
        Problem::UnsupportedDigest(_)
        | Problem::UnsupportedAlgorithm(_)
        | Problem::UnusableKey(_)
        | Problem::Uncheckable(_)
        | Problem::WeakDigest(_) => Some(
            "Подпишите по ГОСТ Р 34.10-2012, RSA от 2048 бит с SHA-256 или ECDSA на кривых P-256 и P-384",
        ),
        Problem::NoCertificate | Problem::UnreadableCertificate => {
            Some("Включите сертификат подписанта в подпись")
        }
        Problem::DigestMismatch
        | Problem::NoMessageDigest
        | Problem::ContentTypeMismatch
        | Problem::SignatureInvalid
        | Problem::SigningCertificateMismatch
        | Problem::DigestNotComputed(_) => {
            Some("Подпишите файл заново: ровно те байты, которые отправляются")
        }
        Problem::Chain(_)
        | Problem::AlgorithmMisnamed(_)
        | Problem::SigningCertificateUnchecked
        | Problem::NoSigningCertificate
        | Problem::NoSigningTime
        | Problem::SigningTimeInFuture
        | Problem::TimestampInvalid
        | Problem::TimestampWithoutCertificate => None,
    };
    of_chain.chain(other)
}
