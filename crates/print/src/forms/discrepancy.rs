//! Acts of acceptance and discrepancies (Torg-2).

use super::reader::Reader;
use super::words::{self, document, join, named, parties, person, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 13] = [
    number(18.0),
    text(150.0),
    text(46.0),
    text(40.0),
    number(46.0),
    number(52.0),
    number(60.0),
    number(46.0),
    number(52.0),
    number(60.0),
    number(56.0),
    number(60.0),
    text(110.0),
];

const HEAD: &[&[Head]] = &[
    &[
        Head::high("Строка", 2),
        Head::high("Наименование, характеристика, сорт, артикул", 2),
        Head::high("Код", 2),
        Head::high("Единица измерения", 2),
        Head::wide("По документам поставщика", 3),
        Head::wide("Фактически", 3),
        Head::wide("Расхождения: количество", 2),
        Head::high("Пояснения", 2),
    ],
    &[
        Head::new("количество"),
        Head::new("цена"),
        Head::new("сумма с НДС"),
        Head::new("количество"),
        Head::new("цена"),
        Head::new("сумма с НДС"),
        Head::new("недостача, брак, бой"),
        Head::new("излишки"),
    ],
];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let facts = body.at("СодФХЖ1").unwrap_or_else(|| body.clone());
    title(flow, papers, &body);
    let line = |path: &str| parties(&facts.all(path)).line();
    let left = super::fields([
        ("Грузополучатель", line("Грузополучатель")),
        ("Покупатель", line("Покупатель")),
        ("Страховая компания", line("СтрахКом")),
        (
            "Приказ о назначении комиссии",
            join([named("№", facts.get("Приказ/@НомПрик")), named("от", facts.get("Приказ/@ДатаПрик"))], " "),
        ),
    ]);
    let right = super::fields([
        ("Грузоотправитель", line("Грузоотправитель")),
        ("Поставщик", line("Продавец")),
        ("Идентификатор государственного контракта", facts.get("@ИдГосКон").to_owned()),
        ("Обстоятельства формирования", facts.get("@ОбстИсп").to_owned()),
    ]);
    columns(flow, &[left, right]);
    inspection(flow, &facts);
    flow.gap(4.0);
    goods(flow, &body);
    flow.gap(4.0);
    signatures(flow, papers, &body, &facts);
}

fn title(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>) {
    let number = named("№", body.get("ИдентДокПР/@НомДокПР"));
    let date = named("от", body.get("ИдентДокПР/@ДатаДокПР"));
    let revision = join(
        [
            named("Исправление №", body.get("ИспрДокПР/@НомИспрДокПР")),
            named("от", body.get("ИспрДокПР/@ДатаИспрДокПР")),
        ],
        " ",
    );
    let head = join(["Акт о приемке и (или) расхождениях", &number, &date], " ");
    let left = vec![Block::text(Style::bold(12.0), head), Block::text(Style::plain(7.5), revision)];
    let right = vec![
        Block::text(Style::plain(6.0), "Унифицированная форма ТОРГ-2"),
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

/// Where, when and how the cargo was looked at.
fn inspection(flow: &mut Flow, facts: &Reader<'_>) {
    let seen = facts.at("СвОсмГруз");
    let of_seen = |path: &str| seen.as_ref().map(|seen| seen.get(path).to_owned()).unwrap_or_default();
    let papers = seen.as_ref().map(|seen| words::documents(seen, "СопрДок")).unwrap_or_default();
    let certificates = seen.as_ref().map(|seen| join(seen.list("СертСоотв", ""), ", ")).unwrap_or_default();
    let times = facts.at("СвВремПрием");
    let time =
        |name: &str, path: &str| named(name, times.as_ref().map(|found| found.get(path)).unwrap_or_default());
    let other = facts.at("ДрОбстПрием");
    let of_other = |path: &str| other.as_ref().map(|found| found.get(path).to_owned()).unwrap_or_default();
    let cargo = join(facts.all("СвСопрДок").iter().map(cargo), "; ");
    let left = super::fields([
        ("Место составления", of_seen("@МестоСост")),
        ("Дата осмотра", of_seen("@ДатаОсм")),
        ("Время начала и окончания", join([of_seen("@ВремяНач"), of_seen("@ВремяОконч")], " - ")),
        ("Дата отправки груза", of_seen("@ДатаОтпр")),
        ("Сопроводительные документы", papers),
        ("Сертификаты соответствия", certificates),
    ]);
    let right = super::fields([
        (
            "Дата и время",
            join(
                [
                    time("прибытие", "@ПрибГруз"),
                    time("выдача", "@ВыдачГруз"),
                    time("вскрытие", "@ВскрытГруз"),
                    time("доставка на склад", "@ДостГруз"),
                ],
                ", ",
            ),
        ),
        ("Груз по транспортным документам", cargo),
        ("Условия хранения", of_other("@УсловХран")),
        ("Состояние тары и упаковки", of_other("@СостТара")),
        ("Способ определения недостачи", of_other("@ОпредНедост")),
        ("Дополнительные сведения", of_other("@ДопСв")),
        (
            "Перевозчик",
            other.as_ref().map(|found| parties(&found.all("Перевозчик")).line()).unwrap_or_default(),
        ),
        (
            "Транспортный документ",
            other
                .as_ref()
                .and_then(|found| found.at("СопрТрансДок"))
                .map(|found| document(&found))
                .unwrap_or_default(),
        ),
    ]);
    columns(flow, &[left, right]);
}

fn cargo(found: &Reader<'_>) -> String {
    join(
        [
            found.get("@НаимГруз").to_owned(),
            named("упаковка", found.get("@ВидУпак")),
            named("мест", found.get("@КолМест")),
            named("брутто по документам", found.get("МассаДок/@МассаБр")),
            named("нетто по документам", found.get("МассаДок/@МассаНет")),
            named("брутто фактически", found.get("МассаФакт/@МассаБр")),
            named("нетто фактически", found.get("МассаФакт/@МассаНет")),
            join([found.get("@НаимЕдИзм"), found.get("@ОКЕИ_Тов")], ", "),
            named("пломба", found.get("@ОтмПломб")),
        ],
        ", ",
    )
}

fn goods(flow: &mut Flow, body: &Reader<'_>) {
    let items = body.all("СодФХЖ2/РезПрием");
    if items.is_empty() {
        return;
    }
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.0);
    for item in items {
        let what = item.at("Ценности").unwrap_or_else(|| item.clone());
        let (code, unit) = words::unit(&item, "@ОКЕИ_Тов", "@НаимЕдИзм");
        let told = |path: &str| item.get(path).to_owned();
        let less = ["Недостача", "Брак", "Бой"]
            .map(|kind| named(&kind.to_lowercase(), item.get(&format!("{kind}/@КолТовРасх"))));
        let reasons =
            ["Недостача", "Брак", "Бой", "Излишки"].map(|kind| item.get(&format!("{kind}/@ПоясненияРасх")));
        let row = super::cells([
            what.get("@НомСтрСопрДок").to_owned(),
            super::transfer::name(&what, &what),
            what.get("@КодТов").to_owned(),
            join([unit, code], ", "),
            told("ПоДокум/@КолТовПрин"),
            told("ПоДокум/@ЦенаПрин"),
            told("ПоДокум/@СтоимТовНДСПрин"),
            told("ПоФакту/@КолТовПрин"),
            told("ПоФакту/@ЦенаПрин"),
            told("ПоФакту/@СтоимТовНДСПрин"),
            join(less, ", "),
            told("Излишки/@КолТовРасх"),
            join(reasons, "; "),
        ]);
        table.row(flow, &row);
    }
}

fn signatures(flow: &mut Flow, papers: &Papers<'_>, body: &Reader<'_>, facts: &Reader<'_>) {
    let who = facts.at("СвЛицПрин/РабОргПок|СвЛицПрин/ИнЛицо/ПредОргПрин|СвЛицПрин/ИнЛицо/ФЛПрин");
    let found = |path: &str| body.get(path).to_owned();
    let left = super::fields([
        ("Содержание события", found("СодФХЖ2/@СодСоб")),
        ("Заключение комиссии", found("СодФХЖ2/@Заключение")),
        ("Принял", who.map(|who| person(&who)).unwrap_or_default()),
        ("Подписант", join(signers(body), "; ")),
        ("Составитель", join([body.get("@НаимЭконСубСост"), body.get("@ОснДоверОргСост")], ", ")),
    ]);
    let right = papers.answer().map(|answer| {
        let result = [answer.get("СвИтПрием/@СодСвИтПрием"), answer.get("СвИтПрием/@ДатаСвИтПрием")];
        super::fields([
            ("Итоги приемки", join(result, ", ")),
            ("Подписант ответа", join(signers(&answer), "; ")),
            ("Составитель", join([answer.get("@НаимЭконСубСост"), answer.get("@ОснДоверОргСост")], ", ")),
        ])
    });
    columns(flow, &[left, right.unwrap_or_default()]);
}
