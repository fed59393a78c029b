//! Sending a document: a file, or a transfer document that is made of a form.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use potok_api::Raw;
use potok_api::methods::{GenerateTitleXml, GenerateTitleXmlQuery, OperationQuery, PostMessageV3};
use potok_types::BoxId;
use potok_wire::proto::ContentV3;
use potok_wire::proto::events::{DocumentAttachment, MessageToPost, MetadataItem, SignedContent};

use crate::act::keys::{self, Signing, Stage};
use crate::act::own_position;
use crate::frame::{Frame, Section};
use crate::moment::russian_date;
use crate::partners::{Partner, own_partners};
use crate::server::{Refused, Server, ask};
use crate::{Fields, Reply, Sent, Visit};

/// What a transfer document is made as.
const UTD: (&str, &str, &str) = ("UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01");
/// Lines of the table in the form.
const LINES: usize = 3;

#[derive(Template)]
#[template(path = "send.html")]
struct Form {
    frame: Frame,
    /// A transfer document is made of the form; else a file is sent.
    is_utd: bool,
    partners: Vec<Partner>,
    position: String,
    fields: Fields,
    lines: Vec<usize>,
    stage: Stage,
    /// Carried along: the file in base64, and its name.
    made: String,
    file_name: String,
    task: String,
    problem: &'static str,
    detail: String,
}

impl Form {
    fn line(&self, name: &str, number: &usize) -> &str {
        self.fields.text(&format!("{name}{number}"))
    }
}

/// The form, or what it sends.
pub(crate) async fn answer(server: &dyn Server, visit: &Visit, box_id: BoxId) -> Result<Reply, Refused> {
    let frame = Frame::of_box(server, visit, box_id, Section::Send).await?;
    let fields = visit.sent.as_ref().map_or_else(|| visit.query.clone(), |sent| sent.fields.clone());
    let mut form = Form {
        is_utd: fields.text("kind") == "utd",
        partners: own_partners(server, box_id).await?,
        position: own_position(server, &frame).await,
        fields,
        lines: (1..=LINES).collect(),
        stage: Stage::First,
        made: String::new(),
        file_name: String::new(),
        task: String::new(),
        problem: "",
        detail: String::new(),
        frame,
    };
    let Some(sent) = &visit.sent else { return Ok(Reply::page(&form)) };
    match done(server, box_id, sent, &mut form).await {
        Ok(Some(reply)) => Ok(reply),
        Ok(None) => Ok(Reply::page(&form)),
        Err(refused) if matches!(refused.status, 400 | 402 | 403 | 404 | 409 | 413) => {
            form.problem =
                say(&form.frame, "Не отправлено: сервер отказал.", "Not sent: the server refused.");
            form.detail = refused.text;
            form.stage = Stage::First;
            Ok(Reply::page_with(refused.status, &form))
        }
        Err(refused) => Err(refused),
    }
}

fn say(frame: &Frame, russian: &'static str, english: &'static str) -> &'static str {
    if frame.is_russian() { russian } else { english }
}

async fn done(
    server: &dyn Server,
    box_id: BoxId,
    sent: &Sent,
    form: &mut Form,
) -> Result<Option<Reply>, Refused> {
    let Some((name, content)) = content(server, box_id, sent, form).await? else {
        form.problem = say(&form.frame, "Выберите файл.", "Choose a file.");
        return Ok(None);
    };
    if sent.fields.text("stage") == "get" {
        return Ok(Some(Reply::File {
            name,
            bytes: content,
            kind: "application/octet-stream",
            is_shown: false,
        }));
    }
    (form.made, form.file_name) = (STANDARD.encode(&content), name.clone());
    let mut signed = SignedContent { content: Some(content.clone()), ..SignedContent::default() };
    match sent.fields.text("by") {
        "file" => match sent.file("signature") {
            Some(signature) => signed.signature = Some(signature.bytes.clone()),
            None => {
                form.stage = Stage::File;
                return Ok(None);
            }
        },
        "key" => match by_key(server, box_id, sent, form, &content).await? {
            Some(signature) => signed.signature = Some(signature),
            None => return Ok(None),
        },
        _ => signed.sign_with_test_signature = Some(true),
    }
    let message = message(box_id, sent, form, &name, signed);
    let posted = ask::<PostMessageV3>(server, &OperationQuery::new(), &message).await?;
    let document = posted.entities.iter().find(|entity| entity.document_info.is_some());
    let entity = document.map(|entity| entity.entity_id.as_str()).unwrap_or_default();
    let page = format!("/documents/{}/{entity}?done=sent", posted.message_id);
    Ok(Some(Reply::GoTo(form.frame.at(&page))))
}

/// Name and bytes of what is sent: what the form carries along, the file that was chosen, or what is made now.
async fn content(
    server: &dyn Server,
    box_id: BoxId,
    sent: &Sent,
    form: &Form,
) -> Result<Option<(String, Bytes)>, Refused> {
    if let Some(text) = sent.fields.get("made") {
        let bytes = STANDARD.decode(text).map_err(|_| Refused::bad_form("made: no base64"))?;
        return Ok(Some((sent.fields.text("file_name").to_owned(), bytes.into())));
    }
    if !form.is_utd {
        return Ok(sent.file("file").map(|file| (file.name.clone(), file.bytes.clone())));
    }
    let (kind, function, version) = UTD;
    let query =
        GenerateTitleXmlQuery::new(box_id, kind.to_owned(), function.to_owned(), version.to_owned(), 0);
    let made = ask::<GenerateTitleXml>(server, &query, &Raw(contract(box_id, sent)?.into())).await?;
    Ok(Some(("utd.xml".to_owned(), made.0)))
}

/// Data as XML text.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Kopecks of a sum with a point or a comma; `None` when it is none.
fn kopecks(text: &str) -> Option<i64> {
    let text = text.replace([' ', '\u{a0}'], "").replace(',', ".");
    let (rubles, rest) = text.split_once('.').unwrap_or((&text, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if rubles.is_empty() || rubles.len() > 12 || rest.len() > 2 || !is_number(rubles) || !is_number(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    Some(rubles.parse::<i64>().ok()? * 100 + rest)
}

fn rubles(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

/// A quantity in thousandths.
fn thousandths(text: &str) -> Option<i64> {
    let text = text.replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || rest.len() > 3 || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 1000 + rest)
}

/// What the form says, as the contract of the title has it.
fn contract(box_id: BoxId, sent: &Sent) -> Result<String, Refused> {
    let fields = &sent.fields;
    let date = fields
        .get("date")
        .and_then(russian_date)
        .ok_or_else(|| Refused::bad_form("date: a day is expected"))?;
    let (rate, percent) = match fields.text("vat") {
        "0" => ("NoVat", 0),
        "10" => ("TenPercent", 10),
        "20" => ("TwentyPercent", 20),
        _ => ("TwentyTwoPercent", 22),
    };
    let (mut items, mut net, mut tax) = (String::new(), 0, 0);
    for line in 1..=LINES {
        let field = |name: &str| fields.text(&format!("{name}{line}"));
        let product = field("product");
        if product.is_empty() {
            continue;
        }
        let wrong =
            |name: &str| Refused::bad_form(format!("{name}{line}: a number is expected, as in 12.50"));
        let quantity = field("quantity");
        let count = thousandths(quantity).ok_or_else(|| wrong("quantity"))?;
        let price = kopecks(field("price")).ok_or_else(|| wrong("price"))?;
        let subtotal = price.checked_mul(count).ok_or_else(|| wrong("price"))?.saturating_add(500) / 1000;
        let vat = subtotal.saturating_mul(percent).saturating_add(50) / 100;
        let vat_text = if percent == 0 { String::new() } else { format!(" Vat=\"{}\"", rubles(vat)) };
        items += &format!(
            "<Item Product=\"{}\" Unit=\"796\" Quantity=\"{}\" Price=\"{}\" TaxRate=\"{rate}\" SubtotalWithVatExcluded=\"{}\"\
             {vat_text} Subtotal=\"{}\"/>",
            xml(product),
            quantity.replace(',', "."),
            rubles(price),
            rubles(subtotal),
            rubles(subtotal + vat),
        );
        (net, tax) = (net + subtotal, tax + vat);
    }
    if items.is_empty() {
        return Err(Refused::bad_form("product1: at least one line is expected"));
    }
    let vat = if percent == 0 { String::new() } else { format!(" Vat=\"{}\"", rubles(tax)) };
    let position = match fields.get("position") {
        Some(typed) => format!("<Position PositionSource=\"Manual\">{}</Position>", xml(typed)),
        None => "<Position PositionSource=\"Employee\"></Position>".to_owned(),
    };
    Ok(format!(
        "<UniversalTransferDocument Function=\"{}\" DocumentDate=\"{date}\" DocumentNumber=\"{}\" Currency=\"643\">\
         <Sellers><Seller><OrganizationReference BoxId=\"{box_id}\"/></Seller></Sellers>\
         <Buyers><Buyer><OrganizationReference BoxId=\"{}\"/></Buyer></Buyers>\
         <Table TotalWithVatExcluded=\"{}\"{vat} Total=\"{}\">{items}</Table>\
         <TransferInfo OperationInfo=\"{}\" TransferDate=\"{date}\"/>\
         <Signers><Signer>{position}</Signer></Signers></UniversalTransferDocument>",
        UTD.1,
        xml(fields.text("number")),
        xml(fields.text("to")),
        rubles(net),
        rubles(net + tax),
        xml(fields.get("operation").unwrap_or("Товары переданы")),
    ))
}

async fn by_key(
    server: &dyn Server,
    box_id: BoxId,
    sent: &Sent,
    form: &mut Form,
    content: &Bytes,
) -> Result<Option<Bytes>, Refused> {
    form.stage = Stage::Key;
    let Some(known) = sent.fields.get("task") else {
        let content = ContentV3 { content: Some(content.clone()), ..ContentV3::default() };
        form.task = keys::begin(server, box_id, content).await?;
        return Ok(None);
    };
    form.task = known.to_owned();
    match keys::look(server, box_id, known).await? {
        Signing::Waits => Ok(None),
        Signing::Done(signature) => Ok(Some(signature)),
        Signing::Failed => {
            form.stage = Stage::First;
            form.problem = say(&form.frame, "Ключ не подписал.", "The key did not sign.");
            Ok(None)
        }
    }
}

fn message(box_id: BoxId, sent: &Sent, form: &Form, name: &str, signed: SignedContent) -> MessageToPost {
    let fields = &sent.fields;
    let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
    let comment = fields.get("words").map(str::to_owned);
    let document = match form.is_utd {
        true => DocumentAttachment {
            signed_content: signed,
            type_named_id: UTD.0.to_owned(),
            function: Some(UTD.1.to_owned()),
            version: Some(UTD.2.to_owned()),
            comment,
            ..DocumentAttachment::default()
        },
        false => {
            let mut metadata = vec![item("FileName", name)];
            metadata.extend(fields.get("number").map(|number| item("DocumentNumber", number)));
            metadata
                .extend(fields.get("date").and_then(russian_date).map(|date| item("DocumentDate", &date)));
            DocumentAttachment {
                signed_content: signed,
                type_named_id: "Nonformalized".to_owned(),
                need_recipient_signature: Some(fields.is_on("answer")),
                metadata,
                comment,
                ..DocumentAttachment::default()
            }
        }
    };
    MessageToPost {
        from_box_id: box_id.to_string(),
        to_box_id: fields.get("to").map(str::to_owned),
        document_attachments: vec![document],
        ..MessageToPost::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_counted_in_kopecks() {
        assert_eq!(
            (kopecks("1 200,5"), kopecks("0.07"), kopecks("12")),
            (Some(120_050), Some(7), Some(1200))
        );
        for wrong in ["", "a", "1.234", "-1", "1.2.3"] {
            assert_eq!(kopecks(wrong), None, "{wrong}");
        }
        assert_eq!((thousandths("2,5"), thousandths("1.2345")), (Some(2500), None));
        assert_eq!(rubles(120_005), "1200.05");
    }

    #[test]
    fn the_contract_has_what_was_typed_and_nothing_more() {
        let form = "number=7\"%3E&date=2026-02-01&to=b&product1=%3Cb%3E&quantity1=2&price1=100&vat=20";
        let sent = Sent { fields: Fields::parse(form), ..Sent::default() };
        let text = contract(BoxId::ZERO, &sent).unwrap();
        assert!(
            text.contains("DocumentNumber=\"7&quot;&gt;\"") && text.contains("Product=\"&lt;b&gt;\""),
            "{text}"
        );
        assert!(text.contains("TotalWithVatExcluded=\"200.00\" Vat=\"40.00\" Total=\"240.00\""), "{text}");
        let none = Sent { fields: Fields::parse("date=2026-02-01"), ..Sent::default() };
        assert_eq!(contract(BoxId::ZERO, &none).unwrap_err().status, 400);
    }
}
