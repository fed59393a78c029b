//! The store in memory against the contract of all stores.

use std::sync::Arc;

use potok_store::Store;
use potok_store_memory::MemoryStore;
use potok_types::Clock;

async fn open(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    Arc::new(MemoryStore::new(clock))
}

potok_store::store_contract!(open);
