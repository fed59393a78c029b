//! Boxes and organizations with which one has nothing to do look like those that are not there.

use potok_testkit::{RawAnswer, RawRequest, World};
use potok_types::{BoxId, OrgId};

/// Whoever is asked about, and what it is called in the answer.
struct Asked {
    box_id: BoxId,
    org_id: OrgId,
}

/// All that can be seen of an answer but the time and the trace, without the names of who was asked about.
fn seen(answer: &RawAnswer, asked: &Asked) -> (u16, Vec<(String, String)>, String) {
    let mut text = answer.text();
    for name in [asked.box_id.to_string(), asked.box_id.guid(), asked.org_id.to_string()] {
        text = text.replace(&name, "X");
    }
    let shown = |(name, value): &(String, String)| (name.to_lowercase(), value.clone());
    let mut headers: Vec<(String, String)> = answer.headers.iter().map(shown).collect();
    headers.retain(|(name, _)| !matches!(&**name, "date" | "x-kontur-trace-id" | "content-length"));
    headers.sort_unstable();
    (answer.status, headers, text)
}

#[tokio::test]
async fn strangers_look_like_nobody_to_every_method() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    world.app().admin().set_encryption(a.box_id(), true).await.unwrap();
    let stranger = Asked { box_id: b.box_id(), org_id: b.organization.org_id };
    let none: OrgId = "4c422f4e-7ecd-492d-a652-3aa45007da1b".parse().unwrap();
    let nobody = Asked { box_id: BoxId::from_uuid(none.uuid()), org_id: none };
    let (my_box, my_org) = (a.box_id().guid(), a.organization.org_id);
    let group = "00000000-0000-0000-0000-000000000000";
    for (is_post, method, status) in [
        (false, "/V3/GetCounteragent?myBoxId={my_box}&counteragentBoxId={box}", 404),
        (false, "/V2/GetCounteragent?myOrgId={my_org}&counteragentOrgId={org}", 404),
        (false, "/GetCounteragent?myOrgId={my_org}&counteragentOrgId={org}", 404),
        (false, "/V2/GetCounteragentCertificates?myBoxId={my_box}&counteragentBoxId={box}", 404),
        (false, "/GetCounteragentCertificates?myOrgId={my_org}&counteragentOrgId={org}", 404),
        (true, "/V2/BreakWithCounteragent?myBoxId={my_box}&counteragentBoxId={box}", 200),
        (true, "/BreakWithCounteragent?myOrgId={my_org}&counteragentOrgId={org}", 200),
        (
            true,
            "/AddCounteragentToGroup?boxId={my_box}&counteragentGroupId={group}&counteragentBoxId={box}",
            409,
        ),
    ] {
        let ask = async |asked: &Asked| {
            let path = method
                .replace("{my_box}", &my_box)
                .replace("{my_org}", &my_org.to_string())
                .replace("{group}", group)
                .replace("{box}", &asked.box_id.guid())
                .replace("{org}", &asked.org_id.to_string());
            let request = if is_post { RawRequest::post(path, "") } else { RawRequest::get(path) };
            seen(&world.raw(request.bearer(&a.boss.access_token)).await, asked)
        };
        let (of_stranger, of_nobody) = (ask(&stranger).await, ask(&nobody).await);
        assert_eq!(of_stranger, of_nobody, "{method}");
        assert_eq!(of_stranger.0, status, "{method}: {}", of_stranger.2);
    }
    world.end().await;
}
