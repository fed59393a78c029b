//! What is answered for methods that are not built, and for those that are gone. The others are called in `crates/e2e`.

use crate::installation::Installation;

#[tokio::test]
async fn what_is_not_built_says_its_name_and_what_is_gone_its_successor() {
    let installation = Installation::start().await;
    let served = potok_http::served();
    for spec in potok_api::methods::all() {
        if served.contains(spec.label) {
            continue;
        }
        let answer = installation.send(spec.verb.as_str(), spec.path, &[], "").await;
        let code = answer.header("x-diadoc-errorcode").unwrap_or_default();
        if spec.is_gone() {
            assert_eq!((answer.status, code), (410, "DiadocApi.Gone"), "{spec}");
            if let Some(next) = potok_api::successor(spec) {
                assert!(answer.text().contains(next.label), "{spec}: {}", answer.text());
            }
        } else {
            assert_eq!((answer.status, code), (501, "Http.NotImplemented"), "{spec}");
        }
        assert!(answer.text().contains(spec.label), "{spec}: {}", answer.text());
    }
}
