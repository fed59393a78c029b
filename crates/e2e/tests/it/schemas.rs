//! Posted files held to schemas, and files that are not safe to read. The schemas here are our own, small ones.

use std::path::Path;

use potok_testkit::sdk::proto::events::{
    DocumentAttachment, MessagePatchToPostV2, ReceiptAttachment, RecipientTitleAttachment,
};
use potok_testkit::{Letter, Org, World, WorldOptions, test_signed};

/// Both titles and the receipt have one shape here: a document with a code, and words of at most five letters.
const SCHEMA: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="Файл">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="Документ">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="СодФХЖ4" minOccurs="0">
                <xs:complexType><xs:attribute name="Функция" type="xs:string"/></xs:complexType>
              </xs:element>
              <xs:element name="Слово" maxOccurs="10">
                <xs:simpleType>
                  <xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction>
                </xs:simpleType>
              </xs:element>
            </xs:sequence>
            <xs:attribute name="КНД" type="xs:string" use="required"/>
            <xs:attribute name="Функция" type="xs:string"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
      <xs:attribute name="ИдФайл" type="xs:string" use="required"/>
      <xs:attribute name="ВерсФорм" type="xs:string" use="required"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
"#;

const TITLE_0: &str = "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd";
const TITLE_1: &str = "ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd";
const RECEIPT: &str = "DP_IZVPOL_1_982_00_01_03_01.xsd";

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

/// A file of the first title; `head` stands where its declaration and its type stand.
fn title_0(head: &str, inside: &str) -> String {
    format!(
        "{head}\n<Файл ИдФайл=\"ON_NSCHFDOPPR_a_b_20260201_1\" ВерсФорм=\"5.02\">\n  <Документ КНД=\"1115131\" \
         Функция=\"ДОП\">{inside}</Документ>\n</Файл>\n"
    )
}

fn other(id: &str, version: &str, knd: &str, inside: &str) -> String {
    format!(
        "{DECLARED}\n<Файл ИдФайл=\"{id}\" ВерсФорм=\"{version}\">\n  <Документ КНД=\"{knd}\">{inside}</Документ>\n\
         </Файл>\n"
    )
}

const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
const GOOD: &str = "<Слово>доска</Слово>";

fn letter(a: &Org, b: &Org, type_named_id: &str, file: &str) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let function = (type_named_id != "Nonformalized").then(|| "ДОП".to_owned());
    letter.0.document_attachments[0] = DocumentAttachment {
        type_named_id: type_named_id.to_owned(),
        function,
        need_receipt: Some(true),
        ..Letter::document("a.xml", file.as_bytes().to_vec())
    };
    letter
}

#[tokio::test]
async fn titles_are_held_to_their_schemas_when_they_are_posted() {
    const TYPE: &str = "UniversalTransferDocument";
    let folder = folder(&[TITLE_0]);
    let (plain, strict) = (World::start().await, World::start_with(with_schemas(folder.path())).await);
    let (of_plain, of_strict) = (plain.two_sides().await, strict.two_sides().await);
    let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let long = "<Слово>гвоздь</Слово>";
    let deep = format!("{}{}", "<а>".repeat(100), "</а>".repeat(100));
    // What a server without schemas answers, what one with schemas does, and words of the refusal.
    for (type_named_id, file, without, with, words) in [
        (TYPE, title_0(DECLARED, GOOD), 200, 200, &[][..]),
        (
            TYPE,
            title_0(DECLARED, &format!("{GOOD}{long}")),
            200,
            400,
            &[
                "MessageToPost.DocumentAttachments[0].SignedContent.Content: { Location = Line: 3, Position: 61, \
                 /Файл[1]/Документ[1]/Слово[2], Message = ",
                "длина значения 6, допустимо не больше 5 / content of element 'Слово': value length 6 exceeds maximum 5 }",
            ],
        ),
        (
            TYPE,
            title_0(DECLARED, &long.repeat(8)),
            200,
            400,
            &["/Слово[1], Message", "};{ Location", "/Слово[8], Message"],
        ),
        // What names no format is nobody's to judge.
        (TYPE, "<a/>".to_owned(), 200, 200, &[]),
        // Without a declaration it is UTF-8, as XML says.
        (TYPE, title_0("", GOOD), 200, 200, &[]),
        (TYPE, title_0(&format!("{DECLARED}{bomb}"), GOOD), 400, 400, &["DOCTYPE", "строка 1"]),
        (TYPE, title_0(DECLARED, &deep), 400, 400, &["вложенность элементов больше 64", "deeper than 64"]),
        (TYPE, title_0(DECLARED, "<Слово>"), 400, 400, &["строка 3", "line 3"]),
        // Sent without a format, it is a file like any other.
        ("Nonformalized", title_0(&format!("{DECLARED}{bomb}"), long), 200, 200, &[]),
    ] {
        for ((a, b), status) in [(&of_plain, without), (&of_strict, with)] {
            let answer = a.boss.post(&letter(a, b, type_named_id, &file)).await;
            let text = answer.as_ref().err().map(ToString::to_string).unwrap_or_default();
            assert_eq!(
                answer.map_or_else(|error| error.status().unwrap(), |_| 200),
                status,
                "{file}: {text}"
            );
            if status != 200 {
                words.iter().for_each(|words| assert!(text.contains(words), "{words}: {text}"));
            }
        }
    }
    for world in [plain, strict] {
        world.drain().await;
        world.end().await;
    }
}

#[tokio::test]
async fn answers_are_held_to_their_schemas_too() {
    let folder = folder(&[TITLE_1, RECEIPT]);
    let world = World::start_with(with_schemas(folder.path())).await;
    let (a, b) = world.two_sides().await;
    let sent = title_0(DECLARED, "<Слово>нет схемы</Слово>");
    let message = a.boss.post(&letter(&a, &b, "UniversalTransferDocument", &sent)).await.unwrap();
    world.drain().await;
    let parent = message.entities[0].entity_id.clone();
    let receipt = |inside: &str| MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        receipts: vec![ReceiptAttachment {
            parent_entity_id: parent.clone(),
            signed_content: test_signed(other("DP_IZVPOL_a_b_20260201_1", "1.03", "1115110", inside)),
            labels: Vec::new(),
        }],
        ..MessagePatchToPostV2::default()
    };
    let title = |inside: &str| MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: parent.clone(),
            signed_content: test_signed(other("ON_NSCHFDOPPOK_a_b_20260201_1", "5.02", "1115132", inside)),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    for (list, bad, good) in [
        ("Receipts", receipt("<Слово/><Лишнее/>"), receipt(GOOD)),
        (
            "RecipientTitles",
            title("<Слово>слишком</Слово>"),
            title(&format!("<СодФХЖ4 Функция=\"ДОП\"/>{GOOD}")),
        ),
    ] {
        let refused = b.boss.patch(bad).await.unwrap_err();
        let text = refused.to_string();
        assert_eq!(refused.status(), Some(400), "{text}");
        let place = format!("MessagePatchToPostV2.{list}[0].SignedContent.Content: ");
        assert!(text.contains(&place) && text.contains("{ Location = Line: 3, Position: "), "{text}");
        b.boss.patch(good).await.unwrap();
        world.drain().await;
    }
    world.end().await;
}
