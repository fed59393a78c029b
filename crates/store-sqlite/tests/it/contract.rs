use std::sync::Arc;

use potok_store::Store;
use potok_types::Clock;

async fn open(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    Arc::new(potok_store_sqlite::temporary(clock).expect("a folder for temporary files"))
}

potok_store::store_contract!(open);
