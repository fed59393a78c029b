//! `potok demo`: two organizations, one document, and the two requests that started it all.

mod cast;
mod exchange;

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use potok_types::Entropy;
use serde_json::json;

use crate::cli::World;
use crate::print::line;
use crate::{Running, Server, Settings};

use cast::Cast;
use exchange::Exchange;

/// Starts a server, plays the exchange on it over HTTP, shows it, and leaves everything a program needs in
/// `DIR/demo.json`.
pub(crate) async fn start(mut settings: Settings, world: World) -> Result<Running, Box<dyn Error>> {
    // The signatures of the demonstration are test signatures.
    settings.app.test_signatures = true;
    let notes = settings.data.join("demo.json");
    let running = Server::start(settings, world.clock, Arc::clone(&world.entropy)).await?;
    match play(&running, &notes, &*world.entropy).await {
        Ok(()) => Ok(running),
        Err(error) => {
            running.stop().await;
            Err(error)
        }
    }
}

async fn play(running: &Running, notes: &Path, entropy: &dyn Entropy) -> Result<(), Box<dyn Error>> {
    let cast = Cast::assemble(running.app(), entropy, notes).await?;
    let base_url = running.base_url();
    line(format_args!("Potok listens on {base_url}\n"));
    for user in &cast.users {
        line(format_args!("  {}: {} sees {}", user.organization, user.login, user.access));
    }
    line("");
    let exchange = exchange::play(&base_url, &cast, &entropy.uuid().to_string()).await?;
    show_requests(running, &base_url, &cast, &exchange).await?;
    write(notes, &cast, &base_url, &exchange)?;
    line(format_args!("\nLogins, secrets and ids for programs: {}", notes.display()));
    Ok(())
}

/// Both requests of the API pages that the product was ordered from, ready to be repeated.
async fn show_requests(
    running: &Running,
    base_url: &str,
    cast: &Cast,
    exchange: &Exchange,
) -> Result<(), Box<dyn Error>> {
    let sender = cast.sender();
    let token = running.app().issue_access_token(&cast.api_client_id, sender.user_id.parse()?).await?;
    let box_id = &sender.box_id_guid;
    let (message_id, document_id) = (&exchange.message_id, &exchange.document_id);
    let document = json!({"MessageId": message_id, "EntityId": document_id});
    // The second element asks for the document as it was when it was sent.
    let body = json!({"Requests": [
        {"DocumentId": document, "InjectEntityContent": true},
        {"DocumentId": document, "InjectEntityContent": false, "LastEventId": message_id},
    ]});
    let accept = "-H 'Accept: application/json; charset=utf-8'";
    line("\nThe document now, and as it was when it was sent (GetDocflows V2):\n");
    line(format_args!(
        "curl -sS -X POST '{base_url}/V2/GetDocflows?boxId={box_id}' -H 'Authorization: Bearer {token}' \
         -H 'Content-Type: application/json; charset=utf-8' {accept} -d '{body}'"
    ));
    line("\nThe event by which the signature arrived (GetEvent V2):\n");
    line(format_args!(
        "curl -sS '{base_url}/V2/GetEvent?boxId={box_id}&eventId={}' -H 'Authorization: Bearer {token}' {accept}",
        exchange.event_id
    ));
    Ok(())
}

/// Keeps everything a program needs. The file holds secrets, so only its owner may read it.
fn write(path: &Path, cast: &Cast, base_url: &str, exchange: &Exchange) -> Result<(), Box<dyn Error>> {
    let mut notes = serde_json::to_value(cast)?;
    if let Some(notes) = notes.as_object_mut() {
        notes.insert("base_url".to_owned(), base_url.into());
        notes.insert("exchange".to_owned(), serde_json::to_value(exchange)?);
    }
    let mut options = std::fs::File::options();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Readers wait for the file to appear, so it must appear whole.
    let draft = path.with_extension("json.new");
    let mut file = options.open(&draft)?;
    file.write_all(serde_json::to_string_pretty(&notes)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    Ok(())
}
