//! What a check found, in words for people.

use der::asn1::ObjectIdentifier;

use crate::chain::StatusFlags;
use crate::digest::DigestAlgorithm;
use crate::key::UnsupportedAlgorithm;
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
    /// The signer used a digest that is not supported.
    UnsupportedDigest(ObjectIdentifier),
    /// The signature algorithm is not supported, or contradicts the digest.
    UnsupportedAlgorithm(UnsupportedAlgorithm),
    /// The key of the certificate is not supported, or broken.
    UnusableKey(ObjectIdentifier),
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
    /// The signature fixes no certificate: it is not CAdES-BES.
    NoSigningCertificate,
    /// The signature names no time.
    NoSigningTime,
    /// The named time lies after the time of the check.
    SigningTimeInFuture,
    /// A time stamp that cannot be relied on: it is left out of account.
    TimestampInvalid,
}

impl Problem {
    /// Whether the signature is not valid because of it.
    pub fn is_error(self) -> bool {
        match self {
            Self::NoCertificate
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
            | Self::Chain(_) => true,
            Self::NoSigningCertificate
            | Self::NoSigningTime
            | Self::SigningTimeInFuture
            | Self::TimestampInvalid => false,
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
            Self::UnsupportedDigest(oid::GOST_94_DIGEST) => {
                "Использован отменённый алгоритм хеширования ГОСТ Р 34.11-94".to_owned()
            }
            Self::UnsupportedDigest(kind) => format!("Алгоритм хеширования {kind} не поддерживается"),
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm {
                oid: oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE,
                ..
            }) => "Использован отменённый алгоритм подписи ГОСТ Р 34.10-2001".to_owned(),
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm { oid, parameters: false }) => {
                format!("Алгоритм подписи {oid} не поддерживается")
            }
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm { oid, parameters: true }) => {
                format!(
                    "Параметры алгоритма подписи {oid} не поддерживаются или противоречат алгоритму хеширования"
                )
            }
            Self::UnusableKey(oid::GOST_2001_KEY) => {
                "Ключ сертификата — отменённого алгоритма ГОСТ Р 34.10-2001".to_owned()
            }
            Self::UnusableKey(kind) => {
                format!("Ключ сертификата (алгоритм {kind}) не поддерживается или повреждён")
            }
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
            Self::NoSigningCertificate => {
                "Подпись не указывает сертификат подписанта (это не CAdES-BES)".to_owned()
            }
            Self::NoSigningTime => "В подписи не указано время подписания".to_owned(),
            Self::SigningTimeInFuture => "Время подписания, указанное в подписи, ещё не наступило".to_owned(),
            Self::TimestampInvalid => "Штамп времени недействителен и не учитывается".to_owned(),
        }
    }

    fn text_en(self) -> String {
        match self {
            Self::NoCertificate => "The signer's certificate is not in the signature".to_owned(),
            Self::UnsupportedDigest(oid::GOST_94_DIGEST) => {
                "The withdrawn digest GOST R 34.11-94 was used".to_owned()
            }
            Self::UnsupportedDigest(kind) => format!("The digest algorithm {kind} is not supported"),
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm {
                oid: oid::GOST_2001_KEY | oid::GOST_2001_SIGNATURE,
                ..
            }) => "The withdrawn signature algorithm GOST R 34.10-2001 was used".to_owned(),
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm { oid, parameters: false }) => {
                format!("The signature algorithm {oid} is not supported")
            }
            Self::UnsupportedAlgorithm(UnsupportedAlgorithm { oid, parameters: true }) => {
                format!(
                    "The parameters of the signature algorithm {oid} are not supported or contradict the digest"
                )
            }
            Self::UnusableKey(oid::GOST_2001_KEY) => {
                "The key of the certificate is of the withdrawn algorithm GOST R 34.10-2001".to_owned()
            }
            Self::UnusableKey(kind) => {
                format!("The key of the certificate (algorithm {kind}) is not supported or broken")
            }
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
            Self::NoSigningCertificate => {
                "The signature does not name the signer's certificate (it is not CAdES-BES)".to_owned()
            }
            Self::NoSigningTime => "The signature names no signing time".to_owned(),
            Self::SigningTimeInFuture => "The signing time in the signature lies in the future".to_owned(),
            Self::TimestampInvalid => "The time stamp is not valid and is left out of account".to_owned(),
        }
    }
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

impl StatusFlags {
    /// All flags in words, as one sentence.
    pub fn text(self, language: Language) -> String {
        let set = FLAG_TEXTS.iter().filter(|(flag, ..)| self.contains(*flag));
        let words: Vec<&str> = set
            .map(|(_, russian, english)| match language {
                Language::Russian => *russian,
                Language::English => *english,
            })
            .collect();
        match (language, words.is_empty()) {
            (Language::Russian, true) => "Сертификат действителен".to_owned(),
            (Language::English, true) => "The certificate is valid".to_owned(),
            (Language::Russian, false) => format!("Сертификат недействителен: {}", words.join("; ")),
            (Language::English, false) => format!("The certificate is not valid: {}", words.join("; ")),
        }
    }
}
