//! Posted files held to schemas, and files that are not safe to read. The schema here is our own, a small one.

use std::path::Path;

use bytes::Bytes;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::GenerateTitleXmlQuery;
use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPostV2, ReceiptAttachment, RecipientTitleAttachment,
};
use potok_testkit::{Letter, Org, PAPER, Settings, World, WorldOptions, formal, test_signed};

use crate::titles::contract;

/// What no format asks: the program that made a file has a name of eight letters at most. The rest is anything.
const SCHEMA: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Файл">
    <xs:complexType>
      <xs:sequence>
        <xs:any processContents="skip" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="ИдФайл" type="xs:string" use="required"/>
      <xs:attribute name="ВерсФорм" use="required">
        <xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType>
      </xs:attribute>
      <xs:attribute name="ВерсПрог" use="required">
        <xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="8"/></xs:restriction></xs:simpleType>
      </xs:attribute>
    </xs:complexType>
  </xs:element>
</xs:schema>
"#;

const TITLE_0: &str = "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd";
const TITLE_1: &str = "ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd";
const RECEIPT: &str = "DP_IZVPOL_1_982_00_01_03_01.xsd";
const TYPE: &str = "UniversalTransferDocument";
const PLACE: &str = "MessageToPost.DocumentAttachments[0]: { Location = Line: ";

fn with_schemas(folder: &Path) -> WorldOptions {
    let folder = folder.to_owned();
    WorldOptions {
        settings: Box::new(move |settings| settings.schemas = Some(folder.clone())),
        ..WorldOptions::default()
    }
}

fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        std::fs::write(folder.path().join(name), SCHEMA).unwrap();
    }
    std::fs::write(folder.path().join("readme.txt"), "no schema").unwrap();
    folder
}

/// The file of a transfer document with something in it replaced.
fn title_0(from: &str, to: &str) -> Vec<u8> {
    let document = formal(DocumentAttachment {
        type_named_id: TYPE.to_owned(),
        function: Some("ДОП".to_owned()),
        ..Letter::document("a.xml", PAPER)
    });
    let text = String::from_utf8(document.signed_content.content.unwrap().to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

fn letter(a: &Org, b: &Org, type_named_id: &str, file: &[u8]) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let document = DocumentAttachment {
        type_named_id: type_named_id.to_owned(),
        need_receipt: Some(true),
        ..Letter::document("a.xml", file.to_vec())
    };
    letter.0.document_attachments[0] = match type_named_id {
        "Nonformalized" => document,
        _ => DocumentAttachment { function: Some("ДОП".to_owned()), metadata: Vec::new(), ..document },
    };
    letter
}

#[tokio::test]
async fn titles_are_held_to_their_schemas_when_they_are_posted() {
    let folder = folder(&[TITLE_0]);
    let (plain, strict) = (World::start().await, World::start_with(with_schemas(folder.path())).await);
    let (of_plain, of_strict) = (plain.two_sides().await, strict.two_sides().await);
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]><Файл ";
    let deep = format!("<ТаблСчФакт>{}{}", "<а>".repeat(100), "</а>".repeat(100));
    let long = title_0("'testkit'", "'testkits!'");
    // What a server without schemas answers, what one with schemas does, and words of the refusal.
    for (type_named_id, file, without, with, words) in [
        (TYPE, title_0("'testkit'", "'testkit'"), 200, 200, &[][..]),
        // With a declaration or without: it is UTF-8, as XML says.
        (TYPE, title_0("<Файл ", "<?xml version='1.0'?>\n<Файл "), 200, 200, &[]),
        (
            TYPE,
            long.clone(),
            200,
            400,
            &[
                "/Файл[1]/@ВерсПрог, Message = атрибут «ВерсПрог»: ",
                "длина значения 9, допустимо не больше 8 / attribute 'ВерсПрог': value length 9 exceeds maximum 8 }",
            ],
        ),
        (
            TYPE,
            title_0("ВерсПрог='testkit'", "xmlns:x='urn:x' x:Лишний='1'"),
            200,
            400,
            &["/Файл[1]/@x:Лишний, Message", "};{ Location", "required attribute 'ВерсПрог' is missing"],
        ),
        (TYPE, title_0("<Файл ", bomb), 400, 400, &["DOCTYPE"]),
        (
            TYPE,
            title_0("<ТаблСчФакт>", &deep),
            400,
            400,
            &["вложенность элементов больше 64", "deeper than 64"],
        ),
        (TYPE, title_0("</ТаблСчФакт>", ""), 400, 400, &["not well-formed XML"]),
        // Sent without a format, it is a file like any other.
        ("Nonformalized", title_0("<Файл ", bomb), 200, 200, &[]),
        ("Nonformalized", long, 200, 200, &[]),
    ] {
        for ((a, b), status) in [(&of_plain, without), (&of_strict, with)] {
            let answer = a.boss.post(&letter(a, b, type_named_id, &file)).await;
            let Some(error) = answer.as_ref().err() else {
                assert_eq!(status, 200, "{}", String::from_utf8_lossy(&file));
                continue;
            };
            let refused = error.refusal().unwrap();
            let told = (refused.status, refused.code.as_deref());
            assert_eq!(told, (status, Some("DocumentService.InvalidFileContent")), "{}", refused.text);
            assert!(refused.text.starts_with(PLACE), "{}", refused.text);
            words.iter().for_each(|words| assert!(refused.text.contains(words), "{words}: {}", refused.text));
        }
    }
    for world in [plain, strict] {
        world.drain().await;
        world.end().await;
    }
}

/// The schema is of version 5.02; what it says of 5.03 follows from it.
#[tokio::test]
async fn answers_are_held_to_their_schemas_too() {
    for version in ["5.02", "5.03"] {
        answers_are_held(version).await;
    }
}

async fn answers_are_held(version: &str) {
    let folder = folder(&[TITLE_1, RECEIPT]);
    let world = World::start_with(with_schemas(folder.path())).await;
    let (a, b) = world.two_sides().await;
    let sent = title_0("ВерсФорм='5.03'", &format!("ВерсФорм='{version}'"));
    let message = a.boss.post(&letter(&a, &b, TYPE, &sent)).await.unwrap();
    world.drain().await;
    let parent = message.entities[0].entity_id.clone();
    let mut right = MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        receipts: vec![ReceiptAttachment {
            parent_entity_id: parent.clone(),
            signed_content: test_signed(PAPER),
            labels: Vec::new(),
        }],
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: parent,
            signed_content: test_signed(PAPER),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    b.boss.complete(&mut right).await;
    let longer = |bytes: &[u8]| -> Vec<u8> {
        let at = bytes.windows(7).position(|window| window == b"testkit").unwrap();
        [&bytes[..at], b"testkits!", &bytes[at + 7..]].concat()
    };
    let none = MessagePatchToPostV2 { receipts: vec![], recipient_titles: vec![], ..right.clone() };
    let mut receipt = MessagePatchToPostV2 { receipts: right.receipts.clone(), ..none.clone() };
    let mut title = MessagePatchToPostV2 { recipient_titles: right.recipient_titles.clone(), ..none };
    for content in [&mut receipt.receipts[0].signed_content, &mut title.recipient_titles[0].signed_content] {
        content.content = content.content.as_ref().map(|bytes| longer(bytes).into());
    }
    for (list, bad) in [("Receipts", receipt), ("RecipientTitles", title)] {
        let refused = b.boss.patch(bad).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(refused.code.as_deref(), Some("DocumentService.InvalidFileContent"), "{}", refused.text);
        let place = format!("MessagePatchToPostV2.{list}[0]: {{ Location = Line: ");
        assert!(
            refused.text.starts_with(&place) && refused.text.contains("/Файл[1]/@ВерсПрог"),
            "{}",
            refused.text
        );
    }
    b.boss.patch(right).await.unwrap();
    world.drain().await;
    world.end().await;
}

/// A title is held to its schema when it is made, so that nobody signs what cannot be sent.
#[tokio::test]
async fn made_titles_are_held_to_their_schemas() {
    for (longest, status) in [("100", 200), ("2", 400)] {
        let folder = folder(&[]);
        let schema = SCHEMA.replace("value=\"8\"", &format!("value=\"{longest}\""));
        std::fs::write(folder.path().join(TITLE_0), schema).unwrap();
        let world = World::start_with(with_schemas(folder.path())).await;
        let (a, b) = world.two_sides().await;
        let data = Raw(Bytes::from(contract(&a, &b)));
        let query = GenerateTitleXmlQuery::new(a.box_id(), TYPE, "СЧФДОП", "utd970_05_03_01", 0);
        let made = a.boss.client.generate_title_xml(&query, data.clone()).await;
        match made {
            Ok(made) => assert!(made.0.starts_with(b"<?xml") && status == 200),
            Err(error) => {
                assert_eq!(error.status(), Some(status), "{error}");
                let words = "Line: 2, Position: ";
                let place = "/Файл[1]/@ВерсПрог, Message = ";
                let told = error.to_string();
                assert!(told.contains(words) && told.contains(place) && told.contains("maximum 2"), "{told}");
            }
        }
        let unchecked = GenerateTitleXmlQuery { disable_validation: true, ..query };
        assert!(a.boss.client.generate_title_xml(&unchecked, data).await.is_ok());
        world.end().await;
    }
}

/// What values ask of each other is told by whoever only looks, and refused where the administrator says so.
#[tokio::test]
async fn titles_are_held_to_rules_beyond_schemas_where_that_is_asked_for() {
    for has_rules in [false, true] {
        let settings = move |settings: &mut Settings| {
            settings.app.schemas = std::mem::take(&mut settings.app.schemas).with_rules(has_rules);
        };
        let world =
            World::start_with(WorldOptions { settings: Box::new(settings), ..WorldOptions::default() }).await;
        let (a, b) = world.two_sides().await;
        let query = GenerateTitleXmlQuery::new(a.box_id(), TYPE, "СЧФДОП", "utd970_05_03_01", 0);
        let without_addresses = contract(&a, &b);
        let made = a.boss.client.generate_title_xml(&query, Raw(Bytes::from(without_addresses))).await;
        let posted = a.boss.post(&letter(&a, &b, TYPE, &title_0("'testkit'", "'testkit'"))).await;
        for (error, rule) in [(made.err(), "970.04"), (posted.err(), "970.02")] {
            assert_eq!(error.is_some(), has_rules, "{error:?}");
            if let Some(error) = error {
                assert_eq!(error.status(), Some(400), "{error}");
                assert!(error.to_string().contains(&format!("rule {rule} ")), "{error}");
            }
        }
        world.drain().await;
        world.end().await;
    }
}

/// Programs of all ages send data.
#[tokio::test]
async fn data_of_titles_come_in_any_encoding() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let query = GenerateTitleXmlQuery::new(a.box_id(), TYPE, "СЧФДОП", "utd970_05_03_01", 0);
    let data = contract(&a, &b);
    let wide: Vec<u8> = [0xFEFF].into_iter().chain(data.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let plain = a.boss.client.generate_title_xml(&query, Raw(Bytes::from(data))).await.unwrap();
    let made = a.boss.client.generate_title_xml(&query, Raw(Bytes::from(wide))).await.unwrap();
    // But for the name that each file has of its own.
    assert_eq!(made.0.len(), plain.0.len());
    // What no data can be as long as is refused for that, and not put off for want of room.
    let endless = Raw(Bytes::from(vec![b' '; 70 << 20]));
    let error = a.boss.client.generate_title_xml(&query, endless).await.unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");
    world.end().await;
}
