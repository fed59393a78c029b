//! `make bench`: see the crate's page.
//!
//! `POTOK_BENCH_SECONDS` (2 by default) is spent on each row, `POTOK_BENCH_EVENTS` (1 000 000) are in the long feed,
//! `POTOK_BENCH_DELIVERIES` (500) documents wait for the operator, `POTOK_BENCH_COUNTERAGENTS` (10 000) stand in a list,
//! `POTOK_BENCH_CHECKS` (200 000) times a caller is let in.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use potok_bench::load::{self, Load, Measured};
use potok_bench::requests::{docflows, exchange, get, post};
use potok_bench::{Bare, Table, operator, oracle, permission};
use potok_testkit::sdk::Format;
use potok_testkit::sdk::api::Payload as _;
use potok_testkit::sdk::proto::events::SignedContent;
use potok_testkit::{Letter, Org, Person, World, WorldOptions};
use potok_types::IndexKey;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run())
}

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

struct Bench {
    world: World,
    bare: Bare,
    time: Duration,
    table: Table,
}

impl Bench {
    async fn row(
        &mut self,
        name: &str,
        callers: usize,
        request: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<(), Failed> {
        let sample = request(0, usize::MAX);
        let head =
            sample.windows(4).position(|window| window == b"\r\n\r\n").map_or(sample.len(), |at| at + 4);
        let measured = self.measure(self.world.address(), name, callers, request).await?;
        let body = sample.len() - head;
        let mut bare = format!("POST /{} HTTP/1.1\r\nHost: x\r\n", measured.body_bytes).into_bytes();
        bare.extend(format!("Content-Length: {body}\r\n\r\n").into_bytes());
        bare.resize(bare.len() + body, 0);
        let bare = self.measure(self.bare.address, "bare", callers, move |_, _| bare.clone()).await?;
        self.table.add(measured, Some(bare));
        Ok(())
    }

    async fn measure(
        &self,
        server: SocketAddr,
        name: &str,
        callers: usize,
        request: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<Measured, Failed> {
        let load = Load { name: name.to_owned(), callers, time: self.time, request: Box::new(request) };
        Ok(load::run(server, load).await?)
    }
}

async fn run() -> Result<(), Failed> {
    let world = World::start_with(WorldOptions {
        settings: Box::new(|settings| settings.delivery_workers = 1),
        ..WorldOptions::default()
    })
    .await;
    let (a, b) = world.two_sides().await;
    let long = world.organization("ООО «Архив»", "9611111111").await;
    let events = number("POTOK_BENCH_EVENTS", 1_000_000);
    let start = Instant::now();
    world.fill_feed(long.box_id(), events).await;
    println!("filled a feed with {events} events in {:.1} s\n", start.elapsed().as_secs_f64());
    let time = Duration::from_secs(number("POTOK_BENCH_SECONDS", 2).into());
    let mut bench = Bench { world, bare: Bare::start().await?, time, table: Table::default() };

    reads_of_the_long_feed(&mut bench, &long, events).await?;
    counteragents(&mut bench, number("POTOK_BENCH_COUNTERAGENTS", 10_000)).await?;
    let exchange = exchange(&bench.world, &a, &b).await?;
    reads(&mut bench, &a.boss, &exchange).await?;
    appends(&mut bench, &a, &b).await?;
    println!("{}", bench.table);
    println!("{}\n", permission::check(&bench.world, &a.boss, number("POTOK_BENCH_CHECKS", 200_000)).await?);
    for compared in oracle::compare_all(&bench.world, &a.boss, &b.boss, 500).await? {
        println!("{compared}");
    }
    println!("{}", operator::deliver(number("POTOK_BENCH_DELIVERIES", 500)).await?);
    Ok(())
}

async fn reads_of_the_long_feed(bench: &mut Bench, long: &Org, events: u32) -> Result<(), Failed> {
    let mut query = potok_testkit::sdk::api::methods::GetNewEventsQuery::new(long.box_id());
    query.limit = Some(1);
    query.order_by = Some("Descending".to_owned());
    let last = long.boss.client.get_new_events_v8(&query).await?;
    let last: IndexKey = last.events[0].index_key().parse()?;
    query.order_by = None;
    let first: IndexKey = long.boss.client.get_new_events_v8(&query).await?.events[0].index_key().parse()?;
    // Keys rise evenly here, so places in the feed can be named by arithmetic.
    let at = |share: f64| IndexKey::new(first.get() + ((last.get() - first.get()) as f64 * share) as i64);
    let step = (last.get() - first.get()) as f64 / f64::from(events);
    let end = IndexKey::new(last.get() - (step * 100.5) as i64);
    for (name, place) in [("start", first), ("middle", at(0.5)), ("end", end)] {
        let path = format!("/V8/GetNewEvents?boxId={}&afterIndexKey={place}", long.box_id());
        let request = get(&long.boss, &path, Format::Protobuf);
        bench.row(&format!("GetNewEvents, {name} of {events}"), 1, move |_, _| request.clone()).await?;
    }
    Ok(())
}

/// The whole list by paging, once, and pages of it.
async fn counteragents(bench: &mut Bench, count: u32) -> Result<(), Failed> {
    let org = bench.world.organization("ООО «Дистрибьютор»", "9622222222").await;
    bench.world.fill_counteragents(org.box_id(), count).await;
    let mut query = potok_testkit::sdk::api::methods::CounteragentsQuery::new(org.box_id());
    let (mut found, mut last_but_one) = (0, None);
    let start = Instant::now();
    loop {
        let page = org.boss.json.get_counteragents_v3(&query).await?;
        let Some(last) = page.counteragents.last() else { break };
        found += page.counteragents.len();
        last_but_one = query.after_index_key.take();
        query.after_index_key = last.index_key.clone().map(Into::into);
    }
    println!("listed {found} counteragents by paging in {:.2} s (bound: 2)\n", start.elapsed().as_secs_f64());
    let path = format!("/V3/GetCounteragents?myBoxId={}", org.box_id());
    let end = format!("{path}&afterIndexKey={}", last_but_one.map(|key| key.0).unwrap_or_default());
    for (name, path) in [("start", path), ("end", end)] {
        let request = get(&org.boss, &path, Format::Protobuf);
        bench.row(&format!("GetCounteragents, {name} of {count}"), 1, move |_, _| request.clone()).await?;
    }
    Ok(())
}

async fn reads(bench: &mut Bench, boss: &Person, ids: &[(String, String)]) -> Result<(), Failed> {
    let box_id = boss.box_id;
    let form = |(message, document): &(String, String)| {
        let path = format!("/GeneratePrintForm?boxId={box_id}&messageId={message}&documentId={document}");
        get(boss, &path, Format::Protobuf)
    };
    let forms: Vec<Vec<u8>> = ids.iter().map(form).collect();
    for callers in [1, 16] {
        let forms = forms.clone();
        let pick = move |caller: usize, n: usize| forms[caller.wrapping_add(n) % forms.len()].clone();
        bench.row("GeneratePrintForm, one page", callers, pick).await?;
    }
    for format in [Format::Protobuf, Format::Json] {
        let kind = format!("{format:?}");
        let page = get(boss, &format!("/V8/GetNewEvents?boxId={box_id}"), format);
        for callers in [1, 16] {
            let page = page.clone();
            bench
                .row(&format!("GetNewEvents, page of 100, {kind}"), callers, move |_, _| page.clone())
                .await?;
        }
        let requests: Vec<Vec<u8>> = ids
            .iter()
            .map(|(message, _)| get(boss, &format!("/V2/GetEvent?eventId={message}&boxId={box_id}"), format))
            .collect();
        for callers in [1, 16] {
            let requests = requests.clone();
            let pick =
                move |caller: usize, n: usize| requests[caller.wrapping_add(n) % requests.len()].clone();
            bench.row(&format!("GetEvent, {kind}"), callers, pick).await?;
        }
        for count in [1, 100] {
            let batch = docflows(boss, &ids[..count], format);
            let callers = 16;
            let pick = move |_: usize, _: usize| batch.clone();
            bench.row(&format!("GetDocflows of {count}, {kind}"), callers, pick).await?;
        }
    }
    Ok(())
}

async fn appends(bench: &mut Bench, a: &Org, b: &Org) -> Result<(), Failed> {
    for (name, is_sent) in [("PostMessage, unsent", false), ("PostMessage, delivered meanwhile", true)] {
        for callers in [1, 64] {
            let mut letter = Letter::new(a.box_id(), b.box_id());
            letter.0.delay_send = Some(!is_sent);
            let signed = &mut letter.0.document_attachments[0].signed_content;
            *signed = SignedContent {
                content: Some(vec![7; 2000].into()),
                sign_with_test_signature: is_sent.then_some(true),
                ..SignedContent::default()
            };
            let boss = a.boss.clone();
            let request = move |caller: usize, n: usize| {
                let mut letter = letter.0.clone();
                // Another body each time: a repeated one would be answered from the first call.
                letter.document_attachments[0].comment = Some(format!("{name} {callers} {caller} {n}"));
                post(&boss, "/V3/PostMessage", &letter.to_body(Format::Protobuf), Format::Protobuf)
            };
            bench.row(name, callers, request).await?;
            bench.world.drain().await;
        }
    }
    Ok(())
}
