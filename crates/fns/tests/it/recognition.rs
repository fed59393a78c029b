//! Which format a file is, and what it says about itself.

use potok_fns::recognize::{Key, Recognized, Title, TitleFormat, file_id, recognize};
use potok_fns::service::{ClarificationPurpose, ContentType, ServiceKind, content_type_id};
use potok_fns::{Family, Version};

use crate::samples::{SERVICE, sample};

fn title(bytes: &[u8]) -> Title {
    match recognize(bytes) {
        Ok(Recognized::Title(title)) => *title,
        other => panic!("{other:?}"),
    }
}

/// What is known about a title, one value a line.
fn show(title: &Title) -> String {
    let mut lines =
        vec![format!("{:?} title {} revision {}", title.format, title.title_index, title.is_revision)];
    for candidate in &title.candidates {
        lines.push(format!(
            "{} {} {}",
            candidate.type_named_id,
            candidate.function,
            candidate.versions.join(" ")
        ));
    }
    lines.extend(title.metadata.iter().map(|(key, value)| format!("{key:?}: {value}")));
    lines.join("\n")
}

/// The document of a text with `'` for quotes, in windows-1251.
fn document(file_id: &str, version: &str, inside: &str) -> Vec<u8> {
    let text = format!(
        "<?xml version='1.0' encoding='windows-1251'?>\n<Файл ИдФайл='{file_id}' ВерсФорм='{version}'>{inside}</Файл>"
    );
    encoding_rs::WINDOWS_1251.encode(&text).0.into_owned()
}

#[test]
fn samples_of_transfer_documents() {
    for (name, expected) in [
        (
            "utd970_title0.xml",
            "Utd970V502 title 0 revision false
UniversalTransferDocument СЧФДОП utd970_05_02_01
DocumentNumber: КБ-1042
DocumentDate: 20.11.2026
DocumentName: Универсальный передаточный документ
DocumentFunction: СЧФДОП
TotalSum: 3400.00
TotalWithoutVat: 3000.00
TotalVat: 400.00
Currency: 643
DocumentGrounds: Договор поставки № 17/26 от 12.01.2026
SellerInn: 9901000010
SellerKpp: 990101001
SellerName: ООО \"Кедровый берег\"
SellerFnsParticipantId: 2BM-9901000010-990101001-202611010900000000001
BuyerInn: 9902000020
BuyerKpp: 990201001
BuyerName: АО \"Полярный маяк\"
BuyerFnsParticipantId: 2BM-9902000020-990201001-202611010930000000002
FileDate: 21.11.2026
FileTime: 10.14.51",
        ),
        (
            "utd970_title1.xml",
            "Utd970V502 title 1 revision false
UniversalTransferDocument СЧФДОП utd970_05_02_01
DocumentNumber: КБ-1042
DocumentDate: 20.11.2026
DocumentName: Универсальный передаточный документ
DocumentFunction: СЧФДОП
SellerFnsParticipantId: 2BM-9901000010-990101001-202611010900000000001
BuyerFnsParticipantId: 2BM-9902000020-990201001-202611010930000000002
FileDate: 21.11.2026
FileTime: 11.02.15
AcceptanceResult: 2
AcceptanceDate: 21.11.2026
ParentFileId: ON_NSCHFDOPPR_2BM-9902000020-990201001-202611010930000000002_2BM-9901000010-990101001-202611010900000000001_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000_0_0_0_0_0_00",
        ),
        (
            "utd820_title0.xml",
            "Utd820 title 0 revision true
UniversalTransferDocumentRevision ДОП utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
XmlTorg12 default utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
XmlAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
PerformedWorkAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
StorageInventoryAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
ReturnInventoryAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
DocumentNumber: 77/у
DocumentDate: 31.10.2026
DocumentName: Акт сдачи-приемки услуг
DocumentFunction: ДОП
TotalSum: 6000.00
TotalWithoutVat: 5000.00
TotalVat: 1000.00
Currency: 643
DocumentGrounds: Договор № 17/26 от 12.01.2026
RevisionNumber: 1
RevisionDate: 19.11.2026
OriginalInvoiceNumber: 77/у
OriginalInvoiceDate: 31.10.2026
SellerInn: 9901000010
SellerKpp: 990101001
SellerName: ООО \"Кедровый берег\"
SellerFnsParticipantId: 2BM-9901000010-990101001-202611010900000000001
BuyerInn: 9902000020
BuyerKpp: 990201001
BuyerName: АО \"Полярный маяк\"
BuyerFnsParticipantId: 2BM-9902000020-990201001-202611010930000000002
FileDate: 21.11.2026
FileTime: 09.00.00",
        ),
        (
            "utd820_title1.xml",
            "Utd820 title 1 revision false
UniversalTransferDocument ДОП utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
XmlTorg12 default utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
XmlAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen utd820_05_01_01
PerformedWorkAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
StorageInventoryAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
ReturnInventoryAcceptanceCertificate default utd820_05_01_02_hyphen utd820_05_01_01_hyphen
DocumentNumber: 77/у
DocumentDate: 31.10.2026
DocumentName: Акт сдачи-приемки услуг
DocumentFunction: ДОП
SellerFnsParticipantId: 2BM-9901000010-990101001-202611010900000000001
BuyerFnsParticipantId: 2BM-9902000020-990201001-202611010930000000002
FileDate: 21.11.2026
FileTime: 09.30.00
AcceptanceResult: 1
AcceptanceDate: 21.11.2026
ParentFileId: ON_NSCHFDOPPR_2BM-9902000020-990201001-202611010930000000002_2BM-9901000010-990101001-202611010900000000001_20261121_5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0820",
        ),
    ] {
        let found = title(&sample(name));
        assert_eq!(show(&found), expected, "{name}");
        assert_eq!(file_id(&sample(name)).as_deref(), Some(found.file_id.as_str()));
    }
}

/// One small document of each other format: what stands in the file, and what is found.
const OTHERS: &[(&str, &str, &str, &str)] = &[
    (
        "ON_NSCHFDOPPR_b_s_20261121_g_0_0_0_0_0_00",
        "5.03",
        "<Документ КНД='1115131' Функция='СЧФ' УИД='u'><СвСчФакт НомерДок='1' ДатаДок='01.02.2026'>
         <СвПрод><ИдСв><СвИП ИННФЛ='990400000409'><ФИО Фамилия='Соколов' Имя='Роман'/></СвИП></ИдСв></СвПрод>
         <СвПрод><ИдСв><СвЮЛУч ИННЮЛ='9901000010' КПП='990101001' НаимОрг='вторая'/></ИдСв></СвПрод></СвСчФакт>
         <ТаблСчФакт><СведТов/><СведТов/><ВсегоОпл СтТовУчНалВсего='5.00'><СумНалВсего><БезНДС>без НДС</БезНДС></СумНалВсего></ВсегоОпл></ТаблСчФакт></Документ>",
        "Utd970V503 title 0 revision false
UniversalTransferDocument СЧФ utd970_05_03_01
Invoice default utd970_05_03_01
DocumentNumber: 1
DocumentDate: 01.02.2026
DocumentFunction: СЧФ
TotalSum: 5.00
SellerInn: 990400000409
SellerName: Соколов Роман
SellerFnsParticipantId: s
BuyerFnsParticipantId: b
Uid: u",
    ),
    (
        "ON_NSCHFDOPPRMARK_b_s_20261121_g",
        "5.01",
        "<СвУчДокОбор ИдОтпр='s' ИдПол='b'/><Документ КНД='1115131' Функция='СвРК'/>",
        "Utd820 title 0 revision false
UniversalTransferDocument СвРК utd820_05_01_02_hyphen
DocumentFunction: СвРК
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "ON_SCHFDOPPR_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1115125' Функция='СЧФ'><СвСчФакт НомерСчФ='1' КодОКВ='978'><ИспрСчФ ДефНомИспрСчФ='-'/></СвСчФакт></Документ>",
        "Utd155 title 0 revision false
UniversalTransferDocument СЧФ utd_05_02_01 utd_05_01_05 utd_05_01_04 utd_05_01_02 utd_05_01_01
Invoice default utd_05_02_01 utd_05_01_05 utd_05_01_04 utd_05_01_02 utd_05_01_01
DocumentNumber: 1
DocumentFunction: СЧФ
Currency: 978",
    ),
    (
        "ON_NKORSCHFDOPPR_b_s_20261121_g",
        "5.01",
        "<Документ Функция='КСЧФ'><СвКСчФ НомерКСчФ='к1' ДатаКСчФ='02.02.2026' КодОКВ='643'>
         <СчФ НомерСчФ='1' ДатаСчФ='01.02.2026'><ИспрСчФ НомИспрСчФ='1'/><ИспрСчФ НомИспрСчФ='2' ДатаИспрСчФ='03.02.2026'/></СчФ>
         <ИспрКСчФ НомИспрКСчФ='1' ДатаИспрКСчФ='04.02.2026'/></СвКСчФ>
         <ТаблКСчФ><ВсегоУвел СтТовУчНалВсего='12.00'><СумНал><СумНДС>2.00</СумНДС></СумНал></ВсегоУвел></ТаблКСчФ>
         <СодФХЖ3><ОснКор НаимОсн='Договор'/><ОснКор НаимОсн='Письмо' НомОсн='5' ДатаОсн='01.01.2026'/><ОснКор НомОсн='6'/></СодФХЖ3></Документ>",
        "Ucd736 title 0 revision true
UniversalCorrectionDocumentRevision КСЧФ ucd736_05_01_02 ucd736_05_01_01
InvoiceCorrectionRevision default ucd736_05_01_02 ucd736_05_01_01
DocumentNumber: к1
DocumentDate: 02.02.2026
DocumentFunction: КСЧФ
Currency: 643
DocumentGrounds: Договор; Письмо № 5 от 01.01.2026; № 6
RevisionNumber: 1
RevisionDate: 04.02.2026
OriginalInvoiceNumber: 1
OriginalInvoiceDate: 01.02.2026
OriginalInvoiceRevisionNumber: 2
OriginalInvoiceRevisionDate: 03.02.2026
TotalInc: 12.00
VatInc: 2.00",
    ),
    (
        "ON_NKORSCHFDOPPR_b_s_20261121_g",
        "5.02",
        "<Документ Функция='СвИСРК'><СвКСчФ НомерДок='к1' ДатаДок='02.02.2026' КодОКВ='840'><ДенИзм КодОКВ='643'/></СвКСчФ></Документ>",
        "Ucd29 title 0 revision false
UniversalCorrectionDocument СвИСРК ucd29_05_02_01
DocumentNumber: к1
DocumentDate: 02.02.2026
DocumentFunction: СвИСРК
Currency: 643
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "ON_KORSCHFDOPPR_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1115127' Функция='ДИС'><СвКСчФ НомерКСчФ='к1'/></Документ>",
        "Ucd189 title 0 revision false
UniversalCorrectionDocument ДИС ucd_05_02_01 ucd_05_01_03 ucd_05_01_02 ucd_05_01_01
DocumentNumber: к1
DocumentFunction: ДИС",
    ),
    (
        "ON_SFAKT_b_s_20261121_g",
        "5.02",
        "<СвУчДокОбор ИдОтпр='s' ИдПок='b'/><Документ КНД='1115101'><СвСчФакт НомерСчФ='1' ДатаСчФ='01.02.2012'><СвПрод><ИдСв><СвФЛ ИННФЛ='990400000409'/></ИдСв></СвПрод></СвСчФакт>
         <ТаблСчФакт><ВсегоОпл СтТовУчНалВсего='118'><СумНалВсего><СумНДС>18</СумНДС></СумНалВсего></ВсегоОпл></ТаблСчФакт></Документ>",
        "Invoice93V502 title 0 revision false
Invoice default invoice_05_02_01
DocumentNumber: 1
DocumentDate: 01.02.2012
TotalSum: 118
TotalVat: 18
SellerInn: 990400000409
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "ON_KORSFAKT_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1115108'><СвКСчФ НомерКСчФ='к1' НомерСчФ='1' ДатаСчФ='01.02.2012'><ИспрСчФ НомИспрСчФ='2' ДатаИспрСчФ='03.02.2012'/></СвКСчФ>
         <ТаблКСчФ><ВсегоУвел СтТовУчНалВсего='12.00'><СумНал СумНДС='2.00'/></ВсегоУвел><ВсегоУм СтТовУчНалВсего='7.00'><СумНал СумНДС='без НДС'/></ВсегоУм></ТаблКСчФ></Документ>",
        "InvoiceCorrection93V501 title 0 revision false
InvoiceCorrection default invoicecor_05_01_03
DocumentNumber: к1
OriginalInvoiceNumber: 1
OriginalInvoiceDate: 01.02.2012
OriginalInvoiceRevisionNumber: 2
OriginalInvoiceRevisionDate: 03.02.2012
TotalInc: 12.00
TotalDec: 7.00
VatInc: 2.00",
    ),
    (
        "ON_KORSFAKT_b_s_20261121_g",
        "5.02",
        "<Документ КНД='1115108'><СвКСчФ НомерКСчФ='к1'><СчФ НомерСчФ='1' ДатаСчФ='01.02.2012'/></СвКСчФ></Документ>",
        "InvoiceCorrection93V502 title 0 revision false
InvoiceCorrection default invoicecor_05_02_01
DocumentNumber: к1
OriginalInvoiceNumber: 1
OriginalInvoiceDate: 01.02.2012",
    ),
    (
        "ON_SFAKT_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1115101'><СвСчФакт НомерСчФ='1'/><ТаблСчФакт><ВсегоОпл СтТовУчНалВсего='118'><СумНалВсего СумНДС='18'/></ВсегоОпл></ТаблСчФакт></Документ>",
        "Invoice93V501 title 0 revision false
Invoice default invoice_05_01_03 invoice_05_01_01
DocumentNumber: 1
TotalSum: 118
TotalVat: 18",
    ),
    (
        "DP_TOVTORGPR_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1175010'><СвДокПТПрКроме><СвДокПТПр><ИдентДок НомДокПТ='1' ДатаДокПТ='01.02.2026'/><ДенИзм КодОКВ='643'/>
         <СодФХЖ1><Продавец><ИдСв><СвОрг><СвЮЛ ИННЮЛ='9901000010' КПП='990101001'/></СвОрг></ИдСв></Продавец><Основание НаимОсн='Договор' НомОсн='5'/></СодФХЖ1></СвДокПТПр>
         <СодФХЖ2><Всего СтУчНДСВс='12.00' СумНДСВс='2.00' СтБезНДСВс='10.00'/></СодФХЖ2></СвДокПТПрКроме></Документ>",
        "Waybill551V501 title 0 revision false
XmlTorg12 default tovtorg_05_01_04 tovtorg_05_01_03 tovtorg_05_01_02
DocumentNumber: 1
DocumentDate: 01.02.2026
TotalSum: 12.00
TotalWithoutVat: 10.00
TotalVat: 2.00
Currency: 643
DocumentGrounds: Договор № 5
SellerInn: 9901000010
SellerKpp: 990101001",
    ),
    (
        "DP_TOVTORGPOK_s_b_20261121_g",
        "5.02",
        "<СвУчДокОбор ИдОтпр='b' ИдПол='s'/><Документ КНД='1175011'/>",
        "Waybill551V502 title 1 revision false
XmlTorg12 default tovtorg_05_02_01
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "DP_OTORG12_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1175004'><СвТНО><ТН НомТН='1' ДатаТН='01.02.2012'/><ОтпускГруз СумОтпуск='118.00'/><Плательщик><ИдСв><СвЮЛ ИННЮЛ='9902000020'/></ИдСв></Плательщик></СвТНО></Документ>",
        "Waybill172 title 0 revision false
XmlTorg12 default torg12_05_01_02 torg12_05_01_01
DocumentNumber: 1
DocumentDate: 01.02.2012
TotalSum: 118.00
Currency: 643
BuyerInn: 9902000020",
    ),
    (
        "DP_REZRUISP_b_s_20261121_g",
        "5.02",
        "<Документ КНД='1175012'><СвДокПРУ><ИдентДок НомДокПРУ='1'/><СодФХЖ1><ОписРабот СтУчНДСИт='10.10' СумНДСИт='1'/><ОписРабот СтУчНДСИт='0.05'/></СодФХЖ1></СвДокПРУ></Документ>",
        "Act552V502 title 0 revision false
XmlAcceptanceCertificate default rezru_05_02_01
DocumentNumber: 1
TotalSum: 10.15
TotalVat: 1",
    ),
    (
        "DP_IAKTPRM_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1175006'><СвАктИ НомАкт='1' ДатаАкт='01.02.2012'><ОписРабот СумУчНДСИт='1.5'/><ОписРабот СумУчНДСИт='1.5'/></СвАктИ></Документ>",
        "Act172 title 0 revision false
XmlAcceptanceCertificate default act_05_01_02 act_05_01_01
DocumentNumber: 1
DocumentDate: 01.02.2012
TotalSum: 3.0
Currency: 643",
    ),
    (
        "DP_PRIRASXPRIN_s_b_20261121_g",
        "5.01",
        "<СвУчДокОбор ИдОтпр='b' ИдПол='s'/><Документ КНД='1175014'><ИдентДокПР НомДокПР='1'/><ИнфДопСв>1</ИнфДопСв></Документ>",
        "Torg2 title 0 revision false
Torg2 NoAdditionalInfo torg2_05_01_01
DocumentNumber: 1
Variant: 1
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "DP_PRIRASXPRIN_s_b_20261121_g",
        "5.01",
        "<Документ КНД='1175014'/>",
        "Torg2 title 0 revision false
Torg2 WithAdditionalInfo torg2_05_01_01",
    ),
    (
        "ON_AKTSVEROTP_b_s_20261121_g",
        "5.01",
        "<Документ КНД='1110332' НомерАкт='1' ДатаИнфОтпр='01.02.2026'><СвДокКрАкт КодОКВ='643'><СвОтпр><ИдСв><СвИП ИННФЛ='990400000409'/></ИдСв></СвОтпр></СвДокКрАкт></Документ>",
        "Reconciliation405 title 0 revision false
ReconciliationAct default reconciliationact405_05_01_01
DocumentNumber: 1
DocumentDate: 01.02.2026
Currency: 643
SellerInn: 990400000409
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "ON_AKTREZRABP_b_s_20261121_g",
        "1.00",
        "<Документ КНД='1110335'><СвАктСдПр НомерДок='1' КодОКВДог='643'/><ВсегоАктОтч СтТовУчНалВсего='12'><СумНалВсего>2</СумНалВсего></ВсегоАктОтч></Документ>",
        "Works691 title 0 revision false
PerformedWorkAcceptanceCertificate default performedworkacceptancecertificate691_01_00_01
DocumentNumber: 1
TotalSum: 12
TotalVat: 2
Currency: 643
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
    (
        "ON_CHETOP_b_s_20261121_g",
        "5.01",
        "<Документ Функция='1'/>",
        "Proforma29 title 0 revision false
XmlInvoiceOffer default invoiceoffer29_05_01_01
Variant: 1
SellerFnsParticipantId: s
BuyerFnsParticipantId: b",
    ),
];

#[test]
fn every_other_format_is_known_by_a_small_document() {
    for (file_id, version, inside, expected) in OTHERS {
        let found = title(&document(file_id, version, inside));
        assert_eq!(show(&found), *expected, "{file_id} {version}");
    }
}

#[test]
fn what_fits_no_row_is_unknown() {
    let long = "я".repeat(40_000);
    for (name, bytes) in [
        ("no XML", b"%PDF-1.7 \xFF\xFE".to_vec()),
        ("nothing", Vec::new()),
        ("another root", b"<?xml version='1.0' encoding='utf-8'?><a/>".to_vec()),
        ("another prefix", document("ON_SOMETHING_a_b_c", "5.01", "<Документ/>")),
        (
            "another namespace",
            document("ON_NSCHFDOPPR_a_b_c", "5.01' xmlns='urn:x", "<Документ КНД='1115131'/>"),
        ),
        (
            "a document of another namespace",
            document("ON_NSCHFDOPPR_a_b_c", "5.01", "<Документ xmlns='urn:x' КНД='1115131'/>"),
        ),
        ("another number", document("ON_NSCHFDOPPR_a_b_c", "5.01", "<Документ КНД='1115132'/>")),
        ("another version", document("ON_NSCHFDOPPR_a_b_c", "5.04", "<Документ КНД='1115131'/>")),
        ("no document", document("ON_NSCHFDOPPR_a_b_c", "5.01", "<ИнфПок КНД='1115131'/>")),
        (
            "a receipt with the number of a title",
            document("DP_IZVPOL_a_b_c_d", "1.03", "<Документ КНД='1115131'/>"),
        ),
        ("a receipt of no version", document("DP_IZVPOL_a_b_c_d", "1.04", "<Документ КНД='1115110'/>")),
        ("an endless name", document(&long, "5.01", "")),
    ] {
        assert_eq!(recognize(&bytes), Ok(Recognized::Unknown), "{name}");
    }
    let cut = document("ON_NSCHFDOPPR_a_b_c", "5.01", "<Документ КНД='1115131'>");
    assert!(recognize(&cut).is_err(), "an official name over something that is no XML is an error");
}

#[test]
fn the_name_of_a_file_does_not_tell_its_format() {
    let body = "<Документ КНД='1115131' Функция='ДОП'/>";
    for name in ["SK-NB-000017-MARK", "ON_NSCHFDOPPRX_a_b_c", "ON_SFAKT_a_b_20260101_c", "DP_IZVPOL_a_b_c_d"]
    {
        assert_eq!(title(&document(name, "5.01", body)).format, TitleFormat::Utd820, "{name}");
    }
    let receipt = document("ON_NSCHFDOPPR_a_b_c", "1.03", "<Документ КНД='1115110'/>");
    let expected = ServiceKind { family: Family::Izvpol, version: Version::V1_03 };
    assert_eq!(recognize(&receipt), Ok(Recognized::Service(expected)));
    let offer = document("anything", "1.02", "<Документ><УчастЭДО/><СвПредАн/></Документ>");
    let expected = ServiceKind { family: Family::Prannul, version: Version::V1_02 };
    assert_eq!(recognize(&offer), Ok(Recognized::Service(expected)));
}

#[test]
fn more_than_a_document_has_is_refused_before_it_costs_memory() {
    let grounds = "<ОснПер РеквНаимДок='а'/>".repeat(100_001);
    let inside = format!(
        "<Документ КНД='1115131' Функция='ДОП'><СвПродПер><СвПер>{grounds}</СвПер></СвПродПер></Документ>"
    );
    let refused = recognize(&document("ON_NSCHFDOPPR_a_b_c", "5.02", &inside)).unwrap_err();
    assert!(matches!(refused.fault, potok_fns::xml::Fault::TooManyNodes { .. }), "{refused}");
}

#[test]
fn a_function_of_no_type_leaves_no_candidates() {
    let found = title(&document("ON_NSCHFDOPPR_a_b_c", "5.01", "<Документ КНД='1115131' Функция='ЁЖ'/>"));
    assert_eq!((found.format, found.candidates), (TitleFormat::Utd820, Vec::new()));
}

#[test]
fn thousands_of_goods_are_passed_by() {
    let goods = "<СведТов НомСтр='1'><СумНал><СумНал>1</СумНал></СумНал></СведТов>".repeat(20_000);
    let inside = format!(
        "<Документ КНД='1115131' Функция='ДОП'><ТаблСчФакт>{goods}<ВсегоОпл СтТовУчНалВсего='7'/></ТаблСчФакт></Документ>"
    );
    let found = title(&document("ON_NSCHFDOPPR_a_b_c", "5.02", &inside));
    assert_eq!(found.metadata.get(Key::TotalSum), Some("7"));
}

#[test]
fn service_documents_are_known() {
    let family = |name: &str| match name.split('_').next() {
        Some("pdpol") => Family::Pdpol,
        Some("pdotpr") => Family::Pdotpr,
        Some("izvpol") => Family::Izvpol,
        Some("uvutoch") => Family::Uvutoch,
        _ => Family::Prannul,
    };
    for name in SERVICE {
        let version = Family::ALL[0]
            .versions()
            .iter()
            .find(|version| name.contains(version.as_str()))
            .copied()
            .unwrap_or_else(|| panic!("{name}"));
        let expected = ServiceKind { family: family(name), version };
        assert_eq!(recognize(&sample(name)), Ok(Recognized::Service(expected)), "{name}");
    }
}

#[test]
fn entities_carry_documented_content_types() {
    let refusal = ContentType::Clarification(ClarificationPurpose::SignatureRejection);
    for (content, version, id) in [
        (ContentType::Received, Version::V1_03, Some("send_confirmation_133_01_03")),
        (ContentType::PassedOn, Version::V1_03, Some("delivery_confirmation_133_01_03")),
        (ContentType::Receipt, Version::V1_03, Some("receipt_133_01_03")),
        (ContentType::Receipt, Version::V1_02, Some("receipt_01")),
        (refusal, Version::V1_03, Some("signature_rejection_133_01_03")),
        (refusal, Version::V1_02, Some("signature_rejection_02")),
        (ContentType::Revocation, Version::V1_01, Some("revocation_request_01")),
        (ContentType::Revocation, Version::V1_02, Some("revocation_request_02")),
        (ContentType::Revocation, Version::V1_03, None),
    ] {
        assert_eq!(content_type_id(content, version), id, "{content:?} {version}");
    }
}
