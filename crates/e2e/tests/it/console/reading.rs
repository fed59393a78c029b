//! Lists and pages of documents.

use super::place::{ConsolePlace, words};

#[tokio::test]
async fn documents_are_listed_filtered_and_found() {
    let place = ConsolePlace::start().await;
    for number in 1..=30 {
        let file = format!("file-{number}.txt");
        place
            .letter(|letter| {
                let document = &mut letter.0.document_attachments[0];
                document.metadata[0].value = file;
                document.metadata[1].value = format!("N-{number}");
            })
            .await;
    }
    for (language, nothing, signed) in
        [("en", "Nothing meets", "Your signature is required"), ("ru", "ничего нет", "Требуется подпись")]
    {
        let browser = place.browser(&place.buyer, language).await;
        let first = browser.open(&place.at(&place.buyer, "/documents")).await;
        let told = words(&first);
        assert_eq!(first.status(), 200);
        assert!(told.contains("N-30") && !told.contains("N-5 "), "the newest first: {told}");
        assert!(told.contains(signed) && told.contains("Ромашка"), "{told}");
        assert_eq!(first.text().matches("<tr").count(), 26);
        let (_, next) = first
            .text()
            .split_once("rel=\"next\" href=\"")
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let next = next.split('"').next().unwrap().replace("&#38;", "&");
        let second = words(&browser.open(&next).await);
        assert!(second.contains("N-5") && second.contains("N-1 ") && !second.contains("N-30"), "{second}");
        let only = words(
            &browser.open(&place.at(&place.buyer, "/documents?number=N-7&status=RequestsMySignature")).await,
        );
        assert!(only.contains("N-7") && !only.contains("N-8"), "{only}");
        let none =
            words(&browser.open(&place.at(&place.buyer, "/documents?status=Finished&type=Contract")).await);
        assert!(none.contains(nothing), "{none}");
        let found = words(&browser.open(&place.at(&place.buyer, "/documents?q=N-12")).await);
        assert!(found.contains("N-12") && !found.contains("N-13"), "{found}");
        let wrong = browser.open(&place.at(&place.buyer, "/documents?from=2026-03-02&to=2026-03-01")).await;
        assert_eq!(wrong.status(), 400);
        assert!(wrong.text().contains("value=\"2026-03-02\""), "what was typed stays: {}", wrong.text());
        let empty = browser.open(&place.at(&place.buyer, "/documents?class=Internal")).await;
        assert_eq!(empty.status(), 200);
    }
    place.world.end().await;
}

#[tokio::test]
async fn a_document_tells_what_it_is_and_what_comes_next() {
    let place = ConsolePlace::start().await;
    let ids = place
        .letter(|letter| letter.0.document_attachments[0].comment = Some("Прошу подписать".to_owned()))
        .await;
    for (language, mine, theirs, history, content) in [
        (
            "en",
            "You : sign the document, or refuse",
            "АО «Лютик» signs the document or refuses",
            "Signed and sent",
            "the text of a contract",
        ),
        (
            "ru",
            "Вы : подпишите документ или откажите",
            "АО «Лютик» подписывает документ или отказывает",
            "Подписан и отправлен",
            "the text of a contract",
        ),
    ] {
        let browser = place.browser(&place.buyer, language).await;
        let page = browser.open(&place.document(&place.buyer, &ids)).await;
        let told = words(&page);
        assert_eq!(page.status(), 200, "{told}");
        for expected in [mine, content, "contract.pdf", "01.02.2026", "Прошу подписать"] {
            assert!(told.contains(expected), "{expected}: {told}");
        }
        assert!(page.text().len() < 100_000);
        let browser = place.browser(&place.seller, language).await;
        let told = words(&browser.open(&place.document(&place.seller, &ids)).await);
        assert!(told.contains(theirs) && told.contains(history), "{told}");
        let file = browser.open(&format!("{}/file/{}", place.document(&place.seller, &ids), ids.1)).await;
        let answer = file.page.unwrap();
        assert_eq!(&answer.body[..], b"the text of a contract");
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment; "));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let paper = browser.open(&format!("{}/print", place.document(&place.seller, &ids))).await;
        assert!(paper.page.unwrap().body.starts_with(b"%PDF"));
    }
    place.world.end().await;
}
