//! `POST /V2/KeyValueStorageGet`, `POST /V2/KeyValueStoragePut`.

use potok_api::Empty;
use potok_api::methods::{KeyValueStorageGetV2, KeyValueStoragePutV2};
use potok_wire::proto::key_value_storage::{KeyValueStorageApiGetResponse, KeyValueStorageEntry};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<KeyValueStorageGetV2, _>(get);
    all.on::<KeyValueStoragePutV2, _>(put);
}

/// `POST /V2/KeyValueStorageGet`. Keys without a value are left out.
async fn get(mut call: Call<KeyValueStorageGetV2>) -> Result<Answer, ApiError> {
    let keys = std::mem::take(&mut call.body.keys);
    let found = call.people().key_values(&call.permit, keys).await?;
    let entries = found.into_iter().map(|(key, value)| KeyValueStorageEntry { key, value }).collect();
    Ok(call.answer(&KeyValueStorageApiGetResponse { entries }))
}

/// `POST /V2/KeyValueStoragePut`.
async fn put(mut call: Call<KeyValueStoragePutV2>) -> Result<Answer, ApiError> {
    let entries = std::mem::take(&mut call.body.entries);
    let entries = entries.into_iter().map(|entry| (entry.key, entry.value)).collect();
    call.people().put_key_values(&call.permit, entries).await?;
    Ok(call.answer(&Empty))
}
