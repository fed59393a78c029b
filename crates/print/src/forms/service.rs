//! Service documents: confirmations, receipts, requests, refusals, offers of revocation, universal messages.

use potok_fns::MoscowTime;
use potok_fns::xml::{Document, Limits, XmlError};

use super::reader::Reader;
use super::words::{join, named, party, signers};
use crate::exchange::Exchange;
use crate::page::{Block, Flow, Paper, Style};
use crate::pdf::About;
use crate::stamps;

/// The print form of a service document.
///
/// `name` is what people call it: one format serves requests, refusals and refusals of revocation, and only the exchange tells which
/// of them a file is. `at` is when it was made.
///
/// # Errors
/// The file is not safe to read, or not XML.
pub fn service_form(
    name: &str,
    file: &[u8],
    exchange: &Exchange,
    at: MoscowTime,
) -> Result<Vec<u8>, XmlError> {
    let document = Document::parse(file, &Limits::SERVICE)?;
    let root = Reader::new(&document.root);
    let body = root.at("Документ").unwrap_or_else(|| root.clone());
    let mut flow = Flow::new(Paper::Portrait, name);
    Block::text(Style::bold(13.0), name).flow(&mut flow);
    let form = join([named("КНД", body.get("@КНД")), named("формат", root.get("@ВерсФорм"))], ", ");
    Block::text(Style::plain(7.0), form).flow(&mut flow);
    flow.gap(6.0);
    let side = |path: &str| {
        let found = body.at(path);
        found
            .map(|found| join([party(&found).line(), named("ид.", found.get("@ИдУчастЭДО"))], ", "))
            .unwrap_or_default()
    };
    let about = body.at("СведПодтв|СвИзвПолуч|СвУведУточ|СвПредАн|СведУС").unwrap_or_else(|| body.clone());
    let answered = about.get(
        "СведПолФайл/@ИмяПолФайла|СведПолФайл/@ИмяПостФайла|СведОтпрФайл/@ИмяОтпрФайла|СведОтпрФайл/@ИмяПостФайла|СведАнФайл/@ИмяАнФайла|@ИмяПолФайла",
    );
    let moment = |date: &str, time: &str| {
        let time = about.get(time).replace('.', ":");
        join([about.get(date), &time], " ")
    };
    let operator = body.at("ОперЭДО").map(|found| {
        join(
            [
                found.get("@НаимОрг").to_owned(),
                named("ИНН", found.get("@ИННЮЛ")),
                named("код", found.get("@ИдОперЭДО")),
            ],
            ", ",
        )
    });
    let text = about.get("ТекстУведУточ|ТекстПредАн");
    let told = super::fields([
        ("Оператор электронного документооборота", operator.unwrap_or_default()),
        ("Составил", side("УчастЭДО")),
        ("Файл, о котором сообщается", answered.to_owned()),
        ("Дата и время получения", moment("@ДатаПол", "@ВремяПол")),
        ("Дата и время отправки", moment("@ДатаОтпр", "@ВремяОтпр")),
        ("Отправитель документа", side("СвОтпрДок|ОтпрДок")),
        ("Получатель документа", side("СвПолДок|ПолДок")),
        ("Направлено", side("НапрПредАн")),
        ("Подписант", join(signers(&body), "; ")),
        ("Файл этого документа", root.get("@ИдФайл").to_owned()),
    ]);
    told.iter().for_each(|block| block.flow(&mut flow));
    if !text.is_empty() {
        flow.gap(6.0);
        Block::text(Style::bold(8.0), "Текст").flow(&mut flow);
        for line in text.lines() {
            Block::text(Style::plain(9.0), line).flow(&mut flow);
        }
    }
    super::rest(&mut flow, &root, "Прочие сведения");
    stamps::draw(&mut flow, exchange);
    Ok(flow.finish(About { title: name, at }))
}
