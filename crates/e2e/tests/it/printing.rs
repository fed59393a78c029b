//! Documents on paper: print forms, protocols, archives.

use std::io::Write as _;
use std::process::{Command, Stdio};

use bytes::Bytes;
use potok_cms::{Content, Trust, UnixTime, verify};
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{
    BoxQuery, DocumentQuery, GenerateDocumentZipQuery, GeneratePrintFormFromAttachmentQuery,
    GetGeneratedPrintFormQuery, ShelfDownloadV1Query,
};
use potok_testkit::sdk::proto::events::{
    CorrectionRequestAttachment, DocumentAttachment, MessagePatchToPostV2, XmlSignatureRejectionAttachment,
};
use potok_testkit::sdk::proto::{CustomPrintFormDetectionRequest, DocumentId};
use potok_testkit::{Letter, Org, PAPER, Person, RawRequest, World, WorldOptions, formal, test_signed};
use potok_types::{EntityId, MessageId};

use crate::power_of_attorney::{HANDED_ON, NUMBER, by_name, given, register};

/// The text of a PDF, in the order in which it was drawn.
pub(crate) fn text(pdf: &[u8]) -> String {
    assert!(pdf.starts_with(b"%PDF-"), "{:?}", String::from_utf8_lossy(&pdf[..pdf.len().min(200)]));
    let mut run = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is there: `make tools` installs it");
    run.stdin.take().unwrap().write_all(pdf).unwrap();
    String::from_utf8(run.wait_with_output().unwrap().stdout).unwrap()
}

/// The names of the files of an archive, and whether all of them are whole, as another program finds them.
fn listed(zip: &[u8]) -> Vec<String> {
    const LIST: &str = "import sys,io,zipfile\nz=zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))\n\
                        assert z.testzip() is None\nsys.stdout.buffer.write('\\n'.join(z.namelist()).encode())";
    let mut run = Command::new("python3")
        .args(["-c", LIST])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    run.stdin.take().unwrap().write_all(zip).unwrap();
    let told = run.wait_with_output().unwrap();
    assert!(told.status.success(), "the archive can be read");
    String::from_utf8(told.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn query(person: &Person, message: &str, document: &str) -> DocumentQuery {
    DocumentQuery::new(
        person.box_id,
        message.parse::<MessageId>().unwrap(),
        document.parse::<EntityId>().unwrap(),
    )
}

/// A transfer document from `a` to `b`: its message and itself.
async fn sent(world: &World, a: &Org, b: &Org) -> (String, String) {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments[0] = formal(DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("СЧФДОП".to_owned()),
        signed_content: test_signed(PAPER),
        ..DocumentAttachment::default()
    });
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    (message.message_id, message.entities[0].entity_id.clone())
}

#[tokio::test]
async fn both_sides_print_what_became_of_a_document() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (message, document) = sent(&world, &a, &b).await;
    let before = a.boss.client.generate_print_form(&query(&a.boss, &message, &document)).await.unwrap();
    let told = text(&before.0);
    for words in
        ["Универсальный передаточный документ", &a.organization.full_name, "Подпись верна", &document]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("Отказано"), "{told}");
    let rejection = b.boss.clarification(&message, &document, "Не та цена").await;
    let notice = Raw(rejection.content.clone().unwrap());
    let patch = MessagePatchToPostV2 {
        message_id: message.clone(),
        xml_signature_rejections: vec![XmlSignatureRejectionAttachment {
            parent_entity_id: document.clone(),
            signed_content: rejection,
            ..XmlSignatureRejectionAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    let refused = b.boss.patch(patch).await.unwrap();
    world.drain().await;
    for person in [&a.boss, &b.boss] {
        let form = person.json.generate_print_form(&query(person, &message, &document)).await.unwrap();
        let told = text(&form.0);
        assert!(told.contains("Отказано в подписи") && told.contains("Не та цена"), "{told}");
        let again = person.client.generate_print_form(&query(person, &message, &document)).await.unwrap();
        assert_eq!(form.0, again.0, "the same document has the same bytes");
        // What answers the document is printed too.
        let answer = &refused.entities[0].entity_id;
        let form = person.client.generate_print_form(&query(person, &message, answer)).await.unwrap();
        let told = text(&form.0).split_whitespace().collect::<Vec<_>>().join(" ");
        let sender = format!("Отправитель: {}", b.organization.full_name);
        assert!(told.contains("Не та цена") && told.contains(&sender), "{told}");
    }
    // Nothing but the file tells what it is before it is sent.
    let asked = GeneratePrintFormFromAttachmentQuery::new();
    let id = a.boss.client.generate_print_form_from_attachment(&asked, notice).await.unwrap().0;
    let form = a.boss.client.get_generated_print_form(&GetGeneratedPrintFormQuery::new(id)).await.unwrap();
    assert!(text(&form.0).contains("Уведомление об уточнении"), "{}", text(&form.0));
    // Names are for people, in both spellings of the header.
    let path = format!("/GeneratePrintForm?boxId={}&messageId={message}&documentId={document}", a.box_id());
    let answer = world.raw(RawRequest::get(path).bearer(&a.boss.access_token)).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/pdf")));
    let named = answer.header("content-disposition").unwrap();
    assert!(named.starts_with("attachment; filename=\"print-form.pdf\"; filename*=UTF-8''%"), "{named}");
    assert!(named.is_ascii() && answer.header("retry-after").is_none(), "{named}");
    world.end().await;
}

#[tokio::test]
async fn files_without_a_format_get_stamps_or_a_cover() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments.push(Letter::document("отчёт.docx", vec![0x50, 0x4b, 3, 4, 0, 0]));
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let documents: Vec<_> = message
        .entities
        .iter()
        .filter(|found| found.file_name.is_some())
        .map(|found| found.entity_id.clone())
        .collect();
    for (document, words) in documents.iter().zip(["the text of a contract", "отчёт.docx"]) {
        let form =
            a.boss.client.generate_print_form(&query(&a.boss, &message.message_id, document)).await.unwrap();
        let told = text(&form.0);
        assert!(told.contains(words) && told.contains("Подпись верна"), "{told}");
    }
    // A PDF keeps its pages and its bytes, and gets one more page.
    let cover =
        a.boss.client.generate_print_form(&query(&a.boss, &message.message_id, &documents[0])).await.unwrap();
    let mut letter = Letter::new(a.box_id(), b.box_id());
    letter.0.document_attachments = vec![Letter::document("лист.pdf", cover.0.clone())];
    let message = a.boss.post(&letter).await.unwrap();
    world.drain().await;
    let document = &message.entities[0].entity_id;
    let form =
        b.boss.client.generate_print_form(&query(&b.boss, &message.message_id, document)).await.unwrap();
    assert!(form.0.starts_with(&cover.0));
    let told = text(&form.0);
    assert!(told.contains("the text of a contract") && told.contains("лист.pdf"), "{told}");
    world.end().await;
}

#[tokio::test]
async fn protocols_are_signed_by_the_operator() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (message, document) = sent(&world, &a, &b).await;
    for client in [&b.boss.client, &b.boss.json] {
        let made = client.generate_document_protocol(&query(&b.boss, &message, &document)).await.unwrap();
        let told = text(&made.print_form);
        for words in [
            "Протокол передачи документа",
            "Документ отправителя",
            "Подтверждение даты",
            &b.organization.full_name,
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let (content, at) = (Content::Bytes(&made.print_form), UnixTime(world.clock_seconds()));
        let check = verify(&made.signature, content, at, &Trust::default()).unwrap();
        assert!(check.is_signature_of_content(), "the signature is over the protocol");
    }
    world.end().await;
}

/// What a reader asks first of a stranger's signature: under which power of attorney it was given.
#[tokio::test]
async fn stamps_tell_the_number_of_the_power_of_attorney() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    register(&a.boss, given()).await;
    let in_registers = format!("<СвДоверЭл НомДовер='{HANDED_ON}'/>");
    let on_paper = "<СвДоверБум ВнНомДовер='15/К'/>";
    let came = by_name(NUMBER);
    for (named, power, told) in [
        (in_registers.as_str(), None, format!("Доверенность: № {HANDED_ON}, указана в документе")),
        (on_paper, None, "Доверенность: № 15/К, указана в документе".to_owned()),
        // What came with the signature counts.
        (on_paper, Some(came.clone()), format!("Доверенность: № {NUMBER}, приложена к подписи")),
        ("", Some(came), format!("Доверенность: № {NUMBER}, приложена к подписи")),
    ] {
        let mut document = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("СЧФДОП".to_owned()),
            comment: Some(told.clone()),
            ..Letter::document("a.xml", PAPER)
        });
        let signed = &mut document.signed_content;
        let file = String::from_utf8(signed.content.take().unwrap().to_vec()).unwrap();
        let signer = format!("<Подписант><ФИО Фамилия='Зимин' Имя='Олег'/>{named}</Подписант></Документ>");
        signed.content = Some(file.replace("</Документ>", &signer).into());
        signed.power_of_attorney = power.map(Box::new);
        let mut letter = Letter::new(a.box_id(), b.box_id()).wants_signature();
        letter.0.document_attachments[0] = document;
        let message = a.boss.post(&letter).await.unwrap();
        world.drain().await;
        let asked = query(&b.boss, &message.message_id, &message.entities[0].entity_id);
        let one_line = |pdf: &[u8]| text(pdf).split_whitespace().collect::<Vec<_>>().join(" ");
        let form = one_line(&b.boss.client.generate_print_form(&asked).await.unwrap().0);
        assert_eq!(form.matches("Доверенность: ").count(), 1, "{form}");
        assert!(form.contains(&told), "{told}: {form}");
        let protocol = b.boss.client.generate_document_protocol(&asked).await.unwrap().print_form;
        let protocol = one_line(&protocol);
        let told = told.replace("Доверенность: ", "доверенность ");
        assert!(protocol.contains(&told), "{told}: {protocol}");
    }
    world.end().await;
}

#[tokio::test]
async fn archives_have_everything_once() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (message, document) = sent(&world, &a, &b).await;
    let request = b.boss.clarification(&message, &document, "Уточните сумму").await;
    let patch = MessagePatchToPostV2 {
        message_id: message.clone(),
        correction_requests: vec![CorrectionRequestAttachment {
            parent_entity_id: document.clone(),
            signed_content: request,
            ..CorrectionRequestAttachment::default()
        }],
        ..MessagePatchToPostV2::default()
    };
    b.boss.patch(patch).await.unwrap();
    world.drain().await;
    let mut all = Vec::new();
    for (person, client, is_full) in
        [(&a.boss, &a.boss.client, false), (&a.boss, &a.boss.json, true), (&b.boss, &b.boss.client, true)]
    {
        let mut asked = GenerateDocumentZipQuery::new(
            person.box_id,
            message.parse::<MessageId>().unwrap(),
            document.parse::<EntityId>().unwrap(),
        );
        asked.full_docflow = Some(is_full);
        let name = client.generate_document_zip(&asked).await.unwrap().zip_file_name_on_shelf.unwrap();
        assert!(name.starts_with("__userId__/archives/") && name.ends_with(".zip"), "{name}");
        let zip = client.shelf_download(&ShelfDownloadV1Query::new(name)).await.unwrap();
        all.push(listed(&zip.0));
    }
    let [bare, sender, recipient] = &all[..] else { panic!("three archives") };
    assert_eq!(bare.len(), 2, "{bare:?}");
    assert_eq!(format!("{}.1.sig", bare[0]), bare[1]);
    for full in [sender, recipient] {
        let count = |words: &str| full.iter().filter(|name| name.contains(words)).count();
        // The title, the request, their signatures; the protocol with its own; the print form.
        assert_eq!((count("ON_NSCHFDOPPR"), count("DP_UVUTOCH")), (2, 2), "{full:?}");
        assert_eq!((count("Протокол. "), count(".pdf")), (2, 3), "{full:?}");
        let confirmations: Vec<_> = full.iter().filter(|name| name.starts_with("DP_PD")).collect();
        assert!(!confirmations.is_empty() && confirmations.len() % 2 == 0, "{full:?}");
        let unique: std::collections::BTreeSet<_> = full.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(unique.len(), full.len());
    }
    world.end().await;
}

#[tokio::test]
async fn bytes_are_printed_before_they_are_sent() {
    // Tokens live longer than forms here.
    let settings =
        Box::new(|settings: &mut potok_testkit::Settings| settings.app.access_token_seconds = 30 * 24 * 3600);
    let world = World::start_with(WorldOptions { settings, ..WorldOptions::default() }).await;
    let (a, b) = world.two_sides().await;
    let content = formal(DocumentAttachment {
        type_named_id: "UniversalTransferDocument".to_owned(),
        function: Some("СЧФДОП".to_owned()),
        signed_content: test_signed(PAPER),
        ..DocumentAttachment::default()
    });
    let content = Raw(content.signed_content.content.unwrap());
    for (kind, words) in
        [(None, "Универсальный передаточный документ"), (Some("XmlTorg12"), "Товарная накладная")]
    {
        let asked = GeneratePrintFormFromAttachmentQuery {
            document_type: kind.map(str::to_owned),
            ..GeneratePrintFormFromAttachmentQuery::new()
        };
        let id = a.boss.client.generate_print_form_from_attachment(&asked, content.clone()).await.unwrap().0;
        let get = GetGeneratedPrintFormQuery::new(id);
        let form = a.boss.json.get_generated_print_form(&get).await.unwrap();
        let told = text(&form.0);
        assert!(told.contains(words) && told.contains("Черновик"), "{told}");
        // Nobody gets the forms of others.
        let error = b.boss.client.get_generated_print_form(&get).await.unwrap_err();
        assert_eq!(error.status(), Some(409), "{error}");
        world.clock().advance_seconds(25 * 3600);
        let error = a.boss.client.get_generated_print_form(&get).await.unwrap_err();
        assert!(error.to_string().contains("kept for a day"), "{error}");
    }
    for (kind, body) in [(Some("Nothing"), Raw(Bytes::from("x"))), (None, Raw(Bytes::new()))] {
        let asked = GeneratePrintFormFromAttachmentQuery {
            document_type: kind.map(str::to_owned),
            ..GeneratePrintFormFromAttachmentQuery::new()
        };
        let error = a.boss.client.generate_print_form_from_attachment(&asked, body).await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_slow_queue_says_when_to_come_again() {
    let settings = Box::new(|settings: &mut potok_testkit::Settings| settings.app.print_wait_seconds = 3);
    let world = World::start_with(WorldOptions { settings, ..WorldOptions::default() }).await;
    let (a, b) = world.two_sides().await;
    let (message, document) = sent(&world, &a, &b).await;
    let asked = GeneratePrintFormFromAttachmentQuery::new();
    let id = a.boss.client.generate_print_form_from_attachment(&asked, Raw(Bytes::from("текст")));
    let id = id.await.unwrap().0;
    let at = format!("?boxId={}&messageId={message}&documentId={document}", a.box_id());
    let paths = [
        format!("/GeneratePrintForm{at}"),
        format!("/GenerateDocumentProtocol{at}"),
        format!("/GenerateDocumentZip{at}"),
        format!("/GetGeneratedPrintForm?printFormId={id}"),
    ];
    for (seconds, is_ready) in [(0, false), (2, false), (1, true)] {
        world.clock().advance_seconds(seconds);
        for path in &paths {
            let answer = world.raw(RawRequest::get(path.clone()).bearer(&a.boss.access_token)).await;
            let waits = answer.header("retry-after");
            // Clients take nothing but 200, and then look for the header.
            assert_eq!((answer.status, waits), (200, (!is_ready).then_some("1")), "{path}");
            assert_eq!(answer.body.len() > 20, is_ready, "{path}: {}", answer.body.len());
        }
    }
    world.end().await;
}

#[tokio::test]
async fn what_has_no_form_is_refused_in_words() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let (message, document) = sent(&world, &a, &b).await;
    let signature = {
        let query = potok_testkit::sdk::api::methods::GetMessageQuery::new(
            a.box_id(),
            message.parse::<MessageId>().unwrap(),
        );
        let found = a.boss.client.get_message_v6(&query).await.unwrap();
        found.entities.into_iter().find(|found| found.file_name.is_none()).unwrap().entity_id
    };
    let error = a.boss.client.generate_print_form(&query(&a.boss, &message, &signature)).await.unwrap_err();
    assert_eq!(error.status(), Some(409));
    assert!(
        error.to_string().contains("Generating print form for this type of document is not supported"),
        "{error}"
    );
    let error =
        a.boss.client.generate_document_protocol(&query(&a.boss, &message, &signature)).await.unwrap_err();
    assert_eq!(error.status(), Some(409), "{error}");
    let nothing = EntityId::ZERO.to_string();
    let error = a.boss.client.generate_print_form(&query(&a.boss, &message, &nothing)).await.unwrap_err();
    assert_eq!(error.status(), Some(404), "{error}");
    // Documents have no forms of their own, those that are not there neither.
    let named = |entity: &str| DocumentId { message_id: message.clone(), entity_id: entity.to_owned() };
    let asked = CustomPrintFormDetectionRequest { document_ids: vec![named(&document), named(&nothing)] };
    let told =
        a.boss.json.detect_custom_print_forms(&BoxQuery::new(a.box_id()), asked.clone()).await.unwrap();
    assert_eq!(told.items.iter().map(|item| item.has_custom_print_form).collect::<Vec<_>>(), [false, false]);
    assert_eq!(told.items[0].document_id, asked.document_ids[0]);
    let none = CustomPrintFormDetectionRequest { document_ids: Vec::new() };
    let many = CustomPrintFormDetectionRequest { document_ids: vec![named(&document); 101] };
    for wrong in [none, many] {
        let error =
            a.boss.client.detect_custom_print_forms(&BoxQuery::new(a.box_id()), wrong).await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
    }
    world.end().await;
}
