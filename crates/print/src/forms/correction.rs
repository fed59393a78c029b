//! Corrective documents: each line of goods as four, before, after, more, less.

use super::reader::Reader;
use super::words::{self, documents, join, named, parties, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 14] = [
    number(16.0),
    text(136.0),
    text(72.0),
    text(34.0),
    text(24.0),
    text(40.0),
    number(48.0),
    number(54.0),
    number(62.0),
    number(44.0),
    text(44.0),
    number(58.0),
    number(64.0),
    text(50.0),
];

const HEAD: &[&[Head]] = &[
    &[
        Head::high("№ п/п", 2),
        Head::high(
            "Наименование товара (описание выполненных работ, оказанных услуг), имущественного права",
            2,
        ),
        Head::high("Показатели в связи с изменением стоимости", 2),
        Head::high("Код вида товара", 2),
        Head::wide("Единица измерения", 2),
        Head::high("Количество (объем)", 2),
        Head::high("Цена (тариф) за единицу измерения", 2),
        Head::high("Стоимость без налога - всего", 2),
        Head::high("В том числе сумма акциза", 2),
        Head::high("Налоговая ставка", 2),
        Head::high("Сумма налога", 2),
        Head::high("Стоимость с налогом - всего", 2),
        Head::high("Счета: дебет, кредит", 2),
    ],
    &[Head::new("код"), Head::new("условное обозначение")],
    &[
        Head::new("А"),
        Head::new("1"),
        Head::new("1а"),
        Head::new("1б"),
        Head::new("2"),
        Head::new("2а"),
        Head::new("3"),
        Head::new("4"),
        Head::new("5"),
        Head::new("6"),
        Head::new("7"),
        Head::new("8"),
        Head::new("9"),
        Head::new("10"),
    ],
];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let invoice = body.at("СвКСчФ").unwrap_or_else(|| body.clone());
    head(flow, papers, &body, &invoice);
    let sellers = parties(&invoice.all("СвПрод"));
    let buyers = parties(&invoice.all("СвПокуп"));
    let name = invoice.get("ДенИзм/@НаимОКВ|ДопСвФХЖ1/@НаимОКВ|@НаимОКВ");
    let currency = words::currency(name, invoice.get("ДенИзм/@КодОКВ|@КодОКВ"));
    let rate = named("курс", invoice.get("ДенИзм/@КурсВал|ДопСвФХЖ1/@КурсВал"));
    let left = vec![
        Block::field("Продавец", join([&sellers.name, &sellers.more], ", "), "(2)"),
        Block::field("Адрес", sellers.address, "(2а)"),
        Block::field("ИНН/КПП продавца", sellers.inn, "(2б)"),
        Block::field("Валюта: наименование, код", join([currency, rate], ", "), "(4)"),
    ];
    let right = vec![
        Block::field("Покупатель", join([&buyers.name, &buyers.more], ", "), "(3)"),
        Block::field("Адрес", buyers.address, "(3а)"),
        Block::field("ИНН/КПП покупателя", buyers.inn, "(3б)"),
        Block::field(
            "Идентификатор государственного контракта (при наличии)",
            invoice.get("ДопСвФХЖ1/@ИдГосКон"),
            "(5)",
        ),
    ];
    columns(flow, &[left, right]);
    flow.gap(4.0);
    goods(flow, &body);
    flow.gap(4.0);
    grounds(flow, papers, &body);
}

fn head(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>, invoice: &Reader<'_>) {
    let function = body.get("@Функция");
    let (status, kind) = match function {
        "КСЧФДИС" => ("1", "Универсальный корректировочный документ"),
        "ДИС" => ("2", "Универсальный корректировочный документ"),
        _ => ("", "Корректировочный счет-фактура"),
    };
    let numbered = |what: &str, number: &str, date: &str, line: &str| {
        let number = if number.is_empty() { "-" } else { number };
        format!("{what} № {number} от {} {line}", if date.is_empty() { "-" } else { date })
    };
    let mut left = vec![Block::text(Style::bold(11.0), kind)];
    if !status.is_empty() {
        let told = format!(
            "Статус: {status}   (1 - КСФ и документ об изменении стоимости, 2 - документ об изменении стоимости)"
        );
        left.push(Block::text(Style::plain(7.0), told));
    }
    let called = body.get("@НаимДокОпр");
    let by_fact = body.get("@ПоФактХЖ");
    left.extend(
        [called, by_fact]
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| Block::text(Style::plain(6.5), *text)),
    );
    let mut middle = vec![
        Block::text(
            Style::bold(9.5),
            numbered(
                "Документ",
                invoice.get("@НомерКСчФ|@НомерДок"),
                invoice.get("@ДатаКСчФ|@ДатаДок"),
                "(1)",
            ),
        ),
        Block::text(
            Style::plain(8.0),
            numbered(
                "Исправление",
                invoice.get("ИспрКСчФ/@НомИспрКСчФ|ИспрДок/@НомИспр"),
                invoice.get("ИспрКСчФ/@ДатаИспрКСчФ|ИспрДок/@ДатаИспр"),
                "(1а)",
            ),
        ),
    ];
    for corrected in invoice.all("СчФ") {
        let line = numbered(
            "к документу",
            corrected.get("@НомерСчФ|@НомерДок"),
            corrected.get("@ДатаСчФ|@ДатаДок"),
            "(1б)",
        );
        middle.push(Block::text(Style::plain(8.0), line));
        for revision in corrected.all("ИспрСчФ|ИспрДок") {
            let line = numbered(
                "с учетом исправления",
                revision.get("@НомИспрСчФ|@НомИспр"),
                revision.get("@ДатаИспрСчФ|@ДатаИспр"),
                "",
            );
            middle.push(Block::text(Style::plain(8.0), line));
        }
    }
    let right = vec![
        Block::text(
            Style::plain(6.0),
            "Состав строк и граф - по форме приложения № 2 к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137",
        ),
        Block::text(Style::plain(6.0), format!("Форма по файлу: {}", papers.first.get("@ИдФайл"))),
        Block::text(
            Style::plain(6.0),
            join(
                [
                    named("КНД", body.get("@КНД")),
                    named("функция", function),
                    named("формат", papers.first.get("@ВерсФорм")),
                ],
                ", ",
            ),
        ),
    ];
    columns(flow, &[left, middle, right]);
    flow.gap(4.0);
}

fn goods(flow: &mut Flow, body: &Reader<'_>) {
    let Some(found) = body.at("ТаблКСчФ") else { return };
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.0);
    for item in found.all("СведТов") {
        for row in rows(&item) {
            table.row(flow, &row);
        }
    }
    let totals =
        [("ВсегоУвел", "Всего увеличение (сумма строк В)"), ("ВсегоУм", "Всего уменьшение (сумма строк Г)")];
    for (name, title) in totals {
        let Some(total) = found.at(name) else { continue };
        table.row(
            flow,
            &[
                Cell::bold(title, 8),
                Cell::bold(total.get("@СтТовБезНДСВсего"), 1),
                Cell::bold("Х", 2),
                Cell::bold(total.get("СумНал/СумНДС|СумНал/БезНДС|СумНал/СумНал"), 1),
                Cell::bold(total.get("@СтТовУчНалВсего"), 1),
                Cell::new(""),
            ],
        );
    }
}

/// The four lines of one kind of goods.
fn rows(item: &Reader<'_>) -> [[Cell; 14]; 4] {
    let before =
        words::unit(item, "@ОКЕИ_ТовДо|@ОКЕИ_Тов", "@НаимЕдИзмДо|ДопСведТов/@НаимЕдИзмДо|@НаимЕдИзм");
    let after = words::unit(
        item,
        "@ОКЕИ_ТовПосле|@ОКЕИ_Тов",
        "@НаимЕдИзмПосле|ДопСведТов/@НаимЕдИзмПосле|@НаимЕдИзм",
    );
    let more = item.at("ДопСведТов");
    let name = super::transfer::name(item, more.as_ref().unwrap_or(item));
    let number = join([item.get("@НомСтр"), &named("исх.", item.get("@НомТовВСтСчФ|@ПорНомТовВСчФ"))], " ");
    let accounts = join([item.get("ДопСведТов/@КорСчДебет"), item.get("ДопСведТов/@КорСчКредит")], ", ");
    let told = |path: &str| item.get(path).to_owned();
    let empty = String::new;
    let line = |texts| super::cells(texts);
    [
        line([
            number,
            name,
            "А (до изменения)".to_owned(),
            told("ДопСведТов/@КодВидТов"),
            before.0,
            before.1,
            told("@КолТовДо"),
            told("@ЦенаТовДо"),
            told("СтТовБезНДС/@СтоимДоИзм"),
            told("АкцизДо/СумАкциз|АкцизДо/БезАкциз"),
            told("@НалСтДо|@НалСт"),
            told("СумНалДо/СумНДС|СумНалДо/БезНДС|СумНалДо/СумНал"),
            told("СтТовУчНал/@СтоимДоИзм"),
            accounts,
        ]),
        line([
            empty(),
            empty(),
            "Б (после изменения)".to_owned(),
            empty(),
            after.0,
            after.1,
            told("@КолТовПосле"),
            told("@ЦенаТовПосле"),
            told("СтТовБезНДС/@СтоимПослеИзм"),
            told("АкцизПосле/СумАкциз|АкцизПосле/БезАкциз"),
            told("@НалСтПосле|@НалСт"),
            told("СумНалПосле/СумНДС|СумНалПосле/БезНДС|СумНалПосле/СумНал"),
            told("СтТовУчНал/@СтоимПослеИзм"),
            empty(),
        ]),
        change(item, "В (увеличение)", "@СтоимУвел", "СумУвел"),
        change(item, "Г (уменьшение)", "@СтоимУм", "СумУм"),
    ]
}

/// By how much goods have become dearer or cheaper.
fn change(item: &Reader<'_>, title: &str, cost: &str, sum: &str) -> [Cell; 14] {
    let cost_of = |name: &str| item.get(&format!("{name}/{cost}")).to_owned();
    let sum_of = |name: &str| item.get(&format!("{name}/{sum}")).to_owned();
    let mut texts = std::array::from_fn(|_| String::new());
    texts[2] = title.to_owned();
    texts[8] = cost_of("СтТовБезНДС");
    texts[9] = sum_of("АкцизРазн");
    texts[11] = sum_of("СумНалРазн");
    texts[12] = cost_of("СтТовУчНал");
    super::cells(texts)
}

fn grounds(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let event = body.at("СодФХЖ3");
    let event = event.as_ref().unwrap_or(body);
    let papers_of_transfer =
        join([event.get("@ПередатДокум").to_owned(), documents(event, "ПередатДокум|РеквПередатДок")], "; ");
    let mut left = super::fields([
        ("Передаточные (отгрузочные) документы", papers_of_transfer),
        ("Основание корректировки", documents(event, "ОснКор|ДокумОснКор")),
        ("Содержание операции", event.get("@СодОпер").to_owned()),
        ("Иные сведения об изменении стоимости", event.get("@ИныеСвИзмСтоим").to_owned()),
        ("Дата направления на согласование (уведомления)", event.get("@ДатаНапр").to_owned()),
        ("Ответственный, подписант", join(signers(body), "; ")),
        (
            "Наименование экономического субъекта - составителя",
            join([body.get("@НаимЭконСубСост|@НаимЭконСубОформ"), body.get("@ОснДоверОргСост")], ", "),
        ),
    ]);
    left.insert(0, Block::text(Style::bold(8.0), "Сторона, составившая документ"));
    let right = papers.answer().map(|answer| {
        let event = answer.at("СодФХЖ4").unwrap_or_else(|| answer.clone());
        let agreed = event.at("СвСоглас").unwrap_or_else(|| event.clone());
        let mut right = super::fields([
            ("Содержание операции", agreed.get("@СодОпер").to_owned()),
            ("Дата согласования (уведомления)", agreed.get("@ДатаСоглас|@ДатаСогл").to_owned()),
            ("Ответственный, подписант", join(signers(&answer), "; ")),
            (
                "Наименование экономического субъекта - составителя",
                join(
                    [answer.get("@НаимЭконСубСост|@НаимЭконСубОформ"), answer.get("@ОснДоверОргСост")],
                    ", ",
                ),
            ),
        ]);
        right.insert(0, Block::text(Style::bold(8.0), "Сторона, согласившаяся с изменением"));
        right
    });
    columns(flow, &[left, right.unwrap_or_default()]);
}
