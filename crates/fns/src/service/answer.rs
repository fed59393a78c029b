//! Service documents as answers: which file each is about.

use super::{Clarification, Confirmation, ConfirmationKind, ConfirmedFile, Receipt, Revocation, ServiceKind};
use crate::file_id::confirmed_name;
use crate::recognize::service_family;
use crate::remark::Remark;
use crate::version::{Family, Version};
use crate::xml::{XmlError, shorten};

/// A service document that was read whole, as an answer to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Version of its format.
    pub version: Version,
    /// The file that it answers, as it names it.
    pub file: ConfirmedFile,
    /// What its author says to people; empty for families without text.
    pub text: String,
    family: Family,
}

/// Why a file is not the answer that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// It is another file altogether.
    Other,
    /// It is of the family, and not as its format wants it: all that is wrong, as far as it can be told.
    Faulty(Vec<XmlError>),
}

impl Answer {
    /// Family and version.
    pub const fn kind(&self) -> ServiceKind {
        ServiceKind { family: self.family, version: self.version }
    }

    /// Reads a service document of a family, whole.
    ///
    /// # Errors
    /// The file is none of the family, or not as the format wants it.
    pub fn read(bytes: &[u8], family: Family) -> Result<Self, NoAnswer> {
        if service_family(bytes) != Some(family) {
            return Err(NoAnswer::Other);
        }
        let (version, file, text) = match family {
            Family::Izvpol => Receipt::read(bytes).map(|read| (read.head.version, read.file, String::new())),
            Family::Uvutoch => {
                Clarification::read(bytes).map(|read| (read.head.version, read.file, read.text))
            }
            Family::Prannul => Revocation::read(bytes).map(|read| (read.head.version, read.file, read.text)),
            Family::Pdpol => confirmation(bytes, ConfirmationKind::Received),
            Family::Pdotpr => confirmation(bytes, ConfirmationKind::PassedOn),
        }
        .map_err(NoAnswer::Faulty)?;
        Ok(Self { version, file, text, family })
    }

    /// What is wrong with it as an answer to the file of this name (with or without `.xml`) and these signatures.
    pub fn remarks(&self, parent_name: &str, parent_signatures: &[impl AsRef<[u8]>]) -> Vec<Remark> {
        let [element, name, signature] = self.names();
        let longest = self.family.longest_confirmed_name(self.version);
        let wanted: String = confirmed_name(parent_name).chars().take(longest).collect();
        let found = &self.file.name;
        let mut remarks = Vec::new();
        if *found != wanted && confirmed_name(found) != wanted {
            let found = shorten(found);
            remarks.push(Remark::new(
                format!("{element}/@{name}"),
                &format!("Указан файл «{found}», а отвечать нужно на файл «{wanted}»"),
                &format!("it names the file {found:?}, and the file to be answered is {wanted:?}"),
            ));
        }
        let is_known = |given: &Vec<u8>| parent_signatures.iter().any(|known| known.as_ref() == &given[..]);
        if !self.file.signatures.iter().all(is_known) {
            remarks.push(Remark::new(
                format!("{element}/{signature}"),
                "Указана подпись, которой нет под файлом, на который отвечают",
                "it names a signature that is none of the file to be answered",
            ));
        }
        remarks
    }

    /// Path of the element about the answered file, and what name and signature are called in it.
    fn names(&self) -> [&'static str; 3] {
        let is_current = self.version == Version::V1_03;
        match self.family {
            Family::Izvpol if is_current => {
                ["/Файл/Документ/СвИзвПолуч/СведПолФайл", "ИмяПолФайла", "ЭППолФайл"]
            }
            Family::Izvpol => ["/Файл/Документ/СвИзвПолуч/СведПолФайл", "ИмяПостФайла", "ЭЦППолФайл"],
            Family::Uvutoch if is_current => {
                ["/Файл/Документ/СвУведУточ/СведПолФайл", "ИмяПолФайла", "ЭППолФайл"]
            }
            Family::Uvutoch => ["/Файл/Документ/СвУведУточ/СведПолФайл", "ИмяПостФайла", "ЭЦППолФайл"],
            Family::Prannul => ["/Файл/Документ/СвПредАн/СведАнФайл", "ИмяАнФайла", "ЭЦПАнФайл"],
            Family::Pdpol | Family::Pdotpr => ["/Файл/Документ/СведПодтв", "ИмяПолФайла", "ЭППолФайл"],
        }
    }
}

type Read = (Version, ConfirmedFile, String);

fn confirmation(bytes: &[u8], kind: ConfirmationKind) -> Result<Read, Vec<XmlError>> {
    Confirmation::read(bytes, kind).map(|read| (read.head.version, read.file, String::new()))
}

impl NoAnswer {
    /// What is wrong, for a refusal; nothing where no more can be said than that the file is another one.
    pub fn remarks(&self) -> Vec<Remark> {
        match self {
            Self::Other => Vec::new(),
            Self::Faulty(found) => found.iter().map(Remark::from).collect(),
        }
    }
}
