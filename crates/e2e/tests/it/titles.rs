//! Titles made by the server of the data of programs, signed and posted by the people, and taken apart again.

use bytes::Bytes;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    GenerateRecipientTitleXmlQuery, GenerateSenderTitleXmlQuery, GenerateTitleXmlQuery, ParseTitleXmlQuery,
};
use potok_testkit::sdk::proto::events::{DocumentAttachment, MessagePatchToPostV2, RecipientTitleAttachment};
use potok_testkit::{Letter, Org, Person, World, test_signed};
use potok_types::{EntityId, MessageId};

const UTD: (&str, &str, &str) = ("UniversalTransferDocument", "СЧФДОП", "utd970_05_03_01");

/// A transfer document whose sides are named by their boxes.
pub(crate) fn contract(seller: &Org, buyer: &Org) -> String {
    format!(
        r#"<UniversalTransferDocument Function="СЧФДОП" DocumentDate="20.11.2026" DocumentNumber="КБ-1042"
  DocumentName="УПД" Currency="643" DocumentCreator="Бухгалтерия">
  <Sellers><Seller><OrganizationReference BoxId="{}"/></Seller></Sellers>
  <Buyers><Buyer><OrganizationReference BoxId="{}" Department="Склад"/></Buyer></Buyers>
  <Table TotalWithVatExcluded="2000" Vat="440" Total="2440">
    <Item Product="Доска" Unit="113" Quantity="2.5" Price="800" TaxRate="TwentyTwoPercent" SubtotalWithVatExcluded="2000"
      Vat="440" Subtotal="2440"/>
  </Table>
  <TransferInfo OperationInfo="Товары переданы" TransferDate="20.11.2026"/>
  <Signers><Signer><Position PositionSource="Manual">Директор</Position></Signer></Signers>
</UniversalTransferDocument>"#,
        seller.box_id(),
        buyer.box_id()
    )
}

const ANSWER: &str = r#"<UniversalTransferDocumentBuyerTitle AcceptanceDate="21.11.2026" OperationContent="Принято">
  <ContentOperCode TotalCode="1"/>
  <Signers><Signer><Position PositionSource="Manual">Кладовщик</Position></Signer></Signers>
</UniversalTransferDocumentBuyerTitle>"#;

fn query(
    person: &Person,
    (document_type, function, version): (&str, &str, &str),
    index: i64,
) -> GenerateTitleXmlQuery {
    GenerateTitleXmlQuery::new(person.box_id, document_type, function, version, index)
}

async fn refused(person: &Person, query: &GenerateTitleXmlQuery, data: impl Into<Bytes>) -> String {
    let error = person.client.generate_title_xml(query, Raw(data.into())).await.unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");
    error.to_string()
}

#[tokio::test]
async fn made_titles_go_through_the_exchange_and_come_apart_again() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let data = Raw(Bytes::from(contract(&a, &b)));
    let made = a.boss.client.generate_title_xml(&query(&a.boss, UTD, 0), data.clone()).await.unwrap();
    let (document_type, function, version) = UTD;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = DocumentAttachment {
        type_named_id: document_type.to_owned(),
        function: Some(function.to_owned()),
        version: Some(version.to_owned()),
        signed_content: test_signed(made.0.clone()),
        ..DocumentAttachment::default()
    };
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let document = message.entities[0].entity_id.clone();
    let mut answer = query(&b.boss, UTD, 1);
    answer.letter_id = Some(message.message_id.parse::<MessageId>().unwrap());
    answer.document_id = Some(document.parse::<EntityId>().unwrap());
    let title = b.boss.json.generate_title_xml(&answer, Raw(Bytes::from(ANSWER))).await.unwrap();
    // A document is answered in its own version, as the post of the answer asks too.
    let other = GenerateTitleXmlQuery { document_version: "utd970_05_02_01".to_owned(), ..answer.clone() };
    let told = refused(&b.boss, &other, ANSWER).await;
    assert!(told.contains("documentVersion") && told.contains(&format!("of version {version} ")), "{told}");
    // Older programs ask by older names, and get the same but for ids and times.
    let first = GenerateSenderTitleXmlQuery::new(a.box_id(), document_type, function, version);
    let older = a.boss.client.generate_sender_title_xml(&first, data).await.unwrap();
    assert_eq!(older.0.len(), made.0.len());
    let (letter_id, document_id) = (answer.letter_id.unwrap(), answer.document_id.unwrap());
    let second = GenerateRecipientTitleXmlQuery::new(b.box_id(), letter_id, document_id);
    for client in [&b.boss.client, &b.boss.json] {
        let older = client.generate_recipient_title_xml(&second, Raw(Bytes::from(ANSWER))).await.unwrap();
        assert_eq!(older.0.len(), title.0.len());
    }
    let elsewhere = GenerateRecipientTitleXmlQuery::new(b.box_id(), letter_id, EntityId::ZERO);
    let error =
        b.boss.client.generate_recipient_title_xml(&elsewhere, Raw(Bytes::from(ANSWER))).await.unwrap_err();
    assert_eq!(error.status(), Some(400), "{error}");
    assert!(error.to_string().contains("senderTitleAttachmentId"), "{error}");
    let patch = MessagePatchToPostV2 {
        message_id: message.message_id.clone(),
        recipient_titles: vec![RecipientTitleAttachment {
            parent_entity_id: document,
            signed_content: test_signed(title.0.clone()),
            ..RecipientTitleAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    b.boss.patch(patch).await.unwrap();
    world.drain().await;
    for (person, index, title, words) in [
        (&a.boss, 0, made, ["Department=\"Склад\"", a.organization.inn.as_str(), "Product=\"Доска\""]),
        (&b.boss, 1, title, ["TotalCode=\"1\"", "OperationContent=\"Принято\"", "Кладовщик"]),
    ] {
        let parse = ParseTitleXmlQuery::new(person.box_id, document_type, function, version, index);
        let parsed = person.client.parse_title_xml(&parse, title.clone()).await.unwrap();
        let text = String::from_utf8(parsed.0.to_vec()).unwrap();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        // The other title of the same format is another document.
        let other = ParseTitleXmlQuery { title_index: 1 - index, ..parse };
        let error = person.client.parse_title_xml(&other, title).await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
    }
    world.end().await;
}

#[tokio::test]
async fn data_that_do_not_fit_are_refused_with_all_that_is_wrong() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let right = contract(&a, &b);
    let first = query(&a.boss, UTD, 0);
    let bad = right.replace("20.11.2026", "2026-11-20").replace("Unit=\"113\"", "Unit=\"0005\"");
    let told = refused(&a.boss, &first, bad.clone()).await;
    for words in ["@DocumentDate", "@TransferDate", "Item[1]/@Unit", "ОКЕИ", "classifier of units", "Line: "]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    // Whoever does not want it checked gets what can be made.
    let unchecked = GenerateTitleXmlQuery { disable_validation: true, ..first.clone() };
    let made = a.boss.client.generate_title_xml(&unchecked, Raw(Bytes::from(bad))).await.unwrap();
    assert!(made.0.windows(10).any(|window| window == b"2026-11-20"));
    for (query, data, words) in [
        (&first, "<a/>", "UniversalTransferDocument"),
        (&first, "<a>", "the request body"),
        (&query(&a.boss, ("Invoice", "default", UTD.2), 0), right.as_str(), "documentFunction"),
        (&query(&a.boss, ("Nothing", "default", UTD.2), 0), right.as_str(), "documentTypeNamedId"),
        (&query(&a.boss, (UTD.0, UTD.1, "utd_05_02_01"), 0), right.as_str(), "utd970_05_03_01"),
        (&query(&a.boss, UTD, 2), right.as_str(), "titleIndex"),
        (&query(&a.boss, UTD, 1), ANSWER, "documentId"),
    ] {
        let told = refused(&a.boss, query, data.to_owned()).await;
        assert!(told.contains(words), "{words}: {told}");
    }
    let nobody = right.replace(&a.box_id().to_string(), "00000000000000000000000000000001@diadoc.ru");
    let told = refused(&a.boss, &first, nobody).await;
    assert!(told.contains("OrganizationReference/@BoxId"), "{told}");
    let mut answer = query(&a.boss, UTD, 1);
    answer.letter_id = Some("11111111-1111-1111-1111-111111111111".parse().unwrap());
    answer.document_id = Some("11111111-1111-1111-1111-111111111112".parse().unwrap());
    assert!(refused(&a.boss, &answer, ANSWER).await.contains("letterId"));
    world.end().await;
}
