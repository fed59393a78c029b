//! Invoices for payment and offers of order 29.

use super::reader::Reader;
use super::words::{self, currency, document, join, named, party, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table};

const COLUMNS: [Column; 8] = [
    number(18.0),
    text(190.0),
    text(44.0),
    number(44.0),
    number(54.0),
    number(58.0),
    text(38.0),
    number(64.0),
];

const HEAD: &[&[Head]] = &[&[
    Head::new("№"),
    Head::new("Товары (работы, услуги)"),
    Head::new("Единица измерения"),
    Head::new("Количество"),
    Head::new("Цена"),
    Head::new("Сумма налога"),
    Head::new("Ставка налога"),
    Head::new("Стоимость с налогом"),
]];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let head = body.at("СодСч").unwrap_or_else(|| body.clone());
    let called = if body.get("@Функция") == "1" {
        "Счет-оферта"
    } else {
        "Счет на оплату"
    };
    let number = named("№", head.get("@НомерДок"));
    let date = named("от", head.get("@ДатаДок"));
    Block::text(Style::bold(13.0), join([called, &number, &date], " ")).flow(flow);
    Block::text(Style::plain(6.5), format!("Форма по файлу: {}", papers.first.get("@ИдФайл"))).flow(flow);
    flow.gap(5.0);
    let side = |path: &str| head.at(path).map(|found| party(&found).line()).unwrap_or_default();
    let money = head.at("ДенИзм").unwrap_or_else(|| head.clone());
    let code = currency(money.get("@НаимОКВ"), money.get("КодОКВ"));
    let rate = named("курс", money.get("@КурсВал"));
    let units = if money.get("УЕ").is_empty() { "" } else { "условные единицы" };
    let told = super::fields([
        ("Получатель денежных средств", side("ПолучДнСр")),
        ("Поставщик (исполнитель)", side("СвПрод")),
        ("Покупатель (заказчик)", side("СвПокуп")),
        ("Плательщик", side("СвПлат")),
        ("Грузоотправитель", side("ГрузОт")),
        ("Грузополучатель", side("ГрузПолуч")),
        ("Основание", grounds(&head)),
        ("Валюта: наименование, код", join([&code, &rate, units, money.get("@ОпрУЕ")], ", ")),
        ("Виды обязательств", obligations(&head)),
    ]);
    told.iter().for_each(|block| block.flow(flow));
    flow.gap(4.0);
    goods(flow, &head);
    flow.gap(4.0);
    let told = super::fields([
        ("Подписант", join(signers(&body), "; ")),
        ("Дата составления файла", join([body.get("@ДатаИнф"), body.get("@ВрИнф")], " ")),
    ]);
    conditions(&head).iter().chain(&told).for_each(|block| block.flow(flow));
}

fn grounds(head: &Reader<'_>) -> String {
    let one = |found: &Reader<'_>| match found.at("ОснРеквДок") {
        Some(paper) => document(&paper),
        None => found.get("ОснИное").to_owned(),
    };
    join(head.all("Основание").iter().map(one), "; ")
}

fn obligations(head: &Reader<'_>) -> String {
    let one = |found: &Reader<'_>| join([found.get("@КодВидОбяз"), found.get("@НаимВидОбяз")], " ");
    join(head.all("ВидОбяз").iter().map(one), "; ")
}

fn goods(flow: &mut Flow, head: &Reader<'_>) {
    let table = Table::begin(flow, &COLUMNS, HEAD, 6.5);
    for item in head.all("СведТовЦенПок") {
        let more = item.at("ДопСведТов");
        let (code, unit) = words::unit(&item, "@ОКЕИТов", "@НаимЕдИзм");
        let reduced = [named("скидка", item.get("@СумСки")), named("скидка, %:", item.get("@ПроцентСки"))];
        let name = super::transfer::name(&item, more.as_ref().unwrap_or(&item));
        let told = |path: &str| item.get(path).to_owned();
        let row = super::cells([
            told("@НомСтр"),
            join([name].into_iter().chain(reduced), ", "),
            join([unit, code], ", "),
            told("@КолТов"),
            told("@ЦенаТов"),
            told("СумНал/СумНал|СумНал/БезНДС"),
            told("НалСт|НалСтИн"),
            told("@СтТовУчНал"),
        ]);
        table.row(flow, &row);
    }
    let Some(sums) = head.at("ВсегоОпл") else { return };
    let total = |path: &str| Cell::bold(sums.get(path), 1);
    let without = named("Итого, без налога:", sums.get("@СтТовБезНДСВсего"));
    let tax = total("СумНалВсего/СумНал|СумНалВсего/БезНДС");
    table.row(flow, &[Cell::bold(without, 5), tax, Cell::bold("Х", 1), total("@СтТовУчНалВсего")]);
    flow.gap(3.0);
    let count = named("Всего наименований", head.get("@ВсегоНаим"));
    let to_pay = named("к оплате", sums.get("@СтТовУчНалВсего"));
    let reduced = named("сумма скидки", sums.get("@СумСкиВсего"));
    Block::text(Style::bold(8.0), join([count, to_pay, reduced], ", ")).flow(flow);
}

fn conditions(head: &Reader<'_>) -> Vec<Block> {
    let Some(more) = head.at("ДопСв") else { return Vec::new() };
    super::fields([
        ("Назначение платежа", more.get("@НазнПл").to_owned()),
        ("Уникальная информация для оплаты", more.get("@УникИнф").to_owned()),
        ("Способ оплаты", more.get("@СпособОпл").to_owned()),
        ("Оплатить до", join([more.get("@ОгранОпДат"), more.get("@ОгранОпДатВр")], ", ")),
        ("Начало поставки", more.get("@ДатаНачТов").to_owned()),
        ("Условия оплаты", join(more.list("УслОпл", ""), "; ")),
        ("Условия поставки", join(more.list("УслОказПост", ""), "; ")),
    ])
}
