//! `DP_PRANNUL`: a participant offers to revoke a document.

use super::{ConfirmedFile, FileNames, Head, confirmed_file, document, first, parse};
use crate::form::{Form, Result};
use crate::party::{Participant, participant};
use crate::signer::{Signer, positioned};
use crate::version::Family;
use crate::xml::{Fault, XmlError, shorten};

/// An offer of revocation. It has no date of its own: the file's name and the signature have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Name, program, version.
    pub head: Head,
    /// Who offers; organizations and entrepreneurs only.
    pub participant: Participant,
    /// The file to revoke with at least one signature.
    pub file: ConfirmedFile,
    /// Why; may be empty.
    pub text: String,
    /// To whom; organizations and entrepreneurs only.
    pub addressee: Participant,
    /// Who signs, by name and position; neither is required.
    pub signer: Option<Signer>,
}

const FILE: FileNames = FileNames {
    element: "СведАнФайл", name: "ИмяАнФайла", signature: "ЭЦПАнФайл"
};

impl Revocation {
    /// The longest text that the generators of the API take, in characters; the format itself has no limit.
    pub const LONGEST_TEXT: usize = 2_000;

    /// The bytes of the file, in windows-1251.
    ///
    /// # Errors
    /// The first value that the format does not allow, with the name of its element or attribute; a text that is longer
    /// than [`Self::LONGEST_TEXT`].
    pub fn generate(&self) -> Result<Vec<u8>> {
        if self.text.chars().count() > Self::LONGEST_TEXT {
            let fault = Fault::BadValue {
                value: shorten(&self.text),
                rule_ru: format!("длина текста до {} символов", Self::LONGEST_TEXT),
                rule_en: format!("a text of at most {} characters", Self::LONGEST_TEXT),
            };
            return Err(XmlError { position: None, place: "ТекстПредАн".into(), fault });
        }
        let mut value = self.clone();
        Form::write(|form| describe(form, &mut value))
    }

    /// Reads an offer of any version, with a text of any length.
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
            file: ConfirmedFile::default(),
            text: String::new(),
            addressee: Participant::default(),
            signer: None,
        };
        parse(bytes, empty, describe)
    }
}

fn describe(form: &mut Form<'_>, value: &mut Revocation) -> Result<()> {
    let family = Family::Prannul;
    let Revocation { head, participant: by, file, text, addressee, signer } = value;
    document(form, family, head, |form, version| {
        participant(form, "УчастЭДО", version, by)?;
        form.element("СвПредАн", |form| {
            confirmed_file(form, &FILE, family.longest_confirmed_name(version), file, |_| Ok(()))?;
            form.text("ТекстПредАн", text)
        })?;
        participant(form, "НапрПредАн", version, addressee)?;
        form.optional("Подписант", signer, |form, signer| positioned(form, version, false, signer))
    })
}
