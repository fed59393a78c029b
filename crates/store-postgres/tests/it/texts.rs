//! Texts that the server would not take as they are.

use std::sync::Arc;

use potok_store::ApiClients as _;
use potok_store_postgres::cluster::Cluster;
use potok_store_postgres::open;
use potok_types::{ManualClock, Ticks};

#[tokio::test]
async fn a_zero_in_a_text_is_written_as_another_character() {
    let database = Cluster::shared().database();
    let store =
        open(&database.options(), Arc::new(ManualClock::new(Ticks::new(1)))).await.expect("it is up to date");
    let client = potok_store::ApiClient {
        id: "a\0b".to_owned(),
        name: "Имя\0".to_owned(),
        secret_hash: None,
        is_blocked: false,
        service_user: None,
        is_partner: false,
    };
    store.put_api_client(&client).await.expect("it is written");
    let found = store.api_client("a\0b").await.expect("readable").expect("it is found by what it was given");
    assert_eq!((found.id.as_str(), found.name.as_str()), ("a\u{fffd}b", "Имя\u{fffd}"));
}
