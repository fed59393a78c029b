use std::sync::Arc;

use potok_store::Store;
use potok_store_sqlite::SqliteStore;
use potok_types::Clock;

async fn open(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    Arc::new(SqliteStore::temporary(clock).expect("a folder for temporary files"))
}

potok_store::store_contract!(open);
