//! What is known about a document that is printed: its files, its signatures, what became of it.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use potok_domain::docflow::{Docflow, Signed, docflow};
use potok_domain::{
    Check, Document, EntityState, MessageState, PowerOfAttorney, Service, SignatureDescription, Verification,
    access, registry,
};
use potok_fns::recognize::{TitleSigner, signers_of_title};
use potok_fns::{MoscowTime, Operator};
use potok_print::{Exchange, Side, Stamp, Standing, Verdict, moment};
use potok_room::Taken;
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EntityId, MessageId, Ticks};

use super::{PrintError, Printing};
use crate::Permit;
use crate::core::{CoreError, LoadedContents, Missing};

// Whom a signature is of.
const OPERATOR: &str = "Оператор";
const SENDER: &str = "Отправитель";
const RECIPIENT: &str = "Получатель";

/// A document with what became of it.
pub(crate) struct Case {
    pub(crate) state: Arc<MessageState>,
    /// The root document.
    pub(crate) root: EntityId,
    pub(crate) operator: Operator,
    sides: HashMap<BoxId, Side>,
    /// What the signatures under the document say about themselves.
    descriptions: HashMap<EntityId, SignatureDescription>,
    /// Who signs each title, as it says itself.
    signers: HashMap<EntityId, Vec<TitleSigner>>,
    pub(crate) contents: LoadedContents,
    /// Room for the contents.
    _room: Taken,
}

impl Printing {
    /// The document that `entity` is or belongs to, as far as the caller may see it.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`, also when it is deleted; `CoreError::Denied`.
    pub(crate) async fn visible(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        entity: EntityId,
    ) -> Result<(Arc<MessageState>, EntityId), PrintError> {
        let missing = Missing::Document { message, document: entity };
        let state = self.core.state(actor.box_id(), message).await?;
        let root = state.root_of(entity);
        let Some(document) = state.document_state(root) else { return Err(missing.into()) };
        access::check_documents(&actor.scope, &state, [root])?;
        if document.is_deleted || state.entity(entity).is_none() {
            return Err(missing.into());
        }
        Ok((state, root))
    }

    /// Everything about a document, with the contents of the entities that `wanted` picks.
    pub(crate) async fn case(
        &self,
        state: Arc<MessageState>,
        root: EntityId,
        wanted: impl Fn(&EntityState) -> bool,
    ) -> Result<Case, PrintError> {
        let mut sides = HashMap::new();
        for box_id in
            [Some(state.from.box_id), Some(state.to.box_id), state.proxy_box()].into_iter().flatten()
        {
            let Some(found) = self.core.organization(box_id).await? else { continue };
            let (name, kpp) = (found.full_name.clone(), found.kpp.clone().unwrap_or_default());
            sides.insert(box_id, Side { name, inn: found.inn.clone(), kpp });
        }
        let under = |found: &&EntityState| state.root_of(found.entity.id) == root;
        let needed = |found: &&EntityState| found.entity.signature().is_some() || wanted(found);
        let named =
            state.entities().iter().filter(under).filter(needed).filter_map(|found| found.entity.content);
        let named: Vec<_> = named.collect();
        let size: u64 = named.iter().map(|content| content.size_bytes).sum();
        let room = self.core.room.memory.take(size).map_err(CoreError::from)?;
        let hashes = named.iter().map(|content| content.hash);
        let contents = self.core.load_contents(state.box_id, hashes).await?;
        let mut descriptions = HashMap::new();
        for found in state.entities().iter().filter(under).filter(|found| found.entity.signature().is_some())
        {
            let bytes = found.entity.content.and_then(|content| contents.get(&content.hash)).cloned();
            let Some(bytes) = bytes else { continue };
            if let Some(description) = self.verifier.describe(bytes).await.map_err(CoreError::from)? {
                descriptions.insert(found.entity.id, description);
            }
        }
        let mut signers = HashMap::new();
        for found in state.entities().iter().filter(under).filter(|found| is_title(found)) {
            let bytes = found.entity.content.and_then(|content| contents.get(&content.hash));
            let Some(bytes) = bytes else { continue };
            let named = self.core.room.read(bytes, signers_of_title).await.map_err(CoreError::from)?;
            // What cannot be read is printed all the same, with what is known of it.
            signers.insert(found.entity.id, named.unwrap_or_default());
        }
        Ok(Case {
            root,
            operator: self.operator.operator(),
            sides,
            descriptions,
            signers,
            contents,
            state,
            _room: room,
        })
    }
}

impl Case {
    pub(crate) fn document(&self) -> (&EntityState, &Document) {
        self.state.document(self.root).expect("whoever made the case has looked")
    }

    /// The bytes of an entity.
    pub(crate) fn bytes(&self, found: &EntityState) -> Result<Bytes, PrintError> {
        let content = found.entity.content.and_then(|content| self.contents.get(&content.hash));
        content.cloned().ok_or_else(|| CoreError::LostContent { entity: found.entity.id }.into())
    }

    /// What people call the document: type, number, date.
    pub(crate) fn name(&self) -> String {
        let (found, document) = self.document();
        let title =
            registry::lookup(&document.kind.type_named_id).map_or("Документ", |known| known.title);
        let part = |name: &str, key: &str| {
            let value = document.metadata(key).filter(|value| !value.is_empty());
            value.map(|value| format!(" {name} {value}")).unwrap_or_default()
        };
        let (number, date) = (part("№", "DocumentNumber"), part("от", "DocumentDate"));
        match &found.entity.file_name {
            Some(file) if number.is_empty() => format!("{title}{date} {file}"),
            _ => format!("{title}{number}{date}"),
        }
    }

    /// The recipient's title that counts.
    pub(crate) fn answer(&self) -> Option<&EntityState> {
        let is_title = |found: &&EntityState| matches!(found.entity.service(), Some(Service::Title(_)));
        let is_given = |found: &&EntityState| {
            found.stands()
                && (!found.is_prepared_title() || self.signatures(found.entity.id).next().is_some())
        };
        self.state.children(self.root).filter(is_title).rfind(is_given)
    }

    /// Signatures under a file that are given to the other side, oldest first.
    pub(crate) fn signatures(&self, parent: EntityId) -> impl Iterator<Item = &EntityState> {
        self.state
            .children(parent)
            .filter(|child| child.entity.signature().is_some_and(|found| !found.is_approval))
    }

    /// The stamps of the signatures under a file.
    pub(crate) fn stamps(&self, parent: EntityId) -> Vec<Stamp> {
        self.signed(parent).into_iter().map(|(_, stamp)| stamp).collect()
    }

    /// The signatures under a file, each with its stamp.
    pub(crate) fn signed(&self, parent: EntityId) -> Vec<(&EntityState, Stamp)> {
        let named = self.signers.get(&parent).map(Vec::as_slice).unwrap_or_default();
        let mut author = None;
        let stamps = self.signatures(parent).enumerate().filter_map(|(index, found)| {
            let signer = found.entity.signature()?.signer_box;
            // Who signs a file of somebody else is not who signs in it.
            let is_author =
                *author.get_or_insert(signer) == signer && (index == 0 || !self.state.is_internal);
            let named = if is_author { named } else { &[] };
            Some((found, self.stamp(found, index, named)?))
        });
        stamps.collect()
    }

    /// The stamp of a signature. Inside one organization both sides are the same box: the first is the sender.
    fn stamp(&self, found: &EntityState, index: usize, named: &[TitleSigner]) -> Option<Stamp> {
        let signature = found.entity.signature()?;
        let said = self.descriptions.get(&found.entity.id);
        let text =
            |value: fn(&SignatureDescription) -> &Option<String>| said.and_then(|said| value(said).clone());
        let name = [text(|said| &said.surname), text(|said| &said.first_name)];
        let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let proven = found.verification.as_deref().and_then(|found| found.proven_at);
        let at = proven.or(said.and_then(|said| said.signing_time)).unwrap_or(found.entity.created_at);
        let verdict = match found.check {
            Check::Valid => Verdict::Valid,
            Check::Invalid => Verdict::Invalid,
            Check::Unchecked => Verdict::Unchecked,
        };
        let is_first = index == 0;
        Some(Stamp {
            role: self.role(signature.signer_box, is_first).to_owned(),
            side: self.side(signature.signer_box),
            signer: name,
            position: text(|said| &said.position).unwrap_or_default(),
            serial: said.map(|said| said.serial_number.clone()).unwrap_or_default(),
            thumbprint: said.map(|said| said.thumbprint.clone()).unwrap_or_default(),
            issuer: text(|said| &said.issuer).unwrap_or_default(),
            valid: said.and_then(|said| {
                Some((MoscowTime::parse_utc(&said.not_before)?, MoscowTime::parse_utc(&said.not_after)?))
            }),
            at: MoscowTime::at(at),
            verdict,
            remark: remark(found.check, found.verification.as_deref()).to_owned(),
            power: self.power(found, named),
        })
    }

    /// The power of attorney under which a signature was given, in words: the one that came with it, else the one that its signer
    /// names in the file. Empty where there is none and none is needed.
    fn power(&self, found: &EntityState, named: &[TitleSigner]) -> String {
        let came = self.state.children(found.entity.id).filter_map(|child| child.entity.power());
        let came: Vec<String> = came.map(|power| format!("№ {}", power.name.number)).collect();
        if !came.is_empty() {
            return format!("{}, приложена к подписи", came.join(", "));
        }
        let said = self.descriptions.get(&found.entity.id);
        let surname = said.and_then(|said| said.surname.as_deref()).unwrap_or_default().to_lowercase();
        let signer = match named {
            [only] => Some(only),
            all => all.iter().find(|signer| !surname.is_empty() && signer.surname.to_lowercase() == surname),
        };
        let number = signer.and_then(|signer| signer.power.as_ref()).map(|power| &power.number);
        let is_missing = found.power_of_attorney.is_some_and(PowerOfAttorney::is_missing);
        match (number, found.power_of_attorney) {
            (Some(number), _) if is_missing => {
                format!("№ {number}, указана в документе, к подписи не приложена")
            }
            (Some(number), _) => format!("№ {number}, указана в документе"),
            (None, Some(PowerOfAttorney::Attached)) => "приложена к подписи".to_owned(),
            (None, _) if is_missing => "требуется, не приложена".to_owned(),
            (None, _) => String::new(),
        }
    }

    fn role(&self, signer: BoxId, is_first: bool) -> &'static str {
        match signer {
            BoxId::ZERO => OPERATOR,
            _ if self.state.is_internal && !is_first => RECIPIENT,
            signer if signer == self.state.from.box_id => SENDER,
            signer if Some(signer) == self.state.proxy_box() => "Промежуточный получатель",
            _ => RECIPIENT,
        }
    }

    pub(crate) fn side(&self, box_id: BoxId) -> Side {
        if box_id == BoxId::ZERO {
            let Operator { name, inn, .. } = &self.operator;
            return Side { name: name.clone(), inn: inn.clone(), kpp: String::new() };
        }
        self.sides.get(&box_id).cloned().unwrap_or_default()
    }

    /// Whose a file is: his who signed it first, and of those that nobody signs his who wrote it.
    pub(crate) fn author(&self, found: &EntityState) -> BoxId {
        if let Some(Service::UniversalMessage(message)) = found.entity.service() {
            return message.creator_box;
        }
        let first = self.signatures(found.entity.id).find_map(|signed| signed.entity.signature());
        first.map_or(self.state.from.box_id, |signature| signature.signer_box)
    }

    /// Who sent a file that answers the document, to whom and when, with its stamps.
    pub(crate) fn exchange_of_answer(&self, found: &EntityState) -> Exchange {
        let id = found.entity.id;
        let author = self.author(found);
        let [from, to] = [self.state.from.box_id, self.state.to.box_id];
        // The stamps tell whose letter it was; here the author is who sends.
        let mut stamps = self.stamps(id);
        for (index, stamp) in stamps.iter_mut().filter(|stamp| stamp.role != OPERATOR).enumerate() {
            stamp.role = if index == 0 { SENDER } else { RECIPIENT }.to_owned();
        }
        // What the operator writes goes to both sides.
        let recipient = match author {
            BoxId::ZERO => None,
            author if author == from => (to != BoxId::ZERO).then(|| self.side(to)),
            _ => Some(self.side(from)),
        };
        Exchange {
            operator: self.operator.name.clone(),
            document_id: id.to_string(),
            sender: self.side(author),
            recipient,
            sent_at: Some(MoscowTime::at(found.entity.created_at)),
            delivered_at: None,
            stamps,
            standings: Vec::new(),
        }
    }

    /// What became of the document, with the stamps of the files that `of` names.
    pub(crate) fn exchange(&self, id: EntityId, of: &[EntityId]) -> Exchange {
        let flow = docflow(&self.state, self.root);
        let facts = flow.as_ref().map(|flow| &flow.facts);
        let recipient = (self.state.to.box_id != BoxId::ZERO).then(|| self.side(self.state.to.box_id));
        Exchange {
            operator: self.operator.name.clone(),
            document_id: id.to_string(),
            sender: self.side(self.state.from.box_id),
            recipient,
            sent_at: facts.and_then(|facts| facts.sent_at).map(MoscowTime::at),
            delivered_at: facts.and_then(|facts| facts.delivered_at).map(MoscowTime::at),
            stamps: of.iter().flat_map(|file| self.stamps(*file)).collect(),
            standings: flow.as_ref().map(standings).unwrap_or_default(),
        }
    }

    /// When the document was made: the time in its files, which therefore are the same each time.
    pub(crate) fn made_at(&self) -> MoscowTime {
        MoscowTime::at(self.document().0.entity.created_at)
    }
}

/// Whether an entity is a title of a format, which people can read.
pub(crate) fn is_title(found: &EntityState) -> bool {
    let is_first =
        found.entity.document().is_some_and(|document| document.kind.version != registry::PLAIN_VERSION);
    let is_other = matches!(found.entity.service(), Some(Service::Title(_)));
    (is_first || is_other) && !found.entity.is_encrypted
}

/// Why a signature is not good.
fn remark(check: Check, found: Option<&Verification>) -> &'static str {
    match found {
        Some(found) if check == Check::Invalid && !found.is_of_content => "она не от этого документа",
        Some(found) if check == Check::Invalid && !found.is_chain_valid() => "сертификат не признан",
        _ => "",
    }
}

/// What else became of the document.
fn standings(flow: &Docflow<'_>) -> Vec<(Standing, String)> {
    let facts = &flow.facts;
    let mut told = Vec::new();
    let mut tell = |standing: Standing, what: &str, signed: &Signed<'_>| {
        if signed.is_invalid() {
            return;
        }
        let at: Ticks = signed.sent_at().unwrap_or(signed.file.entity.created_at);
        let text = signed.file.entity.text.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        told.push((standing, format!("{what} {}{text}", moment(MoscowTime::at(at)))));
    };
    if let Some(response) = facts.response.filter(|response| response.is_refusal()) {
        tell(Standing::Ended, "Отказано в подписи", &response.signed);
    }
    if let Some(revocation) = &facts.revocation {
        let (standing, what) = if revocation.is_granted() {
            (Standing::Ended, "Документ аннулирован, предложение от")
        } else {
            (Standing::Usual, "Предложено аннулировать документ")
        };
        tell(standing, what, &revocation.request);
        if let Some(answer) = revocation.answer.filter(|answer| answer.is_refusal()) {
            tell(Standing::Usual, "Отказано в аннулировании", &answer.signed);
        }
    }
    for amendment in &facts.amendments {
        tell(Standing::Usual, "Запрошено уточнение", &amendment.signed);
    }
    told
}
