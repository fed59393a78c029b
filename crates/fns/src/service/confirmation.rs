//! `DP_PDPOL` and `DP_PDOTPR`: what the operator confirms.

use super::{ConfirmedFile, FileNames, Head, confirmed_file, document, first, parse};
use crate::form::{Form, Result};
use crate::moment::{MoscowTime, moment};
use crate::party::{IDENTITY, IdentityNames, Operator, Participant, operator, participant_named};
use crate::signer::{Signer, positioned};
use crate::version::{Family, Version};
use crate::xml::XmlError;

/// What the operator confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConfirmationKind {
    /// `DP_PDPOL`: when it received the document; goes to the author.
    Received,
    /// `DP_PDOTPR`: when it passed the document on; goes to the other side together with the document.
    PassedOn,
}

impl ConfirmationKind {
    /// The family of files.
    pub const fn family(self) -> Family {
        match self {
            Self::Received => Family::Pdpol,
            Self::PassedOn => Family::Pdotpr,
        }
    }
}

/// A confirmation of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Name, program, version.
    pub head: Head,
    /// What is confirmed.
    pub kind: ConfirmationKind,
    /// Who confirms.
    pub operator: Operator,
    /// The confirmed moment.
    pub at: MoscowTime,
    /// The confirmed file with at least one signature of its author.
    pub file: ConfirmedFile,
    /// Author of the confirmed file.
    pub sender: Participant,
    /// The other side.
    pub recipient: Participant,
    /// Who signs for the operator: name and position; required before 1.03.
    pub signer: Option<Signer>,
}

/// How one version of one kind names things.
struct Names {
    date: &'static str,
    time: &'static str,
    file: FileNames,
    sender: &'static str,
    recipient: &'static str,
    identity: IdentityNames,
}

const fn names(kind: ConfirmationKind, version: Version) -> Names {
    let old_file = FileNames {
        element: "СведОтпрФайл", name: "ИмяПостФайла", signature: "ЭЦППолФайл"
    };
    match (kind, version) {
        (ConfirmationKind::Received, Version::V1_03) => Names {
            date: "ДатаПол",
            time: "ВремяПол",
            file: FileNames {
                element: "СведПолФайл", name: "ИмяПолФайла", signature: "ЭППолФайл"
            },
            sender: "СвОтпрДок",
            recipient: "СвПолДок",
            identity: IDENTITY,
        },
        (ConfirmationKind::Received, _) => Names {
            date: "ДатаОтпр",
            time: "ВремяОтпр",
            file: old_file,
            sender: "ОтпрДок",
            recipient: "ПолДок",
            identity: IDENTITY,
        },
        (ConfirmationKind::PassedOn, Version::V1_03) => Names {
            date: "ДатаОтпр",
            time: "ВремяОтпр",
            file: FileNames {
                element: "СведОтпрФайл", name: "ИмяОтпрФайла", signature: "ЭПОтпрФайл"
            },
            sender: "СвОтпрДок",
            recipient: "СвПолДок",
            identity: IDENTITY,
        },
        (ConfirmationKind::PassedOn, _) => Names {
            date: "ДатаОтпр",
            time: "ВремяОтпр",
            file: old_file,
            sender: "СвОтпрДок",
            recipient: "СвПолДок",
            identity: ("ОтпрЮЛ", "ОтпрИП"),
        },
    }
}

impl Confirmation {
    /// The bytes of the file, in windows-1251.
    ///
    /// # Errors
    /// The first value that the format does not allow, with the name of its element or attribute.
    pub fn generate(&self) -> Result<Vec<u8>> {
        let mut value = self.clone();
        Form::write(|form| describe(form, &mut value))
    }

    /// Reads a confirmation of this kind, of any version.
    ///
    /// # Errors
    /// The first thing that is not of the format, with line, column and element.
    pub fn parse(bytes: &[u8], kind: ConfirmationKind) -> Result<Self> {
        Self::read(bytes, kind).map_err(first)
    }

    /// The same, where all is told that is not of the format, as far as it can be told.
    pub(super) fn read(bytes: &[u8], kind: ConfirmationKind) -> Result<Self, Vec<XmlError>> {
        let empty = |head| Self {
            head,
            kind,
            operator: Operator::default(),
            at: MoscowTime::default(),
            file: ConfirmedFile::default(),
            sender: Participant::default(),
            recipient: Participant::default(),
            signer: None,
        };
        parse(bytes, empty, describe)
    }
}

fn describe(form: &mut Form<'_>, value: &mut Confirmation) -> Result<()> {
    let family = value.kind.family();
    let Confirmation { head, kind, operator: by, at, file, sender, recipient, signer } = value;
    document(form, family, head, |form, version| {
        let names = names(*kind, version);
        operator(form, version, by)?;
        form.element("СведПодтв", |form| {
            moment(form, names.date, names.time, at)?;
            let longest = family.longest_confirmed_name(version);
            confirmed_file(form, &names.file, longest, file, |_| Ok(()))
        })?;
        participant_named(form, names.sender, names.identity, version, sender)?;
        participant_named(form, names.recipient, names.identity, version, recipient)?;
        if version == Version::V1_03 {
            return form.optional("Подписант", signer, |form, signer| {
                positioned(form, version, true, signer)
            });
        }
        let signer = signer.get_or_insert_default();
        form.element("Подписант", |form| positioned(form, version, true, signer))
    })
}
