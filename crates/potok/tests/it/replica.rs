//! Two real servers that read lists at a standby of their database.

use potok_sdk::api::methods::OperationQuery;
use potok_store_postgres::cluster::{Cluster, Standby};
use tempfile::TempDir;

use crate::demo::{feed, organizations_by};
use crate::doctor::{has, look};
use crate::installation::http;
use crate::postgres::on;
use crate::process::{SERVE, Served};

/// A port that was free just now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn told(url: String) -> (u16, String) {
    let answer = http().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Asks again and again until the server says this of itself. It is ready all the time.
async fn until_ready_says(node: &Served, words: &str) {
    loop {
        let (status, text) = told(format!("{}/readyz", node.address())).await;
        assert_eq!(status, 200, "{text}");
        if text.ends_with(words) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_posts_at_one_node_reads_it_at_the_other_whatever_the_standby_does() {
    const AWAY: &str = "; the reading replica is not used, and everything is read at the primary";
    let cluster = Cluster::of_one_test();
    let database = cluster.database();
    let standby = Standby::of(cluster);
    let folder = TempDir::new().unwrap();
    let demo = organizations_by(&mut on(&database, folder.path()), folder.path());
    let with_replica = || {
        let mut command = on(&database, folder.path());
        command.env("POTOK_STORE_REPLICA", standby.url(&database));
        command
    };
    let ports = [free_port(), free_port()];
    let nodes = ports.map(|port| {
        let metrics = format!("127.0.0.1:{port}");
        let words = ["--requests-per-second", "0", "--metrics-listen", &metrics];
        Served::run(with_replica().args(SERVE).args(words))
    });
    for node in &nodes {
        until_ready_says(node, "ready").await;
    }
    let clients = [0, 1].map(|node| demo.client(&nodes[node], 0));
    let box_id = demo.sides[0].box_id;
    for nth in 0..40 {
        match nth {
            10 => standby.pause(),
            15 => standby.resume(),
            20 => {
                standby.kill();
                has(&look(&mut with_replica(), &[]).1, "doubtful", "the reading replica is not used");
            }
            25 => until_ready_says(&nodes[0], AWAY).await,
            30 => {
                standby.start();
                until_ready_says(&nodes[0], "ready").await;
                has(&look(&mut with_replica(), &[]).1, "good", "the reading replica is");
            }
            _ => {}
        }
        let letter = demo.letter(&format!("letter {nth}"));
        let sent = clients[nth % 2].post_message_v3(&OperationQuery::new(), letter).await.unwrap();
        for client in &clients {
            let events = feed(client, box_id).await;
            let is_there = events.iter().any(|event| {
                event.message.as_ref().is_some_and(|message| message.message_id == sent.message_id)
            });
            assert!(is_there, "letter {nth} is not in the feed");
        }
    }
    let lists = async |port: u16| -> u64 {
        let (_, text) = told(format!("http://127.0.0.1:{port}/metrics")).await;
        let line = text.lines().find_map(|line| line.strip_prefix("potok_store_replica_lists_total "));
        line.unwrap_or_else(|| panic!("{text}")).parse().unwrap()
    };
    // Nothing is written any more, so the standby has everything some time.
    let before = lists(ports[0]).await;
    while lists(ports[0]).await == before {
        feed(&clients[0], box_id).await;
    }
    for node in nodes {
        let (status, log) = node.end();
        assert!(status.success());
        let secret = standby.url(&database);
        assert!(log.iter().all(|line| !line.to_string().contains(&secret)), "no line has the address");
        assert!(log.iter().all(|line| line["level"] != "ERROR"), "{log:#?}");
    }
}
