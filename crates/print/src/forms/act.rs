//! Acts of works and services: of orders of their own, and transfer documents that are sent as such.

use super::reader::Reader;
use super::words::{self, attorney, documents, join, named, parties, person, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 9] = [
    number(18.0),
    text(170.0),
    text(44.0),
    number(44.0),
    number(54.0),
    number(60.0),
    text(38.0),
    number(54.0),
    number(62.0),
];

const HEAD: &[&[Head]] = &[&[
    Head::new("№"),
    Head::new("Наименование работ (услуг)"),
    Head::new("Единица измерения"),
    Head::new("Количество"),
    Head::new("Цена"),
    Head::new("Стоимость без НДС"),
    Head::new("Ставка НДС"),
    Head::new("Сумма НДС"),
    Head::new("Стоимость с НДС"),
]];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let head = body.at("СвДокПРУ|СвСчФакт|СвАктИ").unwrap_or_else(|| body.clone());
    let facts = head.at("СодФХЖ1").unwrap_or_else(|| head.clone());
    title(flow, papers, &body, &head);
    let name = head.get("ДенИзм/@НаимОКВ|ДопСвФХЖ1/@НаимОКВ");
    let currency = words::currency(name, head.get("ДенИзм/@КодОКВ|@КодОКВ"));
    let rate = named("курс", head.get("ДенИзм/@КурсВал|ДопСвФХЖ1/@КурсВал"));
    let grounds = [documents(&facts, "Основание"), documents(&body, "СвПродПер/СвПер/ОснПер")];
    let told = super::fields([
        ("Исполнитель", parties(&facts.all("Исполнитель|СвПрод")).line()),
        ("Заказчик", parties(&facts.all("Заказчик|СвПокуп")).line()),
        ("Основание", join(grounds, "; ")),
        ("Валюта: наименование, код", join([currency, rate], ", ")),
        ("Идентификатор государственного контракта", facts.get("ИдГосКон|ДопСвФХЖ1/@ИдГосКон").to_owned()),
        ("Вид операции", facts.get("ВидОперации").to_owned()),
    ]);
    told.iter().for_each(|block| block.flow(flow));
    let opening = facts.get("ЗагСодОпер|Заголовок");
    if !opening.is_empty() {
        flow.gap(3.0);
        Block::text(Style::plain(8.0), opening).flow(flow);
    }
    flow.gap(4.0);
    match facts.all("ОписРабот") {
        works if works.is_empty() => goods(flow, &body),
        works => works.iter().for_each(|found| table(flow, found, "Работа", WORKS)),
    }
    flow.gap(4.0);
    hand_over(flow, papers, &body);
}

fn title(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>, head: &Reader<'_>) {
    let called = body.get("@НаимДокОпр");
    let called = if called.is_empty() {
        head.get("НаимДок/@НаимДокОпр|@НаимПервДок")
    } else {
        called
    };
    let number = named("№", head.get("ИдентДок/@НомДокПРУ|@НомерДок|@НомерСчФ|@НомАкт"));
    let date = named("от", head.get("ИдентДок/@ДатаДокПРУ|@ДатаДок|@ДатаСчФ|@ДатаАкт"));
    let called = if called.is_empty() { "Акт" } else { called };
    Block::text(Style::bold(13.0), join([called, &number, &date], " ")).flow(flow);
    let revision =
        named("Исправление №", head.get("ИспрДокПРУ/@НомИспрДокПРУ|ИспрДок/@НомИспр|ИспрСчФ/@НомИспрСчФ"));
    let revised = named("от", head.get("ИспрДокПРУ/@ДатаИспрДокПРУ|ИспрДок/@ДатаИспр|ИспрСчФ/@ДатаИспрСчФ"));
    let small = [
        join([revision, revised], " "),
        join([head.get("НаимДок/@ПоФактХЖ"), body.get("@ПоФактХЖ")], ", "),
        format!("Форма по файлу: {}", papers.first.get("@ИдФайл")),
        join(
            [
                named("КНД", body.get("@КНД")),
                named("функция", body.get("@Функция")),
                named("формат", papers.first.get("@ВерсФорм")),
            ],
            ", ",
        ),
    ];
    for text in small.into_iter().filter(|text| !text.is_empty()) {
        Block::text(Style::plain(6.5), text).flow(flow);
    }
    flow.gap(5.0);
}

/// Where a format keeps the sums: those of all lines, without VAT, VAT, with VAT.
type Sums = [&'static str; 3];
const WORKS: Sums = ["@СтБезНДСИт|@СумБезНДСИт", "@СумНДСИт", "@СтУчНДСИт|@СумУчНДСИт"];

fn goods(flow: &mut Flow, body: &Reader<'_>) {
    let Some(found) = body.at("ТаблСчФакт") else { return };
    let sums = [
        "ВсегоОпл/@СтТовБезНДСВсего",
        "ВсегоОпл/СумНалВсего/СумНал|ВсегоОпл/СумНалВсего/БезНДС",
        "ВсегоОпл/@СтТовУчНалВсего",
    ];
    table(flow, &found, "СведТов", sums);
}

fn table(flow: &mut Flow, found: &Reader<'_>, item: &str, sums: Sums) {
    let period = join([named("с", found.get("@НачРабот")), named("по", found.get("@КонРабот"))], " ");
    if !period.is_empty() {
        Block::text(Style::plain(8.0), format!("Период: {period}")).flow(flow);
        flow.gap(2.0);
    }
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.5);
    for item in found.all(item) {
        let more = item.at("ДопСведТов");
        let (code, unit) = words::unit(&item, "@ОКЕИ|@ОКЕИ_Тов", "@НаимЕдИзм|ДопСведТов/@НаимЕдИзм");
        let name = super::transfer::name(&item, more.as_ref().unwrap_or(&item));
        let told = |path: &str| item.get(path).to_owned();
        let row = super::cells([
            told("@Номер|@НомСтр"),
            join([name.as_str(), item.get("Описание")], ". "),
            join([unit, code], ", "),
            told("@Количество|@КолТов"),
            told("@Цена|@ЦенаТов"),
            told("@СтоимБезНДС|@СтТовБезНДС|@СумБезНДС"),
            told("@НалСт"),
            told("@СумНДС|СумНал/СумНал|СумНал/БезНДС"),
            told("@СтоимУчНДС|@СтТовУчНал|@СумУчНДС"),
        ]);
        table.row(flow, &row);
    }
    let total = |path: &str| Cell::bold(found.get(path), 1);
    let [without, vat, with] = sums;
    table.row(flow, &[Cell::bold("Итого", 5), total(without), Cell::bold("Х", 1), total(vat), total(with)]);
    flow.gap(4.0);
}

fn hand_over(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let mut left = match body.at("СвПродПер/СвПер") {
        Some(handed) => super::transfer::handed_over(body, &handed),
        None => {
            let event = body.at("СодФХЖ2|СвАктИ/Сдал").unwrap_or_else(|| body.clone());
            let thing = [
                event.get("СвПерВещи/@СвПерВещ").to_owned(),
                named("дата", event.get("СвПерВещи/@ДатаПерВещ")),
            ];
            super::fields([
                ("Содержание операции", event.get("@СодОпер").to_owned()),
                ("Дата передачи", event.get("@ДатаПер|@ДатаИсполн").to_owned()),
                ("Сдал", official(&event, "ПодписьИсполн")),
                ("По доверенности", power(&event, "ДоверенИсполн")),
                ("Сведения о передаче вещи", join(thing, ", ")),
                ("Подписант", join(signers(body), "; ")),
                ("Составитель", join([body.get("@НаимЭконСубСост"), body.get("@ОснДоверОргСост")], ", ")),
            ])
        }
    };
    left.insert(0, Block::text(Style::bold(8.0), "Исполнитель: сдал"));
    let right = papers.answer().map(|answer| {
        let mut right = if answer.at("СодФХЖ4/СвПрин").is_some() {
            super::transfer::taken(&answer)
        } else {
            let event = answer.at("СодФХЖ3|СвАктИ").unwrap_or_else(|| answer.clone());
            let taken = event.at("РезПринял|Принял").unwrap_or_else(|| event.clone());
            let thing =
                [event.get("СвПолВещи/@СвПол").to_owned(), named("дата", event.get("СвПолВещи/@ДатаПол"))];
            super::fields([
                ("Содержание операции", taken.get("@СодОпер").to_owned()),
                ("Дата приемки", taken.get("@ДатаПрием|@ДатаПрин|@ДатаЗаказ").to_owned()),
                ("Претензии", taken.get("@Претенз").to_owned()),
                ("Принял", official(&taken, "ПодписьЗаказ")),
                ("По доверенности", power(&taken, "ДоверенЗаказ")),
                ("Сведения о получении вещи", join(thing, ", ")),
                ("Подписант", join(signers(&answer), "; ")),
                ("Составитель", join([answer.get("@НаимЭконСубСост"), answer.get("@ОснДоверОргСост")], ", ")),
            ])
        };
        right.insert(0, Block::text(Style::bold(8.0), "Заказчик: принял"));
        right
    });
    columns(flow, &[left, right.unwrap_or_default()]);
}

/// The official at a place of an act of order 172.
fn official(event: &Reader<'_>, path: &str) -> String {
    event.at(path).map(|who| person(&who)).unwrap_or_default()
}

/// The power of attorney at a place of such an act.
fn power(event: &Reader<'_>, path: &str) -> String {
    event.at(path).map(|found| attorney(&found)).unwrap_or_default()
}
