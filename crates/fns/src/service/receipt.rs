//! `DP_IZVPOL`: a participant received a document.

use super::{
    ConfirmedDocument, ConfirmedFile, FileNames, Head, confirmed_document, confirmed_file, document, first,
    parse,
};
use crate::form::{Form, Result};
use crate::moment::{MoscowTime, moment};
use crate::party::{IDENTITY, Operator, Participant, identity, operator, participant_id};
use crate::signer::{Signer, positioned, with_powers};
use crate::version::{Family, Version};
use crate::xml::XmlError;

/// A notice of receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Name, program, version.
    pub head: Head,
    /// Who received.
    pub participant: Participant,
    /// When the file was received.
    pub at: MoscowTime,
    /// The received file with at least one signature of its author.
    pub file: ConfirmedFile,
    /// The received document; before 1.03.
    pub document: Option<ConfirmedDocument>,
    /// Who sent it.
    pub author: ReceiptAuthor,
    /// Who signs the notice; position required before 1.03.
    pub signer: Signer,
}

/// The author of the received document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptAuthor {
    /// A participant. Before 1.03 its id may be absent and is then empty here.
    Participant(Participant),
    /// The operator: for notices about its confirmations, in the old procedure.
    Operator {
        /// Id of the participant; may be empty before 1.03.
        fns_id: String,
        /// The operator.
        operator: Operator,
    },
}

/// Before 1.03 this family lets ids have three characters, one less than all others.
const SHORTEST_ID: usize = 3;
const FILE: FileNames = FileNames {
    element: "СведПолФайл", name: "ИмяПолФайла", signature: "ЭППолФайл"
};
const FILE_BEFORE: FileNames =
    FileNames {
        element: "СведПолФайл", name: "ИмяПостФайла", signature: "ЭЦППолФайл"
    };

impl Receipt {
    /// The bytes of the file, in windows-1251.
    ///
    /// # Errors
    /// The first value that the format does not allow, with the name of its element or attribute.
    pub fn generate(&self) -> Result<Vec<u8>> {
        let mut value = self.clone();
        Form::write(|form| describe(form, &mut value))
    }

    /// Reads a notice of receipt, of any version.
    ///
    /// # Errors
    /// The first thing that is not of the format, with line, column and element.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes).map_err(first)
    }

    /// The same, where all is told that is not of the format, as far as it can be told.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Vec<XmlError>> {
        let empty = |head| Self {
            head,
            participant: Participant::default(),
            at: MoscowTime::default(),
            file: ConfirmedFile::default(),
            document: None,
            author: ReceiptAuthor::Participant(Participant::default()),
            signer: Signer::default(),
        };
        parse(bytes, empty, describe)
    }
}

fn describe(form: &mut Form<'_>, value: &mut Receipt) -> Result<()> {
    let family = Family::Izvpol;
    let Receipt { head, participant: by, at, file, document: about, author, signer } = value;
    document(form, family, head, |form, version| {
        form.element("УчастЭДО", |form| {
            let rule = participant_id(form, version, SHORTEST_ID);
            form.attr("ИдУчастЭДО", &mut by.fns_id, rule)?;
            identity(form, IDENTITY, version, &mut by.identity)
        })?;
        form.element("СвИзвПолуч", |form| {
            moment(form, "ДатаПол", "ВремяПол", at)?;
            let names = if version == Version::V1_03 { &FILE } else { &FILE_BEFORE };
            confirmed_file(form, names, family.longest_confirmed_name(version), file, |form| {
                confirmed_document(form, "НомДок", "ДатаДок", version, about)
            })
        })?;
        form.element("ОтпрДок", |form| describe_author(form, version, author))?;
        form.element("Подписант", |form| match version {
            Version::V1_03 => with_powers(form, family, signer),
            _ => positioned(form, version, true, signer),
        })
    })
}

fn describe_author(form: &mut Form<'_>, version: Version, author: &mut ReceiptAuthor) -> Result<()> {
    if form.reading() && form.peek() == Some("ОперЭДО") {
        *author = ReceiptAuthor::Operator { fns_id: String::new(), operator: Operator::default() };
    }
    let fns_id = match author {
        ReceiptAuthor::Participant(participant) => &mut participant.fns_id,
        ReceiptAuthor::Operator { fns_id, .. } => fns_id,
    };
    let rule = participant_id(form, version, SHORTEST_ID);
    if version == Version::V1_03 {
        form.attr("ИдУчастЭДО", fns_id, rule)?;
    } else {
        let mut id = Some(std::mem::take(fns_id));
        form.attr_opt("ИдУчастЭДО", &mut id, rule)?;
        *fns_id = id.unwrap_or_default();
    }
    match author {
        ReceiptAuthor::Operator { operator: by, .. } => operator(form, version, by),
        ReceiptAuthor::Participant(participant) => {
            identity(form, IDENTITY, version, &mut participant.identity)
        }
    }
}
