//! Random appends and random questions, beside the store in memory.

use std::sync::Arc;

use potok_store::Store;
use potok_store::contract::{TurnableClock, Twins};
use potok_store_memory::MemoryStore;
use potok_store_postgres::cluster::{Cluster, Standby};
use potok_store_postgres::{PostgresOptions, ReplicaFigures};
use proptest::collection::vec;
use proptest::prelude::*;

/// Takes the steps in both stores, after `begin`, which finds them open. What a reading replica did, where the options name one.
async fn agree(options: PostgresOptions, steps: Vec<u64>, begin: impl FnOnce()) -> Option<ReplicaFigures> {
    let mut opened = None;
    let open = async |clock: Arc<TurnableClock>| {
        let one = potok_store_postgres::open(&options, Arc::<TurnableClock>::clone(&clock) as _).await;
        let one = Arc::new(one.expect("the database was just made"));
        opened = Some(Arc::clone(&one));
        let one: Arc<dyn Store> = one;
        let other: Arc<dyn Store> = Arc::new(MemoryStore::new(clock));
        (one, other)
    };
    let mut twins = Twins::new(open).await;
    let store = opened.expect("it was opened");
    let replica = || store.backend().figures().replica;
    while replica().is_some_and(|figures| !figures.is_used) {
        tokio::task::yield_now().await;
    }
    begin();
    for step in steps {
        twins.step(step).await;
    }
    replica()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn it_answers_as_the_store_that_looks_at_everything(steps in vec(any::<u64>(), 1..150)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let database = Cluster::shared().database();
        let _no_replica = runtime.block_on(agree(database.options(), steps, || {}));
    }
}

#[test]
fn it_answers_so_with_a_standby_at_which_lists_are_read() {
    let cluster = Cluster::of_one_test();
    let standby = Standby::of(cluster);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (mut given, mut behind) = (0, 0);
    // At the last the standby stands still: left alone it may never be seen to be behind.
    let last = 5;
    for seed in 0..=last {
        let database = cluster.database();
        let options = PostgresOptions { replica: Some(standby.url(&database)), ..database.options() };
        let steps = (seed * 1000..seed * 1000 + 100).collect();
        let begin = || {
            if seed == last {
                standby.pause();
            }
        };
        let figures = runtime.block_on(agree(options, steps, begin)).expect("there is one");
        assert_eq!(figures.failed, 0, "{figures:?}");
        given += figures.given;
        behind += figures.behind;
    }
    assert!(
        given > 20 && behind > 0,
        "both ways were gone: {given} lists of the standby, {behind} too early"
    );
}
