//! Names of official files.

use std::fmt;

use uuid::Uuid;

use crate::moment::FnsDate;
use crate::version::Family;

/// `ИдФайл`: the name of an official file without its extension.
///
/// The guid is written in lower case with dashes. Of the operator's own documents it is the id of their entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FileId(String);

/// The parts of a service document's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileIdParts<'a> {
    /// Family of the document.
    pub family: Family,
    /// Id of the participant it is addressed to.
    pub addressee: &'a str,
    /// Id of the participant, or code of the operator, who made it.
    pub creator: &'a str,
    /// Day it was made, in Moscow, as `yyyyMMdd`.
    pub date: &'a str,
    /// What makes the name unique.
    pub guid: &'a str,
}

impl FileId {
    /// The name of a service document.
    ///
    /// `creator` is the operator's code for confirmations of the operator, the participant's id for all others.
    pub fn new(family: Family, addressee: &str, creator: &str, date: FnsDate, guid: Uuid) -> Self {
        Self(format!("{}_{addressee}_{creator}_{}_{}", family.prefix(), date.compact(), guid.as_hyphenated()))
    }

    /// A name as it stands in a document.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name without extension.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the file, which the formats want equal to the id.
    pub fn file_name(&self) -> String {
        format!("{}.xml", self.0)
    }

    /// The parts of the name; `None` when it is not the name of a service document. Ids never have an underscore.
    pub fn parts(&self) -> Option<FileIdParts<'_>> {
        let family = Family::ALL
            .into_iter()
            .find(|family| self.0.strip_prefix(family.prefix()).is_some_and(|rest| rest.starts_with('_')))?;
        let rest = &self.0[family.prefix().len() + 1..];
        let mut parts = rest.split('_');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let (addressee, creator, date, guid) = (next()?, next()?, next()?, next()?);
        parts.next().is_none().then_some(FileIdParts { family, addressee, creator, date, guid })
    }

    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a document calls the file it confirms: the file's name, without `.xml`.
pub fn confirmed_name(file_name: &str) -> &str {
    let dot = file_name.len().saturating_sub(4);
    match file_name.get(dot..) {
        Some(extension) if dot > 0 && extension.eq_ignore_ascii_case(".xml") => &file_name[..dot],
        _ => file_name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_together_and_taken_apart() {
        let guid = Uuid::from_u128(0x5c0f_0b52_7a63_4a0a_9a0e_0d5b_8a6f_1001);
        let date = FnsDate::parse("21.11.2026").unwrap();
        let id =
            FileId::new(Family::Pdpol, "2BM-9901000010-990101001-202611010900000000001", "2BM", date, guid);
        assert_eq!(
            id.file_name(),
            "DP_PDPOL_2BM-9901000010-990101001-202611010900000000001_2BM_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f1001.xml"
        );
        let parts = id.parts().unwrap();
        assert_eq!((parts.family, parts.creator, parts.date), (Family::Pdpol, "2BM", "20261121"));
        assert_eq!(parts.guid, "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f1001");
        for text in
            ["", "DP_PDPOL", "DP_PDPOL_a_b_c", "DP_PDPOL_a_b_c_d_e", "DP_PDPOLE_a_b_c_d", "DP_PDPOL__b_c_d"]
        {
            assert_eq!(FileId::from_text(text).parts(), None, "{text:?}");
        }
    }

    #[test]
    fn two_ids_of_full_length_fit_the_oldest_limits() {
        let id = "2BM-9901000010-990101001-202611010900000000001";
        assert_eq!(id.len(), 46);
        for family in [Family::Izvpol, Family::Uvutoch, Family::Prannul] {
            let name = FileId::new(family, id, id, FnsDate::default(), Uuid::nil());
            assert!(name.as_str().len() <= family.longest_file_id(crate::Version::V1_01), "{name}");
        }
    }

    #[test]
    fn only_the_extension_is_left_out() {
        for (name, confirmed) in [
            ("a.xml", "a"),
            ("a.XML", "a"),
            ("a.xml.xml", "a.xml"),
            ("договор.pdf", "договор.pdf"),
            (".xml", ".xml"),
            ("ж", "ж"),
        ] {
            assert_eq!(confirmed_name(name), confirmed);
        }
    }
}
