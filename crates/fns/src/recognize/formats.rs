//! The formats of titles by name, number of the form and version.

use super::path::Path;
use super::paths::{self, Table};
use crate::xml::Wanted;

/// A format of titles, named after the order of the tax service that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TitleFormat {
    /// Transfer document of order 970, version 5.03.
    Utd970V503,
    /// Transfer document of order 970, version 5.02.
    Utd970V502,
    /// Transfer document of order 820.
    Utd820,
    /// Transfer document of order 155.
    Utd155,
    /// Corrective transfer document of order 29.
    Ucd29,
    /// Corrective transfer document of order 736.
    Ucd736,
    /// Corrective transfer document of order 189.
    Ucd189,
    /// Invoice of order 93, version 5.01.
    Invoice93V501,
    /// Invoice of order 93, version 5.02.
    Invoice93V502,
    /// Corrective invoice of order 93, version 5.01.
    InvoiceCorrection93V501,
    /// Corrective invoice of order 93, version 5.02.
    InvoiceCorrection93V502,
    /// Waybill of order 551, version 5.02.
    Waybill551V502,
    /// Waybill of order 551, version 5.01.
    Waybill551V501,
    /// Waybill of order 172.
    Waybill172,
    /// Act of order 552, version 5.02.
    Act552V502,
    /// Act of order 552, version 5.01.
    Act552V501,
    /// Act of order 172.
    Act172,
    /// Act of discrepancies of order 423.
    Torg2,
    /// Act of reconciliation of order 405.
    Reconciliation405,
    /// Act of construction works of order 691.
    Works691,
    /// Proforma invoice or offer of order 29.
    Proforma29,
}

impl TitleFormat {
    /// Whether its signers can name their electronic powers of attorney.
    pub(super) const fn names_powers(self) -> bool {
        matches!(
            self,
            Self::Utd970V503
                | Self::Utd970V502
                | Self::Ucd29
                | Self::Reconciliation405
                | Self::Works691
                | Self::Proforma29
        )
    }

    /// Whether its first title can be an invoice, or a document that holds one, and not a correction.
    pub(super) const fn is_invoice(self) -> bool {
        matches!(
            self,
            Self::Utd970V503
                | Self::Utd970V502
                | Self::Utd820
                | Self::Utd155
                | Self::Invoice93V501
                | Self::Invoice93V502
        )
    }
}

/// Who makes a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    Seller,
    Buyer,
}

/// Where a title names its participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Participants {
    /// Only in the name of the file: addressee, then sender.
    FileId,
    /// `СвУчДокОбор`, with this attribute for the recipient.
    Exchange(&'static str),
}

/// Where an answer names the file it answers: an element below the document's, and its attributes.
pub(super) struct Link {
    pub(super) element: &'static str,
    pub(super) file_id: &'static str,
    /// Day and time the answered file was made.
    pub(super) made: Option<(&'static str, &'static str)>,
}

/// One row of the table.
pub(super) struct Row {
    pub(super) prefixes: &'static [&'static str],
    pub(super) knd: Option<&'static str>,
    pub(super) versions: &'static [&'static str],
    pub(super) format: TitleFormat,
    pub(super) title_index: i32,
    pub(super) maker: Maker,
    /// The element that holds the document.
    pub(super) body: &'static str,
    pub(super) participants: Participants,
    pub(super) table: &'static Table,
    /// The attributes of the document's element that say when the file was made, day and time.
    pub(super) made: (&'static str, &'static str),
    /// Of answers.
    pub(super) link: Option<&'static Link>,
}

impl Row {
    /// Whether a file of this name is of the row, as far as names go.
    pub(super) fn is_named(&self, file_id: &str) -> bool {
        let begins = |prefix: &&str| file_id.strip_prefix(*prefix).is_some_and(|rest| rest.starts_with('_'));
        self.prefixes.iter().any(begins)
    }

    /// Keeps all elements that metadata are read from.
    pub(super) fn keep(&self, wanted: &mut Wanted) {
        wanted.keep(&[self.body]);
        wanted.keep(&["СвУчДокОбор"]);
        if let Some(link) = self.link {
            let path: Vec<_> = std::iter::once(self.body).chain(link.element.split('/')).collect();
            wanted.keep(&path);
        }
        let (_, grounds) = self.table;
        let grounds = grounds.iter().map(|grounds| grounds.element);
        for path in self.table.0.iter().map(|(_, path)| *path).chain(grounds) {
            for elements in Path::elements(path) {
                let full: Vec<_> = std::iter::once(self.body).chain(elements).collect();
                wanted.keep(&full);
            }
        }
    }
}

/// The rows of a file: those of its form's number, or, for formats without one, those whose files begin with its name.
/// They are of one document.
pub(super) fn rows(file_id: &str, knd: Option<&str>) -> Vec<&'static Row> {
    let of_knd: Vec<_> = ROWS.iter().filter(|row| row.knd.is_some() && row.knd == knd).collect();
    if !of_knd.is_empty() {
        return of_knd;
    }
    ROWS.iter().filter(|row| row.knd.is_none() && row.is_named(file_id)).collect()
}

const SELLER: Row = Row {
    prefixes: &[],
    knd: None,
    versions: &["5.01"],
    format: TitleFormat::Utd820,
    title_index: 0,
    maker: Maker::Seller,
    body: "Документ",
    participants: Participants::Exchange("ИдПол"),
    table: &paths::NONE,
    made: ("ДатаИнфПр", "ВремИнфПр"),
    link: None,
};

const BUYER: Row = Row {
    title_index: 1,
    maker: Maker::Buyer,
    made: ("ДатаИнфПок", "ВремИнфПок"),
    link: Some(&TO_SELLER),
    ..SELLER
};

const TO_SELLER: Link =
    Link {
        element: "ИдИнфПрод", file_id: "ИдФайлИнфПр", made: Some(("ДатаФайлИнфПр", "ВремФайлИнфПр"))
    };
static TO_WAYBILL_551: Link = Link { element: "ИдДокПТПр", ..TO_SELLER };
static TO_WAYBILL_172: Link = Link { element: "ИдТНО", file_id: "ИдФайлТН", made: None };
static TO_ACT_552: Link = Link {
    element: "ИдДокПРУИсп",
    file_id: "ИдФайлИнфИсп",
    made: Some(("ДатаФайлИнфИсп", "ВремФайлИнфИсп")),
};
static TO_ACT_172: Link =
    Link { element: "СвАктИ/ИдАктИ", file_id: "ИдФайлАктИ", made: None };
static TO_BUYER: Link =
    Link {
        element: "ИдИнфПок", file_id: "ИдФайлИнфПок", made: Some(("ДатаФайлИнфПок", "ВремФайлИнфПок"))
    };
static TO_RECONCILIATION: Link =
    Link {
        element: "ИдИнфОтпр", file_id: "ИдФайлИнфОтпр", made: Some(("ДатФайлИнфОтпр", "ВрФайлИнфОтпр"))
    };
static TO_WORKS: Link = Link {
    element: "ИдИнфПодр",
    file_id: "ИдФайлИнфПодр",
    made: Some(("ДатаФайлИнфПодр", "ВремяФайлИнфПодр")),
};

const UTD_SELLER: &[&str] = &["ON_NSCHFDOPPR"];
const UTD_SELLER_820: &[&str] = &["ON_NSCHFDOPPR", "ON_NSCHFDOPPRPROS", "ON_NSCHFDOPPRMARK"];
const UTD_BUYER: &[&str] = &["ON_NSCHFDOPPOK"];
const UTD_BUYER_820: &[&str] = &["ON_NSCHFDOPPOK", "ON_NSCHFDOPPOKMARK", "ON_NSCHFDOPOKMARK"];
const UCD_SELLER: &[&str] = &["ON_NKORSCHFDOPPR", "ON_NKORSCHFDOPPRPROS", "ON_NKORSCHFDOPPRMARK"];
const UCD_BUYER: &[&str] = &["ON_NKORSCHFDOPPOK", "ON_NKORSCHFDOPPOKPROS", "ON_NKORSCHFDOPPOKMARK"];

pub(super) static ROWS: &[Row] = &[
    Row {
        prefixes: UTD_SELLER,
        knd: Some("1115131"),
        versions: &["5.03"],
        format: TitleFormat::Utd970V503,
        participants: Participants::FileId,
        table: &paths::UTD970,
        ..SELLER
    },
    Row {
        prefixes: UTD_SELLER,
        knd: Some("1115131"),
        versions: &["5.02"],
        format: TitleFormat::Utd970V502,
        participants: Participants::FileId,
        table: &paths::UTD970,
        ..SELLER
    },
    Row { prefixes: UTD_SELLER_820, knd: Some("1115131"), table: &paths::UTD820, ..SELLER },
    Row {
        prefixes: UTD_BUYER,
        knd: Some("1115132"),
        versions: &["5.03"],
        format: TitleFormat::Utd970V503,
        participants: Participants::FileId,
        table: &paths::UTD970_BUYER,
        ..BUYER
    },
    Row {
        prefixes: UTD_BUYER,
        knd: Some("1115132"),
        versions: &["5.02"],
        format: TitleFormat::Utd970V502,
        participants: Participants::FileId,
        table: &paths::UTD970_BUYER,
        ..BUYER
    },
    Row {
        prefixes: UTD_BUYER_820,
        knd: Some("1115132"),
        body: "ИнфПок",
        table: &paths::UTD820_BUYER,
        ..BUYER
    },
    Row {
        prefixes: &["ON_SCHFDOPPR"],
        knd: Some("1115125"),
        format: TitleFormat::Utd155,
        table: &paths::UTD820,
        ..SELLER
    },
    Row {
        prefixes: &["ON_SCHFDOPPOK"],
        knd: Some("1115126"),
        format: TitleFormat::Utd155,
        body: "ИнфПок",
        table: &paths::UTD820_BUYER,
        ..BUYER
    },
    Row {
        prefixes: UCD_SELLER,
        versions: &["5.02"],
        format: TitleFormat::Ucd29,
        participants: Participants::FileId,
        table: &paths::UCD29,
        ..SELLER
    },
    Row { prefixes: UCD_SELLER, format: TitleFormat::Ucd736, table: &paths::UCD189, ..SELLER },
    Row {
        prefixes: UCD_BUYER,
        versions: &["5.02"],
        format: TitleFormat::Ucd29,
        participants: Participants::FileId,
        ..BUYER
    },
    Row { prefixes: UCD_BUYER, format: TitleFormat::Ucd736, body: "ИнфПок", ..BUYER },
    Row {
        prefixes: &["ON_KORSCHFDOPPR"],
        knd: Some("1115127"),
        format: TitleFormat::Ucd189,
        table: &paths::UCD189,
        ..SELLER
    },
    Row {
        prefixes: &["ON_KORSCHFDOPPOK"],
        knd: Some("1115128"),
        format: TitleFormat::Ucd189,
        body: "ИнфПок",
        ..BUYER
    },
    Row {
        prefixes: &["ON_SFAKT"],
        knd: Some("1115101"),
        format: TitleFormat::Invoice93V501,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::INVOICE93,
        ..SELLER
    },
    Row {
        prefixes: &["ON_SFAKT"],
        knd: Some("1115101"),
        versions: &["5.02"],
        format: TitleFormat::Invoice93V502,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::INVOICE93,
        ..SELLER
    },
    Row {
        prefixes: &["ON_KORSFAKT"],
        knd: Some("1115108"),
        format: TitleFormat::InvoiceCorrection93V501,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::CORRECTION93,
        ..SELLER
    },
    Row {
        prefixes: &["ON_KORSFAKT"],
        knd: Some("1115108"),
        versions: &["5.02"],
        format: TitleFormat::InvoiceCorrection93V502,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::CORRECTION93,
        ..SELLER
    },
    Row {
        prefixes: &["DP_TOVTORGPR"],
        knd: Some("1175010"),
        versions: &["5.02"],
        format: TitleFormat::Waybill551V502,
        table: &paths::WAYBILL551,
        ..SELLER
    },
    Row {
        prefixes: &["DP_TOVTORGPR"],
        knd: Some("1175010"),
        format: TitleFormat::Waybill551V501,
        table: &paths::WAYBILL551,
        ..SELLER
    },
    Row {
        prefixes: &["DP_TOVTORGPOK"],
        knd: Some("1175011"),
        versions: &["5.02"],
        format: TitleFormat::Waybill551V502,
        link: Some(&TO_WAYBILL_551),
        ..BUYER
    },
    Row {
        prefixes: &["DP_TOVTORGPOK"],
        knd: Some("1175011"),
        format: TitleFormat::Waybill551V501,
        link: Some(&TO_WAYBILL_551),
        ..BUYER
    },
    Row {
        prefixes: &["DP_OTORG12"],
        knd: Some("1175004"),
        format: TitleFormat::Waybill172,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::WAYBILL172,
        ..SELLER
    },
    Row {
        prefixes: &["DP_PTORG12"],
        knd: Some("1175005"),
        format: TitleFormat::Waybill172,
        participants: Participants::Exchange("ИдПок"),
        link: Some(&TO_WAYBILL_172),
        ..BUYER
    },
    Row {
        prefixes: &["DP_REZRUISP"],
        knd: Some("1175012"),
        versions: &["5.02"],
        format: TitleFormat::Act552V502,
        table: &paths::ACT552,
        made: ("ДатаИнфИсп", "ВремИнфИсп"),
        ..SELLER
    },
    Row {
        prefixes: &["DP_REZRUISP"],
        knd: Some("1175012"),
        format: TitleFormat::Act552V501,
        table: &paths::ACT552,
        made: ("ДатаИнфИсп", "ВремИнфИсп"),
        ..SELLER
    },
    Row {
        prefixes: &["DP_REZRUZAK"],
        knd: Some("1175013"),
        versions: &["5.02"],
        format: TitleFormat::Act552V502,
        made: ("ДатаИнфЗак", "ВремИнфЗак"),
        link: Some(&TO_ACT_552),
        ..BUYER
    },
    Row {
        prefixes: &["DP_REZRUZAK"],
        knd: Some("1175013"),
        format: TitleFormat::Act552V501,
        made: ("ДатаИнфЗак", "ВремИнфЗак"),
        link: Some(&TO_ACT_552),
        ..BUYER
    },
    Row {
        prefixes: &["DP_IAKTPRM"],
        knd: Some("1175006"),
        format: TitleFormat::Act172,
        participants: Participants::Exchange("ИдПок"),
        table: &paths::ACT172,
        ..SELLER
    },
    Row {
        prefixes: &["DP_ZAKTPRM"],
        knd: Some("1175007"),
        format: TitleFormat::Act172,
        participants: Participants::Exchange("ИдПок"),
        link: Some(&TO_ACT_172),
        ..BUYER
    },
    // The first title of an act of discrepancies is the buyer's.
    Row {
        prefixes: &["DP_PRIRASXPRIN"],
        knd: Some("1175014"),
        format: TitleFormat::Torg2,
        maker: Maker::Buyer,
        table: &paths::TORG2,
        made: ("ДатаИнфПок", "ВремИнфПок"),
        ..SELLER
    },
    Row {
        prefixes: &["DP_PRIRASXDOP"],
        knd: Some("1175015"),
        format: TitleFormat::Torg2,
        made: ("ДатаДок", "ВремДок"),
        link: Some(&TO_BUYER),
        ..BUYER
    },
    Row {
        prefixes: &["ON_AKTSVEROTP"],
        knd: Some("1110332"),
        format: TitleFormat::Reconciliation405,
        participants: Participants::FileId,
        table: &paths::RECONCILIATION405,
        made: ("ДатаИнфОтпр", "ВрИнфОтпр"),
        ..SELLER
    },
    Row {
        prefixes: &["ON_AKTSVERPOL"],
        knd: Some("1110333"),
        format: TitleFormat::Reconciliation405,
        participants: Participants::FileId,
        made: ("ДатаИнфПол", "ВрИнфПол"),
        link: Some(&TO_RECONCILIATION),
        ..BUYER
    },
    Row {
        prefixes: &["ON_AKTREZRABP"],
        knd: Some("1110335"),
        versions: &["1.00"],
        format: TitleFormat::Works691,
        participants: Participants::FileId,
        table: &paths::WORKS691,
        made: ("ДатаИнфПодр", "ВремИнфПодр"),
        ..SELLER
    },
    Row {
        prefixes: &["ON_AKTREZRABZ"],
        knd: Some("1110336"),
        versions: &["1.00"],
        format: TitleFormat::Works691,
        participants: Participants::FileId,
        made: ("ДатИнфЗак", "ВрИнфЗак"),
        link: Some(&TO_WORKS),
        ..BUYER
    },
    Row {
        prefixes: &["ON_CHETOP"],
        format: TitleFormat::Proforma29,
        participants: Participants::FileId,
        table: &paths::PROFORMA29,
        made: ("ДатаИнф", "ВрИнф"),
        ..SELLER
    },
];
