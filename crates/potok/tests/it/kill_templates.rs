//! The real binary, killed while letters are made of templates: of each template there is one letter, and it is the one that
//! was acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::{GetMessageQuery, OperationQuery};
use potok_sdk::proto::events::{
    DocumentTransformation, MetadataItem, TemplateDocumentAttachment, TemplateToPost,
    TemplateTransformationToPost, UnsignedContent,
};
use potok_types::MessageId;
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::demo::{Demo, feed, organizations};
use crate::process::Served;

const TEMPLATES: usize = 48;
const MAKERS: usize = 4;
const SERVE: &[&str] = &["--requests-per-second", "0", "--log", "info"];

/// A template of the first side with one document, of which the second makes a letter back.
#[derive(Clone, Debug)]
struct Prepared {
    template: MessageId,
    document: String,
}

async fn prepare(demo: &Demo, client: &Client, n: usize) -> Prepared {
    let [first, second] = [0, 1].map(|side: usize| demo.sides[side].box_id.to_string());
    let document = TemplateDocumentAttachment {
        unsigned_content: UnsignedContent {
            content: Some(format!("template {n}").into()),
            ..UnsignedContent::default()
        },
        type_named_id: "Nonformalized".to_owned(),
        metadata: vec![MetadataItem { key: "FileName".to_owned(), value: "x.txt".to_owned() }],
        ..TemplateDocumentAttachment::default()
    };
    let posted = TemplateToPost {
        from_box_id: first.clone(),
        to_box_id: second.clone(),
        message_from_box_id: second,
        message_to_box_id: first,
        document_attachments: vec![document],
        ..TemplateToPost::default()
    };
    let kept = client.post_template(&OperationQuery::new(), posted).await.unwrap();
    Prepared { template: kept.message_id.parse().unwrap(), document: kept.entities[0].entity_id.clone() }
}

/// The letter of each template of which one was acknowledged.
type Made = Arc<Mutex<BTreeMap<MessageId, String>>>;

/// Makes letters of the templates until the server dies. Whoever comes second to a template is refused.
async fn make_until_death(
    demo: Arc<Demo>,
    client: Client,
    maker: usize,
    prepared: Vec<Prepared>,
    made: Made,
    count: Arc<AtomicUsize>,
) {
    for Prepared { template, document } in prepared {
        if made.lock().await.contains_key(&template) {
            continue;
        }
        let given = TemplateTransformationToPost {
            box_id: demo.sides[1].box_id.to_string(),
            template_id: template.to_string(),
            document_transformations: vec![DocumentTransformation {
                document_id: document,
                custom_document_id: Some(format!("maker {maker}")),
            }],
        };
        // Two makers say that it is one call, two that theirs are others.
        let mut query = OperationQuery::new();
        query.operation_id = Some(format!("{template} {}", maker.saturating_sub(1)));
        match client.transform_template_to_message(&query, given).await {
            Ok(letter) => {
                let before = made.lock().await.insert(template, letter.message_id.clone());
                assert!(
                    before.is_none_or(|before| before == letter.message_id),
                    "one letter is acknowledged"
                );
                count.fetch_add(1, Ordering::SeqCst);
            }
            Err(error) if error.status() == Some(409) => {}
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_each_template_there_is_one_letter_however_often_the_server_is_killed() {
    let folder = TempDir::new().unwrap();
    let demo = Arc::new(organizations(folder.path()));
    let server = Served::start(folder.path(), SERVE);
    let poster = demo.client(&server, 0);
    let mut prepared = Vec::new();
    for n in 0..TEMPLATES {
        prepared.push(prepare(&demo, &poster, n).await);
    }
    let receiver = demo.client(&server, 1);
    while feed(&receiver, demo.sides[1].box_id).await.iter().filter(|event| event.message.is_some()).count()
        < TEMPLATES
    {
        tokio::task::yield_now().await;
    }
    drop(server);

    let made = Made::default();
    let mut rounds = 0;
    while made.lock().await.len() < TEMPLATES {
        rounds += 1;
        let server = Served::start(folder.path(), SERVE);
        let count = Arc::new(AtomicUsize::new(0));
        let mut makers = tokio::task::JoinSet::new();
        for maker in 0..MAKERS {
            let client = demo.client(&server, 1);
            let (made, count) = (Arc::clone(&made), Arc::clone(&count));
            makers.spawn(make_until_death(Arc::clone(&demo), client, maker, prepared.clone(), made, count));
        }
        let enough = 1 + 5 * rounds % 7;
        while count.load(Ordering::SeqCst) < enough && !makers.is_empty() {
            tokio::task::yield_now().await;
            while let Some(ended) = makers.try_join_next() {
                ended.unwrap();
            }
        }
        drop(server);
        while let Some(ended) = makers.join_next().await {
            ended.unwrap();
        }
    }
    assert!(rounds >= 5, "it was killed in the middle: {rounds} rounds");

    let server = Served::start(folder.path(), SERVE);
    let (client, box_id) = (demo.client(&server, 1), demo.sides[1].box_id);
    let made = made.lock().await.clone();
    let mut found: BTreeMap<MessageId, Vec<String>> = BTreeMap::new();
    for letter in feed(&client, box_id).await.into_iter().filter_map(|event| event.message) {
        let origin = letter.entities[0].document_info.as_ref().and_then(|info| info.origin.clone());
        let Some(origin) = origin else { continue };
        found.entry(origin.message_id.parse().unwrap()).or_default().push(letter.message_id.clone());
    }
    for Prepared { template, .. } in &prepared {
        assert_eq!(
            found.get(template),
            Some(&vec![made[template].clone()]),
            "there is one, the acknowledged one"
        );
        let used = client.get_message_v5(&GetMessageQuery::new(box_id, *template)).await.unwrap();
        assert!(used.is_deleted(), "it is used up");
        let records = used.entities.iter().filter_map(|entity| entity.template_transformation_info.as_ref());
        let letters = records.filter_map(|record| record.transformed_to_document_id.as_ref());
        let letters: Vec<&String> = letters.map(|document| &document.message_id).collect();
        assert_eq!(letters, [&made[template]], "and the template says which");
    }
    let (status, _) = server.end();
    assert!(status.success());
}
