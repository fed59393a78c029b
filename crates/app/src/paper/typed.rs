//! The generators and parsers of one type of documents, which are older than `GenerateTitleXml` and `ParseTitleXml`: each knows a
//! structure of its own in place of the data of a contract. Between structure and contract stand the adapters of `titles`; everything
//! else is what the newer methods do.

use std::sync::Arc;

use bytes::Bytes;
use potok_cms::Certificate;
use potok_domain::directory::{SignerDetails, User};
use potok_domain::{SubjectKind, registry};
use potok_fns::Remark;
use potok_fns::recognize::{Recognized, recognize};
use potok_fns::xml::XmlError;
use potok_titles::{Adapter, Checks, Format, ParticipantAsked, SignerAsked, SignerFacts, Structured};
use potok_types::access::{BoxEmployee, KnownClient, NamedDocuments, User as AnyUser};
use potok_types::{BoxId, EntityId, Invalid, MessageId};

use super::generate::GeneratedFile;
use super::kept_signer::{attributes, thumbprint};
use super::other_file::other_file;
use super::titles::{Answered, Contents, in_titles, room_for, unanswered};
use super::{Paper, PaperError};
use crate::login::stored;
use crate::people::extended;
use crate::{AccessError, Actor, CoreError, Missing, Permit};

/// What such a method makes and reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedDocuments {
    /// Transfer documents of order 155.
    Transfers,
    /// Corrective documents of order 189.
    Corrections,
    /// Waybills of orders 172 and 551.
    Waybills,
    /// Acts of orders 172 and 552.
    Acts,
    /// Invoices of order 93.
    Invoices,
    /// Corrective invoices of order 93.
    CorrectiveInvoices,
}

impl TypedDocuments {
    /// What the versions begin with.
    const fn families(self) -> &'static [&'static str] {
        match self {
            Self::Transfers => &["utd_"],
            Self::Corrections => &["ucd_"],
            Self::Waybills => &["torg12_", "tovtorg_"],
            Self::Acts => &["act_", "rezru_"],
            Self::Invoices => &["invoice_"],
            Self::CorrectiveInvoices => &["invoicecor_"],
        }
    }

    /// The version that is meant when none is named, as it is documented; of transfer documents and their corrections the newest,
    /// which reads what the older ones read.
    const fn default_version(self) -> &'static str {
        match self {
            Self::Transfers => "utd_05_01_05",
            Self::Corrections => "ucd_05_01_03",
            Self::Waybills => "torg12_05_01_02",
            Self::Acts => "act_05_01_02",
            Self::Invoices => "invoice_05_02_01",
            Self::CorrectiveInvoices => "invoicecor_05_02_01",
        }
    }

    /// The title by which documents of a version are answered.
    fn answer(self, version: &str) -> Option<TypedTitle> {
        let format = Format::answering(version).filter(|format| self.family(format.version()).is_some())?;
        Some(TypedTitle { adapter: Adapter::of(format)?, documents: self, is_revision: None })
    }

    fn family(self, version: &str) -> Option<&'static str> {
        self.families().iter().find(|family| version.starts_with(**family)).copied()
    }
}

/// A title that is made of a structure, or read into one.
#[derive(Clone, Copy, Debug)]
pub struct TypedTitle {
    adapter: Adapter,
    documents: TypedDocuments,
    /// Whether it has to revise an earlier document, or must not.
    is_revision: Option<bool>,
}

impl TypedTitle {
    /// The title of some documents with this number, of the version if one is named.
    ///
    /// # Errors
    /// [`Invalid`] names the versions that the method knows.
    pub fn new(documents: TypedDocuments, version: Option<&str>, index: i32) -> Result<Self, Invalid> {
        Self::of(documents, version, index, Format::find)
    }

    /// The same of a title that is read: documents are stored as of versions too of which nothing but the name is known.
    fn reading(documents: TypedDocuments, version: Option<&str>, index: i32) -> Result<Self, Invalid> {
        Self::of(documents, version, index, Format::reading)
    }

    fn of(
        documents: TypedDocuments,
        version: Option<&str>,
        index: i32,
        find: fn(&str, i32) -> Option<Format>,
    ) -> Result<Self, Invalid> {
        let version = version.filter(|version| !version.is_empty());
        let version = version.unwrap_or(documents.default_version());
        let format = find(version, index).filter(|_| documents.family(version).is_some());
        if let Some(adapter) = format.and_then(Adapter::of) {
            return Ok(Self { adapter, documents, is_revision: None });
        }
        let known = Format::all().filter(|format| format.title_index() == index).map(Format::version);
        let known: Vec<&str> = known.filter(|version| documents.family(version).is_some()).collect();
        let reason = format!("this method does not know version {version}; it knows {}", known.join(", "));
        Err(Invalid::new("query parameter documentVersion", reason))
    }

    /// An invoice of one of the four kinds, as the query names them; `older` is version 5.01.
    ///
    /// # Errors
    /// [`Invalid`] names the kinds.
    pub fn invoice(kind: &str, older: bool) -> Result<Self, Invalid> {
        let documents = Self::invoices(kind)?;
        let version = match documents {
            TypedDocuments::CorrectiveInvoices => "invoicecor_05_01_03",
            _ => "invoice_05_01_03",
        };
        let title = Self::new(documents, older.then_some(version), 0)?;
        Ok(Self { is_revision: Some(kind.to_ascii_lowercase().ends_with("revision")), ..title })
    }

    /// What the kinds of invoices are, of which two are corrective and two revise.
    ///
    /// # Errors
    /// [`Invalid`] names the kinds.
    pub fn invoices(kind: &str) -> Result<TypedDocuments, Invalid> {
        match kind.to_ascii_lowercase().as_str() {
            "invoice" | "invoicerevision" => Ok(TypedDocuments::Invoices),
            "invoicecorrection" | "invoicecorrectionrevision" => Ok(TypedDocuments::CorrectiveInvoices),
            _ => {
                let reason = format!(
                    "{kind:?} is none of Invoice, InvoiceRevision, InvoiceCorrection, InvoiceCorrectionRevision"
                );
                Err(Invalid::new("query parameter invoiceType", reason))
            }
        }
    }

    /// The name of the structure in `Diadoc.Api.Proto.Invoicing`.
    pub fn structure(&self) -> &'static str {
        self.adapter.structure()
    }

    /// Whether a file is such a title, of whatever version.
    fn is_title(&self, found: &Recognized) -> bool {
        let Recognized::Title(title) = found else { return false };
        let mut versions = title.candidates.iter().flat_map(|candidate| &candidate.versions);
        title.title_index == self.adapter.format().title_index()
            && versions.any(|version| self.documents.family(version).is_some())
    }

    /// Whether a box that is not there is told as such: the method of transfer documents and their corrections has no 404.
    const fn tells_boxes(documents: TypedDocuments) -> bool {
        !matches!(documents, TypedDocuments::Transfers | TypedDocuments::Corrections)
    }
}

/// Who asks for a title, and about what.
struct Asking<'a> {
    user: &'a Arc<User>,
    /// The user in the box whose document is answered.
    actor: Option<&'a Actor>,
    answered: Option<Answered>,
    checks: Checks,
}

impl Paper {
    /// Makes a first title of a structure, which comes as JSON. Nothing is written.
    ///
    /// # Errors
    /// `CoreError::Invalid` with everything that is wrong with the structure, field by field; [`PaperError::UnknownBox`].
    pub async fn generate_typed(
        &self,
        user: &Permit<AnyUser>,
        wanted: &TypedTitle,
        json: &Bytes,
        is_unchecked: bool,
    ) -> Result<GeneratedFile, PaperError> {
        let checks = if is_unchecked { Checks::None } else { Checks::All };
        self.typed(Asking { user, actor: None, answered: None, checks }, wanted, json).await
    }

    /// Makes the answer to a title of the box. `wanted` is `None` for transfer documents and their corrections, whose structure is the
    /// same: the title that is answered says what it is.
    ///
    /// # Errors
    /// As [`Paper::generate_typed`]; `Missing::Message`, `Missing::Document`; `CoreError::Denied`; [`PaperError::NoAnswer`];
    /// [`PaperError::Unreadable`] when the document is of another format.
    pub async fn generate_typed_answer(
        &self,
        actor: &Permit<NamedDocuments>,
        wanted: Option<TypedTitle>,
        (message, document): (MessageId, EntityId),
        json: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        let state = self.core.state(actor.box_id(), message).await?;
        let (_, found) = state.document(document).ok_or(Missing::Document { message, document })?;
        if let Some(kind) = unanswered(found) {
            return Err(PaperError::NoAnswer { document, kind });
        }
        let own = found.kind.version.clone();
        let answered = self.answered_title(actor, &state, document).await?;
        let answered = answered.ok_or(Missing::Document { message, document })?;
        let cure = match wanted {
            Some(_) => ("укажите её в documentVersion или возьмите", "name it by documentVersion, or take"),
            None => ("возьмите", "take"),
        };
        let wanted = match wanted {
            Some(wanted) => {
                let family = wanted.documents.family(wanted.adapter.format().version());
                Some(wanted).filter(|wanted| wanted.documents.family(&own) == family)
            }
            None => {
                TypedDocuments::Transfers.answer(&own).or_else(|| TypedDocuments::Corrections.answer(&own))
            }
        };
        let unreadable = |reason: String| PaperError::Unreadable { entity: document, reason };
        let wanted = wanted.ok_or_else(|| {
            unreadable(format!(
                "документ составлен по версии {own}, на которую нужен другой титул: {} метод GenerateTitleXml / the document is \
                 of version {own}, which another title answers: {} GenerateTitleXml",
                cure.0, cure.1
            ))
        })?;
        let is_title = self.core.room.read(
            &answered.title,
            |title| matches!(recognize(title), Ok(Recognized::Title(title)) if title.title_index == 0),
        );
        if !is_title.await.map_err(CoreError::from)? {
            let reason = "это не титул отправителя / it is not the title of a sender";
            return Err(unreadable(reason.to_owned()));
        }
        let asking =
            Asking { user: &actor.user, actor: Some(actor), answered: Some(answered), checks: Checks::All };
        self.typed(asking, &wanted, json).await
    }

    async fn typed(
        &self,
        asking: Asking<'_>,
        wanted: &TypedTitle,
        json: &Bytes,
    ) -> Result<GeneratedFile, PaperError> {
        let _taken = self.core.room.memory.take(room_for(json.len())).map_err(CoreError::from)?;
        let (adapter, checks) = (wanted.adapter, asking.checks);
        let read =
            self.core.room.read(json, move |json| adapter.read(json)).await.map_err(CoreError::from)?;
        let mut said = read.map_err(|found| refused(&found))?;
        if checks != Checks::None {
            revises(wanted, &said)?;
        }
        for asked in said.participants() {
            match self.name_participant(&mut said, &asked).await {
                Err(PaperError::Core(CoreError::Invalid(_))) if checks == Checks::None => {}
                named => named?,
            }
        }
        let organizations = self.organizations(&said.contract).await?;
        if TypedTitle::tells_boxes(wanted.documents)
            && let Some(id) = said.contract.boxes().into_iter().find(|id| !organizations.contains_key(*id))
        {
            let path = said.field_of_box(id).unwrap_or_default();
            return Err(PaperError::UnknownBox { path, id: id.to_owned() });
        }
        let own = match (asking.actor, said.sender()) {
            (Some(actor), _) => actor.organization.inn.clone(),
            (None, Some((Some(inn), _))) => inn.to_owned(),
            (None, Some((None, Some(id)))) => {
                organizations.get(id).map(|organization| organization.inn.clone()).unwrap_or_default()
            }
            (None, _) => String::new(),
        };
        if adapter.has_older_signers() {
            said.complete_signers(&own);
        }
        let signers = self.typed_signers(&asking, wanted, &said, &own).await?;
        let (contract, told) = said.apart();
        let contents = Contents { contract, organizations, signers, answered: asking.answered };
        let made = self.title_from(adapter.format(), contents, checks, false, json).await?;
        let (title, found) = match made {
            Ok((_, title)) => (Some(title), Vec::new()),
            Err(found) => (None, found),
        };
        let found = told.all(found);
        match title {
            Some(title) if found.is_empty() || checks == Checks::None => {
                Ok(GeneratedFile { file_name: title.file_id.file_name(), content: Bytes::from(title.bytes) })
            }
            _ => Err(refused(&found).into()),
        }
    }

    /// Looks a participant up by its box, else by its INN and KPP.
    async fn name_participant(
        &self,
        said: &mut Structured,
        asked: &ParticipantAsked,
    ) -> Result<(), PaperError> {
        let ParticipantAsked { field, box_id, inn, kpp, .. } = asked;
        let directory = &self.core.directory;
        let found = match (box_id, inn, kpp) {
            (Some(id), ..) => {
                let unknown = || PaperError::UnknownBox { path: field.clone(), id: id.clone() };
                let box_id = id.parse::<BoxId>().map_err(|_| unknown())?;
                Some(directory.organization_by_box(box_id).await?.ok_or_else(unknown)?)
            }
            (None, Some(inn), Some(kpp)) => {
                directory.organizations_by_inn(inn, Some(kpp)).await?.into_iter().next()
            }
            (None, Some(inn), None) => directory.newest_organization_by_inn(inn).await?,
            (None, None, _) => None,
        };
        let found = found.ok_or_else(|| {
            let reason =
                "no organization of this server has this INN, and the KPP if one is given: give FnsParticipantId";
            Invalid::new(field, reason)
        })?;
        said.name_participant(asked, &in_titles(&found));
        Ok(())
    }

    /// What is known of the signers who are named by their certificates.
    async fn typed_signers(
        &self,
        asking: &Asking<'_>,
        wanted: &TypedTitle,
        said: &Structured,
        own: &str,
    ) -> Result<Vec<SignerFacts>, PaperError> {
        let format = wanted.adapter.format();
        let index = usize::try_from(format.title_index()).unwrap_or_default();
        let title = registry::title_type(format.version(), index);
        let mut all = Vec::new();
        for asked in said.contract.signers() {
            let employee = self.signing_employee(asking, &asked).await?;
            let mut facts = match &employee {
                Some(actor) => self.signer_facts(actor, &asked, title).await?,
                None => SignerFacts::default(),
            };
            if facts.details.is_empty() {
                facts.details = self.details_of(asking, employee.as_ref(), &asked, wanted, own).await?;
            }
            all.push(facts);
        }
        Ok(all)
    }

    /// The user in the box that a signer names, else in that of the call; nobody elsewhere.
    async fn signing_employee(
        &self,
        asking: &Asking<'_>,
        asked: &SignerAsked,
    ) -> Result<Option<Actor>, PaperError> {
        let box_id = asked.box_id.as_deref().and_then(|id| id.parse::<BoxId>().ok());
        let Some(box_id) = box_id else { return Ok(asking.actor.cloned()) };
        match Permit::<BoxEmployee>::again(&self.core, asking.user.id, box_id).await {
            Ok(permit) => Ok(Some(permit.holder())),
            Err(AccessError::Core(error @ CoreError::Store(_))) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    /// What the certificate says of its holder, which is enough for the older structures.
    ///
    /// # Errors
    /// `CoreError::Invalid` names the signer of whom too little is known.
    async fn details_of(
        &self,
        asking: &Asking<'_>,
        employee: Option<&Actor>,
        asked: &SignerAsked,
        wanted: &TypedTitle,
        own: &str,
    ) -> Result<Vec<(String, String)>, PaperError> {
        let structure = wanted.structure();
        if !wanted.adapter.has_older_signers() {
            let reason = "nothing is kept of this certificate for such titles: give SignerDetails, or name your box in BoxId and \
                          post them by PostExtendedSignerDetails";
            return Err(Invalid::new(format!("{structure}.Signers"), reason).into());
        }
        let unknown = |field: &str, reason: &str| Invalid::new(format!("{structure}.Signer.{field}"), reason);
        let certificate = match (&asked.certificate, thumbprint(asked)?) {
            (Some(_), None) => {
                let reason = "it cannot be read: give an X.509 certificate in DER";
                return Err(unknown("SignerCertificate", reason).into());
            }
            (Some(text), Some(_)) => certificate(text),
            (None, Some(thumbprint)) => {
                let thumbprint = stored(thumbprint);
                let own = self.certificates.user_certificate(thumbprint).await.map_err(CoreError::from)?;
                let own = own.filter(|own| own.user == asking.user.id);
                match (own, employee) {
                    (Some(own), _) => Certificate::from_der(&own.der).ok(),
                    (None, Some(actor)) => self.certificate_of_employee(actor, thumbprint).await?,
                    (None, None) => None,
                }
            }
            (None, None) => None,
        };
        let certificate = certificate.ok_or_else(|| {
            let reason = "neither you nor an employee of the box has a certificate with this thumbprint: give SignerCertificate or \
                          SignerDetails";
            unknown("SignerCertificateThumbprint", reason)
        })?;
        let mut signer = extended(&certificate, SignerDetails::default());
        let is_entrepreneur = signer.kind == SubjectKind::IndividualEntity;
        signer.details.signer_type = Some(if is_entrepreneur { 2 } else { 1 });
        Ok(attributes(&signer, own))
    }

    /// Reads a title into the structure of its format, as JSON, and tells which structure that is.
    ///
    /// # Errors
    /// `CoreError::Invalid` with everything that is wrong with the title, or names the title that the file is.
    pub async fn parse_typed(
        &self,
        _program: &Permit<KnownClient>,
        documents: TypedDocuments,
        version: Option<&str>,
        index: i32,
        title: &Bytes,
    ) -> Result<(&'static str, Bytes), PaperError> {
        let _taken = self.core.room.memory.take(room_for(title.len())).map_err(CoreError::from)?;
        let mut wanted = TypedTitle::reading(documents, version, index)?;
        let found = self.core.room.read(title, recognize).await.map_err(CoreError::from)?;
        // What is not even recognized is told what is wrong with it by the reader below.
        if let Ok(found) = found {
            wanted = of_file(wanted, &found)?;
        }
        let adapter = wanted.adapter;
        let read = move |title: &[u8]| {
            let contract = adapter.format().parse(title).map_err(|found| {
                let other = other_file(title, false, |found| wanted.is_title(found));
                other.unwrap_or_else(|| refused(&found))
            })?;
            adapter.write(&contract).map_err(|found| refused(&found))
        };
        let read = self.core.room.read(title, read).await.map_err(CoreError::from)?;
        Ok((wanted.structure(), read?.into()))
    }
}

/// The title as which a file is read: of invoices the version of the file, for their method names none.
fn of_file(wanted: TypedTitle, found: &Recognized) -> Result<TypedTitle, Invalid> {
    let format = wanted.adapter.format();
    let (documents, index) = (wanted.documents, format.title_index());
    let family = documents.family(format.version());
    let versions: Vec<&str> = match found {
        Recognized::Title(title) if title.title_index == index => {
            title.candidates.iter().flat_map(|candidate| candidate.versions.iter().copied()).collect()
        }
        _ => Vec::new(),
    };
    let mut same = versions.iter().filter(|version| documents.family(version) == family);
    if documents == TypedDocuments::Invoices {
        let known = same.find_map(|version| TypedTitle::new(documents, Some(version), index).ok());
        return Ok(known.unwrap_or(wanted));
    }
    if same.next().is_some() {
        return Ok(wanted);
    }
    // Another family that the method knows is named by its version.
    let other = versions.into_iter().find(|version| documents.family(version).is_some());
    match other {
        Some(version) => {
            let reason =
                format!("the file is of version {version}: name it, for its structure is another one");
            Err(Invalid::new("query parameter documentVersion", reason))
        }
        None => Ok(wanted),
    }
}

fn certificate(text: &str) -> Option<Certificate> {
    use base64::Engine as _;
    let dense: String = text.split_ascii_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(dense).ok()?;
    Certificate::parse(&bytes).ok()
}

/// What the query calls a revision has to be one, and nothing else may.
fn revises(wanted: &TypedTitle, said: &Structured) -> Result<(), Invalid> {
    let Some(is_asked) = wanted.is_revision.filter(|is_asked| *is_asked != said.is_revision()) else {
        return Ok(());
    };
    let field = match wanted.documents {
        TypedDocuments::CorrectiveInvoices => "InvoiceCorrectionRevisionNumber",
        _ => "InvoiceRevisionNumber",
    };
    let reason = if is_asked {
        "invoiceType asks for a revision: give its number and its date"
    } else {
        "invoiceType asks for a document that revises nothing: leave number and date of the revision out, or ask for a revision"
    };
    Err(Invalid::new(format!("{}.{field}", wanted.structure()), reason))
}

/// Everything that is wrong, each at the field that said it.
fn refused(found: &[XmlError]) -> Invalid {
    let remark = |error: &XmlError| match error.position {
        Some(_) => Remark::from(error),
        None => Remark {
            location: error.place.clone(),
            message: format!("{} / {}", error.fault.ru(), error.fault),
        },
    };
    let remarks: Vec<Remark> = found.iter().map(remark).collect();
    Invalid::new("the request body", Remark::list(&remarks, found.len()))
}
