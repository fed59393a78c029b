//! A page of the list costs the same wherever it lies.

use potok_testkit::World;
use potok_testkit::app::admin::NewOrganization;
use potok_testkit::sdk::api::methods::CounteragentsQuery;

use crate::counteragents::invite;

#[tokio::test]
async fn a_page_costs_the_same_at_the_end_of_the_list() {
    const PAGES: usize = 6;
    let world = World::start().await;
    let a = world.organization("ООО «Ромашка»", "9612345678").await;
    for nth in 0..PAGES * 20 {
        let new = NewOrganization {
            name: format!("АО {nth}"),
            inn: format!("77{nth:08}"),
            is_test: true,
            ..NewOrganization::default()
        };
        let other = world.app().admin().create_organization(new).await.unwrap();
        invite(&a.boss, other.box_id, "").await.unwrap();
    }
    world.drain().await;
    // Who calls is looked up once.
    a.boss.client.get_counteragents_v3(&CounteragentsQuery::new(a.box_id())).await.unwrap();
    for status in [None, Some("IsMyCounteragent"), Some("Rejected")] {
        let mut query = CounteragentsQuery::new(a.box_id());
        query.counteragent_status = status.map(str::to_owned);
        query.page_size = Some(20);
        let mut costs = Vec::new();
        loop {
            let before = world.readings();
            let page = a.boss.client.get_counteragents_v3(&query).await.unwrap();
            costs.push(world.readings() - before);
            let Some(last) = page.counteragents.last() else { break };
            query.after_index_key = last.index_key.clone().map(Into::into);
        }
        let expected = if status == Some("Rejected") { 1 } else { PAGES + 1 };
        assert_eq!(costs.len(), expected, "{status:?}");
        assert!(costs.iter().all(|cost| *cost == costs[0]), "{status:?}: {costs:?}");
    }
    world.end().await;
}
