//! Pages of a feed beside the query for their rows alone, and a feed read from its beginning to its end.

use std::sync::Arc;
use std::time::Instant;

use potok_domain::query::{FeedFilter, FeedOrder};
use potok_store::{Feed as _, FeedQuery, Journal as _};
use potok_store_postgres::PostgresStore;
use potok_store_postgres::cluster::{Cluster, Database};
use potok_types::{BoxId, IndexKey};
use tokio_postgres::{Client, NoTls, Statement};

use crate::events::Maker;
use crate::table::{self, Figures, Meter};
use crate::{Result, Sizes};

/// Events of a page.
const PAGE: usize = 100;
/// Events that are appended at once: it is not their writing that is measured.
const AT_ONCE: u32 = 50;

/// The rows of a page and nothing else.
const BARE: &str = "SELECT f.key, e.event_id, e.stream_id, e.ready
    FROM feed f JOIN events e ON e.box_id = f.box_id AND e.id = f.event
    WHERE f.box_id = $1 AND f.key > $2 ORDER BY f.key LIMIT 100";

pub(crate) async fn read(
    store: &Arc<PostgresStore>,
    database: &Database,
    maker: &Arc<Maker>,
    cluster: &Cluster,
    sizes: &Sizes,
) -> Result<()> {
    let box_id = maker.boxes(1)[0];
    let keys = fill(store, maker, box_id, sizes.feed).await?;
    let mut clients = Vec::new();
    for _ in 0..16 {
        let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await?;
        tokio::spawn(connection);
        let statement = client.prepare(BARE).await?;
        clients.push((client, statement));
    }
    clients.first().ok_or("no connection")?.0.batch_execute("VACUUM ANALYZE events, feed").await?;
    let clients = Arc::new(clients);
    for (place, after) in [("start", keys[0]), ("end", keys[keys.len() - keys.len() / 50 - PAGE])] {
        for callers in [1, 16] {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..sizes.rounds {
                ours.push(
                    measured(cluster, callers, sizes, |_| page(Arc::clone(store), box_id, Some(after)))
                        .await?,
                );
                theirs.push(
                    measured(cluster, callers, sizes, |nth| {
                        bare(Arc::clone(&clients), nth, box_id, after.get())
                    })
                    .await?,
                );
            }
            let [ours, theirs] = [ours, theirs].map(table::of_rounds);
            println!("page of {PAGE} at the {place}, {callers} callers:");
            ours.print("    page");
            theirs.print("    the query alone");
            table::ratio("    of the query", ours.rate / theirs.rate);
        }
    }
    to_the_end(store, &clients, box_id, keys.len()).await
}

/// Both ways from the first event to the last.
async fn to_the_end(
    store: &Arc<PostgresStore>,
    clients: &Arc<Vec<(Client, Statement)>>,
    box_id: BoxId,
    len: usize,
) -> Result<()> {
    let (start, mut after, mut count) = (Instant::now(), None, 0);
    while let Some(last) = page_of(Arc::clone(store), box_id, after, &mut count).await? {
        after = Some(last);
    }
    let ours = count as f64 / start.elapsed().as_secs_f64();
    let (start, mut after, mut bare_count) = (Instant::now(), 0, 0);
    while let Some(last) = bare_page(Arc::clone(clients), 0, box_id, after, &mut bare_count).await? {
        after = last;
    }
    let theirs = bare_count as f64 / start.elapsed().as_secs_f64();
    if count != len || bare_count != len {
        return Err(format!("of {len} events {count} and {bare_count} were read").into());
    }
    println!("feed of {len} events from end to end, events a second:");
    table::rate("    page after page", ours);
    table::rate("    the query alone", theirs);
    table::ratio("    of the query", ours / theirs);
    Ok(())
}

async fn page(store: Arc<PostgresStore>, box_id: BoxId, after: Option<IndexKey>) -> Result<()> {
    page_of(store, box_id, after, &mut 0).await.map(drop)
}

/// The last key of the page, and how many events it has.
async fn page_of(
    store: Arc<PostgresStore>,
    box_id: BoxId,
    after: Option<IndexKey>,
    count: &mut usize,
) -> Result<Option<IndexKey>> {
    let filter = FeedFilter::default();
    let order = FeedOrder::Ascending;
    let page =
        store.page(FeedQuery { box_id, after, order, limit: PAGE, filter, count_up_to: 100_000 }).await?;
    *count += page.events.len();
    Ok(page.events.last().map(|event| event.key))
}

async fn bare(clients: Arc<Vec<(Client, Statement)>>, nth: usize, box_id: BoxId, after: i64) -> Result<()> {
    bare_page(clients, nth, box_id, after, &mut 0).await.map(drop)
}

async fn bare_page(
    clients: Arc<Vec<(Client, Statement)>>,
    nth: usize,
    box_id: BoxId,
    after: i64,
    count: &mut usize,
) -> Result<Option<i64>> {
    let (client, statement) = clients.get(nth).ok_or("a caller has a connection")?;
    let rows = client.query(statement, &[&&box_id.as_bytes()[..], &after]).await?;
    let mut last = None;
    for row in rows {
        let ready: Vec<u8> = row.try_get(3)?;
        std::hint::black_box(ready);
        last = Some(row.try_get(0)?);
        *count += 1;
    }
    Ok(last)
}

/// A long feed of one box: its keys.
async fn fill(
    store: &Arc<PostgresStore>,
    maker: &Arc<Maker>,
    box_id: BoxId,
    len: usize,
) -> Result<Vec<IndexKey>> {
    /// Messages that grow beside each other.
    const STREAMS: usize = 4;
    let of_stream = len / STREAMS;
    let filling: Vec<_> = (0..STREAMS)
        .map(|_| {
            let (store, maker) = (Arc::clone(store), Arc::clone(maker));
            tokio::spawn(async move {
                let message = maker.message();
                let (mut done, mut keys) = (0, Vec::new());
                while keys.len() < of_stream {
                    let count = AT_ONCE.min((of_stream - keys.len()) as u32);
                    let appended = store.append(maker.many(box_id, message, done, count)).await?;
                    keys.extend(appended.keys());
                    done += count;
                }
                Result::Ok(keys)
            })
        })
        .collect();
    let mut keys = Vec::new();
    for stream in filling {
        keys.extend(stream.await??);
    }
    keys.sort_unstable();
    Ok(keys)
}

/// Callers who do this again and again, each told which one it is.
async fn measured<F>(
    cluster: &Cluster,
    callers: usize,
    sizes: &Sizes,
    call: impl Fn(usize) -> F,
) -> Result<Figures>
where
    F: Future<Output = Result<()>> + Send,
{
    let meter = Meter::start(cluster);
    let start = Instant::now();
    let caller = async |nth: usize| {
        let mut times = Vec::new();
        while start.elapsed() < sizes.per_line {
            let one = Instant::now();
            call(nth).await?;
            times.push(one.elapsed());
        }
        Result::Ok(times)
    };
    let times = futures_util::future::try_join_all((0..callers).map(caller)).await?;
    Ok(meter.figures(times.into_iter().flatten().collect(), start.elapsed()))
}
