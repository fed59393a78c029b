//! `GenerateTitleXml`, `ParseTitleXml`, and `GenerateSenderTitleXml` and `GenerateRecipientTitleXml`, which are older: titles of formalized documents made of the data of programs, and taken apart into them.

use std::collections::HashMap;

use bytes::Bytes;
use potok_domain::directory::AddressPlace;
use potok_domain::{Check, Document, DocumentKind, MessageState, access, registry, workflow};
use potok_fns::recognize::{Recognized, TitleFormat, recognize};
use potok_fns::xml::XmlError;
use potok_fns::{MoscowTime, PROGRAM_OF_PEOPLE, Remark};
use potok_titles::{
    Checks, Contract, Editing, First, Format, Held, Kind, LIMITS, Organization, SignerFacts, Sources, Title,
    Violations,
};
use potok_types::access::{BoxEmployee, NamedDocuments};
use potok_types::{BoxId, ContentRef, EntityId, Invalid, MessageId};

use super::detect::known_kinds;
use super::generate::GeneratedFile;
use super::other_file::other_file;
use super::{Paper, PaperError};
use crate::participant;
use crate::{Actor, CoreError, Permit};

/// Memory that a title or its data take for each of their bytes, while one is made of the other.
const TIMES: u64 = 8;

/// Memory for a title of so many bytes, or its data. What is longer than these may be is refused for that at once, and has to be
/// also on a small server.
pub(super) const fn room_for(bytes: usize) -> u64 {
    if bytes > LIMITS.bytes { 0 } else { TIMES * bytes as u64 }
}

/// Boxes that one contract may refer to.
const BOXES: usize = 100;

/// Which title is made or taken apart.
#[derive(Clone, Debug)]
pub struct TitleKind {
    kind: DocumentKind,
    format: Format,
}

impl TitleKind {
    /// The title of a type, a function and a version.
    ///
    /// # Errors
    /// [`Invalid`] names the parameter of the query that is not known, or a version whose titles are not made here.
    pub fn new(type_named_id: &str, function: &str, version: &str, index: i64) -> Result<Self, Invalid> {
        // What is answered may be stored as of a version of which nothing but the name is known.
        let find = |version: &str, index| match index {
            1 => Format::answering(version),
            _ => Format::find(version, index),
        };
        Self::of(type_named_id, function, version, index, find)
    }

    /// The same of a title that is read.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn reading(type_named_id: &str, function: &str, version: &str, index: i64) -> Result<Self, Invalid> {
        Self::of(type_named_id, function, version, index, Format::reading)
    }

    fn of(
        type_named_id: &str,
        function: &str,
        version: &str,
        index: i64,
        find: impl Fn(&str, i32) -> Option<Format>,
    ) -> Result<Self, Invalid> {
        let resolved = registry::resolve(type_named_id, Some(function), Some(version), None);
        let kind = resolved.map_err(|error| {
            let name = match error {
                registry::Unresolved::Type(_) => "documentTypeNamedId",
                registry::Unresolved::Function { .. } => "documentFunction",
                _ => "documentVersion",
            };
            Invalid::new(format!("query parameter {name}"), error.to_string())
        })?;
        let kind = kind.kind;
        let index = i32::try_from(index).unwrap_or(-1);
        if let Some(format) = find(&kind.version, index) {
            return Ok(Self { kind, format });
        }
        let is_known = Format::find(&kind.version, 0).is_some();
        Err(if is_known {
            Invalid::new("query parameter titleIndex", format!("version {} has no such title", kind.version))
        } else {
            let is_sent = |version: &str| {
                let DocumentKind { type_named_id, function, .. } = &kind;
                registry::resolve(type_named_id, Some(function), Some(version), None).is_ok()
            };
            let mut versions: Vec<&str> =
                Format::all().map(Format::version).filter(|name| is_sent(name)).collect();
            versions.dedup();
            let reason = format!(
                "this server does not make titles of version {}; of documents of this type it makes {}",
                kind.version,
                if versions.is_empty() { "none".to_owned() } else { versions.join(", ") }
            );
            Invalid::new("query parameter documentVersion", reason)
        })
    }
}

/// What a title is made of, beside the data.
#[derive(Clone, Copy, Debug)]
pub struct TitleSources {
    /// The document that is answered: its message and itself.
    pub answered: Option<(MessageId, EntityId)>,
    /// Whether the data are held to the format.
    pub checks: Checks,
}

impl TitleSources {
    /// The document that is answered, and whether the data are not to be held to the format.
    pub fn new(answered: Option<(MessageId, EntityId)>, is_unchecked: bool) -> Self {
        Self { answered, checks: if is_unchecked { Checks::None } else { Checks::All } }
    }

    /// The same for a title to which something may be given later, if the setting `id` is named.
    ///
    /// # Errors
    /// [`Invalid`]: it is no setting of such titles.
    pub fn to_edit(self, wanted: &TitleKind, id: Option<&str>) -> Result<Self, Invalid> {
        let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(self) };
        let refuse = |reason: &str| Err(Invalid::new("query parameter editingSettingId", reason));
        let Some(editing) = Editing::find(id) else {
            return refuse("there is no such setting for documents of order 970; take one of those");
        };
        // The function of a title is that of its data, which other types of documents may have under their own.
        let is_first = wanted.format.title_index() == 0;
        match editing.format(&wanted.kind.version) {
            Some(_) if is_first && self.checks == Checks::All => {
                Ok(Self { checks: Checks::But(editing), ..self })
            }
            Some(_) if is_first => Ok(self),
            _ => refuse("only first titles of order 970 are edited; leave it out"),
        }
    }
}

/// The title that is answered, with the signatures of its author.
pub(super) struct Answered {
    pub(super) title: Bytes,
    signatures: Vec<Vec<u8>>,
}

/// What a title is made of.
pub(super) struct Contents {
    pub(super) contract: Contract,
    /// Those of the boxes that the contract names, by the id as it is written.
    pub(super) organizations: HashMap<String, Organization>,
    /// In the order of [`Contract::signers`].
    pub(super) signers: Vec<SignerFacts>,
    pub(super) answered: Option<Answered>,
}

impl Paper {
    /// Makes a title of the data of a program. Nothing is written: whoever asked signs and posts it.
    ///
    /// # Errors
    /// `CoreError::Invalid` with everything that is wrong with the data, or names the document that cannot be answered;
    /// `CoreError::Denied` when the caller may not see it.
    pub async fn generate_title(
        &self,
        actor: &Permit<BoxEmployee>,
        wanted: &TitleKind,
        sources: TitleSources,
        data: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        self.title_of(actor, wanted, sources, data).await
    }

    /// Makes the answer to a document of the box, in the version of the document unless another one is named.
    ///
    /// # Errors
    /// As [`Paper::generate_title`]; `CoreError::Invalid` too for documents that are answered in another way.
    pub async fn generate_recipient_title(
        &self,
        actor: &Permit<NamedDocuments>,
        (message, document): (MessageId, EntityId),
        version: Option<&str>,
        data: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        let missing = |name: &str, what: &str| {
            let reason = format!("the box has no such {what}");
            PaperError::from(Invalid::new(format!("query parameter {name}"), reason))
        };
        let state = match self.core.state(actor.box_id(), message).await {
            Ok(state) => state,
            Err(CoreError::Missing(_)) => return Err(missing("senderTitleMessageId", "message")),
            Err(error) => return Err(error.into()),
        };
        let Some((_, found)) = state.document(document) else {
            return Err(missing("senderTitleAttachmentId", "document"));
        };
        access::check_documents(&actor.scope, &state, [document])?;
        if let Some(kind) = unanswered(found) {
            let error = PaperError::NoAnswer { document, kind };
            return Err(Invalid::new("query parameter senderTitleAttachmentId", error.to_string()).into());
        }
        let DocumentKind { type_named_id, function, version: own } = &found.kind;
        let wanted = TitleKind::new(type_named_id, function, version.unwrap_or(own), 1)?;
        let sources = TitleSources::new(Some((message, document)), false);
        self.title_of(actor, &wanted, sources, data).await
    }

    async fn title_of(
        &self,
        actor: &Actor,
        wanted: &TitleKind,
        sources: TitleSources,
        data: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        let _taken = self.core.room.memory.take(room_for(data.len())).map_err(CoreError::from)?;
        let contract = self.core.room.read(data, Contract::read).await.map_err(CoreError::from)?;
        let contract = contract.map_err(|error| refused(&[error]))?;
        let organizations = self.organizations(&contract).await?;
        let index = usize::try_from(wanted.format.title_index()).unwrap_or_default();
        let title = registry::title_type(&wanted.kind.version, index);
        let mut signers = Vec::new();
        for asked in contract.signers() {
            signers.push(self.signer_facts(actor, &asked, title).await?);
        }
        let answered = match (wanted.format.title_index(), sources.answered) {
            (0, _) => None,
            (_, Some((message, document))) => {
                Some(self.first_title(actor, wanted, (message, document)).await?)
            }
            (_, None) => {
                let reason = "an answer is made to a document: name it by letterId and documentId";
                return Err(Invalid::new("query parameter documentId", reason).into());
            }
        };
        // Another function than that of the query is found in the whole file, so only where it may be wrong.
        let is_asked = wanted.format.title_index() == 0 && sources.checks != Checks::None;
        let contents = Contents { contract, organizations, signers, answered };
        let made = self.title_from(wanted.format, contents, sources.checks, is_asked, data).await?;
        let (recognized, title) = made.map_err(|found| refused(&found))?;
        if let Some(Recognized::Title(recognized)) = recognized
            && recognized.title_index == 0
            && !known_kinds(&recognized).flatten().any(|kind| kind == wanted.kind)
        {
            let named = |kind: &DocumentKind| format!("{} {}", kind.type_named_id, kind.function);
            let mut kinds: Vec<_> = known_kinds(&recognized).flatten().map(|kind| named(&kind)).collect();
            kinds.dedup();
            if kinds.is_empty() {
                kinds.push("nothing that is known".to_owned());
            }
            let reason = format!(
                "the data make a title that is sent as {}, and not as {}: ask for that, or change the data",
                kinds.join(" or "),
                named(&wanted.kind)
            );
            return Err(Invalid::new("query parameter documentFunction", reason).into());
        }
        Ok(GeneratedFile { file_name: title.file_id.file_name(), content: Bytes::from(title.bytes) })
    }

    /// Makes the title of a contract, in turn when the data that it was read from are long. It is recognized only if that is asked.
    ///
    /// # Errors
    /// There is no room. What is wrong with the contract comes inside.
    pub(super) async fn title_from(
        &self,
        format: Format,
        contents: Contents,
        checks: Checks,
        is_asked: bool,
        data: &Bytes,
    ) -> Result<Result<(Option<Recognized>, Title), Violations>, PaperError> {
        let operator = self.operator.operator();
        let (schemas, rules) = (self.schemas.of_title(format), self.schemas.has_rules());
        let (now, guid) = (MoscowTime::at(self.core.clock.now()), self.core.entropy.uuid());
        let Contents { contract, organizations, signers, answered } = contents;
        let made = move |_: &[u8]| {
            let first = answered.as_ref();
            let sources = Sources {
                now,
                guid,
                program: PROGRAM_OF_PEOPLE,
                operator: &operator,
                first: first.map(|first| First { title: &first.title, signatures: &first.signatures }),
            };
            let find = |id: &str| organizations.get(id).cloned();
            let title = match checks {
                Checks::All => {
                    let held = Held { schemas: &schemas, rules };
                    format.generate_valid(contract, &sources, &find, &signers, held)
                }
                checks => format.generate(contract, &sources, &find, &signers, checks),
            };
            title.map(|title| (is_asked.then(|| recognize(&title.bytes).ok()).flatten(), title))
        };
        Ok(self.core.room.read(data, made).await.map_err(CoreError::from)?)
    }

    /// Takes a title apart into the data it would be made of.
    ///
    /// # Errors
    /// `CoreError::Invalid` with everything that is wrong with the title.
    pub async fn parse_title(
        &self,
        _: &Permit<BoxEmployee>,
        wanted: &TitleKind,
        title: &Bytes,
    ) -> Result<Bytes, PaperError> {
        let _taken = self.core.room.memory.take(room_for(title.len())).map_err(CoreError::from)?;
        let format = wanted.format;
        let own = format.title_format();
        let is_wanted = move |found: &Recognized| match found {
            Recognized::Title(title) => {
                title.title_index == format.title_index() && own.is_none_or(|own| title.format == own)
            }
            Recognized::Service(_) | Recognized::Unknown => false,
        };
        let parse = move |title: &[u8]| {
            format
                .parse(title)
                .map_err(|found| other_file(title, true, is_wanted).unwrap_or_else(|| refused(&found)))
        };
        let parsed = self.core.room.read(title, parse).await.map_err(CoreError::from)?;
        Ok(parsed?.into())
    }

    /// The organizations of the boxes that a contract names.
    pub(super) async fn organizations(
        &self,
        contract: &Contract,
    ) -> Result<HashMap<String, Organization>, PaperError> {
        let boxes = contract.boxes();
        if boxes.len() > BOXES {
            let reason = format!("{} boxes are referred to, at most {BOXES} may be", boxes.len());
            return Err(Invalid::new("the request body: OrganizationReference/@BoxId", reason).into());
        }
        let mut found = HashMap::new();
        for id in boxes {
            let Ok(box_id) = id.parse::<BoxId>() else { continue };
            if let Some(organization) = self.core.directory.organization_by_box(box_id).await? {
                found.insert(id.to_owned(), in_titles(&organization));
            }
        }
        Ok(found)
    }

    /// The first title of a document of the box, and who signed it. It is answered in its own format.
    async fn first_title(
        &self,
        actor: &Actor,
        wanted: &TitleKind,
        (message, document): (MessageId, EntityId),
    ) -> Result<Answered, PaperError> {
        let box_id = actor.box_id();
        let missing = |name: &str, what: &str| {
            PaperError::from(Invalid::new(
                format!("query parameter {name}"),
                format!("the box has no such {what}"),
            ))
        };
        let state = match self.core.state(box_id, message).await {
            Ok(state) => state,
            Err(CoreError::Missing(_)) => return Err(missing("letterId", "message")),
            Err(error) => return Err(error.into()),
        };
        let answered = self.answered_title(actor, &state, document).await?;
        if let Some(kind) = state.document(document).and_then(|(_, found)| unanswered(found)) {
            let error = PaperError::NoAnswer { document, kind };
            return Err(Invalid::new("query parameter documentId", error.to_string()).into());
        }
        let own = state.document(document).map(|(_, found)| found.kind.version.as_str());
        if let Some((version, of_document)) = own.and_then(|own| Some((own, TitleFormat::of_version(own)?)))
            && wanted.format.title_format().is_some_and(|asked| asked != of_document)
        {
            let reason = format!(
                "the document is of version {version} and is answered in it, not in {}: ask for that",
                wanted.kind.version
            );
            return Err(Invalid::new("query parameter documentVersion", reason).into());
        }
        answered.ok_or_else(|| missing("documentId", "document"))
    }

    /// A title of a message, and who signed it; `None` when the message has no such content.
    pub(super) async fn answered_title(
        &self,
        actor: &Actor,
        state: &MessageState,
        document: EntityId,
    ) -> Result<Option<Answered>, PaperError> {
        let Some(entity) = state.entity(document) else { return Ok(None) };
        access::check_documents(&actor.scope, state, [state.root_of(document)])?;
        let Some(content) = entity.entity.content else { return Ok(None) };
        let author = state.from.box_id;
        let signatures: Vec<ContentRef> = state
            .children(document)
            .filter(|child| child.check != Check::Invalid && !child.is_undeliverable)
            .filter(|child| {
                let signature = child.entity.signature();
                signature.is_some_and(|found| !found.is_approval && found.signer_box == author)
            })
            .filter_map(|child| child.entity.content)
            .collect();
        let all = signatures.iter().chain([&content]).map(|content| content.hash);
        let loaded = self.core.load_contents(actor.box_id(), all).await?;
        let lost = || CoreError::LostContent { entity: document };
        let title = loaded.get(&content.hash).ok_or_else(lost)?.clone();
        let bytes =
            |content: &ContentRef| loaded.get(&content.hash).map(|bytes| bytes.to_vec()).ok_or_else(lost);
        let signatures = signatures.iter().map(bytes).collect::<Result<_, _>>()?;
        Ok(Some(Answered { title, signatures }))
    }
}

/// The type and the function of a document whose exchange has no title but the first.
pub(super) fn unanswered(document: &Document) -> Option<String> {
    let has_answer = workflow::settings(document.workflow).is_none_or(|rules| rules.titles() > 1);
    (!has_answer).then(|| format!("{} {}", document.kind.type_named_id, document.kind.function))
}

/// An organization as titles name it.
pub(super) fn in_titles(organization: &potok_domain::directory::Organization) -> Organization {
    let participant = participant(organization);
    let (kind, kpp) = match participant.identity {
        potok_fns::Identity::Organization { kpp, .. } => (Kind::Organization, Some(kpp)),
        _ => (Kind::Entrepreneur, None),
    };
    Organization {
        kind,
        name: organization.full_name.clone(),
        inn: organization.inn.clone(),
        kpp,
        ogrn: organization.ogrn.clone(),
        fns_id: participant.fns_id,
        address: address(organization),
    }
}

/// The Russian address of an organization, as contracts call its parts; other forms of addresses are left to the data.
fn address(organization: &potok_domain::directory::Organization) -> Vec<(String, String)> {
    let place = organization.address.as_ref().and_then(|address| address.place.as_ref());
    let Some(AddressPlace::Russian(address)) = place else {
        return Vec::new();
    };
    let parts = [
        ("ZipCode", address.zip_code.as_ref()),
        ("Region", Some(&address.region)),
        ("Territory", address.territory.as_ref()),
        ("City", address.city.as_ref()),
        ("Locality", address.locality.as_ref()),
        ("Street", address.street.as_ref()),
        ("Building", address.building.as_ref()),
        ("Block", address.block.as_ref()),
        ("Apartment", address.apartment.as_ref()),
    ];
    let given = parts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

/// Everything that is wrong, in the form in which it is told of posted files.
fn refused(found: &[XmlError]) -> Invalid {
    let remarks: Vec<Remark> = found.iter().map(Remark::from).collect();
    Invalid::new("the request body", Remark::list(&remarks, found.len()))
}
