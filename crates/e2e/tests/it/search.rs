//! What a search finds: words, tags, scopes and pages.

use potok_testkit::sdk::proto::CustomDataItem;
use potok_testkit::sdk::proto::events::MetadataItem;
use potok_testkit::{Letter, Org, Person, World, test_signed};
use serde_json::{Value, json};

use crate::docflows::{ok, text};

fn letter(a: &Org, b: &Org, number: &str, date: &str, file_name: &str, sum: Option<&str>) -> Letter {
    let mut letter = Letter::new(a.box_id(), b.box_id());
    let document = &mut letter.0.document_attachments[0];
    document.signed_content = test_signed(format!("{number} {date} {file_name} {sum:?}").into_bytes());
    let item = |key: &str, value: &str| MetadataItem { key: key.to_owned(), value: value.to_owned() };
    document.metadata =
        vec![item("FileName", file_name), item("DocumentNumber", number), item("DocumentDate", date)];
    if let Some(sum) = sum {
        document.type_named_id = "ProformaInvoice".to_owned();
        document.metadata.push(item("TotalSum", sum));
    }
    letter
}

/// The numbers of the documents that are found.
async fn found(world: &World, who: &Person, request: &Value) -> Vec<String> {
    let answer = ok(world, who, "/V3/SearchDocflows", request).await;
    let documents = answer["Documents"].as_array().unwrap().iter();
    let numbers = documents.map(|document| {
        let items = document["DocumentInfo"]["Metadata"].as_array().unwrap();
        let number = items.iter().find(|item| item["Key"] == "DocumentNumber").unwrap();
        text(&number["Value"]).to_owned()
    });
    numbers.collect()
}

#[tokio::test]
async fn words_tags_and_scopes_find_what_they_name() {
    words_tags_and_scopes_find_what_they_name_in(World::start().await).await;
}

pub(crate) async fn words_tags_and_scopes_find_what_they_name_in(world: World) {
    let (a, b) = world.two_sides().await;
    let c = world.organization("ООО «Василёк»", "9611111111").await;
    let mut tagged = letter(&a, &b, "УПД-17/3", "01.02.2026", "Счёт на ёлку.pdf", Some("1200.50"));
    tagged.0.document_attachments[0].custom_data = vec![
        CustomDataItem { key: "Проект".to_owned(), value: Some("Север".to_owned()) },
        CustomDataItem { key: "Этап".to_owned(), value: Some("2".to_owned()) },
    ];
    a.boss.post(&tagged).await.unwrap();
    a.boss.post(&letter(&a, &c, "18", "02.02.2026", "act.pdf", Some("75"))).await.unwrap();
    world.drain().await;
    b.boss.post(&letter(&b, &a, "19", "03.02.2026", "Contract_final.PDF", None)).await.unwrap();
    let mut unsent = letter(&a, &b, "20", "04.02.2026", "later.pdf", None);
    unsent.0.delay_send = Some(true);
    unsent.0.document_attachments[0].signed_content.sign_with_test_signature = None;
    a.boss.post(&unsent).await.unwrap();
    world.drain().await;
    let everything = ["20", "19", "18", "УПД-17/3"];
    let cases: [(&str, &[&str]); 26] = [
        // Numbers, whole and in parts, in any case.
        ("18", &["18"]),
        ("упд-17/3", &["УПД-17/3"]),
        ("УПД", &["УПД-17/3"]),
        ("17", &["УПД-17/3"]),
        ("1", &[]),
        // Dates.
        ("02.02.2026", &["18"]),
        // File names.
        ("ACT.PDF", &["18"]),
        ("contract_final.pdf", &["19"]),
        ("счет", &["УПД-17/3"]),
        ("СЧЁТ", &["УПД-17/3"]),
        ("елку", &["УПД-17/3"]),
        // Counteragents by name and by INN.
        ("Лютик", &["20", "19", "УПД-17/3"]),
        ("василек", &["18"]),
        ("9687654321", &["20", "19", "УПД-17/3"]),
        ("9611111111", &["18"]),
        ("9600000000", &[]),
        // Sums as people write them.
        ("1200,50", &["УПД-17/3"]),
        ("1200.5", &["УПД-17/3"]),
        ("75.00", &["18"]),
        // One of the words is enough.
        ("18 19 нет", &["19", "18"]),
        // Tags: as words, and as conditions that hold together.
        ("север", &["УПД-17/3"]),
        ("проект: СЕВЕР", &["УПД-17/3"]),
        ("проект: север\nэтап: 2", &["УПД-17/3"]),
        ("проект: север\nэтап: 3", &[]),
        ("этап: 18", &[]),
        ("нет такого", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&world, &a.boss, &json!({"QueryString": query})).await, expected, "{query}");
    }
    let all = "лютик василек";
    assert_eq!(found(&world, &a.boss, &json!({"QueryString": all})).await, everything);
    for (scope, expected) in [
        ("SearchScopeAny", &everything[..]),
        ("SearchScopeIncoming", &["19"]),
        ("SearchScopeOutgoing", &["20", "18", "УПД-17/3"]),
        ("SearchScopeDeleted", &[]),
        ("SearchScopeInternal", &[]),
    ] {
        let request = json!({"QueryString": all, "Scope": scope});
        assert_eq!(found(&world, &a.boss, &request).await, expected, "{scope}");
    }
    // Pages of any size make the whole.
    for count in 1..=5 {
        let mut pages = Vec::new();
        loop {
            let request = json!({"QueryString": all, "Count": count, "FirstIndex": pages.len()});
            let page = ok(&world, &a.boss, "/V3/SearchDocflows", &request).await;
            pages.extend(found(&world, &a.boss, &request).await);
            let have_more = page["HaveMoreDocuments"].as_bool().unwrap();
            assert_eq!(have_more, pages.len() < everything.len());
            if !have_more {
                break;
            }
        }
        assert_eq!(pages, everything, "{count}");
    }
    world.end().await;
}
