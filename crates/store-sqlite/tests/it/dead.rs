//! A writer that dies takes nobody with it, and is heard of.

use potok_store::{Health as _, Tokens as _, Users as _};
use potok_store_sql::{Backend as _, Work, Writing};
use potok_types::Ticks;

use crate::made::open;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_the_writer_died_is_heard() {
    let folder = tempfile::tempdir().expect("writable");
    let store = open(folder.path());
    assert!(store.check_writable().await.is_ok());
    let dying: Writing<_, (), ()> = |_, ()| panic!("for the test");
    assert!(store.backend().write(Work::new((), dying)).await.is_err());
    store.backend().writer_ended().await;
    assert!(store.forget_expired_tokens(Ticks::new(0)).await.is_err());
    assert!(store.users().await.expect("readers go on").is_empty());
    store.close().await;
}
