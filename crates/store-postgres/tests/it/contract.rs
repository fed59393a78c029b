use std::sync::Arc;

use potok_store::Store;
use potok_store_postgres::cluster::Cluster;
use potok_store_postgres::open_keeping;
use potok_types::Clock;

async fn fresh(clock: Arc<dyn Clock>) -> Arc<dyn Store> {
    let database = Cluster::shared().database();
    let options = database.options();
    Arc::new(open_keeping(&options, clock, database).await.expect("the database was just made"))
}

potok_store::store_contract!(fresh);
