//! Who signs a service document, and by what right.

use crate::form::{Form, Result, Rule, codes};
use crate::moment::FnsDate;
use crate::party::{FullName, full_name, full_name_attributes};
use crate::version::{Family, Version};
use crate::xml::Fault;

/// The signer of a service document.
///
/// Documents of the operator, offers of revocation and all versions before 1.03 know only name and position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signer {
    /// By what right; since 1.03.
    pub status: Option<SignerStatus>,
    /// What kind of signature; since 1.03.
    pub signature_type: Option<SignatureType>,
    /// Position: at most 255 characters in 1.03 of participants' documents, else 1000; required there.
    pub position: Option<String>,
    /// The person.
    pub name: FullName,
    /// Electronic power of attorney; since 1.03.
    pub electronic: Option<ElectronicPower>,
    /// Power of attorney on paper; since 1.03.
    pub paper: Option<PaperPower>,
}

/// By what right somebody signs (`СтатПодп`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignerStatus {
    /// Entitled without a power of attorney.
    #[default]
    Entitled,
    /// By an electronic power of attorney, which then has to be named.
    ElectronicPower,
    /// By a power of attorney on paper, which then has to be named.
    PaperPower,
}

codes!(SignerStatus { Entitled = "1", ElectronicPower = "2", PaperPower = "3" });

/// The kind of a signature (`ТипПодпис`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureType {
    /// Enhanced and qualified.
    #[default]
    Qualified,
    /// Simple.
    Simple,
    /// Enhanced, not qualified.
    NonQualified,
}

codes!(SignatureType { Qualified = "1", Simple = "2", NonQualified = "3" });

/// An electronic power of attorney (`СвДоверЭл`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElectronicPower {
    /// Registration number, 36 characters.
    pub number: String,
    /// When it was issued.
    pub issued: FnsDate,
    /// Number inside of the organization, at most 50 characters.
    pub internal_number: Option<String>,
    /// When it was registered inside of the organization.
    pub internal_date: Option<FnsDate>,
    /// How it is shown.
    pub shown: PowerShown,
    /// Where it is kept, at most 500 characters; required when it is shown from a storage.
    pub storage: Option<String>,
}

/// How an electronic power of attorney is shown (`СпособПредставл`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PowerShown {
    /// In every package.
    #[default]
    InPackage,
    /// From an information system.
    FromStorage,
}

codes!(PowerShown { InPackage = "1", FromStorage = "2" });

/// A power of attorney on paper (`СвДоверБум`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaperPower {
    /// When it was issued.
    pub issued: FnsDate,
    /// Its number, at most 50 characters.
    pub number: String,
    /// Anything that identifies it, at most 1000 characters.
    pub details: Option<String>,
    /// Who issued it.
    pub issuer: Option<FullName>,
}

/// The signer with position and name only. `position_required` is the difference between the formats.
pub(crate) fn positioned(
    form: &mut Form<'_>,
    version: Version,
    position_required: bool,
    signer: &mut Signer,
) -> Result<()> {
    let newer = signer.status.is_some()
        || signer.signature_type.is_some()
        || signer.electronic.is_some()
        || signer.paper.is_some();
    if newer && !form.reading() {
        let what = "СтатПодп, ТипПодпис, СвДоверЭл, СвДоверБум".to_owned();
        return Err(form.error(Fault::NotInVersion { what, version: version.as_str() }));
    }
    if position_required {
        let mut position = signer.position.take().unwrap_or_default();
        form.attr("Должность", &mut position, Rule::Text(1000))?;
        signer.position = Some(position);
    } else {
        form.attr_opt("Должность", &mut signer.position, Rule::Text(1000))?;
    }
    full_name(form, &mut signer.name)
}

/// The signer of participants' documents since 1.03.
pub(crate) fn with_powers(form: &mut Form<'_>, family: Family, signer: &mut Signer) -> Result<()> {
    // The two formats were written by the same hand in the same year and still name two attributes differently.
    let (storage, details) = match family {
        Family::Uvutoch => ("СвСистХран", "СвИдДовер"),
        _ => ("ИдСистХран", "СвДовер"),
    };
    form.coded_opt("СтатПодп", &mut signer.status)?;
    form.coded_opt("ТипПодпис", &mut signer.signature_type)?;
    form.attr_opt("Должн", &mut signer.position, Rule::Text(255))?;
    full_name(form, &mut signer.name)?;
    form.optional("СвДоверЭл", &mut signer.electronic, |form, power| {
        form.attr("НомДовер", &mut power.number, Rule::Exactly(36))?;
        form.coded("ДатаВыдДовер", &mut power.issued)?;
        form.attr_opt("ВнНомДовер", &mut power.internal_number, Rule::Text(50))?;
        form.coded_opt("ДатаВнРегДовер", &mut power.internal_date)?;
        form.coded("СпособПредставл", &mut power.shown)?;
        form.attr_opt(storage, &mut power.storage, Rule::Text(500))
    })?;
    form.optional("СвДоверБум", &mut signer.paper, |form, power| {
        form.coded("ДатаДовер", &mut power.issued)?;
        form.attr("ВнНомДовер", &mut power.number, Rule::Text(50))?;
        form.attr_opt(details, &mut power.details, Rule::Text(1000))?;
        form.optional("ФИО", &mut power.issuer, full_name_attributes)
    })?;
    powers_agree(form, signer)
}

/// The rules beside the schema.
fn powers_agree(form: &Form<'_>, signer: &Signer) -> Result<()> {
    let (ru, en) = match (signer.status, &signer.electronic, &signer.paper) {
        (Some(SignerStatus::ElectronicPower), None, _) => {
            ("при СтатПодп=2 нужен элемент СвДоверЭл", "СтатПодп=2 needs the element СвДоверЭл")
        }
        (Some(SignerStatus::PaperPower), _, None) => {
            ("при СтатПодп=3 нужен элемент СвДоверБум", "СтатПодп=3 needs the element СвДоверБум")
        }
        (Some(SignerStatus::ElectronicPower), Some(power), _)
            if power.shown == PowerShown::FromStorage
                && power.storage.as_deref().unwrap_or_default().is_empty() =>
        {
            (
                "при СпособПредставл=2 нужны сведения о системе хранения доверенности",
                "СпособПредставл=2 needs the storage of the power of attorney",
            )
        }
        _ => return Ok(()),
    };
    Err(form.error(Fault::Contradiction { ru, en }))
}
