//! What a check found, in words for people.

use der::asn1::ObjectIdentifier;

use crate::certificate::Uncheckable;
use crate::chain::{ChainElement, StatusFlags};
use crate::digest::DigestAlgorithm;
use crate::key::{UnsupportedAlgorithm, UnusableKey};
use crate::oid;

/// Language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}

/// Something that a check found. [`Problem::is_error`] tells what makes a signature invalid from what is only unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The signer's certificate did not come along.
    NoCertificate,
    /// The signer's certificate may be among those that came along and cannot be read.
    UnreadableCertificate,
    /// The signer used a digest that is not supported.
    UnsupportedDigest(ObjectIdentifier),
    /// The signature algorithm is not supported, or not one of the certificate's key.
    UnsupportedAlgorithm(UnsupportedAlgorithm),
    /// The key of the certificate is not supported, too short, or broken.
    UnusableKey(UnusableKey),
    /// The digest is one for which collisions can be made.
    WeakDigest(DigestAlgorithm),
    /// The content was hashed while it came in, but not with the signer's digest.
    DigestNotComputed(DigestAlgorithm),
    /// The document is not the one that was signed.
    DigestMismatch,
    /// The signed attributes lack the digest of the content, or have several.
    NoMessageDigest,
    /// The signed attributes name another type of content, or none.
    ContentTypeMismatch,
    /// The signature value is not of this key over these attributes.
    SignatureInvalid,
    /// The signer fixed another certificate than the one that came along.
    SigningCertificateMismatch,
    /// Something is wrong with the certificate or its chain.
    Chain(StatusFlags),
    /// The signature under a certificate of the chain cannot be checked.
    Uncheckable(Uncheckable),
    /// The signature names an algorithm of other keys than the one that made it.
    AlgorithmMisnamed(ObjectIdentifier),
    /// The signer fixed the certificate by a digest that is not known here.
    SigningCertificateUnchecked,
    /// The signature fixes no certificate: it is not CAdES-BES.
    NoSigningCertificate,
    /// The signature names no time.
    NoSigningTime,
    /// The named time lies after the time of the check.
    SigningTimeInFuture,
    /// A time stamp that cannot be relied on: it is left out of account.
    TimestampInvalid,
    /// A time stamp whose certificate is neither in it, nor in the signature, nor trusted: it is left out of account.
    TimestampWithoutCertificate,
}

impl Problem {
    /// Whether the signature is not valid because of it.
    pub fn is_error(self) -> bool {
        match self {
            Self::NoCertificate
            | Self::UnreadableCertificate
            | Self::UnsupportedDigest(_)
            | Self::UnsupportedAlgorithm(_)
            | Self::UnusableKey(_)
            | Self::WeakDigest(_)
            | Self::DigestNotComputed(_)
            | Self::DigestMismatch
            | Self::NoMessageDigest
            | Self::ContentTypeMismatch
            | Self::SignatureInvalid
            | Self::SigningCertificateMismatch
            | Self::Chain(_)
            | Self::Uncheckable(_) => true,
            Self::AlgorithmMisnamed(_)
            | Self::SigningCertificateUnchecked
            | Self::NoSigningCertificate
            | Self::NoSigningTime
            | Self::SigningTimeInFuture
            | Self::TimestampInvalid
            | Self::TimestampWithoutCertificate => false,
        }
    }

    /// The problem in words.
    pub fn text(self, language: Language) -> String {
        match language {
            Language::Russian => self.text_ru(),
            Language::English => self.text_en(),
        }
    }

    fn text_ru(self) -> String {
        match self {
            Self::NoCertificate => "В подписи нет сертификата подписанта".to_owned(),
            Self::UnreadableCertificate => {
                "Сертификат подписанта не найден: один из сертификатов в подписи не читается".to_owned()
            }
            Self::UnsupportedDigest(oid::GOST_94_DIGEST) => {
                "Использован отменённый алгоритм хеширования ГОСТ Р 34.11-94".to_owned()
            }
            Self::UnsupportedDigest(kind) => format!("Алгоритм хеширования {kind} не поддерживается"),
            Self::UnsupportedAlgorithm(algorithm) => capitalized(&algorithm.text_ru()),
            Self::UnusableKey(key) => format!("Подпись нельзя проверить: {}", key.text_ru()),
            Self::WeakDigest(digest) => format!("Алгоритм хеширования {} ненадёжен", digest.name()),
            Self::DigestNotComputed(digest) => {
                format!("Хеш документа по алгоритму {} не был вычислен", digest.name())
            }
            Self::DigestMismatch => {
                "Подпись не соответствует документу: подписано другое содержимое".to_owned()
            }
            Self::NoMessageDigest => "В подписи нет хеша документа".to_owned(),
            Self::ContentTypeMismatch => "В подписи указан другой тип содержимого".to_owned(),
            Self::SignatureInvalid => {
                "Значение подписи неверно: подпись повреждена или сделана другим ключом".to_owned()
            }
            Self::SigningCertificateMismatch => {
                "Сертификат в подписи — не тот, который указал подписант".to_owned()
            }
            Self::Chain(flags) => flags.text(Language::Russian),
            Self::Uncheckable(reason) => format!("Сертификат недействителен: {}", reason.text_ru()),
            Self::AlgorithmMisnamed(oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE) => {
                "В подписи назван отменённый алгоритм ГОСТ Р 34.10-2001, а сделана она ключом другого алгоритма"
                    .to_owned()
            }
            Self::AlgorithmMisnamed(named) => {
                format!("В подписи назван алгоритм {named}, а сделана она ключом другого алгоритма")
            }
            Self::SigningCertificateUnchecked => {
                "Сертификат подписанта указан по неизвестному алгоритму хеширования".to_owned()
            }
            Self::NoSigningCertificate => {
                "Подпись не указывает сертификат подписанта (это не CAdES-BES)".to_owned()
            }
            Self::NoSigningTime => "В подписи не указано время подписания".to_owned(),
            Self::SigningTimeInFuture => "Время подписания, указанное в подписи, ещё не наступило".to_owned(),
            Self::TimestampInvalid => "Штамп времени недействителен и не учитывается".to_owned(),
            Self::TimestampWithoutCertificate => {
                "Сертификата штампа времени нет ни в нём, ни в подписи, ни среди доверенных: штамп не учитывается"
                    .to_owned()
            }
        }
    }

    fn text_en(self) -> String {
        match self {
            Self::NoCertificate => "The signer's certificate is not in the signature".to_owned(),
            Self::UnreadableCertificate => {
                "The signer's certificate was not found: a certificate in the signature cannot be read".to_owned()
            }
            Self::UnsupportedDigest(oid::GOST_94_DIGEST) => {
                "The withdrawn digest GOST R 34.11-94 was used".to_owned()
            }
            Self::UnsupportedDigest(kind) => format!("The digest algorithm {kind} is not supported"),
            Self::UnsupportedAlgorithm(algorithm) => capitalized(&algorithm.to_string()),
            Self::UnusableKey(key) => format!("The signature cannot be checked: {key}"),
            Self::WeakDigest(digest) => format!("The digest {} is not reliable", digest.name()),
            Self::DigestNotComputed(digest) => {
                format!("The {} digest of the document was not computed", digest.name())
            }
            Self::DigestMismatch => {
                "The signature is not of this document: other content was signed".to_owned()
            }
            Self::NoMessageDigest => "The signature does not contain the digest of the document".to_owned(),
            Self::ContentTypeMismatch => "The signature names another type of content".to_owned(),
            Self::SignatureInvalid => {
                "The signature value is wrong: it is damaged, or made by another key".to_owned()
            }
            Self::SigningCertificateMismatch => {
                "The certificate in the signature is not the one that the signer named".to_owned()
            }
            Self::Chain(flags) => flags.text(Language::English),
            Self::Uncheckable(reason) => format!("The certificate is not valid: {reason}"),
            Self::AlgorithmMisnamed(oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE) => {
                "The signature names the withdrawn algorithm GOST R 34.10-2001, and a key of another one made it"
                    .to_owned()
            }
            Self::AlgorithmMisnamed(named) => {
                format!("The signature names the algorithm {named}, and a key of another one made it")
            }
            Self::SigningCertificateUnchecked => {
                "The signer names the certificate by a digest algorithm that is not known".to_owned()
            }
            Self::NoSigningCertificate => {
                "The signature does not name the signer's certificate (it is not CAdES-BES)".to_owned()
            }
            Self::NoSigningTime => "The signature names no signing time".to_owned(),
            Self::SigningTimeInFuture => "The signing time in the signature lies in the future".to_owned(),
            Self::TimestampInvalid => "The time stamp is not valid and is left out of account".to_owned(),
            Self::TimestampWithoutCertificate => {
                "The certificate of the time stamp is not at hand: neither in it, nor in the signature, nor trusted; it is \
                 left out of account"
                    .to_owned()
            }
        }
    }
}

/// The same with a capital letter in front.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Each flag with its words in Russian and in English.
const FLAG_TEXTS: [(StatusFlags, &str, &str); 12] = [
    (
        StatusFlags::NOT_TIME_VALID,
        "срок действия сертификата истёк или ещё не начался",
        "a certificate is expired or not valid yet",
    ),
    (StatusFlags::REVOKED, "сертификат отозван", "a certificate is revoked"),
    (
        StatusFlags::NOT_SIGNATURE_VALID,
        "подпись издателя под сертификатом неверна",
        "the issuer's signature of a certificate is wrong",
    ),
    (
        StatusFlags::NOT_VALID_FOR_USAGE,
        "сертификат не предназначен для этого использования",
        "a certificate is not made for this use",
    ),
    (
        StatusFlags::UNTRUSTED_ROOT,
        "корневой сертификат не входит в число доверенных",
        "the root certificate is not trusted",
    ),
    (
        StatusFlags::REVOCATION_STATUS_UNKNOWN,
        "неизвестно, отозван ли сертификат",
        "it is not known whether a certificate is revoked",
    ),
    (
        StatusFlags::INVALID_EXTENSION,
        "расширение сертификата повреждено",
        "an extension of a certificate is broken",
    ),
    (
        StatusFlags::INVALID_BASIC_CONSTRAINTS,
        "издатель не имеет права выпускать сертификаты",
        "the issuer may not issue certificates",
    ),
    (
        StatusFlags::PARTIAL_CHAIN,
        "издатель сертификата неизвестен",
        "the issuer of a certificate is not known",
    ),
    (
        StatusFlags::HAS_WEAK_SIGNATURE,
        "сертификат подписан с ненадёжным алгоритмом хеширования",
        "a certificate is signed over a digest that is not reliable",
    ),
    (
        StatusFlags::OFFLINE_REVOCATION,
        "нет действующего списка отозванных сертификатов",
        "there is no current revocation list",
    ),
    (
        StatusFlags::HAS_NOT_SUPPORTED_CRITICAL_EXTENSION,
        "сертификат содержит неизвестное критическое расширение",
        "a certificate has a critical extension that is not known",
    ),
];

impl ChainElement {
    /// What is wrong with the certificate, as one sentence.
    pub fn text(&self, language: Language) -> String {
        let uncheckable = self.uncheckable.map(|reason| match language {
            Language::Russian => reason.text_ru(),
            Language::English => reason.to_string(),
        });
        self.told_status().with(language, uncheckable)
    }
}

impl StatusFlags {
    /// All flags in words, as one sentence.
    pub fn text(self, language: Language) -> String {
        self.with(language, None)
    }

    fn with(self, language: Language, more: Option<String>) -> String {
        let set = FLAG_TEXTS.iter().filter(|(flag, ..)| self.contains(*flag));
        let mut words: Vec<String> = set
            .map(|(_, russian, english)| match language {
                Language::Russian => (*russian).to_owned(),
                Language::English => (*english).to_owned(),
            })
            .collect();
        words.extend(more);
        match (language, words.is_empty()) {
            (Language::Russian, true) => "Сертификат действителен".to_owned(),
            (Language::English, true) => "The certificate is valid".to_owned(),
            (Language::Russian, false) => format!("Сертификат недействителен: {}", words.join("; ")),
            (Language::English, false) => format!("The certificate is not valid: {}", words.join("; ")),
        }
    }
}
