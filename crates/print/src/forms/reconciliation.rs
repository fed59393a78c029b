//! Acts of reconciliation: what both sides say they owe.

use super::reader::Reader;
use super::words::{currency, join, named, party, signers};
use super::{Papers, number, words as text};
use crate::page::{Block, Cell, Column, Flow, Head, Style, Table, columns};

const COLUMNS: [Column; 5] = [number(24.0), text(60.0), text(290.0), number(80.0), number(80.0)];

const HEAD: &[&[Head]] = &[&[
    Head::new("№"),
    Head::new("Дата"),
    Head::new("Документ, операция"),
    Head::new("Дебет"),
    Head::new("Кредит"),
]];

pub(super) fn draw(flow: &mut Flow, papers: &Papers<'_>) {
    let body = papers.body();
    let head = body.at("СвДокКрАкт").unwrap_or_else(|| body.clone());
    Block::text(
        Style::bold(13.0),
        join(["Акт сверки взаимных расчетов", &named("№", body.get("@НомерАкт"))], " "),
    )
    .flow(flow);
    let period =
        join([named("с", body.get("@ДатаНачПер")), named("по", body.get("@ДатаОкПер|@ДатаОконПер"))], " ");
    Block::text(Style::plain(9.0), named("за период", &period)).flow(flow);
    Block::text(Style::plain(6.5), format!("Форма по файлу: {}", papers.first.get("@ИдФайл"))).flow(flow);
    flow.gap(5.0);
    let side = |path: &str| head.at(path).map(|found| party(&found).line()).unwrap_or_default();
    let told = super::fields([
        ("Составил", side("СвОтпр")),
        ("Вторая сторона", side("СвПол")),
        ("Валюта: наименование, код", currency("", head.get("@КодОКВ"))),
        ("Дата составления", join([body.get("@ДатаИнфОтпр"), body.get("@ВрИнфОтпр")], " ")),
    ]);
    told.iter().for_each(|block| block.flow(flow));
    flow.gap(4.0);
    if let Some(table) = body.at("ТаблАкт") {
        turnovers(flow, &table);
    }
    flow.gap(4.0);
    let mut right = Vec::new();
    if let Some(answer) = papers.answer() {
        if let Some(table) = answer.at("ТаблАкт") {
            Block::text(Style::bold(9.0), "По данным второй стороны").flow(flow);
            turnovers(flow, &table);
            flow.gap(4.0);
        }
        right = super::fields([("Подписант второй стороны", join(signers(&answer), "; "))]);
    }
    columns(flow, &[super::fields([("Подписант", join(signers(&body), "; "))]), right]);
}

fn turnovers(flow: &mut Flow, found: &Reader<'_>) {
    let table = Table::begin(flow, &COLUMNS, HEAD, 7.0);
    let line = |flow: &mut Flow, name: &str, found: &Reader<'_>, debit: &str, credit: &str| {
        let (debit, credit) = (found.get(debit), found.get(credit));
        if !debit.is_empty() || !credit.is_empty() {
            table.row(flow, &[Cell::bold(name, 3), Cell::bold(debit, 1), Cell::bold(credit, 1)]);
        }
    };
    line(flow, "Сальдо начальное", found, "@СальдоНачДеб", "@СальдоНачКр");
    for contract in found.all("ДогСв|ДогСверк") {
        let name = join(
            [
                contract.get("@ОписТипДог"),
                &named("№", contract.get("@НомДог")),
                &named("от", contract.get("@ДатаДог")),
            ],
            " ",
        );
        let name = if name.is_empty() { "Без договора".to_owned() } else { name };
        table.row(flow, &[Cell::bold(name, 5)]);
        line(flow, "Сальдо начальное по договору", &contract, "@СальдоНачДеб", "@СальдоНачКр");
        for paper in contract.all("ДокСв") {
            let name = super::words::document(&paper);
            for operation in paper.all("СвОпер") {
                let row = super::cells([
                    operation.get("@НомСтр").to_owned(),
                    operation.get("@ДатаОпер").to_owned(),
                    join([name.as_str(), operation.get("@НаимОпер")], ": "),
                    operation.get("@СумДебет").to_owned(),
                    operation.get("@СумКредит").to_owned(),
                ]);
                table.row(flow, &row);
            }
        }
        line(flow, "Обороты по договору", &contract, "@ОборотДеб", "@ОборотКр");
        line(flow, "Сальдо конечное по договору", &contract, "@СальдоКонДеб", "@СальдоКонКр");
    }
    line(flow, "Обороты за период", found, "@ОборотДеб", "@ОборотКр");
    line(flow, "Сальдо конечное", found, "@СальдоКонДеб", "@СальдоКонКр");
}
