//! Calls that wait for work on their signatures. Time is tokio's, and paused: it passes when everybody waits.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_content::Contents;
use potok_domain::SignatureDescription;
use potok_domain::command::{PostMessage, Source};
use potok_room::NotDone;
use potok_seams::{
    AnyIssuer, Judgement, NoKeys, NotAccepted, NotSigned, SignatureToCheck, SignatureVerifier, SignedBytes,
    TestSignature, TestSignatures, VerifyError,
};
use potok_types::{Clock, ManualClock, SeededEntropy};
use tokio::time::Instant;

use super::{Boxes, Plain, letter, post, side_of};
use crate::admin::NewOrganization;
use crate::exchange::PATIENCE;
use crate::{App, AppOptions, CoreError, ExchangeError, Parts};

/// Comes to an end with nothing but the bytes named here.
struct Never {
    accepts: bool,
}

#[async_trait]
impl SignatureVerifier for Never {
    async fn accept(&self, given: Bytes) -> Result<Bytes, NotAccepted> {
        if self.accepts { Ok(given) } else { std::future::pending().await }
    }

    async fn verify(
        &self,
        _: &[SignatureToCheck],
        _: &dyn SignedBytes,
    ) -> Result<Vec<Judgement>, VerifyError> {
        std::future::pending().await
    }

    async fn describe(&self, _: Bytes) -> Result<Option<SignatureDescription>, NotDone> {
        std::future::pending().await
    }
}

#[async_trait]
impl TestSignatures for Never {
    async fn sign(&self, _: TestSignature<'_>) -> Result<Bytes, NotSigned> {
        std::future::pending().await
    }
}

fn node(boxes: &Boxes, accepts: bool) -> App {
    App::new(Parts {
        store: Arc::clone(&boxes.store),
        contents: Contents::in_memory(),
        clock: Arc::<ManualClock>::clone(&boxes.clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(5)),
        rendering: Arc::new(Plain),
        verifier: Arc::new(Never { accepts }),
        operator: Arc::new(NoKeys),
        certificate_judge: Arc::new(AnyIssuer),
        test_signatures: Arc::new(Never { accepts }),
        time_stamping: None,
        user_keys: Arc::new(potok_seams::NoKeys),
        options: AppOptions::default(),
    })
}

/// Whatever of it does not come to an end: after half a minute the caller is told to come again, and nothing was written.
#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_signatures_for_so_long_and_no_longer() {
    let boxes = Boxes::new().await;
    let (name, inn) = ("ООО «Проба»".to_owned(), "9611111111".to_owned());
    let new = NewOrganization { name, inn, is_test: true, ..NewOrganization::default() };
    let from = side_of(&boxes.app, "tests", new).await;
    let posted = |name: &str| letter(&from, &boxes.b, name);
    let mut by_test_signature = posted("by a test signature");
    by_test_signature.documents[0].signature = Some(Source::TestSignature);
    let inside = PostMessage { is_internal: true, to: None, ..posted("inside the organization") };
    for (accepts, letter) in [(false, posted("as it came")), (true, by_test_signature), (true, inside)] {
        let app = node(&boxes, accepts);
        let name = letter.documents[0].metadata[0].value.clone();
        let began = Instant::now();
        let refused = post(&app, &from, letter, &name).await.unwrap_err();
        assert!(matches!(refused, ExchangeError::Core(CoreError::NoRoom(_))), "{name}: {refused:?}");
        assert_eq!(began.elapsed(), PATIENCE, "{name}");
    }
    assert_eq!(boxes.pending().await, 0);
    post(&boxes.app, &from, posted("as it came"), "again").await.expect("nothing speaks against it");
}
