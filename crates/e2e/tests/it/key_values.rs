//! What programs keep for an organization.

use potok_testkit::World;
use potok_testkit::sdk::api::methods::BoxQuery;
use potok_testkit::sdk::proto::key_value_storage::{
    KeyValueStorageApiGetRequest, KeyValueStorageApiPutRequest, KeyValueStorageEntry,
};
use potok_types::limits;

fn entries(all: &[(&str, &str)]) -> Vec<KeyValueStorageEntry> {
    let entry = |(key, value): &(&str, &str)| KeyValueStorageEntry {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
    };
    all.iter().map(entry).collect()
}

#[tokio::test]
async fn values_are_kept_for_the_organization() {
    let mut world = World::start().await;
    let (a, b) = world.two_sides().await;
    let put = |all: &[(&str, &str)]| KeyValueStorageApiPutRequest { entries: entries(all) };
    let keys = || KeyValueStorageApiGetRequest {
        keys: ["цвет", "size", "none"].into_iter().map(str::to_owned).collect(),
    };
    let (mine, theirs) = (BoxQuery::new(a.box_id()), BoxQuery::new(b.box_id()));
    a.boss.client.key_value_storage_put_v2(&mine, put(&[("size", "1"), ("цвет", "красный")])).await.unwrap();
    a.boss.json.key_value_storage_put_v2(&mine, put(&[("size", "")])).await.unwrap();
    world.restart().await;
    let boss = world.known_person(a.box_id(), a.boss.user_id, &a.boss.login).await;
    let other = world.known_person(b.box_id(), b.boss.user_id, &b.boss.login).await;
    let found = boss.client.key_value_storage_get_v2(&mine, keys()).await.unwrap();
    assert_eq!(found.entries, entries(&[("цвет", "красный"), ("size", "")]));
    assert_eq!(boss.json.key_value_storage_get_v2(&mine, keys()).await.unwrap(), found);
    assert_eq!(other.client.key_value_storage_get_v2(&theirs, keys()).await.unwrap().entries, []);
    for refused in [
        other.client.key_value_storage_get_v2(&mine, keys()).await.map(drop),
        other.client.key_value_storage_put_v2(&mine, put(&[("a", "1")])).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().status(), Some(403));
    }

    let refused =
        boss.client.key_value_storage_put_v2(&mine, put(&[("a", "1"), ("", "2")])).await.unwrap_err();
    assert_eq!(refused.status(), Some(400));
    assert!(refused.to_string().contains("KeyValueStorageApiPutRequest.Entries[1].Key: a value needs a key"));
    let most = limits::KEYS_PER_BOX as usize;
    let names: Vec<String> = (0..most).map(|nth| nth.to_string()).collect();
    let mut refused = None;
    for names in names.chunks(1000) {
        let all: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
        if let Err(error) = boss.client.key_value_storage_put_v2(&mine, put(&all)).await {
            refused = Some(error);
        }
    }
    let refused = refused.expect("two keys were there already");
    assert_eq!(refused.status(), Some(400));
    assert!(refused.to_string().contains("would have more than 10000 keys"), "{refused}");
    world.end().await;
}
