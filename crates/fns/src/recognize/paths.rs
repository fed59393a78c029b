//! Where each format keeps what is told about a document. Paths start at the document's element.
//!
//! The tables of `potok-titles` say more, and of fewer files: what is read here are titles of whatever program and version, before
//! anybody knows by which table they could be made. A test over there holds these paths to those tables.

use super::metadata::Key;

/// Where the grounds of a transfer stand: an element that may be repeated, and its attributes.
pub(super) struct Grounds {
    pub(super) element: &'static str,
    pub(super) name: &'static str,
    pub(super) number: &'static str,
    pub(super) date: &'static str,
}

/// Paths by key, and the grounds.
pub(super) type Table = (&'static [(Key, &'static str)], Option<Grounds>);

pub(super) static NONE: Table = (&[], None);

const fn grounds(element: &'static str) -> Option<Grounds> {
    Some(Grounds { element, name: "НаимОсн", number: "НомОсн", date: "ДатаОсн" })
}

pub(super) static UTD970: Table = (
    &[
        (Key::DocumentFunction, "@Функция"),
        (Key::DocumentNumber, "СвСчФакт/@НомерДок"),
        (Key::DocumentDate, "СвСчФакт/@ДатаДок"),
        (Key::DocumentName, "@НаимДокОпр"),
        (Key::RevisionNumber, "СвСчФакт/ИспрДок/@НомИспр"),
        (Key::RevisionDate, "СвСчФакт/ИспрДок/@ДатаИспр"),
        (Key::Currency, "СвСчФакт/ДенИзм/@КодОКВ"),
        (Key::TotalSum, "ТаблСчФакт/ВсегоОпл/@СтТовУчНалВсего"),
        (Key::TotalWithoutVat, "ТаблСчФакт/ВсегоОпл/@СтТовБезНДСВсего"),
        (Key::TotalVat, "ТаблСчФакт/ВсегоОпл/СумНалВсего/СумНал"),
        (
            Key::SellerInn,
            "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@ИННЮЛ | СвСчФакт/СвПрод/ИдСв/СвИП/@ИННФЛ | СвСчФакт/СвПрод/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::SellerKpp, "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::SellerName,
            "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@НаимОрг | СвСчФакт/СвПрод/ИдСв/СвИнНеУч/@Наим | СвСчФакт/СвПрод/ИдСв/СвИП/ФИО | СвСчФакт/СвПрод/ИдСв/СвФЛУч/ФИО",
        ),
        (
            Key::BuyerInn,
            "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@ИННЮЛ | СвСчФакт/СвПокуп/ИдСв/СвИП/@ИННФЛ | СвСчФакт/СвПокуп/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerName,
            "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@НаимОрг | СвСчФакт/СвПокуп/ИдСв/СвИнНеУч/@Наим | СвСчФакт/СвПокуп/ИдСв/СвИП/ФИО | СвСчФакт/СвПокуп/ИдСв/СвФЛУч/ФИО",
        ),
        (Key::Uid, "@УИД"),
        (Key::FileDate, "@ДатаИнфПр"),
        (Key::FileTime, "@ВремИнфПр"),
    ],
    Some(Grounds {
        element: "СвПродПер/СвПер/ОснПер",
        name: "РеквНаимДок",
        number: "РеквНомерДок",
        date: "РеквДатаДок",
    }),
);

/// Order 155 has the same paths; it does not have `СвФЛУчастФХЖ`, which does no harm.
pub(super) static UTD820: Table = (
    &[
        (Key::DocumentFunction, "@Функция"),
        (Key::DocumentNumber, "СвСчФакт/@НомерСчФ"),
        (Key::DocumentDate, "СвСчФакт/@ДатаСчФ"),
        (Key::DocumentName, "@НаимДокОпр"),
        (Key::RevisionNumber, "СвСчФакт/ИспрСчФ/@НомИспрСчФ"),
        (Key::RevisionDate, "СвСчФакт/ИспрСчФ/@ДатаИспрСчФ"),
        (Key::Currency, "СвСчФакт/@КодОКВ"),
        (Key::TotalSum, "ТаблСчФакт/ВсегоОпл/@СтТовУчНалВсего"),
        (Key::TotalWithoutVat, "ТаблСчФакт/ВсегоОпл/@СтТовБезНДСВсего"),
        (Key::TotalVat, "ТаблСчФакт/ВсегоОпл/СумНалВсего/СумНал"),
        (
            Key::SellerInn,
            "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@ИННЮЛ | СвСчФакт/СвПрод/ИдСв/СвИП/@ИННФЛ | СвСчФакт/СвПрод/ИдСв/СвФЛУчастФХЖ/@ИННФЛ",
        ),
        (Key::SellerKpp, "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::SellerName,
            "СвСчФакт/СвПрод/ИдСв/СвЮЛУч/@НаимОрг | СвСчФакт/СвПрод/ИдСв/СвИнНеУч/@НаимОрг | СвСчФакт/СвПрод/ИдСв/СвИП/ФИО | СвСчФакт/СвПрод/ИдСв/СвФЛУчастФХЖ/ФИО",
        ),
        (
            Key::BuyerInn,
            "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@ИННЮЛ | СвСчФакт/СвПокуп/ИдСв/СвИП/@ИННФЛ | СвСчФакт/СвПокуп/ИдСв/СвФЛУчастФХЖ/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerName,
            "СвСчФакт/СвПокуп/ИдСв/СвЮЛУч/@НаимОрг | СвСчФакт/СвПокуп/ИдСв/СвИнНеУч/@НаимОрг | СвСчФакт/СвПокуп/ИдСв/СвИП/ФИО | СвСчФакт/СвПокуп/ИдСв/СвФЛУчастФХЖ/ФИО",
        ),
        (Key::FileDate, "@ДатаИнфПр"),
        (Key::FileTime, "@ВремИнфПр"),
    ],
    grounds("СвПродПер/СвПер/ОснПер"),
);

pub(super) static UTD970_BUYER: Table = (
    &[
        (Key::DocumentFunction, "СодФХЖ4/@Функция"),
        (Key::DocumentNumber, "СодФХЖ4/@ПорНомДокИнфПр"),
        (Key::DocumentDate, "СодФХЖ4/@ДатаДокИнфПр"),
        (Key::DocumentName, "СодФХЖ4/@НаимДокОпрПр"),
        (Key::AcceptanceResult, "СодФХЖ4/СвПрин/КодСодОпер/@КодИтога"),
        (Key::AcceptanceDate, "СодФХЖ4/СвПрин/@ДатаПрин"),
        (Key::ParentFileId, "ИдИнфПрод/@ИдФайлИнфПр"),
        (Key::Uid, "@УИД"),
        (Key::FileDate, "@ДатаИнфПок"),
        (Key::FileTime, "@ВремИнфПок"),
    ],
    None,
);

pub(super) static UTD820_BUYER: Table = (
    &[
        (Key::DocumentFunction, "СодФХЖ4/@Функция"),
        (Key::DocumentNumber, "СодФХЖ4/@НомСчФИнфПр"),
        (Key::DocumentDate, "СодФХЖ4/@ДатаСчФИнфПр"),
        (Key::DocumentName, "СодФХЖ4/@НаимДокОпрПр"),
        (Key::AcceptanceResult, "СодФХЖ4/СвПрин/КодСодОпер/@КодИтога"),
        (Key::AcceptanceDate, "СодФХЖ4/СвПрин/@ДатаПрин"),
        (Key::ParentFileId, "ИдИнфПрод/@ИдФайлИнфПр"),
        (Key::FileDate, "@ДатаИнфПок"),
        (Key::FileTime, "@ВремИнфПок"),
    ],
    None,
);

pub(super) static UCD189: Table = (
    &[
        (Key::DocumentFunction, "@Функция"),
        (Key::DocumentNumber, "СвКСчФ/@НомерКСчФ"),
        (Key::DocumentDate, "СвКСчФ/@ДатаКСчФ"),
        (Key::DocumentName, "@НаимДокОпр"),
        (Key::RevisionNumber, "СвКСчФ/ИспрКСчФ/@НомИспрКСчФ"),
        (Key::RevisionDate, "СвКСчФ/ИспрКСчФ/@ДатаИспрКСчФ"),
        (Key::OriginalInvoiceNumber, "СвКСчФ/СчФ/@НомерСчФ"),
        (Key::OriginalInvoiceDate, "СвКСчФ/СчФ/@ДатаСчФ"),
        (Key::OriginalInvoiceRevisionNumber, "СвКСчФ/СчФ/ИспрСчФ[last()]/@НомИспрСчФ"),
        (Key::OriginalInvoiceRevisionDate, "СвКСчФ/СчФ/ИспрСчФ[last()]/@ДатаИспрСчФ"),
        (Key::Currency, "СвКСчФ/@КодОКВ"),
        (Key::TotalInc, "ТаблКСчФ/ВсегоУвел/@СтТовУчНалВсего"),
        (Key::TotalDec, "ТаблКСчФ/ВсегоУм/@СтТовУчНалВсего"),
        (Key::VatInc, "ТаблКСчФ/ВсегоУвел/СумНал/СумНДС"),
        (Key::VatDec, "ТаблКСчФ/ВсегоУм/СумНал/СумНДС"),
        (Key::SellerInn, "СвКСчФ/СвПрод/ИдСв/СвЮЛУч/@ИННЮЛ | СвКСчФ/СвПрод/ИдСв/СвИП/@ИННФЛ"),
        (Key::SellerKpp, "СвКСчФ/СвПрод/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::SellerName,
            "СвКСчФ/СвПрод/ИдСв/СвЮЛУч/@НаимОрг | СвКСчФ/СвПрод/ИдСв/СвИнНеУч/@НаимОрг | СвКСчФ/СвПрод/ИдСв/СвИП/ФИО",
        ),
        (Key::BuyerInn, "СвКСчФ/СвПокуп/ИдСв/СвЮЛУч/@ИННЮЛ | СвКСчФ/СвПокуп/ИдСв/СвИП/@ИННФЛ"),
        (Key::BuyerKpp, "СвКСчФ/СвПокуп/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerName,
            "СвКСчФ/СвПокуп/ИдСв/СвЮЛУч/@НаимОрг | СвКСчФ/СвПокуп/ИдСв/СвИнНеУч/@НаимОрг | СвКСчФ/СвПокуп/ИдСв/СвИП/ФИО",
        ),
        (Key::FileDate, "@ДатаИнфПр"),
        (Key::FileTime, "@ВремИнфПр"),
    ],
    grounds("СодФХЖ3/ОснКор"),
);

/// No schema of order 29 is public: the names of order 189 are tried first, then those that order 970 gave to the same.
pub(super) static UCD29: Table = (
    &[
        (Key::DocumentFunction, "@Функция"),
        (Key::DocumentNumber, "СвКСчФ/@НомерКСчФ | СвКСчФ/@НомерДок"),
        (Key::DocumentDate, "СвКСчФ/@ДатаКСчФ | СвКСчФ/@ДатаДок"),
        (Key::DocumentName, "@НаимДокОпр"),
        (Key::RevisionNumber, "СвКСчФ/ИспрКСчФ/@НомИспрКСчФ | СвКСчФ/ИспрДок/@НомИспр"),
        (Key::RevisionDate, "СвКСчФ/ИспрКСчФ/@ДатаИспрКСчФ | СвКСчФ/ИспрДок/@ДатаИспр"),
        (Key::OriginalInvoiceNumber, "СвКСчФ/СчФ/@НомерСчФ"),
        (Key::OriginalInvoiceDate, "СвКСчФ/СчФ/@ДатаСчФ"),
        (Key::OriginalInvoiceRevisionNumber, "СвКСчФ/СчФ/ИспрСчФ[last()]/@НомИспрСчФ"),
        (Key::OriginalInvoiceRevisionDate, "СвКСчФ/СчФ/ИспрСчФ[last()]/@ДатаИспрСчФ"),
        (Key::Currency, "СвКСчФ/ДенИзм/@КодОКВ | СвКСчФ/@КодОКВ"),
        (Key::TotalInc, "ТаблКСчФ/ВсегоУвел/@СтТовУчНалВсего"),
        (Key::TotalDec, "ТаблКСчФ/ВсегоУм/@СтТовУчНалВсего"),
        (Key::VatInc, "ТаблКСчФ/ВсегоУвел/СумНал/СумНДС"),
        (Key::VatDec, "ТаблКСчФ/ВсегоУм/СумНал/СумНДС"),
        (
            Key::SellerInn,
            "СвКСчФ/СвПрод/ИдСв/СвЮЛУч/@ИННЮЛ | СвКСчФ/СвПрод/ИдСв/СвИП/@ИННФЛ | СвКСчФ/СвПрод/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::SellerKpp, "СвКСчФ/СвПрод/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerInn,
            "СвКСчФ/СвПокуп/ИдСв/СвЮЛУч/@ИННЮЛ | СвКСчФ/СвПокуп/ИдСв/СвИП/@ИННФЛ | СвКСчФ/СвПокуп/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СвКСчФ/СвПокуп/ИдСв/СвЮЛУч/@КПП"),
        (Key::FileDate, "@ДатаИнфПр"),
        (Key::FileTime, "@ВремИнфПр"),
    ],
    grounds("СодФХЖ3/ОснКор"),
);

/// Version 5.01 has sums of VAT as attributes, which may be words too: words are no sums.
pub(super) static INVOICE93: Table = (
    &[
        (Key::DocumentNumber, "СвСчФакт/@НомерСчФ"),
        (Key::DocumentDate, "СвСчФакт/@ДатаСчФ"),
        (Key::RevisionNumber, "СвСчФакт/ИспрСчФ/@НомИспрСчФ"),
        (Key::RevisionDate, "СвСчФакт/ИспрСчФ/@ДатаИспрСчФ"),
        (Key::Currency, "СвСчФакт/@КодОКВ"),
        (Key::TotalSum, "ТаблСчФакт/ВсегоОпл/@СтТовУчНалВсего"),
        (
            Key::TotalVat,
            "ТаблСчФакт/ВсегоОпл/СумНалВсего/СумНДС | sum(ТаблСчФакт/ВсегоОпл/СумНалВсего/@СумНДС)",
        ),
        (Key::SellerInn, "СвСчФакт/СвПрод/ИдСв/СвЮЛ/@ИННЮЛ | СвСчФакт/СвПрод/ИдСв/СвФЛ/@ИННФЛ"),
        (Key::SellerKpp, "СвСчФакт/СвПрод/ИдСв/СвЮЛ/@КПП"),
        (Key::BuyerInn, "СвСчФакт/СвПокуп/ИдСв/СвЮЛ/@ИННЮЛ | СвСчФакт/СвПокуп/ИдСв/СвФЛ/@ИННФЛ"),
        (Key::BuyerKpp, "СвСчФакт/СвПокуп/ИдСв/СвЮЛ/@КПП"),
    ],
    None,
);

/// Version 5.01 corrects one invoice, and names it and its revision beside itself.
pub(super) static CORRECTION93: Table = (
    &[
        (Key::DocumentNumber, "СвКСчФ/@НомерКСчФ"),
        (Key::DocumentDate, "СвКСчФ/@ДатаКСчФ"),
        (Key::RevisionNumber, "СвКСчФ/ИспрКСчФ/@НомИспрКСчФ"),
        (Key::RevisionDate, "СвКСчФ/ИспрКСчФ/@ДатаИспрКСчФ"),
        (Key::OriginalInvoiceNumber, "СвКСчФ/СчФ/@НомерСчФ | СвКСчФ/@НомерСчФ"),
        (Key::OriginalInvoiceDate, "СвКСчФ/СчФ/@ДатаСчФ | СвКСчФ/@ДатаСчФ"),
        (
            Key::OriginalInvoiceRevisionNumber,
            "СвКСчФ/СчФ/ИспрСчФ[last()]/@НомИспрСчФ | СвКСчФ/ИспрСчФ/@НомИспрСчФ",
        ),
        (
            Key::OriginalInvoiceRevisionDate,
            "СвКСчФ/СчФ/ИспрСчФ[last()]/@ДатаИспрСчФ | СвКСчФ/ИспрСчФ/@ДатаИспрСчФ",
        ),
        (Key::Currency, "СвКСчФ/@КодОКВ"),
        (Key::TotalInc, "ТаблКСчФ/ВсегоУвел/@СтТовУчНалВсего"),
        (Key::TotalDec, "ТаблКСчФ/ВсегоУм/@СтТовУчНалВсего"),
        (Key::VatInc, "ТаблКСчФ/ВсегоУвел/СумНал/СумНДС | sum(ТаблКСчФ/ВсегоУвел/СумНал/@СумНДС)"),
        (Key::VatDec, "ТаблКСчФ/ВсегоУм/СумНал/СумНДС | sum(ТаблКСчФ/ВсегоУм/СумНал/@СумНДС)"),
        (Key::SellerInn, "СвКСчФ/СвПрод/ИдСв/СвЮЛ/@ИННЮЛ | СвКСчФ/СвПрод/ИдСв/СвФЛ/@ИННФЛ"),
        (Key::SellerKpp, "СвКСчФ/СвПрод/ИдСв/СвЮЛ/@КПП"),
        (Key::BuyerInn, "СвКСчФ/СвПокуп/ИдСв/СвЮЛ/@ИННЮЛ | СвКСчФ/СвПокуп/ИдСв/СвФЛ/@ИННФЛ"),
        (Key::BuyerKpp, "СвКСчФ/СвПокуп/ИдСв/СвЮЛ/@КПП"),
    ],
    None,
);

pub(super) static WAYBILL551: Table = (
    &[
        (Key::DocumentNumber, "СвДокПТПрКроме/СвДокПТПр/ИдентДок/@НомДокПТ"),
        (Key::DocumentDate, "СвДокПТПрКроме/СвДокПТПр/ИдентДок/@ДатаДокПТ"),
        (Key::RevisionNumber, "СвДокПТПрКроме/СвДокПТПр/ИспрДокПТ/@НомИспрДокПТ"),
        (Key::RevisionDate, "СвДокПТПрКроме/СвДокПТПр/ИспрДокПТ/@ДатаИспрДокПТ"),
        (Key::Currency, "СвДокПТПрКроме/СвДокПТПр/ДенИзм/@КодОКВ"),
        (Key::TotalSum, "СвДокПТПрКроме/СодФХЖ2/Всего/@СтУчНДСВс"),
        (Key::TotalWithoutVat, "СвДокПТПрКроме/СодФХЖ2/Всего/@СтБезНДСВс"),
        (Key::TotalVat, "СвДокПТПрКроме/СодФХЖ2/Всего/@СумНДСВс"),
        (
            Key::SellerInn,
            "СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Продавец/ИдСв/СвОрг/СвЮЛ/@ИННЮЛ | СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Продавец/ИдСв/СвИП/@ИННФЛ | СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Продавец/ИдСв/СвФЛ/@ИННФЛ",
        ),
        (Key::SellerKpp, "СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Продавец/ИдСв/СвОрг/СвЮЛ/@КПП"),
        (
            Key::BuyerInn,
            "СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Покупатель/ИдСв/СвОрг/СвЮЛ/@ИННЮЛ | СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Покупатель/ИдСв/СвИП/@ИННФЛ | СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Покупатель/ИдСв/СвФЛ/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Покупатель/ИдСв/СвОрг/СвЮЛ/@КПП"),
    ],
    grounds("СвДокПТПрКроме/СвДокПТПр/СодФХЖ1/Основание"),
);

pub(super) static WAYBILL172: Table = (
    &[
        (Key::DocumentNumber, "СвТНО/ТН/@НомТН"),
        (Key::DocumentDate, "СвТНО/ТН/@ДатаТН"),
        (Key::Currency, "=643"),
        (Key::TotalSum, "СвТНО/ТН/Таблица/ВсегоНакл/@СумУчНДСВс | СвТНО/ОтпускГруз/@СумОтпуск"),
        (Key::TotalVat, "СвТНО/ТН/Таблица/ВсегоНакл/@СумНДСВс"),
        (Key::SellerInn, "СвТНО/Поставщик/ИдСв/СвЮЛ/@ИННЮЛ"),
        (Key::SellerKpp, "СвТНО/Поставщик/ИдСв/СвЮЛ/@КПП"),
        (Key::BuyerInn, "СвТНО/Плательщик/ИдСв/СвЮЛ/@ИННЮЛ"),
        (Key::BuyerKpp, "СвТНО/Плательщик/ИдСв/СвЮЛ/@КПП"),
    ],
    None,
);

pub(super) static ACT552: Table = (
    &[
        (Key::DocumentNumber, "СвДокПРУ/ИдентДок/@НомДокПРУ"),
        (Key::DocumentDate, "СвДокПРУ/ИдентДок/@ДатаДокПРУ"),
        (Key::RevisionNumber, "СвДокПРУ/ИспрДокПРУ/@НомИспрДокПРУ"),
        (Key::RevisionDate, "СвДокПРУ/ИспрДокПРУ/@ДатаИспрДокПРУ"),
        (Key::Currency, "СвДокПРУ/ДенИзм/@КодОКВ"),
        (Key::TotalSum, "sum(СвДокПРУ/СодФХЖ1/ОписРабот/@СтУчНДСИт)"),
        (Key::TotalVat, "sum(СвДокПРУ/СодФХЖ1/ОписРабот/@СумНДСИт)"),
        (Key::SellerInn, "СвДокПРУ/СодФХЖ1/Исполнитель/ИдСв/СвОрг/СвЮЛ/@ИННЮЛ"),
        (Key::SellerKpp, "СвДокПРУ/СодФХЖ1/Исполнитель/ИдСв/СвОрг/СвЮЛ/@КПП"),
        (Key::BuyerInn, "СвДокПРУ/СодФХЖ1/Заказчик/ИдСв/СвОрг/СвЮЛ/@ИННЮЛ"),
        (Key::BuyerKpp, "СвДокПРУ/СодФХЖ1/Заказчик/ИдСв/СвОрг/СвЮЛ/@КПП"),
    ],
    grounds("СвДокПРУ/СодФХЖ1/Основание"),
);

/// The first title names no customer.
pub(super) static ACT172: Table = (
    &[
        (Key::DocumentNumber, "СвАктИ/@НомАкт"),
        (Key::DocumentDate, "СвАктИ/@ДатаАкт"),
        (Key::Currency, "=643"),
        (Key::TotalSum, "sum(СвАктИ/ОписРабот/@СумУчНДСИт)"),
        (Key::TotalVat, "sum(СвАктИ/ОписРабот/@СумНДСИт)"),
        (Key::SellerInn, "СвАктИ/Исполнитель/ИдСв/СвЮЛ/@ИННЮЛ | СвАктИ/Исполнитель/ИдСв/СвФЛ/@ИННФЛ"),
        (Key::SellerKpp, "СвАктИ/Исполнитель/ИдСв/СвЮЛ/@КПП"),
    ],
    None,
);

pub(super) static TORG2: Table = (
    &[
        (Key::Variant, "ИнфДопСв"),
        (Key::DocumentNumber, "ИдентДокПР/@НомДокПР"),
        (Key::DocumentDate, "ИдентДокПР/@ДатаДокПР"),
        (Key::SellerInn, "СодФХЖ1/Продавец/ИдСв/СвОрг/СвОргУч/@ИННЮЛ"),
        (Key::BuyerInn, "СодФХЖ1/Покупатель/ИдСв/СвОрг/СвОргУч/@ИННЮЛ"),
    ],
    None,
);

/// An act of reconciliation has no date of its own: the file's is taken.
pub(super) static RECONCILIATION405: Table = (
    &[
        (Key::DocumentNumber, "@НомерАкт"),
        (Key::DocumentDate, "@ДатаИнфОтпр"),
        (Key::Currency, "СвДокКрАкт/@КодОКВ"),
        (
            Key::SellerInn,
            "СвДокКрАкт/СвОтпр/ИдСв/СвЮЛУч/@ИННЮЛ | СвДокКрАкт/СвОтпр/ИдСв/СвИП/@ИННФЛ | СвДокКрАкт/СвОтпр/ИдСв/СвФЛ/@ИННФЛ",
        ),
        (Key::SellerKpp, "СвДокКрАкт/СвОтпр/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerInn,
            "СвДокКрАкт/СвПол/ИдСв/СвЮЛУч/@ИННЮЛ | СвДокКрАкт/СвПол/ИдСв/СвИП/@ИННФЛ | СвДокКрАкт/СвПол/ИдСв/СвФЛ/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СвДокКрАкт/СвПол/ИдСв/СвЮЛУч/@КПП"),
    ],
    None,
);

pub(super) static WORKS691: Table = (
    &[
        (Key::DocumentNumber, "СвАктСдПр/@НомерДок"),
        (Key::DocumentDate, "СвАктСдПр/@ДатаДок"),
        (Key::Currency, "СвАктСдПр/ДенИзм/@КодОКВ | СвАктСдПр/@КодОКВДог"),
        (Key::TotalSum, "ВсегоАктОтч/@СтТовУчНалВсего"),
        (Key::TotalVat, "ВсегоАктОтч/СумНалВсего/СумНал | ВсегоАктОтч/СумНалВсего"),
        (Key::SellerInn, "СвАктСдПр/СвПодр/СвСторДог/ИдСв/СвЮЛУч/@ИННЮЛ"),
        (Key::SellerKpp, "СвАктСдПр/СвПодр/СвСторДог/ИдСв/СвЮЛУч/@КПП"),
        (Key::BuyerInn, "СвАктСдПр/СвЗак/СвСторДог/ИдСв/СвЮЛУч/@ИННЮЛ"),
        (Key::BuyerKpp, "СвАктСдПр/СвЗак/СвСторДог/ИдСв/СвЮЛУч/@КПП"),
    ],
    None,
);

pub(super) static PROFORMA29: Table = (
    &[
        (Key::Variant, "@Функция"),
        (Key::DocumentNumber, "СодСч/@НомерДок"),
        (Key::DocumentDate, "СодСч/@ДатаДок"),
        (Key::Currency, "СодСч/ДенИзм/КодОКВ"),
        (Key::TotalSum, "СодСч/ВсегоОпл/@СтТовУчНалВсего"),
        (Key::TotalWithoutVat, "СодСч/ВсегоОпл/@СтТовБезНДСВсего"),
        (Key::TotalVat, "СодСч/ВсегоОпл/СумНалВсего/СумНал"),
        (
            Key::SellerInn,
            "СодСч/СвПрод/ИдСв/СвЮЛУч/@ИННЮЛ | СодСч/СвПрод/ИдСв/СвИП/@ИННФЛ | СодСч/СвПрод/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::SellerKpp, "СодСч/СвПрод/ИдСв/СвЮЛУч/@КПП"),
        (
            Key::BuyerInn,
            "СодСч/СвПокуп/ИдСв/СвЮЛУч/@ИННЮЛ | СодСч/СвПокуп/ИдСв/СвИП/@ИННФЛ | СодСч/СвПокуп/ИдСв/СвФЛУч/@ИННФЛ",
        ),
        (Key::BuyerKpp, "СодСч/СвПокуп/ИдСв/СвЮЛУч/@КПП"),
    ],
    None,
);
