//! What a package proves.

use std::collections::{BTreeMap, HashMap, HashSet};

use potok_cms::{
    Certificate, ChainElement, Content, ContentDigests, ContentHasher, DigestAlgorithm, ListState,
    RevocationList, SignedData, SignerVerification, Trust, UnixTime, Verification,
};
use potok_fns::recognize::service_family;
use potok_fns::service::{Confirmation, ConfirmationKind};
use potok_fns::{Family, MoscowTime};
use potok_zip::unpack;

use crate::draft::digests;
use crate::manifest::{FileKind, FileNote, Manifest, SignatureNote, Verdict};
use crate::words::{Finding, Weight, problems, who};
use crate::{LIMITS, MANIFEST, MANIFEST_SIGNATURE, time};

/// Everything that was found about a package.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// What the package says about itself; `None` when that cannot be read.
    pub manifest: Option<Manifest>,
    /// What was found, in the order in which it was looked for.
    pub list: Vec<Finding>,
}

/// What a package comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything in it is proven.
    Proven,
    /// Nothing was changed, and something is not proven.
    NotProven,
    /// Something is not as it was.
    Broken,
}

impl Findings {
    /// What the package comes to: what weighs most counts.
    pub fn outcome(&self) -> Outcome {
        match self.list.iter().map(|finding| finding.weight).max() {
            Some(Weight::Broken) => Outcome::Broken,
            Some(Weight::Proven | Weight::Remark) => Outcome::Proven,
            Some(Weight::NotProven) | None => Outcome::NotProven,
        }
    }

    pub(crate) fn tell(&mut self, weight: Weight, ru: impl Into<String>, en: impl Into<String>) {
        self.list.push(Finding::new(weight, ru, en));
    }
}

/// Looks at a package. `trust` is what the reader believes: certificates of authorities, and revocation lists besides those in the
/// package. Nothing in the package is believed because it is there.
///
/// Takes memory for all of its files, and time for each file and each signature once; nothing is read beyond
/// [`LIMITS`].
pub fn verify(bytes: &[u8], trust: &Trust, now: UnixTime) -> Findings {
    let mut findings = Findings::default();
    let files = match unpack(bytes, &LIMITS) {
        Ok(files) => files,
        Err(error) => {
            let ru = format!("архив не читается или изменён: {}", error.text_ru());
            findings.tell(Weight::Broken, ru, error.to_string());
            return findings;
        }
    };
    let files: BTreeMap<String, Vec<u8>> = files.into_iter().map(|file| (file.name, file.content)).collect();
    let Some(manifest) = files.get(MANIFEST).and_then(|bytes| Manifest::parse(bytes)) else {
        findings.tell(
            Weight::Broken,
            "в архиве нет описи, которую можно прочитать",
            "the archive has no manifest that can be read",
        );
        return findings;
    };
    let package = Package { trust: with_those_inside(trust, &manifest, &files), files, now };
    package.manifest(&manifest, &mut findings);
    package.files(&manifest, &mut findings);
    package.signatures(&manifest, &mut findings);
    package.confirmations(&manifest, &mut findings);
    package.powers(&manifest, &mut findings);
    findings.manifest = Some(manifest);
    findings
}

/// Authorities and lists of the package help to get from a signer to what the reader trusts; a list counts only when an authority
/// signed it, and is asked beside those of the reader.
fn with_those_inside(trust: &Trust, manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Trust {
    let mut together = trust.clone();
    let of = |kind: FileKind| {
        let notes = manifest.files.iter().filter(move |note| note.kind == kind);
        notes.filter_map(|note| files.get(&note.name))
    };
    together.intermediates.extend(of(FileKind::Certificate).filter_map(|der| Certificate::parse(der).ok()));
    together
        .revocation_lists
        .extend(of(FileKind::RevocationList).filter_map(|der| RevocationList::parse(der).ok()));
    together
}

pub(crate) struct Package {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) trust: Trust,
    pub(crate) now: UnixTime,
}

impl Package {
    /// The signature of the operator over the manifest.
    fn manifest(&self, manifest: &Manifest, findings: &mut Findings) {
        let content = self.files.get(MANIFEST).map(Vec::as_slice).unwrap_or_default();
        let signature = self.files.get(MANIFEST_SIGNATURE).map(Vec::as_slice).unwrap_or_default();
        let signed = match SignedData::parse(signature) {
            Ok(signed) => signed,
            Err(error) => {
                let ru = format!("подписи оператора под описью нет: {}", error.text_ru());
                return findings.tell(Weight::Broken, ru, format!("no signature over the manifest: {error}"));
            }
        };
        let Some(made_at) = time::parse(&manifest.made_at) else {
            let (ru, en) = ("в описи нет времени", "the manifest has no time");
            return findings.tell(Weight::Broken, ru, en);
        };
        let found = signed.verify(Content::Bytes(content), made_at, &self.trust);
        let (operator_ru, operator) = who(found.first());
        if !found.is_signature_of_content() {
            let (ru, en) = problems(found.first());
            let ru = format!("опись не та, которую подписал оператор: {ru}");
            return findings.tell(Weight::Broken, ru, format!("the operator signed another manifest: {en}"));
        }
        if !found.is_valid() {
            let (ru, en) = self.doubt(found.first());
            let ru = format!("опись подписана ключом «{operator_ru}», но чей это ключ, не доказано: {ru}");
            let en = format!(
                "the manifest is signed by a key of «{operator}»; whose key that is, is not proven: {en}"
            );
            return findings.tell(Weight::NotProven, ru, en);
        }
        // What nobody signed in a signature is at least described.
        let described = |certificate: &Certificate| {
            let notes = manifest.files.iter().filter(|note| note.kind == FileKind::Certificate);
            let mut files = notes.filter_map(|note| self.files.get(&note.name));
            files.any(|der| der == certificate.as_der())
        };
        if signed.has_unreadable_certificate()
            || signed.has_other_certificate()
            || !signed.certificates().iter().all(described)
        {
            findings.tell(
                Weight::NotProven,
                "в подписи под описью есть сертификат, которого нет в описи",
                "the signature over the manifest has a certificate that the manifest does not describe",
            );
        }
        let at = &manifest.made_at;
        findings.tell(
            Weight::Proven,
            format!("опись подписал оператор: {operator_ru}; {at}"),
            format!("the manifest is signed by the operator: {operator}; {at}"),
        );
        if found.first().proven_time().is_none()
            && !signed.verify(Content::Bytes(content), self.now, &self.trust).is_valid()
        {
            findings.tell(
                Weight::Remark,
                "сертификат оператора сейчас недействителен, а время подписи под описью известно только с его слов",
                "the operator's certificate is not valid now, and the time of its signature is its own word",
            );
        }
    }

    /// Whether every file is there, is the one that the operator described, and no other is there.
    fn files(&self, manifest: &Manifest, findings: &mut Findings) {
        let mut left: BTreeMap<&str, &Vec<u8>> =
            self.files.iter().map(|(name, content)| (name.as_str(), content)).collect();
        left.remove(MANIFEST);
        left.remove(MANIFEST_SIGNATURE);
        let mut good = 0;
        for note in &manifest.files {
            let name = &note.name;
            let Some(content) = left.remove(name.as_str()) else {
                findings.tell(
                    Weight::Broken,
                    format!("файла «{name}» из описи нет в архиве"),
                    format!("the file {name:?} of the manifest is not in the archive"),
                );
                continue;
            };
            let [sha256, streebog256] = digests(content);
            let is_same =
                content.len() as u64 == note.size && sha256 == note.sha256 && streebog256 == note.streebog256;
            if is_same {
                good += 1;
            } else {
                findings.tell(
                    Weight::Broken,
                    format!("файл «{name}» изменён: он не тот, что описан"),
                    format!("the file {name:?} was changed: it is not the one of the manifest"),
                );
            }
        }
        for name in left.keys() {
            findings.tell(
                Weight::Broken,
                format!("файла «{name}» нет в описи"),
                format!("the file {name:?} is not in the manifest"),
            );
        }
        if good == manifest.files.len() {
            findings.tell(
                Weight::Proven,
                format!("все файлы ({good}) те же, что при выгрузке: совпали SHA-256 и Стрибог"),
                format!("all files ({good}) are those of the export: SHA-256 and Streebog agree"),
            );
        }
    }

    fn signatures(&self, manifest: &Manifest, findings: &mut Findings) {
        let mut hashed: HashMap<&str, ContentDigests> = HashMap::new();
        let mut signed: HashSet<&str> = HashSet::new();
        let mut unstamped = 0;
        for note in &manifest.signatures {
            let (Some(signature), Some(content)) = (self.files.get(&note.file), self.files.get(&note.of))
            else {
                let file = &note.file;
                findings.tell(
                    Weight::Broken,
                    format!("подпись «{file}» описана, но её или подписанного файла в архиве нет"),
                    format!(
                        "the signature {file:?} is described, and it or what it signs is not in the archive"
                    ),
                );
                continue;
            };
            signed.insert(&note.of);
            let digests = hashed.entry(&note.of).or_insert_with(|| {
                let mut hasher = ContentHasher::new(DigestAlgorithm::ALL);
                hasher.update(content);
                hasher.finish()
            });
            if self.signature(note, signature, Content::Digests(digests), findings) == Some(false) {
                unstamped += 1;
            }
        }
        let is_signed = |note: &FileNote| signed.contains(note.name.as_str());
        let wanted = |note: &&FileNote| {
            matches!(note.kind, FileKind::Document | FileKind::Title | FileKind::Confirmation)
        };
        for note in manifest.files.iter().filter(wanted).filter(|note| !is_signed(note)) {
            let name = &note.name;
            findings.tell(
                Weight::NotProven,
                format!("под файлом «{name}» нет подписи: кто его сделал, не доказано"),
                format!("the file {name:?} has no signature: who made it is not proven"),
            );
        }
        if unstamped > 0 {
            findings.tell(
                Weight::Remark,
                format!("у подписей без штампа времени ({unstamped}) время известно со слов оператора"),
                format!("of signatures without a time stamp ({unstamped}) the time is the operator's word"),
            );
        }
    }

    /// Whether a good signature proves its time itself; `None` for one that is not good.
    fn signature(
        &self,
        note: &SignatureNote,
        signature: &[u8],
        content: Content<'_>,
        findings: &mut Findings,
    ) -> Option<bool> {
        let SignatureNote { file, of, verdict, .. } = note;
        // What the operator itself did not take for good is no news.
        let weight = if *verdict == Verdict::Valid { Weight::Broken } else { Weight::NotProven };
        let signed = match SignedData::parse(signature) {
            Ok(signed) => signed,
            Err(error) => {
                let ru = format!("подпись «{file}» не читается: {}", error.text_ru());
                findings.tell(
                    Weight::NotProven,
                    ru,
                    format!("the signature {file:?} cannot be read: {error}"),
                );
                return None;
            }
        };
        let at = time::parse(&note.at).unwrap_or(self.now);
        let found = signed.verify(content, at, &self.trust);
        let first = found.signers.iter().find(|signer| !signer.is_valid()).unwrap_or_else(|| found.first());
        let ((signer_ru, signer), moment) = (who(first), &note.at);
        if !found.is_signature_of_content() {
            let (ru, en) = problems(first);
            let ru = format!("подпись «{file}» под «{of}» неверна: {ru}");
            findings.tell(weight, ru, format!("the signature {file:?} over {of:?} is bad: {en}"));
            return None;
        }
        if !found.is_valid() {
            let (ru, en) = self.doubt(first);
            findings.tell(
                Weight::NotProven,
                format!("«{of}» подписан ключом «{signer_ru}» («{file}»), но чей это ключ, не доказано: {ru}"),
                format!("{of:?} is signed by a key of «{signer}» ({file:?}); whose key that is, is not proven: {en}"),
            );
            return None;
        }
        findings.tell(
            Weight::Proven,
            format!("«{of}» подписал: {signer_ru}; {moment} («{file}»)"),
            format!("{of:?} was signed by: {signer}; {moment} ({file:?})"),
        );
        self.revocation(file, &found, findings);
        Some(first.proven_time().is_some())
    }

    /// What nobody knows of the certificates of a good signature.
    fn revocation(&self, file: &str, found: &Verification, findings: &mut Findings) {
        let chains = found.signers.iter().filter_map(|signer| signer.chain.as_ref());
        let elements = chains.flat_map(|chain| &chain.elements);
        let is_unknown =
            |element: &&ChainElement| !matches!(element.list, ListState::NotNeeded | ListState::Current);
        let unknown: Vec<&str> = elements
            .filter(is_unknown)
            .map(|element| element.certificate.subject().common_name().unwrap_or("?"))
            .collect();
        if !unknown.is_empty() {
            let names = unknown.join("», «");
            findings.tell(
                Weight::Remark,
                format!("подпись «{file}»: не был ли отозван сертификат «{names}», неизвестно: нет списка отозванных на то время"),
                format!("signature {file:?}: whether the certificate of «{names}» was revoked is not known: there is no list of that time"),
            );
        }
    }

    /// Why a key is not proven to be somebody's.
    pub(crate) fn doubt(&self, signer: &SignerVerification) -> (String, String) {
        if self.trust.anchors.is_empty() {
            let (ru, en) = (
                "не указано, каким удостоверяющим центрам верить (--trust)",
                "no authorities were named that are to be trusted (--trust)",
            );
            return (ru.to_owned(), en.to_owned());
        }
        problems(signer)
    }

    /// What the operator confirms of other files.
    fn confirmations(&self, manifest: &Manifest, findings: &mut Findings) {
        let signatures: HashSet<&[u8]> = manifest
            .signatures
            .iter()
            .filter_map(|note| self.files.get(&note.file).map(Vec::as_slice))
            .collect();
        for note in manifest.files.iter().filter(|note| note.kind == FileKind::Confirmation) {
            let name = &note.name;
            let bytes = self.files.get(name).map(Vec::as_slice).unwrap_or_default();
            let Some(confirmation) = confirmation(bytes) else {
                findings.tell(
                    Weight::NotProven,
                    format!("подтверждение «{name}» не читается"),
                    format!("the confirmation {name:?} cannot be read"),
                );
                continue;
            };
            let is_here = |given: &Vec<u8>| signatures.contains(given.as_slice());
            let of = &confirmation.file.name;
            if !confirmation.file.signatures.iter().all(is_here) {
                findings.tell(
                    Weight::NotProven,
                    format!("подтверждение «{name}» называет подпись, которой в архиве нет"),
                    format!("the confirmation {name:?} names a signature that is not in the archive"),
                );
                continue;
            }
            let at = moment(confirmation.at);
            let (ru, en) = match confirmation.kind {
                ConfirmationKind::Received => ("получил", "received"),
                ConfirmationKind::PassedOn => ("передал", "passed on"),
            };
            findings.tell(
                Weight::Proven,
                format!("в подтверждении «{name}» сказано: оператор {ru} файл «{of}» с этой подписью {at} (мск)"),
                format!("the confirmation {name:?} says that the operator {en} the file {of:?} with this signature {at} (Moscow)"),
            );
        }
    }
}

fn confirmation(bytes: &[u8]) -> Option<Confirmation> {
    let kind = match service_family(bytes)? {
        Family::Pdpol => ConfirmationKind::Received,
        Family::Pdotpr => ConfirmationKind::PassedOn,
        _ => return None,
    };
    Confirmation::parse(bytes, kind).ok()
}

fn moment(at: MoscowTime) -> String {
    format!("{} {}", at.date, at.time())
}
