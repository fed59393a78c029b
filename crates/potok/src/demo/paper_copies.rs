//! What both sides get on paper: the print form of the document, and the protocol that the operator signs.

use std::error::Error;
use std::path::Path;

use potok_sdk::api::methods::DocumentQuery;
use potok_types::{EntityId, MessageId};

use super::exchange::{Exchange, Participant};

/// Leaves the copies of `side` in `folder`, which is there.
pub(super) async fn leave(
    side: &Participant<'_>,
    exchange: &Exchange,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let message: MessageId = exchange.message_id.parse()?;
    let document: EntityId = exchange.document_id.parse()?;
    let query = DocumentQuery::new(side.box_id, message, document);
    let form = when_ready(|| side.client.generate_print_form(&query)).await?;
    std::fs::write(folder.join("print-form.pdf"), form.0)?;
    let protocol = when_ready(|| side.client.generate_document_protocol(&query)).await?;
    std::fs::write(folder.join("protocol.pdf"), protocol.print_form)?;
    std::fs::write(folder.join("protocol.pdf.p7s"), protocol.signature)?;
    Ok(())
}

/// Asks again as often as the server puts it off: its queue of forms may be set to be slow.
#[expect(clippy::disallowed_methods, reason = "the server says how long it is to be left alone")]
async fn when_ready<T, F>(ask: impl Fn() -> F) -> Result<T, potok_sdk::Error>
where
    F: Future<Output = Result<T, potok_sdk::Error>>,
{
    loop {
        match ask().await {
            Err(potok_sdk::Error::NotReady { retry_after, .. }) => tokio::time::sleep(retry_after).await,
            answer => return answer,
        }
    }
}
