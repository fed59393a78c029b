//! The names that official schemas are published under.

use super::amended::{BUYER_970_V503, SELLER_970_V503};
use crate::recognize::TitleFormat;
use crate::service::ServiceKind;
use crate::version::{Family, Version};

/// The files of a service document's schema, any of which makes it valid: one version has two.
pub const fn service_schemas(kind: ServiceKind) -> &'static [&'static str] {
    match (kind.family, kind.version) {
        (Family::Pdpol, Version::V1_03) => &["DP_PDPOL_1_984_00_01_03_01.xsd"],
        (Family::Pdpol, _) => &["DP_PDPOL_1_984_00_01_01_02.xsd"],
        (Family::Pdotpr, Version::V1_03) => &["DP_PDOTPR_1_983_00_01_03_01.xsd"],
        (Family::Pdotpr, _) => &["DP_PDOTPR_1_983_00_01_01_02.xsd"],
        (Family::Izvpol, Version::V1_03) => &["DP_IZVPOL_1_982_00_01_03_01.xsd"],
        (Family::Izvpol, _) => &["DP_IZVPOL_1_982_00_01_01_02.xsd"],
        (Family::Uvutoch, Version::V1_03) => &["DP_UVUTOCH_1_985_00_01_03_01.xsd"],
        (Family::Uvutoch, _) => &["DP_UVUTOCH_1_985_00_01_02_02.xsd", "DP_UVUTOCH_1_985_00_01_01_02.xsd"],
        (Family::Prannul, Version::V1_01) => &["DP_PRANNUL_1_985_00_01_01_01.xsd"],
        (Family::Prannul, _) => &["DP_PRANNUL_1_985_00_01_01_02.xsd"],
    }
}

/// What a title is held to, by name, the newest first: the files of its schema, and where these are not public what follows from
/// those of the version before ([`super::AMENDED`]).
pub const fn title_checks(format: TitleFormat, title_index: i32) -> &'static [&'static str] {
    match (format, title_index) {
        (TitleFormat::Utd970V503, 0) => SELLERS_970_V503,
        (TitleFormat::Utd970V503, 1) => BUYERS_970_V503,
        _ => title_schemas(format, title_index),
    }
}

const SELLERS_970_V503: &[&str] =
    &["ON_NSCHFDOPPR_1_997_01_05_03_05.xsd", "ON_NSCHFDOPPR_1_997_01_05_03_01.xsd", SELLER_970_V503];
const BUYERS_970_V503: &[&str] = &["ON_NSCHFDOPPOK_1_997_02_05_03_01.xsd", BUYER_970_V503];

/// Those that are published: all but the last.
const fn published(names: &'static [&'static str]) -> &'static [&'static str] {
    match names.split_last() {
        Some((_, published)) => published,
        None => names,
    }
}

/// The files of a title's schema, the newest first; empty for formats whose schema's name is not known.
pub const fn title_schemas(format: TitleFormat, title_index: i32) -> &'static [&'static str] {
    match (format, title_index) {
        (TitleFormat::Utd970V503, 0) => published(SELLERS_970_V503),
        (TitleFormat::Utd970V503, 1) => published(BUYERS_970_V503),
        (TitleFormat::Utd970V502, 0) => &["ON_NSCHFDOPPR_1_997_01_05_02_01.xsd"],
        (TitleFormat::Utd970V502, 1) => &["ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd"],
        (TitleFormat::Utd820, 0) => {
            &["ON_NSCHFDOPPR_1_997_01_05_01_03.xsd", "ON_NSCHFDOPPR_1_997_01_05_01_01.xsd"]
        }
        (TitleFormat::Utd820, 1) => {
            &["ON_NSCHFDOPPOK_1_997_02_05_01_02.xsd", "ON_NSCHFDOPPOK_1_997_02_05_01_01.xsd"]
        }
        (TitleFormat::Utd155, 0) => &["ON_SCHFDOPPR_1_995_01_05_01_05.xsd"],
        (TitleFormat::Utd155, 1) => &["ON_SCHFDOPPOK_1_995_02_05_01_05.xsd"],
        (TitleFormat::Ucd736, 0) => {
            &["ON_NKORSCHFDOPPR_1_996_03_05_01_04.xsd", "ON_NKORSCHFDOPPR_1_996_03_05_01_03.xsd"]
        }
        (TitleFormat::Ucd736, 1) => &["ON_NKORSCHFDOPPOK_1_996_04_05_01_03.xsd"],
        (TitleFormat::Ucd189, 0) => &["ON_KORSCHFDOPPR_1_996_01_05_01_03.xsd"],
        (TitleFormat::Ucd189, 1) => &["ON_KORSCHFDOPPOK_1_996_02_05_01_03.xsd"],
        (TitleFormat::Invoice93V501, 0) => &["ON_SFAKT_1_897_01_05_01_02.xsd"],
        (TitleFormat::Invoice93V502, 0) => {
            &["ON_SFAKT_1_897_01_05_02_02.xsd", "ON_SFAKT_1_897_01_05_02_01.xsd"]
        }
        (TitleFormat::InvoiceCorrection93V501, 0) => &["ON_KORSFAKT_1_911_01_05_01_02.xsd"],
        (TitleFormat::InvoiceCorrection93V502, 0) => {
            &["ON_KORSFAKT_1_911_01_05_02_02.xsd", "ON_KORSFAKT_1_911_01_05_02_01.xsd"]
        }
        (TitleFormat::Waybill172, 0) => &["DP_OTORG12_1_986_00_05_01_02.xsd"],
        (TitleFormat::Waybill172, 1) => &["DP_PTORG12_1_989_00_05_01_02.xsd"],
        (TitleFormat::Act172, 0) => &["DP_IAKTPRM_1_987_00_05_01_02.xsd"],
        (TitleFormat::Act172, 1) => &["DP_ZAKTPRM_1_990_00_05_01_02.xsd"],
        (TitleFormat::Waybill551V502, 0) => &["DP_TOVTORGPR_1_992_01_05_02_01.xsd"],
        (TitleFormat::Waybill551V502, 1) => &["DP_TOVTORGPOK_1_992_02_05_02_01.xsd"],
        (TitleFormat::Act552V502, 0) => &["DP_REZRUISP_1_990_01_05_02_01.xsd"],
        (TitleFormat::Act552V502, 1) => &["DP_REZRUZAK_1_990_02_05_02_01.xsd"],
        (TitleFormat::Waybill551V501, 0) => &["DP_TOVTORGPR_1_992_01_05_01_04.xsd"],
        (TitleFormat::Waybill551V501, 1) => &["DP_TOVTORGPOK_1_992_02_05_01_04.xsd"],
        (TitleFormat::Act552V501, 0) => &["DP_REZRUISP_1_990_01_05_01_02.xsd"],
        (TitleFormat::Act552V501, 1) => &["DP_REZRUZAK_1_990_02_05_01_02.xsd"],
        (TitleFormat::Torg2, 0) => &["DP_PRIRASXPRIN_1_994_01_05_01_01.xsd"],
        (TitleFormat::Torg2, 1) => &["DP_PRIRASXDOP_1_994_02_05_01_01.xsd"],
        (TitleFormat::Reconciliation405, 0) => &["ON_AKTSVEROTP_1_972_01_05_01_01.xsd"],
        (TitleFormat::Reconciliation405, 1) => &["ON_AKTSVERPOL_1_972_02_05_01_01.xsd"],
        (TitleFormat::Works691, 0) => &["ON_AKTREZRABP_1_971_01_01_00_01.xsd"],
        (TitleFormat::Works691, 1) => &["ON_AKTREZRABZ_1_971_02_01_00_01.xsd"],
        _ => &[],
    }
}
