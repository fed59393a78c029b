//! Service documents: confirmations, receipts, requests, refusals, offers of revocation, universal messages.

use potok_fns::MoscowTime;
use potok_fns::xml::{Document, Limits, XmlError};

use super::reader::Reader;
use super::words::{full_name, join, named, party, signers};
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
        "СведПолФайл/@ИмяПолФайла|СведПолФайл/@ИмяПостФайла|СведОтпрФайл/@ИмяОтпрФайла|СведОтпрФайл/@ИмяПостФайла|СведАнФайл/@ИмяАнФайла|@ИмяПолФайла|@ИмяПолФайл",
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
    let notices = about.all("СвСобытДок");
    let texts: Vec<&str> = std::iter::once(about.get("ТекстУведУточ|ТекстПредАн"))
        .chain(notices.iter().map(|notice| notice.get("ТекстУС")))
        .filter(|text| !text.is_empty())
        .collect();
    let told = super::fields([
        ("Оператор электронного документооборота", operator.unwrap_or_default()),
        ("Составил", side("УчастЭДО")),
        ("Файл, о котором сообщается", answered.to_owned()),
        ("Дата и время получения", moment("@ДатаПол", "@ВремяПол")),
        ("Дата и время отправки", moment("@ДатаОтпр", "@ВремяОтпр")),
        ("Дата и время составления", moment("@ДатаФорм", "@ВремФорм")),
        ("Сообщение", join(notices.iter().map(|notice| event(notice.get("@СтатусУС"))), "; ")),
        ("Сообщает", body.at("ОтпрУС").map(|found| person(&found)).unwrap_or_default()),
        ("Адресовано", body.at("ПолучУС").map(|found| person(&found)).unwrap_or_default()),
        ("Отправитель документа", side("СвОтпрДок|ОтпрДок")),
        ("Получатель документа", side("СвПолДок|ПолДок")),
        ("Направлено", side("НапрПредАн")),
        ("Подписант", join(signers(&body), "; ")),
        ("Файл этого документа", root.get("@ИдФайл").to_owned()),
    ]);
    told.iter().for_each(|block| block.flow(&mut flow));
    if !texts.is_empty() {
        flow.gap(6.0);
        Block::text(Style::bold(8.0), "Текст").flow(&mut flow);
        for line in texts.iter().flat_map(|text| text.lines()) {
            Block::text(Style::plain(9.0), line).flow(&mut flow);
        }
    }
    super::rest(&mut flow, &root, "Прочие сведения");
    stamps::draw(&mut flow, exchange);
    Ok(flow.finish(About { title: name, at }))
}

/// What a notice of a universal message tells: the four digits in the middle of its code say it.
fn event(code: &str) -> String {
    let inner = code.strip_prefix("115").and_then(|rest| rest.strip_suffix('1'));
    let words = match inner {
        Some("1999") => "документ получен",
        Some("2007") => "запрошено подтверждение полномочий подписанта",
        Some("2999") => "запрошено уточнение",
        Some("3999") => "отказано в подписи",
        Some("4002") => "для сведения",
        Some("4003") => "сведения для программ",
        _ => "",
    };
    join([words, &named("код", inner.unwrap_or(code))], ", ")
}

/// Who sends or gets a universal message.
fn person(found: &Reader<'_>) -> String {
    let name = found.at("ФИО").map(|name| full_name(&name)).unwrap_or_default();
    let reached = ["Контакт/Тлф", "Контакт/ЭлПочта"].map(|place| found.list(place, "").join(", "));
    let [phones, emails] = &reached;
    join([found.get("@Должн"), &name, found.get("Контакт/@ИнКонт"), phones, emails], ", ")
}
