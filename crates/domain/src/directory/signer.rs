//! Who signs titles with a certificate, and in what capacity.

use potok_types::Invalid;

use crate::SubjectKind;

/// `SignerStatus` of who is employed by another organization than the parties.
const OTHER_ORGANIZATION_EMPLOYEE: i32 = 3;
/// `SignerStatus` of a person to whom powers were given.
const AUTHORIZED_PERSON: i32 = 4;
/// `SignerType` of who acts for a legal entity.
const LEGAL_ENTITY: i32 = 1;
/// Kinds of titles that name the organization of a legal entity's signer: both titles of the waybill 551 and of the act 552.
const NAMES_ORGANIZATION: std::ops::RangeInclusive<i32> = 4..=7;

/// What an organization says of the holder of a certificate for one kind of title. Numbers are those of the API; what the
/// format of the title does not know is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerDetails {
    /// Position, in the place of that of the certificate.
    pub job_title: Option<String>,
    /// Requisites of the certificate of state registration of a sole proprietor.
    pub registration_certificate: Option<String>,
    /// Whether the signer acts for a legal entity, as a sole proprietor, or as a person.
    pub signer_type: Option<i32>,
    /// Whatever else is worth knowing of the signer.
    pub signer_info: Option<String>,
    /// What the signer may do.
    pub powers: Option<i32>,
    /// Whose employee the signer is.
    pub status: Option<i32>,
    /// On what the powers rest.
    pub powers_base: Option<String>,
    /// On what the powers of the signer's organization rest.
    pub org_powers_base: Option<String>,
}

impl SignerDetails {
    /// Whether everything is said that has to be said beside the rest, for a kind of title and of the holder of a certificate
    /// that names `organization`.
    ///
    /// # Errors
    /// [`Invalid`] names the field that is missing, or that asks for more than the certificate has.
    pub fn check(&self, title: i32, organization: Option<&str>) -> Result<(), Invalid> {
        let refuse = |field: &str, reason: &str| {
            Err(Invalid::new(format!("ExtendedSignerDetailsToPost.{field}"), reason.to_owned()))
        };
        match self.status {
            Some(AUTHORIZED_PERSON) if self.powers_base.is_none() => refuse(
                "SignerPowersBase",
                "it is required beside SignerStatus 4 (AuthorizedPerson): say on what the powers of the signer rest, as «Доверенность № 1 \
                 от 20.11.2026», or give another SignerStatus",
            ),
            Some(OTHER_ORGANIZATION_EMPLOYEE) if self.org_powers_base.is_none() => refuse(
                "SignerOrgPowersBase",
                "it is required beside SignerStatus 3 (OtherOrganizationEmployee): say on what the powers of the signer's organization \
                 rest, as «Договор № 1 от 20.11.2026», or give another SignerStatus",
            ),
            _ if self.signer_type == Some(LEGAL_ENTITY)
                && NAMES_ORGANIZATION.contains(&title)
                && organization.is_none_or(str::is_empty) =>
            {
                refuse(
                    "SignerType",
                    "1 (LegalEntity) is not for this certificate: titles of the waybill 551 and of the act 552 name the organization of \
                     such a signer, and the certificate names none; use a certificate of the organization, or SignerType 2 or 3",
                )
            }
            _ => Ok(()),
        }
    }
}

/// The same with what the certificate says of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedSigner {
    /// Family name.
    pub surname: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic.
    pub patronymic: Option<String>,
    /// Position.
    pub job_title: Option<String>,
    /// INN.
    pub inn: Option<String>,
    /// The organization that the certificate names.
    pub organization: Option<String>,
    /// Whose certificate it is.
    pub kind: SubjectKind,
    /// What the organization says.
    pub details: SignerDetails,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_said_beside_the_rest() {
        let says = |signer_type, status| SignerDetails { signer_type, status, ..SignerDetails::default() };
        let base = Some("Доверенность № 1".to_owned());
        let with_base = SignerDetails { powers_base: base.clone(), ..says(None, Some(4)) };
        let with_org_base = SignerDetails { org_powers_base: base, ..says(None, Some(3)) };
        let waybill_buyer = 5;
        let act_seller = 6;
        for (details, title, organization, field) in [
            (says(None, None), 0, None, None),
            (says(Some(1), Some(1)), 0, None, None),
            (says(None, Some(4)), 0, None, Some("SignerPowersBase")),
            (SignerDetails { powers_base: None, ..with_org_base.clone() }, 0, None, None),
            (SignerDetails { status: Some(3), ..with_base.clone() }, 1, None, Some("SignerOrgPowersBase")),
            (SignerDetails { status: Some(4), ..with_org_base.clone() }, 2, None, Some("SignerPowersBase")),
            (with_base, 12, None, None),
            (with_org_base, 11, None, None),
            (says(Some(1), Some(1)), waybill_buyer, None, Some("SignerType")),
            (says(Some(1), Some(1)), act_seller, Some(""), Some("SignerType")),
            (says(Some(1), Some(1)), act_seller, Some("ООО «Ромашка»"), None),
            (says(Some(3), Some(1)), act_seller, None, None),
        ] {
            let told = details.check(title, organization).err().map(|refused| refused.to_string());
            let begins = field.map(|field| format!("ExtendedSignerDetailsToPost.{field}: "));
            match (&told, &begins) {
                (None, None) => {}
                (Some(told), Some(begins)) => assert!(told.starts_with(begins), "{told}"),
                _ => panic!("{details:?} for {title}: {told:?}, expected {field:?}"),
            }
        }
    }
}
