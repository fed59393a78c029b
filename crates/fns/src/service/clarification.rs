//! `DP_UVUTOCH`: a request to amend, a refusal to sign, a refusal of revocation. The file itself does not tell which.

use super::{
    ConfirmedDocument, ConfirmedFile, FileNames, Head, confirmed_document, confirmed_file, document, first,
    parse,
};
use crate::form::{Form, Result};
use crate::moment::{MoscowTime, moment};
use crate::party::{Participant, participant};
use crate::signer::{Signer, positioned, with_powers};
use crate::version::{Family, Version};
use crate::xml::{Fault, XmlError, shorten};

/// What a notice is written for. Only its place in the message tells, not the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClarificationPurpose {
    /// Asks the author for an amended document; needs a text of at most 20 000 characters.
    AmendmentRequest,
    /// Refuses to sign; a text of at most 5 000 characters.
    SignatureRejection,
    /// Refuses the offered revocation; a text of at most 5 000 characters.
    RevocationRejection,
}

/// A notice of clarification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clarification {
    /// Name, program, version.
    pub head: Head,
    /// Who asks or refuses.
    pub participant: Participant,
    /// When the document was made.
    pub at: MoscowTime,
    /// The answered file; exactly one signature.
    pub file: ConfirmedFile,
    /// What is asked, or why it is refused; may be empty.
    pub text: String,
    /// The answered document; before 1.03.
    pub document: Option<ConfirmedDocument>,
    /// Author of the answered document.
    pub author: Participant,
    /// Who signs; position required before 1.03.
    pub signer: Signer,
}

const FILE: FileNames = FileNames {
    element: "СведПолФайл", name: "ИмяПолФайла", signature: "ЭППолФайл"
};
const FILE_BEFORE: FileNames =
    FileNames {
        element: "СведПолФайл", name: "ИмяПостФайла", signature: "ЭЦППолФайл"
    };

impl ClarificationPurpose {
    /// The longest text, in characters.
    pub const fn longest_text(self) -> usize {
        match self {
            Self::AmendmentRequest => 20_000,
            Self::SignatureRejection | Self::RevocationRejection => 5_000,
        }
    }

    /// Refuses a text that the generators of the API refuse; the format itself has no limit.
    ///
    /// # Errors
    /// The text is too long, or absent where one is needed.
    pub fn check(self, text: &str) -> Result<()> {
        let longest = self.longest_text();
        let needed = self == Self::AmendmentRequest;
        let fits = text.chars().count() <= longest && !(needed && text.trim().is_empty());
        if fits {
            return Ok(());
        }
        let least = u8::from(needed);
        let fault = Fault::BadValue {
            value: shorten(text),
            rule_ru: format!("длина текста от {least} до {longest} символов"),
            rule_en: format!("a text of {least} to {longest} characters"),
        };
        Err(XmlError { position: None, place: "ТекстУведУточ".into(), fault })
    }
}

impl Clarification {
    /// The bytes of the file, in windows-1251.
    ///
    /// # Errors
    /// The first value that the format or the purpose does not allow, with the name of its element or attribute.
    pub fn generate(&self, purpose: ClarificationPurpose) -> Result<Vec<u8>> {
        purpose.check(&self.text)?;
        let mut value = self.clone();
        Form::write(|form| describe(form, &mut value))
    }

    /// Reads a notice of any version, with a text of any length.
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
            text: String::new(),
            document: None,
            author: Participant::default(),
            signer: Signer::default(),
        };
        parse(bytes, empty, describe)
    }
}

fn describe(form: &mut Form<'_>, value: &mut Clarification) -> Result<()> {
    let family = Family::Uvutoch;
    let Clarification { head, participant: by, at, file, text, document: about, author, signer } = value;
    document(form, family, head, |form, version| {
        participant(form, "УчастЭДО", version, by)?;
        form.element("СвУведУточ", |form| {
            moment(form, "ДатаПол", "ВремяПол", at)?;
            let names = if version == Version::V1_03 { &FILE } else { &FILE_BEFORE };
            confirmed_file(form, names, family.longest_confirmed_name(version), file, |_| Ok(()))?;
            if file.signatures.len() != 1 {
                return Err(form.error(Fault::Contradiction {
                    ru: "нужна ровно одна подпись файла",
                    en: "exactly one signature of the file is needed",
                }));
            }
            form.text("ТекстУведУточ", text)?;
            confirmed_document(form, "НомСФ", "ДатаСФ", version, about)
        })?;
        participant(form, "ОтпрДок", version, author)?;
        form.element("Подписант", |form| match version {
            Version::V1_03 => with_powers(form, family, signer),
            _ => positioned(form, version, true, signer),
        })
    })
}
