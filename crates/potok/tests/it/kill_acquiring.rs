//! The real binary, killed while it invites: whoever was told of a task finds what it came to, and nobody is invited twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use potok_sdk::Client;
use potok_sdk::api::methods::{AcquireCounteragentQuery, CounteragentsQuery, TaskQuery};
use potok_sdk::proto::events::SignedContent;
use potok_sdk::proto::{
    AcquireCounteragentRequest, AcquireCounteragentResultV2, CounteragentStatus, InvitationDocument,
};
use potok_types::BoxId;
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::demo::{Demo, feed, organizations};
use crate::process::{Served, admin};

const INVITED: usize = 24;
const CALLERS: usize = 4;
const ROUNDS: usize = 5;
/// A lease that died with its worker would last for a day: a server that starts frees it.
const SERVE: &[&str] = &["--requests-per-second", "0", "--log", "info", "--delivery-lease-seconds", "86400"];

/// The task of each box of whose invitation somebody was told.
type Acknowledged = Arc<Mutex<BTreeMap<BoxId, String>>>;

/// Organizations that nobody has met yet.
fn strangers(data: &Path) -> Vec<BoxId> {
    let made = (0..INVITED).map(|number| {
        let (name, inn) = (format!("ООО «Гость {number}»"), inn(number));
        admin(data, &["organization", "create", "--test", "--name", &name, "--inn", &inn]).unwrap()
    });
    made.map(|made| made["box_id"].as_str().unwrap().parse().unwrap()).collect()
}

/// An INN of an organization, with its check digit.
fn inn(number: usize) -> String {
    const WEIGHTS: [usize; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let digits = format!("{:09}", 770_200_000 + number);
    let sum: usize =
        digits.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{digits}{}", sum % 11 % 10)
}

/// An invitation, each second one with a document, which is a letter of its own.
fn invitation(number: usize, other: BoxId) -> AcquireCounteragentRequest {
    let document = InvitationDocument {
        signed_content: SignedContent {
            content: Some(format!("agreement {number}").into()),
            sign_with_test_signature: Some(true),
            ..SignedContent::default()
        },
        file_name: "agreement.txt".to_owned(),
        signature_requested: Some(true),
        r#type: None,
    };
    AcquireCounteragentRequest {
        box_id: Some(other.guid()),
        message_to_counteragent: Some(format!("invitation {number}")),
        invitation_document: number.is_multiple_of(2).then_some(document),
        ..AcquireCounteragentRequest::default()
    }
}

async fn invite(
    demo: Arc<Demo>,
    client: Client,
    some: Vec<(usize, BoxId)>,
    acknowledged: Acknowledged,
    count: Arc<AtomicUsize>,
) {
    for (number, other) in some {
        let query = AcquireCounteragentQuery::new(demo.sides[0].box_id);
        let begun = match client.acquire_counteragent_v3(&query, invitation(number, other)).await {
            Ok(begun) => begun,
            Err(error) => {
                assert_eq!(error.status(), None, "nothing but a death stands in the way: {error}");
                return;
            }
        };
        acknowledged.lock().await.insert(other, begun.task_id.unwrap());
        count.fetch_add(1, Ordering::SeqCst);
    }
}

async fn result(client: &Client, task: &str) -> AcquireCounteragentResultV2 {
    loop {
        if let Some(done) = client.acquire_counteragent_result_v2(&TaskQuery::new(task)).await.unwrap().0 {
            return done;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_told_of_a_task_finds_its_result_and_nobody_is_invited_twice() {
    let folder = TempDir::new().unwrap();
    let demo = Arc::new(organizations(folder.path()));
    let others = strangers(folder.path());
    let acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        let server = Served::start(folder.path(), SERVE);
        let known = acknowledged.lock().await.clone();
        let left: Vec<(usize, BoxId)> =
            others.iter().copied().enumerate().filter(|(_, other)| !known.contains_key(other)).collect();
        let count = Arc::new(AtomicUsize::new(0));
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..CALLERS {
            let some = left.iter().copied().skip(caller).step_by(CALLERS).collect();
            let client = demo.client(&server, 0);
            callers.spawn(invite(
                Arc::clone(&demo),
                client,
                some,
                Arc::clone(&acknowledged),
                Arc::clone(&count),
            ));
        }
        // Another number each time, so that death comes in other moments; deliveries run meanwhile.
        while round + 1 < ROUNDS && count.load(Ordering::SeqCst) < 2 + round && !callers.is_empty() {
            tokio::task::yield_now().await;
            while callers.try_join_next().is_some() {}
        }
        if round + 1 < ROUNDS {
            drop(server);
            callers.join_all().await;
            continue;
        }
        callers.join_all().await;
        let client = demo.client(&server, 0);
        let acknowledged = acknowledged.lock().await.clone();
        assert_eq!(acknowledged.len(), INVITED);
        for (other, task) in &acknowledged {
            let done = result(&client, task).await;
            assert_eq!(done.box_id.parse::<BoxId>().unwrap(), *other, "{task}");
        }
        check(&demo, &client, &others).await;
        assert!(server.end().0.success());
    }
}

/// Each of the others is invited, by one letter at most. Who has no document to sign and welcomes everybody is a partner at once.
async fn check(demo: &Demo, client: &Client, others: &[BoxId]) {
    const MET: [CounteragentStatus; 2] =
        [CounteragentStatus::IsInvitedByMe, CounteragentStatus::IsMyCounteragent];
    let own = demo.sides[0].box_id;
    let shown = loop {
        let page = client.get_counteragents_v3(&CounteragentsQuery::new(own)).await.unwrap();
        let met = page.counteragents.iter().filter(|it| MET.contains(&it.current_status()));
        let met = met.map(|it| it.organization.boxes[0].box_id.parse().unwrap());
        let met: Vec<BoxId> = met.filter(|box_id| others.contains(box_id)).collect();
        if met.len() >= INVITED {
            break met;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(shown.iter().collect::<BTreeSet<_>>(), others.iter().collect(), "each is invited");
    assert_eq!(shown.len(), INVITED, "and once");
    let mut letters: BTreeMap<BoxId, usize> = BTreeMap::new();
    for message in feed(client, own).await.into_iter().filter_map(|event| event.message) {
        if let Ok(to) = message.to_box_id().parse() {
            *letters.entry(to).or_default() += 1;
        }
    }
    for (number, other) in others.iter().enumerate() {
        let expected = usize::from(number.is_multiple_of(2));
        assert_eq!(letters.get(other).copied().unwrap_or_default(), expected, "letters to {number}");
    }
}
