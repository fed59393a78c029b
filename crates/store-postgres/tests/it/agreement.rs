//! Random appends and random questions, beside the store in memory.

use std::sync::Arc;

use potok_store::Store;
use potok_store::contract::{TurnableClock, Twins};
use potok_store_memory::MemoryStore;
use potok_store_postgres::cluster::Cluster;
use proptest::collection::vec;
use proptest::prelude::*;

/// Takes the steps in both stores.
async fn agree(steps: Vec<u64>) {
    let database = Cluster::shared().database();
    let options = database.options();
    let open = async |clock: Arc<TurnableClock>| {
        let one = potok_store_postgres::open(&options, Arc::<TurnableClock>::clone(&clock) as _).await;
        let one: Arc<dyn Store> = Arc::new(one.expect("the database was just made"));
        let other: Arc<dyn Store> = Arc::new(MemoryStore::new(clock));
        (one, other)
    };
    let mut twins = Twins::new(open).await;
    for step in steps {
        twins.step(step).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn it_answers_as_the_store_that_looks_at_everything(steps in vec(any::<u64>(), 1..150)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(agree(steps));
    }
}
