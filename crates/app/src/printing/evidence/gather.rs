//! What goes into a package: files in their order, each with what is known of it.

use std::collections::HashMap;

use bytes::Bytes;
use potok_cms::{Certificate, RevocationList};
use potok_domain::docflow::docflow;
use potok_domain::powers::{AttachedPower, SignedFile};
use potok_domain::{Check, EntityState, Service};
use potok_evidence::{
    DocumentNote, Draft, FileKind, FileNote, Manifest, PowerNote, RegisterNote, Sealing, SignatureNote, Time,
    TooLarge, Verdict,
};
use potok_types::{BoxId, ContentHash, ContentRef, Ticks};

use super::super::case::Case;
use super::super::protocol::what;
use super::super::{PrintError, Printing};
use super::moment;
use crate::core::{CoreError, RegisteredPower};

/// A file that is to be put into the archive.
struct Item {
    name: String,
    content: Bytes,
    note: FileNote,
}

/// What is known of a signature before its names in the archive are.
struct Given {
    /// Number of the item that it is, and of that which it signs.
    item: usize,
    of: usize,
    note: SignatureNote,
    chain: Vec<Bytes>,
}

/// A power of attorney: of which signature, and the items of its file and of the signature over that.
struct Power {
    of: usize,
    note: PowerNote,
    file: Option<usize>,
    signature: Option<usize>,
}

/// All of a package, before it is put into an archive.
pub(super) struct Gathered {
    pub(super) manifest: Manifest,
    items: Vec<Item>,
    signatures: Vec<Given>,
    powers: Vec<Power>,
    certificates: Vec<Bytes>,
    lists: Vec<Bytes>,
}

impl Gathered {
    pub(super) fn new(manifest: Manifest) -> Self {
        Self {
            manifest,
            items: Vec::new(),
            signatures: Vec::new(),
            powers: Vec::new(),
            certificates: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// Bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        let items = self.items.iter().map(|item| &item.content);
        items.chain(&self.certificates).chain(&self.lists).map(|bytes| bytes.len() as u64).sum()
    }

    fn item(&mut self, name: String, content: Bytes, note: FileNote) -> usize {
        self.items.push(Item { name, content, note });
        self.items.len() - 1
    }

    /// Puts everything into an archive.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub(super) fn put_into(self, at: Time) -> Result<Sealing, TooLarge> {
        let Self { manifest, items, signatures, powers, certificates, lists } = self;
        let mut draft = Draft::new(manifest, at);
        let mut names = Vec::with_capacity(items.len());
        for Item { name, content, note } in items {
            names.push(draft.add(&name, &content, note)?);
        }
        let mut files: HashMap<Bytes, String> = HashMap::new();
        for der in certificates {
            let name = Certificate::from_der(&der).map(|certificate| certificate.thumbprint().to_string());
            let name = format!("{}.cer", name.unwrap_or_else(|_| "certificate".to_owned()));
            files.insert(der.clone(), draft.add(&name, &der, FileNote::of(FileKind::Certificate))?);
        }
        for der in lists {
            let issuer = RevocationList::parse(&der).ok();
            let issuer = issuer.as_ref().and_then(|list| list.issuer().common_name());
            draft.add(
                &format!("{}.crl", issuer.unwrap_or("revoked")),
                &der,
                FileNote::of(FileKind::RevocationList),
            )?;
        }
        draft.manifest.signatures.extend(signatures.into_iter().map(|Given { item, of, note, chain }| {
            let chain = chain.iter().filter_map(|der| files.get(der).cloned()).collect();
            SignatureNote { file: names[item].clone(), of: names[of].clone(), chain, ..note }
        }));
        let name = |item: Option<usize>| item.map(|item| names[item].clone()).unwrap_or_default();
        draft.manifest.powers_of_attorney.extend(powers.into_iter().map(|power| PowerNote {
            of: names[power.of].clone(),
            file: name(power.file),
            signature: name(power.signature),
            ..power.note
        }));
        Ok(draft.seal())
    }
}

impl Printing {
    /// Adds a document with everything that belongs to its exchange.
    pub(super) async fn gather(
        &self,
        gathered: &mut Gathered,
        case: &Case,
        now: Ticks,
    ) -> Result<(), PrintError> {
        gathered.manifest.documents.push(note_of(case));
        let under = |found: &&EntityState| case.state.root_of(found.entity.id) == case.root;
        let with_content = |found: &&EntityState| found.entity.content.is_some();
        for found in case.state.entities().iter().filter(under).filter(with_content) {
            let Some(what) = what(case, found) else { continue };
            let name = found.entity.file_name.clone().filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| found.entity.id.to_string());
            let note = FileNote {
                entity_id: found.entity.id.to_string(),
                title: what,
                at: Some(moment(found.entity.created_at)),
                ..FileNote::of(kind(found))
            };
            let of = gathered.item(name.clone(), case.bytes(found)?, note);
            let is_encrypted = found.entity.is_encrypted;
            let mut signatures: Vec<&EntityState> = case.signatures(found.entity.id).collect();
            let mut number = 0;
            while number < signatures.len() {
                let signature = signatures[number];
                number += 1;
                self.signature(gathered, case, (signature, of, is_encrypted), format!("{name}.{number}.sig"))
                    .await?;
                // A copy with a time stamp hangs under what it copies.
                signatures.extend(case.signatures(signature.entity.id));
            }
        }
        let protocol = self.protocol_of(case).await?;
        let of = gathered.item(
            protocol.form.name.clone(),
            protocol.form.content,
            FileNote { at: Some(moment(now)), ..FileNote::of(FileKind::Protocol) },
        );
        let given =
            SignatureNote { organization: case.operator.name.clone(), ..unnamed(now, Verdict::Valid) };
        let name = format!("{}.sig", protocol.form.name);
        self.given(gathered, (protocol.signature, of, given), name, Vec::new()).await.map(drop)
    }

    async fn signature(
        &self,
        gathered: &mut Gathered,
        case: &Case,
        (found, of, is_encrypted): (&EntityState, usize, bool),
        name: String,
    ) -> Result<(), PrintError> {
        let verdict = match found.check {
            // Only its recipient can tell what is signed there.
            _ if is_encrypted => Verdict::Unchecked,
            Check::Valid => Verdict::Valid,
            Check::Invalid => Verdict::Invalid,
            Check::Unchecked => Verdict::Unchecked,
        };
        let signer = found.entity.signature().map_or(BoxId::ZERO, |signature| signature.signer_box);
        let note = SignatureNote {
            box_id: if signer == BoxId::ZERO { String::new() } else { signer.to_string() },
            organization: case.side(signer).name,
            ..unnamed(found.entity.created_at, verdict)
        };
        let checked: Vec<ContentRef> = found
            .verification
            .iter()
            .flat_map(|found| found.chain.iter().map(|element| element.certificate))
            .collect();
        let checked = self.contents(case, checked).await?;
        let item = self.given(gathered, (case.bytes(found)?, of, note), name, checked).await?;
        let powers = case.state.children(found.entity.id);
        for power in powers.filter_map(|child| Some((child, child.entity.power()?))) {
            self.power(gathered, case, item, power).await?;
        }
        Ok(())
    }

    /// A signature with the certificates of its chain: those by which it was judged, or else those that can be found.
    async fn given(
        &self,
        gathered: &mut Gathered,
        (bytes, of, note): (Bytes, usize, SignatureNote),
        name: String,
        checked: Vec<Bytes>,
    ) -> Result<usize, PrintError> {
        let item = gathered.item(name, bytes.clone(), FileNote::of(FileKind::Signature));
        let found = self.verifier.evidence(bytes).await.map_err(CoreError::from)?;
        let chain = if checked.is_empty() { found.certificates.clone() } else { checked };
        put_new(&mut gathered.certificates, chain.iter().chain(&found.certificates));
        put_new(&mut gathered.lists, &found.revocation_lists);
        gathered.signatures.push(Given { item, of, note, chain });
        Ok(item)
    }

    /// A power under which was signed, with what the register says of it now; those from which it was handed on; and the files of
    /// all of them: those that came along, else those of the register.
    async fn power(
        &self,
        gathered: &mut Gathered,
        case: &Case,
        of: usize,
        (found, power): (&EntityState, &AttachedPower),
    ) -> Result<(), PrintError> {
        let now = self.core.clock.now();
        let registered = self.core.power_named(&power.name).await?;
        let note = PowerNote {
            number: power.name.number.to_string(),
            issuer_inn: power.name.issuer_inn.clone(),
            register: Some(register_note(registered.as_ref(), now)),
            ..PowerNote::default()
        };
        let came = found.entity.content.zip(power.signature);
        let came = came.map(|(file, signature)| SignedFile { file, signature });
        let files = match came {
            Some(files) => self.files_of(case, files).await?,
            None => registered.as_ref().map(|it| (it.file.clone(), it.signature.clone())),
        };
        self.put_power(gathered, of, note, files).await?;
        let known = match &registered {
            Some(it) if power.ancestors.is_empty() => self.core.ancestors(&it.power).await?,
            _ => Vec::new(),
        };
        for parent in known {
            let note = PowerNote {
                is_ancestor: true,
                number: parent.power.number.to_string(),
                issuer_inn: parent.power.name().issuer_inn,
                register: Some(register_note(Some(&parent), now)),
                ..PowerNote::default()
            };
            self.put_power(gathered, of, note, Some((parent.file, parent.signature))).await?;
        }
        for files in &power.ancestors {
            let files = self.files_of(case, *files).await?;
            let read = match &files {
                Some((file, _)) => self.core.read_power(file).await?.ok(),
                None => None,
            };
            let name = read.map(|power| power.name());
            let registered = match &name {
                Some(name) => self.core.power_named(name).await?,
                None => None,
            };
            let note = PowerNote {
                is_ancestor: true,
                number: name.as_ref().map_or_else(|| "-".to_owned(), |name| name.number.to_string()),
                issuer_inn: name.map(|name| name.issuer_inn).unwrap_or_default(),
                register: Some(register_note(registered.as_ref(), now)),
                ..PowerNote::default()
            };
            self.put_power(gathered, of, note, files).await?;
        }
        Ok(())
    }

    /// Puts a power in, with the certificates of whoever signed it.
    async fn put_power(
        &self,
        gathered: &mut Gathered,
        of: usize,
        note: PowerNote,
        files: Option<(Bytes, Bytes)>,
    ) -> Result<(), PrintError> {
        let Some((file, signature)) = files else {
            gathered.powers.push(Power { of, note, file: None, signature: None });
            return Ok(());
        };
        let found = self.verifier.evidence(signature.clone()).await.map_err(CoreError::from)?;
        put_new(&mut gathered.certificates, &found.certificates);
        put_new(&mut gathered.lists, &found.revocation_lists);
        let name = format!("power-of-attorney-{}.xml", note.number);
        let file = gathered.item(name.clone(), file, FileNote::of(FileKind::PowerOfAttorney));
        let signature = gathered.item(format!("{name}.sig"), signature, FileNote::of(FileKind::Signature));
        gathered.powers.push(Power { of, note, file: Some(file), signature: Some(signature) });
        Ok(())
    }

    /// A power of the message and the signature over it.
    async fn files_of(&self, case: &Case, files: SignedFile) -> Result<Option<(Bytes, Bytes)>, PrintError> {
        let mut bytes = self.contents(case, vec![files.file, files.signature]).await?.into_iter();
        Ok(bytes.next().zip(bytes.next()))
    }

    /// The bytes of contents, in their order; what is nowhere is left out.
    async fn contents(&self, case: &Case, wanted: Vec<ContentRef>) -> Result<Vec<Bytes>, PrintError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let hashes: Vec<ContentHash> = wanted.iter().map(|content| content.hash).collect();
        let loaded = self.core.load_contents(case.state.box_id, hashes.iter().copied()).await?;
        Ok(hashes.iter().filter_map(|hash| loaded.get(hash).cloned()).collect())
    }
}

fn register_note(found: Option<&RegisteredPower>, now: Ticks) -> RegisterNote {
    let revoked = found.and_then(|found| found.registered.revoked());
    let standing = found.map(|found| found.power.standing(revoked.is_some(), now).as_str());
    RegisterNote {
        asked_at: moment(now),
        standing: standing.unwrap_or(RegisterNote::UNKNOWN).to_owned(),
        revoked_at: revoked.map(|(at, _)| moment(*at)),
        reason: revoked.map(|(_, reason)| reason.clone()).unwrap_or_default(),
    }
}

fn note_of(case: &Case) -> DocumentNote {
    let (found, document) = case.document();
    let flow = docflow(&case.state, case.root);
    let facts = flow.as_ref().map(|flow| &flow.facts);
    DocumentNote {
        id: found.entity.id.to_string(),
        title: case.name(),
        type_named_id: document.kind.type_named_id.clone(),
        function: document.kind.function.clone(),
        version: document.kind.version.clone(),
        sent_at: facts.and_then(|facts| facts.sent_at).map(moment),
        delivered_at: facts.and_then(|facts| facts.delivered_at).map(moment),
        standings: case.exchange(case.root, &[]).standings.into_iter().map(|(_, words)| words).collect(),
    }
}

fn kind(found: &EntityState) -> FileKind {
    match found.entity.service() {
        None => FileKind::Document,
        Some(Service::Title(_)) => FileKind::Title,
        Some(Service::Confirmation) => FileKind::Confirmation,
        Some(_) => FileKind::Service,
    }
}

/// A signature that came at that time, before more is known of it.
fn unnamed(at: Ticks, verdict: Verdict) -> SignatureNote {
    SignatureNote {
        file: String::new(),
        of: String::new(),
        box_id: String::new(),
        organization: String::new(),
        at: moment(at),
        verdict,
        chain: Vec::new(),
    }
}

fn put_new<'a>(all: &mut Vec<Bytes>, new: impl IntoIterator<Item = &'a Bytes>) {
    for bytes in new {
        if !all.contains(bytes) {
            all.push(bytes.clone());
        }
    }
}
