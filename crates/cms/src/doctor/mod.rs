//! The signature doctor: why a digest does not match.
//!
//! Signers rarely sign another document; they sign another form of the same one. Each form that has been seen in
//! practice is made here from the content, and the one whose digest the signature states is the cause.

mod change;

use base64::Engine;

use crate::digest::DigestAlgorithm;
use crate::encoding::Limits;
use crate::signed_data::{Language, SignedData};
pub use change::Change;

/// Bytes of content up to which two changes at once are tried: a hundred forms are hashed then.
const MAX_COMBINED_BYTES: usize = 1 << 20;
/// Bytes of content up to which single changes are tried.
const MAX_BYTES: usize = 16 << 20;

/// What was probably signed instead of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// One change, or several, of the content's form.
    Form(Vec<Change>),
    /// The content is the base64 text of what was signed.
    ContentIsBase64,
    /// The right bytes with another digest than the signature names.
    OtherDigest(DigestAlgorithm),
    /// The right digest with its bytes in reverse order.
    ReversedDigest,
    /// The digest of the content was taken for the content and hashed once more.
    DigestOfDigest,
    /// The hex text of the digest was taken for the content and hashed once more.
    DigestOfHexDigest,
    /// An empty file.
    Nothing,
    /// The document stands inside the signature, and is the content: only the kind of signature is wrong.
    AttachedSameContent,
    /// The document stands inside the signature, and is another one.
    AttachedOtherContent,
    /// None of these: the content was changed after it was signed, or another document was signed.
    OtherContent,
}

/// How much may still be hashed in the search for causes: one sum for all signatures of a message, so that a message of
/// bad ones costs no more than one of them.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    bytes: u64,
}

impl Effort {
    /// So many bytes, over all forms of all contents.
    pub const fn bytes(bytes: u64) -> Self {
        Self { bytes }
    }

    /// As much as it takes: a hundred times the content.
    pub const fn unlimited() -> Self {
        Self::bytes(u64::MAX)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Exhausted> {
        let bytes = u64::try_from(bytes).map_err(|_| Exhausted)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Exhausted)?;
        Ok(())
    }
}

/// The effort is spent, and the cause not found.
struct Exhausted;

/// Looks for the cause why a signature does not fit a content. `None` when it fits, when the signature cannot be read or
/// states no digest (then something else is wrong), and when `effort` does not suffice.
pub fn diagnose(signature: &[u8], content: &[u8], effort: &mut Effort) -> Option<Cause> {
    let (signed, attached) = SignedData::parse_with_content(signature, &Limits::default()).ok()?;
    if let Some(attached) = attached {
        return Some(if attached == content {
            Cause::AttachedSameContent
        } else {
            Cause::AttachedOtherContent
        });
    }
    let mut causes = signed.signers().iter().filter_map(|signer| {
        diagnose_digest(signer.digest_algorithm()?, signer.message_digest()?, content, effort)
    });
    causes.next()
}

/// Looks for the cause why a stated digest is not that of a content. `None` when it is, and when `effort` does not suffice.
pub fn diagnose_digest(
    algorithm: DigestAlgorithm,
    stated: &[u8],
    content: &[u8],
    effort: &mut Effort,
) -> Option<Cause> {
    Search { algorithm, stated, effort }.cause(content).ok().flatten()
}

struct Search<'a> {
    algorithm: DigestAlgorithm,
    stated: &'a [u8],
    effort: &'a mut Effort,
}

impl Search<'_> {
    fn digest(&mut self, algorithm: DigestAlgorithm, bytes: &[u8]) -> Result<Vec<u8>, Exhausted> {
        self.effort.spend(bytes.len())?;
        Ok(algorithm.digest(bytes))
    }

    fn is_stated(&mut self, bytes: &[u8]) -> Result<bool, Exhausted> {
        Ok(self.digest(self.algorithm, bytes)? == self.stated)
    }

    fn cause(&mut self, content: &[u8]) -> Result<Option<Cause>, Exhausted> {
        let actual = self.digest(self.algorithm, content)?;
        if actual == self.stated {
            return Ok(None);
        }
        if actual.iter().rev().eq(self.stated) {
            return Ok(Some(Cause::ReversedDigest));
        }
        if self.is_stated(&[])? {
            return Ok(Some(Cause::Nothing));
        }
        if self.is_stated(&actual)? {
            return Ok(Some(Cause::DigestOfDigest));
        }
        let hex: String = actual.iter().map(|byte| format!("{byte:02x}")).collect();
        if self.is_stated(hex.as_bytes())? || self.is_stated(hex.to_uppercase().as_bytes())? {
            return Ok(Some(Cause::DigestOfHexDigest));
        }
        if content.len() > MAX_BYTES {
            return Ok(Some(Cause::OtherContent));
        }
        let others = DigestAlgorithm::ALL.into_iter().filter(|other| *other != self.algorithm);
        for other in others.filter(|other| other.len() == self.stated.len()).collect::<Vec<_>>() {
            if self.digest(other, content)? == self.stated {
                return Ok(Some(Cause::OtherDigest(other)));
            }
        }
        if let Some(decoded) = decode_base64(content)
            && self.is_stated(&decoded)?
        {
            return Ok(Some(Cause::ContentIsBase64));
        }
        Ok(Some(self.form(content)?.map_or(Cause::OtherContent, Cause::Form)))
    }

    /// The changes that lead from the content to what was signed: one, or two of different sorts.
    fn form(&mut self, content: &[u8]) -> Result<Option<Vec<Change>>, Exhausted> {
        let mut singles = Vec::new();
        for change in Change::ALL {
            let Some(bytes) = change.apply(content) else { continue };
            if self.is_stated(&bytes)? {
                return Ok(Some(vec![change]));
            }
            singles.push((change, bytes));
        }
        if content.len() > MAX_COMBINED_BYTES {
            return Ok(None);
        }
        for (first, bytes) in &singles {
            // Later sorts only: each pair is tried in one order, with base64 last as it would be.
            let seconds = Change::ALL.into_iter().filter(|second| second.sort() > first.sort());
            for second in seconds {
                if let Some(bytes) = second.apply(bytes)
                    && self.is_stated(&bytes)?
                {
                    return Ok(Some(vec![*first, second]));
                }
            }
        }
        Ok(None)
    }
}

impl Cause {
    /// The cause and its cure in words.
    pub fn text(&self, language: Language) -> String {
        let (russian, english) = match self {
            Self::Form(changes) => {
                let texts: Vec<&str> = changes.iter().map(|change| change.text(language)).collect();
                return match language {
                    Language::Russian => format!("Вероятная причина: {}", texts.join("; ")),
                    Language::English => format!("The likely cause: {}", texts.join("; ")),
                };
            }
            Self::ContentIsBase64 => (
                "Документ передан текстом base64, а подписаны его байты: передайте сами байты".to_owned(),
                "The document was sent as base64 text and its bytes were signed: send the bytes".to_owned(),
            ),
            Self::OtherDigest(digest) => (
                format!("Хеш документа вычислен по {}, а в подписи назван другой алгоритм", digest.name()),
                format!(
                    "The digest of the document is {}, and the signature names another one",
                    digest.name()
                ),
            ),
            Self::ReversedDigest => (
                "Байты хеша документа записаны в обратном порядке".to_owned(),
                "The bytes of the document's digest are in reverse order".to_owned(),
            ),
            Self::DigestOfDigest | Self::DigestOfHexDigest => (
                "Вместо документа подписан его хеш: хеш вычислен дважды".to_owned(),
                "The digest of the document was signed instead of the document: it was hashed twice"
                    .to_owned(),
            ),
            Self::Nothing => ("Подписан пустой файл".to_owned(), "An empty file was signed".to_owned()),
            Self::AttachedSameContent => (
                "Подпись присоединённая и содержит этот же документ: нужна отсоединённая подпись".to_owned(),
                "The signature is attached and contains this document: a detached signature is needed"
                    .to_owned(),
            ),
            Self::AttachedOtherContent => (
                "Подпись присоединённая и содержит другой документ".to_owned(),
                "The signature is attached and contains another document".to_owned(),
            ),
            Self::OtherContent => (
                "Документ изменён после подписания, или подписан другой документ".to_owned(),
                "The document was changed after signing, or another document was signed".to_owned(),
            ),
        };
        match language {
            Language::Russian => russian,
            Language::English => english,
        }
    }
}

/// The bytes that a content is the base64 text of.
fn decode_base64(content: &[u8]) -> Option<Vec<u8>> {
    let compact: Vec<u8> = content.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    base64::prelude::BASE64_STANDARD.decode(compact).ok()
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1251;

    use super::change::replace;
    use super::*;
    use crate::digest::Content;
    use crate::sign::sign;
    use crate::signed_data::Language;
    use crate::test_data::{NOW, Pki};

    fn cp1251(text: &str) -> Vec<u8> {
        WINDOWS_1251.encode(text).0.into_owned()
    }

    #[test]
    fn each_cause_is_found_behind_its_digest() {
        use Cause::{
            ContentIsBase64, DigestOfDigest, DigestOfHexDigest, Form, Nothing, OtherContent, ReversedDigest,
        };
        use Change::{
            Base64, Base64InLines, EndOfLineAdded, EndOfLineRemoved, MarkAdded, MarkRemoved, UnixLines,
            Utf8InsteadOfWindows1251, Utf16, Windows1251InsteadOfUtf8, WindowsLines,
        };
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\r\n<Файл>Счёт-фактура № 5</Файл>\r\n";
        let digest = DigestAlgorithm::Streebog256;
        let hash = |bytes: &[u8]| digest.digest(bytes);
        let utf8 = text.as_bytes().to_vec();
        let document = cp1251(text);
        let base64 = base64::prelude::BASE64_STANDARD.encode(&document);
        let lines: Vec<&str> =
            base64.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let unix = cp1251(&text.replace("\r\n", "\n"));
        let marked = [b"\xef\xbb\xbf", &utf8[..]].concat();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let sha = DigestAlgorithm::Sha256.digest(&document);
        let mut reversed = hash(&document);
        reversed.reverse();
        let hex: String = hash(&document).iter().map(|byte| format!("{byte:02X}")).collect();
        for (name, content, stated, expected) in [
            ("nothing wrong", &document, hash(&document), None),
            ("UTF-8", &document, hash(&utf8), Some(Form(vec![Utf8InsteadOfWindows1251]))),
            ("windows-1251", &utf8, hash(&document), Some(Form(vec![Windows1251InsteadOfUtf8]))),
            ("UTF-16", &document, hash(&utf16), Some(Form(vec![Utf16]))),
            ("base64", &document, hash(base64.as_bytes()), Some(Form(vec![Base64]))),
            ("lines", &document, hash(lines.join("\r\n").as_bytes()), Some(Form(vec![Base64InLines]))),
            ("mark lost", &utf8, hash(&marked), Some(Form(vec![MarkAdded]))),
            ("mark added", &marked, hash(&utf8), Some(Form(vec![MarkRemoved]))),
            ("LF signed", &document, hash(&unix), Some(Form(vec![UnixLines]))),
            ("CRLF signed", &unix, hash(&document), Some(Form(vec![WindowsLines]))),
            (
                "end lost",
                &document[..document.len() - 2].to_vec(),
                hash(&document),
                Some(Form(vec![EndOfLineAdded])),
            ),
            (
                "end added",
                &document,
                hash(&document[..document.len() - 2]),
                Some(Form(vec![EndOfLineRemoved])),
            ),
            ("two changes", &unix, hash(&utf8), Some(Form(vec![WindowsLines, Utf8InsteadOfWindows1251]))),
            (
                "two more",
                &document,
                hash(base64::prelude::BASE64_STANDARD.encode(&utf8).as_bytes()),
                Some(Form(vec![Utf8InsteadOfWindows1251, Base64])),
            ),
            ("marked UTF-8", &document, hash(&marked), Some(Form(vec![Utf8InsteadOfWindows1251, MarkAdded]))),
            ("content in base64", &base64.clone().into_bytes(), hash(&document), Some(ContentIsBase64)),
            ("SHA-256 value", &document, sha, Some(Cause::OtherDigest(DigestAlgorithm::Sha256))),
            ("reversed", &document, reversed, Some(ReversedDigest)),
            ("twice", &document, hash(&hash(&document)), Some(DigestOfDigest)),
            ("hex", &document, hash(hex.as_bytes()), Some(DigestOfHexDigest)),
            ("empty", &document, hash(&[]), Some(Nothing)),
            ("another", &document, hash(b"another"), Some(OtherContent)),
            ("no digest", &document, vec![1, 2, 3], Some(OtherContent)),
        ] {
            let cause = diagnose_digest(digest, &stated, content, &mut Effort::unlimited());
            assert_eq!(cause, expected, "{name}");
            if let Some(cause) = cause {
                assert!(
                    !cause.text(Language::Russian).is_empty() && !cause.text(Language::English).is_empty()
                );
                assert_ne!(cause.text(Language::Russian), cause.text(Language::English));
            }
        }
    }

    #[test]
    fn signatures_are_looked_into() {
        let pki = Pki::p256();
        let Pki { signer, .. } = &pki;
        let document = cp1251("Счёт");
        let over =
            |bytes: &[u8]| sign(Content::Bytes(bytes), &signer.certificate, &[], &signer.key, NOW).unwrap();
        let diagnose =
            |signature: &[u8], content: &[u8]| diagnose(signature, content, &mut Effort::unlimited());
        assert_eq!(diagnose(&over(&document), &document), None);
        assert_eq!(
            diagnose(&over("Счёт".as_bytes()), &document),
            Some(Cause::Form(vec![Change::Utf8InsteadOfWindows1251]))
        );
        assert_eq!(diagnose(b"no signature", &document), None);
    }

    /// One sum for all: what the first signature took the second has not.
    #[test]
    fn a_search_takes_no_more_than_it_may() {
        let content = cp1251(&"Счёт-фактура\n".repeat(1_000));
        let digest = DigestAlgorithm::Streebog256;
        let (signed, another) =
            (digest.digest(&replace(&content, b"\n", b"\r\n")), digest.digest(b"another"));
        let mut needed = Effort::unlimited();
        let found = Some(Cause::Form(vec![Change::WindowsLines]));
        assert_eq!(diagnose_digest(digest, &signed, &content, &mut needed), found);
        let spent = u64::MAX - needed.bytes;
        assert!(spent < 8 * content.len() as u64, "{spent}");
        for (bytes, expected) in [(spent, found), (spent - 1, None), (0, None)] {
            let mut effort = Effort::bytes(bytes);
            assert_eq!(diagnose_digest(digest, &signed, &content, &mut effort), expected, "{bytes}");
            assert_eq!(diagnose_digest(digest, &another, &content, &mut effort), None, "nothing is left");
        }
    }

    #[test]
    fn attached_signatures_are_told_with_what_they_contain() {
        use crate::asn1;
        use crate::oid;
        use crate::sign::{attribute, signed_data};
        let Pki { signer, .. } = Pki::p256();
        let content = asn1::tlv(asn1::context(0), &[&asn1::tlv(asn1::OCTET_STRING, &[b"document"])]);
        let info = asn1::sequence(&[&asn1::oid(oid::DATA), &content]);
        let attributes = vec![attribute(oid::CONTENT_TYPE, &asn1::oid(oid::DATA))];
        let attached = signed_data(1, &info, attributes, &signer.certificate, &[], &signer.key).unwrap();
        let diagnose = |signature: &[u8], content: &[u8]| diagnose(signature, content, &mut Effort::bytes(0));
        assert_eq!(diagnose(&attached, b"document"), Some(Cause::AttachedSameContent));
        assert_eq!(diagnose(&attached, b"other"), Some(Cause::AttachedOtherContent));
    }
}
