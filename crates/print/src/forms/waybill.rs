//! Waybills: of orders of their own, and transfer documents that are sent as such.

use super::reader::Reader;
use super::words::{self, attorney, documents, join, named, parties, person, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 15] = [
    number(16.0),
    text(164.0),
    text(46.0),
    text(46.0),
    text(26.0),
    text(34.0),
    number(34.0),
    number(34.0),
    number(42.0),
    number(52.0),
    number(54.0),
    number(62.0),
    text(40.0),
    number(58.0),
    number(66.0),
];

const HEAD: &[&[Head]] = &[
    &[
        Head::high("№ п/п", 2),
        Head::wide("Товар", 2),
        Head::wide("Единица измерения", 2),
        Head::high("Вид упаковки", 2),
        Head::wide("Количество", 2),
        Head::high("Масса брутто", 2),
        Head::high("Количество (масса нетто)", 2),
        Head::high("Цена, руб. коп.", 2),
        Head::high("Сумма без учета НДС", 2),
        Head::wide("НДС", 2),
        Head::high("Сумма с учетом НДС", 2),
    ],
    &[
        Head::new("наименование, характеристика, сорт, артикул товара"),
        Head::new("код"),
        Head::new("наименование"),
        Head::new("код по ОКЕИ"),
        Head::new("в одном месте"),
        Head::new("мест, штук"),
        Head::new("ставка"),
        Head::new("сумма"),
    ],
    &[
        Head::new("1"),
        Head::new("2"),
        Head::new("3"),
        Head::new("4"),
        Head::new("5"),
        Head::new("6"),
        Head::new("7"),
        Head::new("8"),
        Head::new("9"),
        Head::new("10"),
        Head::new("11"),
        Head::new("12"),
        Head::new("13"),
        Head::new("14"),
        Head::new("15"),
    ],
];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let head =
        body.at("СвДокПТПрКроме/СвДокПТПр|СвДокПТПрКроме|СвСчФакт|СвТНО").unwrap_or_else(|| body.clone());
    let facts = head.at("СодФХЖ1").unwrap_or_else(|| head.clone());
    title(flow, papers, &body, &head);
    sides(flow, &body, &head, &facts);
    flow.gap(4.0);
    goods(flow, &body);
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
    let by_fact = join([head.get("НаимДок/@ПоФактХЖ"), body.get("@ПоФактХЖ")], ", ");
    let form = join(
        [
            named("Унифицированная форма №", head.get("@НомФорм")),
            named("форма по ОКУД", head.get("@ОКУДПервДок")),
        ],
        ", ",
    );
    let number = head.get("ИдентДок/@НомДокПТ|@НомерДок|@НомерСчФ|ТН/@НомТН");
    let date = head.get("ИдентДок/@ДатаДокПТ|@ДатаДок|@ДатаСчФ|ТН/@ДатаТН");
    let revision =
        named("Исправление №", head.get("ИспрДокПТ/@НомИспрДокПТ|ИспрДок/@НомИспр|ИспрСчФ/@НомИспрСчФ"));
    let revised = named("от", head.get("ИспрДокПТ/@ДатаИспрДокПТ|ИспрДок/@ДатаИспр|ИспрСчФ/@ДатаИспрСчФ"));
    let left = vec![
        Block::text(
            Style::bold(12.0),
            format!("Товарная накладная {}", join([named("№", number), named("от", date)], " ")),
        ),
        Block::text(Style::plain(7.5), join([called, &join([revision, revised], " ")], ". ")),
    ];
    let right = vec![
        Block::text(Style::plain(6.0), join([by_fact, form], "")),
        Block::text(Style::plain(6.0), format!("Форма по файлу: {}", papers.first.get("@ИдФайл"))),
        Block::text(
            Style::plain(6.0),
            join(
                [
                    named("КНД", body.get("@КНД")),
                    named("функция", body.get("@Функция")),
                    named("формат", papers.first.get("@ВерсФорм")),
                ],
                ", ",
            ),
        ),
    ];
    columns(flow, &[left, right]);
    flow.gap(4.0);
}

fn sides(flow: &mut Flow, body: &Reader<'_>, head: &Reader<'_>, facts: &Reader<'_>) {
    let line = |paths: &str| parties(&facts.all(paths)).line();
    let same = facts.get("ГрузОт/ОнЖе");
    let shipper = line("ГрузОтпр|ГрузОт/ГрузОтпр");
    let name = head.get("ДенИзм/@НаимОКВ|ДопСвФХЖ1/@НаимОКВ");
    let currency = words::currency(name, head.get("ДенИзм/@КодОКВ|@КодОКВ"));
    let rate = named("курс", head.get("ДенИзм/@КурсВал|ДопСвФХЖ1/@КурсВал"));
    let grounds = [documents(facts, "Основание"), documents(body, "СвПродПер/СвПер/ОснПер")];
    let left = super::fields([
        ("Грузоотправитель", join([same, &shipper], ", ")),
        ("Структурное подразделение", facts.get("ГрузОт/СтруктПодр").to_owned()),
        ("Вид деятельности по ОКДП", facts.get("ГрузОт/@ОКДП").to_owned()),
        ("Поставщик", line("Продавец|СвПрод|Поставщик")),
        ("Перевозчик", line("Перевозчик")),
        ("Основание", join(grounds, "; ")),
    ]);
    let right = super::fields([
        ("Грузополучатель", line("ГрузПолуч")),
        ("Плательщик", line("Покупатель|СвПокуп|Плательщик")),
        ("Валюта: наименование, код", join([currency, rate], ", ")),
        ("Идентификатор государственного контракта", facts.get("ИдГосКон|ДопСвФХЖ1/@ИдГосКон").to_owned()),
        ("Вид операции", facts.get("ВидОперации").to_owned()),
    ]);
    columns(flow, &[left, right]);
}

fn goods(flow: &mut Flow, body: &Reader<'_>) {
    let Some(found) = body.at("СвДокПТПрКроме/СодФХЖ2|ТаблСчФакт|СвТНО/ТН/Таблица")
    else {
        return;
    };
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.0);
    for item in found.all("СвТов|СведТов") {
        table.row(flow, &row(&item));
    }
    let Some(total) = found.at("Всего|ВсегоОпл|ВсегоНакл") else { return };
    let told = |path: &str| Cell::bold(total.get(path), 1);
    table.row(
        flow,
        &[
            Cell::bold("Всего по накладной", 7),
            told("@КолМестВс"),
            told("@БруттоВс"),
            told("@НеттоВс|@КолНеттоВс"),
            Cell::bold("Х", 1),
            told("@СтБезНДСВс|@СтТовБезНДСВсего|@СумБезНДСВс"),
            Cell::bold("Х", 1),
            told("@СумНДСВс|СумНалВсего/СумНал|СумНалВсего/БезНДС"),
            told("@СтУчНДСВс|@СтТовУчНалВсего|@СумУчНДСВс"),
        ],
    );
}

fn row(item: &Reader<'_>) -> [Cell; 15] {
    let more = item.at("ДопСведТов");
    let more = more.as_ref().unwrap_or(item);
    let (code, unit) = words::unit(item, "@ОКЕИ_Тов", "@НаимЕдИзм|ДопСведТов/@НаимЕдИзм");
    let told = |path: &str| item.get(path).to_owned();
    super::cells([
        told("@НомТов|@НомСтр"),
        super::transfer::name(item, more),
        more.get("@КодТов").to_owned(),
        unit,
        code,
        told("@ВидУпак"),
        told("@Место"),
        told("@КолМест"),
        told("@Брутто"),
        told("@НеттоПередано|@КолТов|@Нетто"),
        told("@Цена|@ЦенаТов"),
        told("@СтБезНДС|@СтТовБезНДС|@СумБезНДС"),
        told("@НалСт|@СтавкаНДС"),
        told("@СумНДС|СумНал/СумНал|СумНал/БезНДС"),
        told("@СтУчНДС|@СтТовУчНал|@СумУчНДС"),
    ])
}

fn hand_over(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let event = body.at("СодФХЖ3|СвПродПер/СвПер|СвТНО").unwrap_or_else(|| body.clone());
    let who = event.at("СвЛицОтпГруз/РабОргПрод|СвЛицОтпГруз/ИнЛицо/ПредОргПер|СвЛицОтпГруз/ИнЛицо/ФЛ|СвЛицПер/РабОргПрод|СвЛицПер/ИнЛицо/ПредОргПер|СвЛицПер/ИнЛицо/ФЛПер|ОтпускГруз/ОтпускПроизв");
    let transport = join(
        event.all("ТранНакл").iter().map(|found| {
            join([named("№", found.get("@НомТранНакл")), named("от", found.get("@ДатаТранНакл"))], " ")
        }),
        "; ",
    );
    let official = |path: &str| event.at(path).map(|who| person(&who)).unwrap_or_default();
    let allowed = official("ОтпускГруз/ОтпускРазреш");
    let signer = if allowed.is_empty() {
        "Отпуск разрешил, подписант"
    } else {
        "Подписант"
    };
    let mut left = super::fields([
        ("Всего по накладной", totals(&event)),
        ("Отпуск разрешил", allowed),
        ("Главный (старший) бухгалтер", official("ОтпускГруз/Бухгалтер")),
        ("Отпуск груза произвел", who.map(|who| person(&who)).unwrap_or_default()),
        ("Дата отпуска", event.get("@ДатаОтпуск|@ДатаПер|ОтпускГруз/@ДатаОтпуск").to_owned()),
        ("Содержание операции", event.get("@СодОпер").to_owned()),
        ("Транспортная накладная", transport),
        ("Сведения о транспортировке", event.get("Тран/@СвТран").to_owned()),
        (
            "Приложение, листов",
            join([event.get("@КолПрил|ОтпускГруз/@КолПрил"), event.get("ОтпускГруз/@КолПрилПр")], ", "),
        ),
        (signer, join(signers(body), "; ")),
        ("Составитель документа", join([body.get("@НаимЭконСубСост"), body.get("@ОснДоверОргСост")], ", ")),
    ]);
    left.insert(0, Block::text(Style::bold(8.0), "Отпустил"));
    let right = papers.answer().map(|answer| taken(&answer)).unwrap_or_default();
    columns(flow, &[left, right]);
}

/// What order 172 says of the whole waybill, in numbers and in words.
fn totals(event: &Reader<'_>) -> String {
    let both = |name: &str, number: &str, words: &str| {
        let told = join([event.get(number), event.get(words)], ", ");
        named(name, &told)
    };
    join(
        [
            both("порядковых номеров записей", "ТН/ТНОбщ/@КолНомЗап", "ТН/ТНОбщ/@КолНомЗапПр"),
            both("мест", "ТН/ТНОбщ/@ВсМест", "ТН/ТНОбщ/@ВсМестПр"),
            both("масса нетто", "ТН/ТНОбщ/@Нетто", "ТН/ТНОбщ/@НеттоПр"),
            both("масса брутто", "ТН/ТНОбщ/@Брутто", "ТН/ТНОбщ/@БруттоПр"),
            both("отпущено на сумму", "ОтпускГруз/@СумОтпуск", "ОтпускГруз/@СумОтпускПр"),
        ],
        "; ",
    )
}

fn taken(answer: &Reader<'_>) -> Vec<Block> {
    // The answers to transfer documents have an event of their own.
    if answer.at("СодФХЖ4/СвПрин").is_some() {
        let mut right = super::transfer::taken(answer);
        right.insert(0, Block::text(Style::bold(8.0), "Получил"));
        return right;
    }
    let event = answer.at("СодФХЖ4|СвТНП").unwrap_or_else(|| answer.clone());
    let got = event.at("ГрузПолучил|ПолучилГруз").unwrap_or_else(|| event.clone());
    let official = |path: &str| got.at(path).map(|who| person(&who)).unwrap_or_default();
    let power = got.at("Доверенность").map(|power| attorney(&power)).unwrap_or_default();
    let mut right = super::fields([
        ("По доверенности", power),
        (
            "Груз принял",
            official(
                "СвЛицПолГруз/РабОргПок|СвЛицПолГруз/ИнЛицо/ПредОргПол|СвЛицПолГруз/ИнЛицо/ФЛ|ГрузПринял",
            ),
        ),
        ("Груз получил грузополучатель", official("ГрузПолучил")),
        ("Дата получения", got.get("@ДатаПолуч").to_owned()),
        ("Содержание операции", got.get("@СодОпер").to_owned()),
        ("Подписант", join(signers(answer), "; ")),
        ("Составитель", join([answer.get("@НаимЭконСубСост"), answer.get("@ОснДоверОргСост")], ", ")),
    ]);
    right.insert(0, Block::text(Style::bold(8.0), "Получил"));
    right
}
