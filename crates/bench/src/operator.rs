//! How fast the operator works: from the post to the delivery, with real signatures.

use std::time::{Duration, Instant};

use potok_testkit::sdk::api::methods::OperationQuery;
use potok_testkit::sdk::proto::events::DocumentAttachment;
use potok_testkit::{Letter, PAPER, World, formal};

/// Documents that were worked off.
#[derive(Clone, Copy, Debug)]
pub struct Delivered {
    /// How many: each with a signature to check and two confirmations to make and sign.
    pub count: u32,
    /// From the first post to the last answer.
    pub posted_in: Duration,
    /// From the first check to the last delivery.
    pub delivered_in: Duration,
}

/// Posts `count` signed transfer documents while the operator rests, then lets it work.
///
/// # Errors
/// What the server answers.
pub async fn deliver(count: u32) -> Result<Delivered, potok_testkit::sdk::Error> {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let start = Instant::now();
    for n in 0..count {
        let mut letter = Letter::new(a.box_id(), b.box_id());
        letter.0.document_attachments[0] = formal(DocumentAttachment {
            type_named_id: "UniversalTransferDocument".to_owned(),
            function: Some("СЧФДОП".to_owned()),
            ..Letter::document(&format!("{n}.xml"), PAPER)
        });
        a.boss.client.post_message_v3(&OperationQuery::new(), letter.0).await?;
    }
    let posted_in = start.elapsed();
    let start = Instant::now();
    world.drain().await;
    let delivered_in = start.elapsed();
    world.end().await;
    Ok(Delivered { count, posted_in, delivered_in })
}

impl std::fmt::Display for Delivered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_second = |time: Duration| f64::from(self.count) / time.as_secs_f64();
        write!(
            f,
            "operator: {} transfer documents, each with a GOST signature to check and two confirmations to sign: posted by one \
             caller {:.0}/s, delivered {:.0}/s",
            self.count,
            per_second(self.posted_in),
            per_second(self.delivered_in)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everything_posted_is_delivered() {
        let delivered = deliver(3).await.unwrap();
        assert_eq!(delivered.count, 3);
        assert!(delivered.to_string().contains("3 transfer documents"));
    }
}
