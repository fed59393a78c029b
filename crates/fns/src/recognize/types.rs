//! The types of documents that a format can be sent as.

use super::formats::{ROWS, TitleFormat};

/// A type that a file can be sent as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// `TypeNamedId`.
    pub type_named_id: &'static str,
    /// `Function`.
    pub function: String,
    /// `Version`s that have this format, the newest first; never empty.
    pub versions: Vec<&'static str>,
    /// `TitleIndex`.
    pub title_index: i32,
}

/// What every file can be sent as, and the only answer for files that nothing else fits: type, function, version.
pub const NONFORMALIZED: (&str, &str, &str) = ("Nonformalized", "default", "v1");

/// The function of types that have none.
const DEFAULT: &str = "default";

/// All versions of a format, the newest first.
const fn versions(format: TitleFormat) -> &'static [&'static str] {
    match format {
        TitleFormat::Utd970V503 => &["utd970_05_03_01"],
        TitleFormat::Utd970V502 => &["utd970_05_02_01"],
        TitleFormat::Utd820 => &["utd820_05_01_02_hyphen", "utd820_05_01_01_hyphen", "utd820_05_01_01"],
        TitleFormat::Utd155 => {
            &["utd_05_02_01", "utd_05_01_05", "utd_05_01_04", "utd_05_01_02", "utd_05_01_01"]
        }
        TitleFormat::Ucd29 => &["ucd29_05_02_01"],
        TitleFormat::Ucd736 => &["ucd736_05_01_02", "ucd736_05_01_01"],
        TitleFormat::Ucd189 => &["ucd_05_02_01", "ucd_05_01_03", "ucd_05_01_02", "ucd_05_01_01"],
        TitleFormat::Invoice93V501 => &["invoice_05_01_03", "invoice_05_01_01"],
        TitleFormat::Invoice93V502 => &["invoice_05_02_01"],
        TitleFormat::InvoiceCorrection93V501 => &["invoicecor_05_01_03"],
        TitleFormat::InvoiceCorrection93V502 => &["invoicecor_05_02_01"],
        TitleFormat::Waybill551V502 => &["tovtorg_05_02_01"],
        TitleFormat::Waybill551V501 => &["tovtorg_05_01_04", "tovtorg_05_01_03", "tovtorg_05_01_02"],
        TitleFormat::Waybill172 => &["torg12_05_01_02", "torg12_05_01_01"],
        TitleFormat::Act552V502 => &["rezru_05_02_01"],
        TitleFormat::Act552V501 => &["rezru_05_01_02", "rezru_05_01_01"],
        TitleFormat::Act172 => &["act_05_01_02", "act_05_01_01"],
        TitleFormat::Torg2 => &["torg2_05_01_01"],
        TitleFormat::Reconciliation405 => &["reconciliationact405_05_01_01"],
        TitleFormat::Works691 => &["performedworkacceptancecertificate691_01_00_01"],
        TitleFormat::Proforma29 => &["proformainvoice29_05_01_01"],
    }
}

impl TitleFormat {
    /// The format of a version, as the API calls it.
    pub fn of_version(version: &str) -> Option<Self> {
        ROWS.iter().map(|row| row.format).find(|format| versions(*format).contains(&version))
    }
}

/// Everything that a title can be sent as, most usual first; empty when its function is none of the format's.
pub(super) fn candidates(
    format: TitleFormat,
    title_index: i32,
    function: Option<&str>,
    is_revision: bool,
) -> Vec<Candidate> {
    let mut found = Found { format, title_index, candidates: Vec::new() };
    let revised = |plain: &'static str, revision: &'static str| if is_revision { revision } else { plain };
    match format {
        TitleFormat::Utd970V503 | TitleFormat::Utd970V502 | TitleFormat::Utd820 | TitleFormat::Utd155 => {
            let utd = revised("UniversalTransferDocument", "UniversalTransferDocumentRevision");
            match function {
                Some("СЧФ") => {
                    found.add(utd, "СЧФ", any);
                    found.add(revised("Invoice", "InvoiceRevision"), DEFAULT, any);
                }
                Some("СЧФДОП") => found.add(utd, "СЧФДОП", any),
                Some("ДОП") => {
                    found.add(utd, "ДОП", any);
                    found.add("XmlTorg12", DEFAULT, any);
                    found.add("XmlAcceptanceCertificate", DEFAULT, any);
                    found.add("PerformedWorkAcceptanceCertificate", DEFAULT, |version| {
                        version == "utd_05_02_01" || for_stores(version)
                    });
                    found.add("StorageInventoryAcceptanceCertificate", DEFAULT, for_stores);
                    found.add("ReturnInventoryAcceptanceCertificate", DEFAULT, for_stores);
                }
                Some(function @ ("СвРК" | "СвЗК")) => found.add(utd, function, |version| {
                    version == "utd820_05_01_02_hyphen" || version.starts_with("utd970")
                }),
                _ => {}
            }
        }
        TitleFormat::Ucd29 | TitleFormat::Ucd736 | TitleFormat::Ucd189 => {
            let ucd = revised("UniversalCorrectionDocument", "UniversalCorrectionDocumentRevision");
            match function {
                Some("КСЧФ") => {
                    found.add(ucd, "КСЧФ", any);
                    found.add(revised("InvoiceCorrection", "InvoiceCorrectionRevision"), DEFAULT, any);
                }
                Some(function @ ("КСЧФДИС" | "ДИС")) => found.add(ucd, function, any),
                Some(function @ ("СвИСРК" | "СвИСЗК")) => found
                    .add(ucd, function, |version| matches!(version, "ucd736_05_01_02" | "ucd29_05_02_01")),
                // Answers name no function where the tables know.
                None if title_index == 1 => {
                    found.add(ucd, "КСЧФДИС", any);
                    found.add(ucd, "ДИС", any);
                }
                _ => {}
            }
        }
        TitleFormat::Invoice93V501 | TitleFormat::Invoice93V502 => {
            found.add(revised("Invoice", "InvoiceRevision"), DEFAULT, any);
        }
        TitleFormat::InvoiceCorrection93V501 | TitleFormat::InvoiceCorrection93V502 => {
            found.add(revised("InvoiceCorrection", "InvoiceCorrectionRevision"), DEFAULT, any);
        }
        TitleFormat::Waybill551V502 | TitleFormat::Waybill551V501 | TitleFormat::Waybill172 => {
            found.add("XmlTorg12", DEFAULT, any);
        }
        TitleFormat::Act552V502 | TitleFormat::Act552V501 | TitleFormat::Act172 => {
            found.add("XmlAcceptanceCertificate", DEFAULT, any);
        }
        // Whoever answers has been asked to, so the second title has but one function.
        TitleFormat::Torg2 => {
            let alone = title_index == 0 && function == Some("1");
            found.add("Torg2", if alone { "NoAdditionalInfo" } else { "WithAdditionalInfo" }, any);
        }
        TitleFormat::Reconciliation405 => found.add("ReconciliationAct", DEFAULT, any),
        TitleFormat::Works691 => found.add("PerformedWorkAcceptanceCertificate", DEFAULT, any),
        TitleFormat::Proforma29 => match function {
            Some("0") => found.add("XmlProformaInvoice", DEFAULT, any),
            Some("1") => found.candidates.push(Candidate {
                type_named_id: "XmlInvoiceOffer",
                function: DEFAULT.into(),
                versions: vec!["invoiceoffer29_05_01_01"],
                title_index,
            }),
            _ => {}
        },
    }
    found.candidates
}

const fn any(_: &str) -> bool {
    true
}

/// Whether acts of stores and of works have the version.
fn for_stores(version: &str) -> bool {
    version == "utd970_05_03_01" || version.starts_with("utd820_") && version.ends_with("_hyphen")
}

struct Found {
    format: TitleFormat,
    title_index: i32,
    candidates: Vec<Candidate>,
}

impl Found {
    fn add(&mut self, type_named_id: &'static str, function: &str, fits: fn(&str) -> bool) {
        let versions: Vec<_> =
            versions(self.format).iter().copied().filter(|version| fits(version)).collect();
        if !versions.is_empty() {
            let (function, title_index) = (function.to_owned(), self.title_index);
            self.candidates.push(Candidate { type_named_id, function, versions, title_index });
        }
    }
}
