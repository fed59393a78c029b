//! Transfer documents and invoices, in the layout of the decree on invoices with the lines of the transfer around it.

use super::reader::Reader;
use super::words::{self, Party, document, documents, join, named, parties, person, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 20] = [
    text(34.0),
    number(15.0),
    text(100.0),
    text(25.0),
    text(20.0),
    text(38.0),
    number(36.0),
    number(42.0),
    number(50.0),
    text(33.0),
    text(30.0),
    number(46.0),
    number(50.0),
    text(28.0),
    text(42.0),
    text(56.0),
    text(20.0),
    text(38.0),
    number(53.0),
    number(53.0),
];

const HEAD: &[&[Head]] = &[
    &[
        Head::high("Код товара/ работ, услуг", 2),
        Head::high("№ п/п", 2),
        Head::high(
            "Наименование товара (описание выполненных работ, оказанных услуг), имущественного права",
            2,
        ),
        Head::high("Код вида товара", 2),
        Head::wide("Единица измерения", 2),
        Head::high("Количество (объем)", 2),
        Head::high("Цена (тариф) за единицу измерения", 2),
        Head::high("Стоимость товаров (работ, услуг), имущественных прав без налога - всего", 2),
        Head::high("В том числе сумма акциза", 2),
        Head::high("Налоговая ставка", 2),
        Head::high("Сумма налога, предъявляемая покупателю", 2),
        Head::high("Стоимость товаров (работ, услуг), имущественных прав с налогом - всего", 2),
        Head::wide("Страна происхождения товара", 2),
        Head::high(
            "Регистрационный номер декларации на товары или партии товара, подлежащего прослеживаемости",
            2,
        ),
        Head::wide("Количественная единица измерения товара для прослеживаемости", 2),
        Head::high("Количество товара, подлежащего прослеживаемости", 2),
        Head::high("Стоимость товара, подлежащего прослеживаемости, без НДС, в рублях", 2),
    ],
    &[
        Head::new("код"),
        Head::new("условное обозначение"),
        Head::new("цифровой код"),
        Head::new("краткое наименование"),
        Head::new("код"),
        Head::new("условное обозначение"),
    ],
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
        Head::new("10а"),
        Head::new("11"),
        Head::new("12"),
        Head::new("12а"),
        Head::new("13"),
        Head::new("14"),
    ],
];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let invoice = body.at("СвСчФакт").unwrap_or_else(|| body.clone());
    head(flow, papers, &body, &invoice);
    parties_block(flow, &invoice);
    flow.gap(4.0);
    goods(flow, &body);
    flow.gap(4.0);
    invoice_signers(flow, &body);
    flow.gap(4.0);
    transfer(flow, papers, &body);
}

/// Which of the two documents it is: an invoice that is a transfer document too, or the latter alone.
fn head(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>, invoice: &Reader<'_>) {
    let function = body.get("@Функция");
    let status = match function {
        "СЧФДОП" => "1",
        "ДОП" => "2",
        _ => "",
    };
    let by_fact = body.get("@ПоФактХЖ");
    let called = body.get("@НаимДокОпр");
    let mut left = vec![Block::text(Style::bold(11.0), kind(function))];
    if !status.is_empty() {
        left.push(Block::text(Style::plain(7.0), format!("Статус: {status}   (1 - счет-фактура и передаточный документ (акт), 2 - передаточный документ (акт))")));
    }
    if !called.is_empty() {
        left.push(Block::text(Style::plain(7.5), called));
    }
    if !by_fact.is_empty() && by_fact != called {
        left.push(Block::text(Style::plain(6.0), by_fact));
    }
    let numbered = |what: &str, number: &str, date: &str, line: &str| {
        let number = if number.is_empty() { "-" } else { number };
        let date = if date.is_empty() { "-" } else { date };
        format!("{what} № {number} от {date} {line}")
    };
    let revision = (
        invoice.get("ИспрДок/@НомИспр|ИспрСчФ/@НомИспрСчФ"),
        invoice.get("ИспрДок/@ДатаИспр|ИспрСчФ/@ДатаИспрСчФ"),
    );
    let what = if function == "ДОП" { "Документ" } else { "Счет-фактура" };
    let middle = vec![
        Block::text(
            Style::bold(9.5),
            numbered(what, invoice.get("@НомерДок|@НомерСчФ"), invoice.get("@ДатаДок|@ДатаСчФ"), "(1)"),
        ),
        Block::text(Style::plain(8.5), numbered("Исправление", revision.0, revision.1, "(1а)")),
    ];
    let right = vec![
        Block::text(
            Style::plain(6.0),
            "Состав строк и граф - по форме приложения № 1 к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137",
        ),
        Block::text(Style::plain(6.0), format!("Форма по файлу: {}", papers.first.get("@ИдФайл"))),
        Block::text(
            Style::plain(6.0),
            join(
                [
                    named("КНД", body.get("@КНД")),
                    named("функция", function),
                    named("формат", papers.first.get("@ВерсФорм")),
                    named("УИД", body.get("@УИД")),
                ],
                ", ",
            ),
        ),
    ];
    columns(flow, &[left, middle, right]);
    flow.gap(4.0);
}

/// The name of the document by its function.
fn kind(function: &str) -> &'static str {
    match function {
        "СЧФДОП" | "ДОП" => "Универсальный передаточный документ",
        "СвРК" => "Документ о реализации комитентом (СвРК)",
        "СвЗК" => "Документ о закупке комиссионером (СвЗК)",
        _ => "Счет-фактура",
    }
}

fn parties_block(flow: &mut Flow, invoice: &Reader<'_>) {
    let sellers = parties(&invoice.all("СвПрод"));
    let buyers = parties(&invoice.all("СвПокуп"));
    let shippers = join(
        invoice.all("ГрузОт").iter().map(|found| match found.at("ГрузОтпр") {
            Some(found) => words::party(&found).line(),
            None => found.get("ОнЖе").to_owned(),
        }),
        "; ",
    );
    let shippers = if shippers.is_empty() { lines(&invoice.all("ГрузОтпр")) } else { shippers };
    let consignees = lines(&invoice.all("ГрузПолуч"));
    let payments = documents(invoice, "СвПРД");
    let shipments =
        join([documents(invoice, "ДокПодтвОтгрНом"), shipment(invoice)].iter().map(String::as_str), "; ");
    let name = invoice.get("ДенИзм/@НаимОКВ|ДопСвФХЖ1/@НаимОКВ|@НаимОКВ");
    let currency = words::currency(name, invoice.get("ДенИзм/@КодОКВ|@КодОКВ"));
    let rate = named("курс", invoice.get("ДенИзм/@КурсВал|ДопСвФХЖ1/@КурсВал"));
    let left = [
        vec![
            Block::field("Продавец", with_more(&sellers), "(2)"),
            Block::field("Адрес", sellers.address, "(2а)"),
            Block::field("ИНН/КПП продавца", sellers.inn, "(2б)"),
            Block::field("Грузоотправитель и его адрес", shippers, "(3)"),
            Block::field("Грузополучатель и его адрес", consignees, "(4)"),
            Block::field("К платежно-расчетному документу", payments, "(5)"),
            Block::field("Документ об отгрузке", shipments, "(5а)"),
        ],
        vec![
            Block::field("Покупатель", with_more(&buyers), "(6)"),
            Block::field("Адрес", buyers.address, "(6а)"),
            Block::field("ИНН/КПП покупателя", buyers.inn, "(6б)"),
            Block::field("Валюта: наименование, код", join([currency, rate], ", "), "(7)"),
            Block::field(
                "Идентификатор государственного контракта, договора (соглашения) (при наличии)",
                invoice.get("ДопСвФХЖ1/@ИдГосКон"),
                "(8)",
            ),
        ],
    ];
    columns(flow, &left);
}

fn with_more(party: &Party) -> String {
    join([&party.name, &party.more], ", ")
}

fn lines(found: &[Reader<'_>]) -> String {
    join(found.iter().map(|found| words::party(found).line()), "; ")
}

/// Older versions name the shipment with attributes of their own.
fn shipment(invoice: &Reader<'_>) -> String {
    join(
        invoice.all("ДокПодтвОтгр").iter().map(|found| {
            join(
                [
                    found.get("@НаимДокОтгр").to_owned(),
                    named("№", found.get("@НомДокОтгр")),
                    named("от", found.get("@ДатаДокОтгр")),
                ],
                " ",
            )
        }),
        "; ",
    )
}

fn goods(flow: &mut Flow, body: &Reader<'_>) {
    let Some(found) = body.at("ТаблСчФакт") else { return };
    let table = Table::begin(flow, &COLUMNS, HEAD, 5.6);
    for item in found.all("СведТов") {
        table.row(flow, &row(&item));
    }
    let Some(total) = found.at("ВсегоОпл") else { return };
    let vat = total.get("СумНалВсего/СумНал|СумНалВсего/БезНДС|СумНалВсего/СумНДС");
    table.row(
        flow,
        &[
            Cell::bold("Всего к оплате (9)", 8),
            Cell::bold(total.get("@СтТовБезНДСВсего"), 1),
            Cell::bold("Х", 2),
            Cell::bold(vat, 1),
            Cell::bold(total.get("@СтТовУчНалВсего"), 1),
            Cell::bold(named("Нетто всего:", total.get("@КолНеттоВс|@НеттоВс")), 7),
        ],
    );
}

/// A line of goods.
fn row(item: &Reader<'_>) -> [Cell; 20] {
    let more = item.at("ДопСведТов");
    let more = more.as_ref().unwrap_or(item);
    let (code, unit) = words::unit(item, "@ОКЕИ_Тов", "@НаимЕдИзм|ДопСведТов/@НаимЕдИзм");
    let countries = item.list("СвДТ", "@КодПроисх");
    let declarations =
        item.list("СвДТ", "@НомерДТ").into_iter().chain(more.list("СведПрослеж", "@НомТовПрослеж"));
    let traced = |value: &str| join(more.list("СведПрослеж", value), "; ");
    super::cells([
        more.get("@КодТов").to_owned(),
        item.get("@НомСтр").to_owned(),
        name(item, more),
        more.get("@КодВидТов").to_owned(),
        code,
        unit,
        item.get("@КолТов").to_owned(),
        item.get("@ЦенаТов").to_owned(),
        item.get("@СтТовБезНДС").to_owned(),
        item.get("Акциз/СумАкциз|Акциз/БезАкциз").to_owned(),
        item.get("@НалСт").to_owned(),
        item.get("СумНал/СумНал|СумНал/БезНДС|СумНал/СумНДС|СумНал/ДефНДС").to_owned(),
        item.get("@СтТовУчНал").to_owned(),
        join(countries, "; "),
        more.get("@КрНаимСтрПр").to_owned(),
        join(declarations, "; "),
        traced("@ЕдИзмПрослеж"),
        traced("@НаимЕдИзмПрослеж"),
        traced("@КолВЕдПрослеж"),
        traced("@СтТовБезНДСПрослеж"),
    ])
}

/// The name of goods with what tells them apart.
pub(super) fn name(item: &Reader<'_>, more: &Reader<'_>) -> String {
    join(
        [
            item.get("@НаимТов|@НаимРабот").to_owned(),
            more.get("@ХарактерТов|@ХарактТов").to_owned(),
            named("сорт", more.get("@СортТов")),
            named("серия", more.get("@СерияТов")),
            named("артикул", more.get("@АртикулТов")),
            named("ГТИН", more.get("@ГТИН")),
        ],
        ", ",
    )
}

fn invoice_signers(flow: &mut Flow, body: &Reader<'_>) {
    let left = signers(body).into_iter().map(|signer| {
        Block::field(
            "Руководитель организации или иное уполномоченное лицо, индивидуальный предприниматель",
            signer,
            "",
        )
    });
    columns(flow, &[left.collect(), Vec::new()]);
}

/// What was handed over, and what the other side says to it.
fn transfer(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let handed = body.at("СвПродПер/СвПер");
    let answer = papers.answer();
    if handed.is_none() && answer.is_none() {
        return;
    }
    if let Some(handed) = &handed {
        let grounds = documents(handed, "ОснПер");
        let none = handed.get("БезДокОснПер");
        let grounds = if grounds.is_empty() && !none.is_empty() {
            "без документа-основания".to_owned()
        } else {
            grounds
        };
        Block::field("Основание передачи (сдачи) / получения (приемки)", grounds, "[8]").flow(flow);
        let cargo = join(
            [
                handed.get("Тран/@СвТран|@СвТран"),
                handed.get("Тран/@Инкотермс"),
                handed.get("Тран/@ВерИнкотермс"),
            ],
            ", ",
        );
        Block::field("Данные о транспортировке и грузе", cargo, "[9]").flow(flow);
        flow.gap(4.0);
    }
    let left = handed.map(|handed| handed_over(body, &handed)).unwrap_or_default();
    let right = answer.map(|answer| taken(&answer)).unwrap_or_default();
    columns(flow, &[left, right]);
}

pub(super) fn handed_over(body: &Reader<'_>, handed: &Reader<'_>) -> Vec<Block> {
    let who =
        handed.at("СвЛицПер/РабОргПрод|СвЛицПер/ИнЛицо/ПредОргПер|СвЛицПер/ИнЛицо/ФЛПер|СвЛицПер/ИнЛицо/ФЛ");
    let period = join(
        [named("с", handed.get("@ДатаНачПер|@ДатаНач")), named("по", handed.get("@ДатаОконПер|@ДатаОкон"))],
        " ",
    );
    let operation = join([handed.get("@СодОпер"), handed.get("@ВидОпер")], ", ");
    let thing = handed.at("СвПерВещи").map(|thing| {
        join(
            [
                thing.get("@СвПерВещ").to_owned(),
                named("дата", thing.get("@ДатаПерВещ")),
                documents(&thing, "ДокПерВещ"),
            ],
            ", ",
        )
    });
    vec![
        Block::field(
            "Товар (груз) передал / услуги, результаты работ, права сдал",
            who.map(|who| person(&who)).unwrap_or_default(),
            "[10]",
        ),
        Block::field(
            "Дата отгрузки, передачи (сдачи)",
            join([handed.get("@ДатаПер"), &period], ", "),
            "[11]",
        ),
        Block::field(
            "Иные сведения об отгрузке, передаче",
            join([operation, thing.unwrap_or_default()], ", "),
            "[12]",
        ),
        Block::field(
            "Ответственный за правильность оформления факта хозяйственной жизни",
            join(signers(body), "; "),
            "[13]",
        ),
        Block::field(
            "Наименование экономического субъекта - составителя документа (в т.ч. комиссионера / агента)",
            maker(body),
            "[14]",
        ),
    ]
}

/// Who made the file, and on what grounds.
fn maker(body: &Reader<'_>) -> String {
    let grounds = body.at("ОснДоверОргСост").map(|grounds| document(&grounds)).unwrap_or_default();
    join([body.get("@НаимЭконСубСост"), body.get("@ОснДоверОргСост"), &grounds], ", ")
}

pub(super) fn taken(answer: &Reader<'_>) -> Vec<Block> {
    let event = answer.at("СодФХЖ4");
    let event = event.as_ref().unwrap_or(answer);
    let taken = event.at("СвПрин");
    let taken = taken.as_ref().unwrap_or(event);
    let who = taken
        .at("СвЛицПрин/РабОргПок|СвЛицПрин/ИнЛицо/ПредОргПрин|СвЛицПрин/ИнЛицо/ФЛПрин|СвЛицПрин/ИнЛицо/ФЛ");
    let outcome = match taken.get("КодСодОпер/@КодИтога") {
        "1" => "принято без расхождений (претензий)",
        "2" => "принято с расхождениями (претензией)",
        "3" => "не принято",
        other => other,
    };
    let discrepancy = join([documents(taken, "КодСодОпер/РеквДокРасх"), discrepancy(taken)], ", ");
    let told = join([taken.get("@СодОпер"), event.get("@ВидОпер"), outcome, &discrepancy], ", ");
    vec![
        Block::field(
            "Товар (груз) получил / услуги, результаты работ, права принял",
            who.map(|who| person(&who)).unwrap_or_default(),
            "[15]",
        ),
        Block::field("Дата получения (приемки)", taken.get("@ДатаПрин"), "[16]"),
        Block::field("Иные сведения о получении, приемке", told, "[17]"),
        Block::field(
            "Ответственный за правильность оформления факта хозяйственной жизни",
            join(signers(answer), "; "),
            "[18]",
        ),
        Block::field("Наименование экономического субъекта - составителя документа", maker(answer), "[19]"),
    ]
}

/// Older versions say in attributes which document tells of discrepancies.
fn discrepancy(taken: &Reader<'_>) -> String {
    let Some(code) = taken.at("КодСодОпер") else { return String::new() };
    join(
        [
            code.get("@НаимДокРасх").to_owned(),
            named("№", code.get("@НомДокРасх")),
            named("от", code.get("@ДатаДокРасх")),
        ],
        " ",
    )
}
