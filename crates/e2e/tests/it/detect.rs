//! As what a file can be sent.

use bytes::Bytes;
use potok_testkit::World;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::{BoxQuery, OnShelfQuery, ShelfUploadV1Query};

/// A transfer document of order 970, version 5.02, function СЧФДОП.
const TRANSFER: &[u8] = include_bytes!("../../testdata/utd970_title0.xml");

#[tokio::test]
async fn files_are_detected_in_a_body_and_on_the_shelf() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let query = BoxQuery::new(a.box_id());
    let source = {
        // The same file as a source document, which can be sent under several types.
        let text = b"\xD4\xF3\xED\xEA\xF6\xE8\xFF=\"\xD1\xD7\xD4\xC4\xCE\xCF\"";
        let at = TRANSFER.windows(text.len()).position(|window| window == text).unwrap();
        let mut file = TRANSFER.to_vec();
        file.splice(at..at + text.len(), b"\xD4\xF3\xED\xEA\xF6\xE8\xFF=\"\xC4\xCE\xCF\"".iter().copied());
        file
    };
    for (n, (file, expected)) in [
        (TRANSFER.to_vec(), vec!["UniversalTransferDocument СЧФДОП utd970_05_02_01"]),
        (
            source,
            vec![
                "UniversalTransferDocument ДОП utd970_05_02_01",
                "XmlTorg12 ДОП utd970_05_02_01",
                "XmlAcceptanceCertificate ДОП utd970_05_02_01",
            ],
        ),
        (b"%PDF-1.7".to_vec(), vec!["Nonformalized default v1"]),
        (TRANSFER[..1000].to_vec(), vec!["Nonformalized default v1"]),
    ]
    .into_iter()
    .enumerate()
    {
        let file = Raw(Bytes::from(file));
        let upload = ShelfUploadV1Query {
            is_last_part: Some(true),
            ..ShelfUploadV1Query::new(format!("__userId__/{n}"))
        };
        a.boss.client.shelf_upload(&upload, file.clone()).await.unwrap();
        let shelf = OnShelfQuery::new(a.box_id(), format!("__userId__/{n}"));
        let titles = a.boss.json.detect_document_titles(&query, file.clone()).await.unwrap();
        let shown: Vec<String> = titles
            .document_titles
            .iter()
            .map(|title| format!("{} {} {}", title.type_named_id, title.function, title.version))
            .collect();
        assert_eq!(shown, expected);
        let number = titles.document_titles[0].metadata.iter().find(|item| item.key == "DocumentNumber");
        let is_known = !expected[0].starts_with("Nonformalized");
        assert_eq!(number.map(|item| item.value.as_str()), is_known.then_some("КБ-1042"));
        assert_eq!(a.boss.client.detect_document_titles_on_shelf(&shelf).await.unwrap(), titles);
        let types = a.boss.client.detect_document_types(&query, file).await.unwrap();
        let shown: Vec<String> = types
            .document_types
            .iter()
            .map(|found| format!("{} {} {}", found.type_named_id, found.function, found.version))
            .collect();
        assert_eq!(shown, expected);
        assert_eq!(a.boss.json.detect_document_types_on_shelf(&shelf).await.unwrap(), types);
    }
    let missing = OnShelfQuery::new(a.box_id(), "__userId__/none".to_owned());
    let refused = a.boss.client.detect_document_titles_on_shelf(&missing).await.unwrap_err();
    assert_eq!(refused.status(), Some(404), "{refused}");
    world.end().await;
}
