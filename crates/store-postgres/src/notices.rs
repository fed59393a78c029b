//! What other nodes tell: a connection of its own that only listens.

use std::future::{pending, poll_fn};
use std::time::Duration;

use potok_store::Hear;
use potok_types::BoxId;
use tokio_postgres::AsyncMessage;
use uuid::Uuid;

use crate::backend::Address;
use crate::hints::CHANNEL;

/// Before another connection is made.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens for as long as it is polled, and makes another connection when one is lost. What was said meanwhile nobody hears, so
/// it may have been about any box.
#[expect(clippy::disallowed_methods, reason = "a server that starts again does not say when it is back")]
pub(crate) async fn listen(address: Address, node: Uuid, hear: Hear) {
    loop {
        if let Err(error) = listen_once(&address, node, &hear).await {
            tracing::debug!(%error, "other nodes are not heard; what they write is found later");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn listen_once(address: &Address, node: Uuid, hear: &Hear) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = address.config.connect(address.tls.clone()).await?;
    let heard = async {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(said) = message? {
                boxes(node, said.payload()).for_each(|box_id| hear(box_id));
            }
        }
        Ok(())
    };
    let asked = async {
        client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
        hear(None);
        pending().await
    };
    tokio::select! {
        ended = heard => ended,
        failed = asked => failed,
    }
}

/// Of whom is told, unless it is this node that tells. What cannot be read may be about any box.
fn boxes(node: Uuid, said: &str) -> impl Iterator<Item = Option<BoxId>> {
    let (who, boxes) = said.split_once(' ').unwrap_or((said, ""));
    let is_own = Uuid::try_parse(who) == Ok(node);
    boxes
        .split(' ')
        .take_while(move |_| !is_own)
        .map(|box_id| Uuid::try_parse(box_id).ok().map(BoxId::from_uuid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_is_heard_and_what_one_says_oneself_is_not() {
        let [here, there, first, second] = [1, 2, 3, 4].map(Uuid::from_u128);
        let said = format!("{} {} {}", there.simple(), first.simple(), second.simple());
        let heard: Vec<_> = boxes(here, &said).collect();
        assert_eq!(heard, [first, second].map(|id| Some(BoxId::from_uuid(id))));
        assert_eq!(boxes(there, &said).count(), 0);
        assert_eq!(boxes(here, "nonsense").collect::<Vec<_>>(), [None]);
    }
}
