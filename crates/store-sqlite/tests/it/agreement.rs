//! Random appends and random questions, beside the store in memory.

use std::sync::Arc;

use potok_store::Store;
use potok_store::contract::{TurnableClock, Twins};
use potok_store_memory::MemoryStore;
use potok_store_sqlite::{SqliteOptions, SqliteStore};
use proptest::collection::vec;
use proptest::prelude::*;

/// Takes the steps in both stores. Words of documents are put in their places again and again meanwhile.
async fn agree(steps: Vec<u64>) {
    let folder = tempfile::tempdir().expect("writable");
    let options = SqliteOptions { fresh_documents: 1 + steps.len() as u32 % 6, ..SqliteOptions::default() };
    let mut opened = None;
    let open = async |clock: Arc<TurnableClock>| {
        let clock_of_one = Arc::<TurnableClock>::clone(&clock);
        let one = potok_store_sqlite::open(&folder.path().join("potok.db"), clock_of_one, options.clone());
        let one = opened.insert(Arc::new(one.expect("the folder is writable")));
        let one: Arc<dyn Store> = Arc::<SqliteStore>::clone(one);
        let other: Arc<dyn Store> = Arc::new(MemoryStore::new(clock));
        (one, other)
    };
    let mut twins = Twins::new(open).await;
    for step in steps {
        twins.step(step).await;
    }
    opened.expect("it was opened").close().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn it_answers_as_the_store_that_looks_at_everything(steps in vec(any::<u64>(), 1..150)) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(agree(steps));
    }
}
