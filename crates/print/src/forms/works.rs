//! Acts of construction works, KS-2 of order 691.

use super::reader::Reader;
use super::words::{self, currency, document, documents, join, named, party, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 9] = [
    number(24.0),
    text(44.0),
    text(250.0),
    text(56.0),
    number(56.0),
    number(64.0),
    number(76.0),
    text(44.0),
    number(76.0),
];

const HEAD: &[&[Head]] = &[
    &[
        Head::wide("Номер", 2),
        Head::high("Наименование работ и затрат", 2),
        Head::high("Единица измерения", 2),
        Head::wide("Выполнено работ", 3),
        Head::high("Ставка НДС", 2),
        Head::high("Стоимость с НДС", 2),
    ],
    &[
        Head::new("по порядку"),
        Head::new("позиции по смете"),
        Head::new("количество"),
        Head::new("цена за единицу"),
        Head::new("стоимость без НДС"),
    ],
];

/// Rows that a heading among them stays with: itself, and one of two lines.
const WITH_NEXT: usize = 3;

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let head = body.at("СвАктСдПр").unwrap_or_else(|| body.clone());
    let number = named("№", head.get("@НомерДок|@НомДок"));
    let date = named("от", head.get("@ДатаДок"));
    Block::text(Style::bold(13.0), join(["Акт о приемке выполненных работ (КС-2)", &number, &date], " "))
        .flow(flow);
    let revised = head.at("ИспрАктСдПр").map(|found| {
        join([named("Исправление №", found.get("@НомИспр")), named("от", found.get("@ДатаИспр"))], " ")
    });
    let small = [
        revised.unwrap_or_default(),
        format!("Форма по файлу: {}", papers.first.get("@ИдФайл")),
        join([named("КНД", body.get("@КНД")), named("формат", papers.first.get("@ВерсФорм"))], ", "),
    ];
    for text in small.into_iter().filter(|text| !text.is_empty()) {
        Block::text(Style::plain(6.5), text).flow(flow);
    }
    flow.gap(5.0);
    facts(&body, &head).iter().for_each(|block| block.flow(flow));
    flow.gap(4.0);
    works(flow, &body);
    flow.gap(4.0);
    hand_over(flow, papers, &body);
}

fn facts(body: &Reader<'_>, head: &Reader<'_>) -> Vec<Block> {
    let side = |path: &str| head.at(path).map(|found| party(&found).line()).unwrap_or_default();
    let event = body.at("СвПродПер/СвПер").unwrap_or_else(|| body.clone());
    let name = head.get("ДенИзм/@НаимОКВ");
    let code = currency(name, head.get("ДенИзм/@КодОКВ|@КодОКВДог"));
    let place = head.at("МестВыпРаб").map(|place| words::address(&place));
    let estimate = [documents(head, "ИдСмет/ТипИдДок"), head.get("ИзмСметНет").to_owned()];
    super::fields([
        ("Заказчик", side("СвЗак/СвСторДог")),
        ("Подрядчик", side("СвПодр/СвСторДог")),
        ("Объект", head.get("@НаимОб").to_owned()),
        ("Место выполнения работ", place.unwrap_or_default()),
        ("Договор подряда", documents(head, "ИдДог/ТипИдДок")),
        ("Смета", join(estimate, ", ")),
        ("Основание сдачи", documents(head, "ОснСдачи/ТипИдДок")),
        ("Валюта: наименование, код", join([code, named("курс", head.get("ДенИзм/@КурсВал"))], ", ")),
        (
            "Отчетный период",
            join([named("с", event.get("@НачПерВДок")), named("по", event.get("@ОконПерВДок"))], " "),
        ),
    ])
}

fn works(flow: &mut Flow, body: &Reader<'_>) {
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.5);
    for source in body.all("НаимИСт") {
        source.all("ВидРаб").iter().for_each(|work| line(flow, &table, work));
        for part in source.all("Раздел") {
            let name = join([part.get("@ПозРаздСмет|@НомРазд"), part.get("@НаимРаздел")], ". ");
            table.keep(flow, WITH_NEXT);
            table.row(flow, &[Cell::bold(named("Раздел", &name), 9)]);
            part.all("СвВидРаб").iter().for_each(|work| line(flow, &table, work));
            let (without, with) = (part.get("@СтБезНДСРаздОтч"), part.get("@СтСНДСРаздОтч"));
            sum(flow, &table, "Итого по разделу", without, part.get("СумНалРаздОтч|ПрочеркНалОтч"), with);
        }
        let more = source.all("РасшифРес");
        if !more.is_empty() {
            table.keep(flow, WITH_NEXT);
            table.row(flow, &[Cell::bold("Расшифровка ресурсов", 9)]);
            more.iter().for_each(|work| line(flow, &table, work));
        }
    }
    for (name, path) in [("Всего по акту", "ВсегоАктОтч"), ("Всего с начала работ", "ВсегоАктСНач")]
    {
        if let Some(total) = body.at(path) {
            let (without, with) = (total.get("@СтТовБезНДСВсего"), total.get("@СтТовУчНалВсего"));
            sum(flow, &table, name, without, total.get("СумНалВсего|ОтсСумНДС"), with);
        }
    }
}

fn line(flow: &mut Flow, table: &Table<'_>, work: &Reader<'_>) {
    let (code, unit) = words::unit(work, "@ОКЕИ_Стройка", "@НаимЕдИзм|@НаимОЕИ");
    let told = |path: &str| work.get(path).to_owned();
    let row = super::cells([
        told("@НомСтр"),
        told("@ПозСмет|@НомПоз"),
        told("@НаимТов"),
        join([unit, code], ", "),
        told("КолТов|КолТовТекст"),
        told("@ЦенаТов"),
        told("@СтТовБезНДС"),
        told("НалСтПостр|НалСтВИтог"),
        told("@СтТовУчНал"),
    ]);
    table.row(flow, &row);
}

fn sum(flow: &mut Flow, table: &Table<'_>, name: &str, without: &str, tax: &str, with: &str) {
    let name = join([name, &named("НДС:", tax)], ", ");
    let cells = [Cell::bold(name, 6), Cell::bold(without, 1), Cell::bold("Х", 1), Cell::bold(with, 1)];
    table.row(flow, &cells);
}

fn hand_over(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let event = body.at("СвПродПер/СвПер").unwrap_or_else(|| body.clone());
    let sign = |found: &Reader<'_>, path: &str| {
        let own = signers(found);
        let inner = found.all(path).iter().flat_map(signers).collect::<Vec<_>>();
        join(own.into_iter().chain(inner), "; ")
    };
    let mut left = super::fields([
        ("Содержание операции", event.get("@СодОпер").to_owned()),
        ("Дата предъявления", event.get("@ДатПредъявЗак").to_owned()),
        ("Подписант", sign(body, "ПодписантПодр")),
        ("Составитель", body.get("@НаимЭкСубСост").to_owned()),
    ]);
    left.insert(0, Block::text(Style::bold(8.0), "Подрядчик: сдал"));
    let right = papers.answer().map(|answer| {
        let taken = answer.at("СодФХЖ4/СвПрием").unwrap_or_else(|| answer.clone());
        let paper = taken.at("ИдДокОтказ/ТипИдДок").map(|found| document(&found)).unwrap_or_default();
        let mut right = super::fields([
            ("Содержание операции", taken.get("@СодОпер").to_owned()),
            ("Дата приемки", taken.get("ДатаПрин|ДатаОтказПрин").to_owned()),
            ("Отказ", join([taken.get("@ИнфОтказПрием").to_owned(), paper], ", ")),
            ("Недостатки", taken.get("@ИнфОНедостатк").to_owned()),
            ("Подписант", sign(&answer, "ПодписантЗак")),
            ("Составитель", answer.get("@НаимЭконСубСост").to_owned()),
        ]);
        right.insert(0, Block::text(Style::bold(8.0), "Заказчик: принял"));
        right
    });
    columns(flow, &[left, right.unwrap_or_default()]);
}
