//! `potok demo`: two organizations, one transfer document with real signatures, and the two requests that started it all.

mod cast;
mod exchange;
mod paper_copies;
mod papers;
mod tree;

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use potok_cms::UnixTime;
use potok_fns::FullName;
use potok_operator::subject;
use potok_operator::test_pki::Layout;
use serde_json::json;

use crate::cli::Environment;
use crate::print::line;
use crate::server::TEST_KEYS;
use crate::{Running, Server, Settings};

use cast::{Cast, Player};
use exchange::{Exchange, Participant, Stage};
use papers::Side;

/// Starts a server, plays the exchange on it over HTTP, shows it, and leaves everything a program needs in
/// `DIR/demo.json`.
pub(crate) async fn start(
    mut settings: Settings,
    environment: Environment,
) -> Result<Running, Box<dyn Error>> {
    // The keys of the demonstration are of the server's own authority.
    settings.app.test_signatures = true;
    settings.app.partners_only = false;
    let notes = settings.data.join("demo.json");
    let running =
        Server::start(settings, Arc::clone(&environment.clock), Arc::clone(&environment.entropy)).await?;
    match play(&running, &notes, &environment).await {
        Ok(()) => Ok(running),
        Err(error) => {
            running.stop().await;
            Err(error)
        }
    }
}

async fn play(running: &Running, notes: &Path, environment: &Environment) -> Result<(), Box<dyn Error>> {
    let cast = Cast::assemble(running.app().admin(), &*environment.entropy, notes).await?;
    let base_url = running.base_url();
    line(format_args!("Potok listens on {base_url}\n"));
    for user in &cast.users {
        line(format_args!("  {}: {} sees {}", user.organization, user.login, user.access));
    }
    line("");
    let stage = Stage {
        seller: participant(running, &cast, cast.sender(), environment).await?,
        buyer: participant(running, &cast, cast.recipient(), environment).await?,
        clock: &*environment.clock,
        entropy: &*environment.entropy,
    };
    let exchange = stage.play().await?;
    let folder = notes.with_file_name("demo-files").join(&exchange.message_id);
    for (side, name) in [(&stage.seller, "seller"), (&stage.buyer, "buyer")] {
        tree::show(side, &exchange.message_id, &folder.join(name)).await?;
        paper_copies::leave(side, &exchange, &folder.join(name)).await?;
    }
    let trust = Layout::new(notes.with_file_name(TEST_KEYS)).trust();
    line(format_args!("\nAll files with their signatures: {}", folder.display()));
    line(
        "The document on paper is beside them: print-form.pdf, and protocol.pdf with the signature of the operator",
    );
    line(format_args!("Check one: potok verify FILE --trust {}", trust.display()));
    show_requests(running, &base_url, &cast, &exchange).await?;
    write(notes, &cast, &base_url, &exchange)?;
    line(format_args!("\nLogins, secrets and ids for programs: {}", notes.display()));
    Ok(())
}

/// A player with a client and a key. Each run gives everybody a new key, as the program of a real participant would not.
async fn participant<'a>(
    running: &Running,
    cast: &Cast,
    player: &'a Player,
    environment: &Environment,
) -> Result<Participant<'a>, Box<dyn Error>> {
    let box_id = player.box_id.parse()?;
    let organization = running.app().admin().organization(box_id).await?;
    let user = running.app().admin().user(&player.login).await?;
    let keys = running.test_keys().ok_or("the server has no keys of its own")?;
    let subject = subject(&organization, &user, "Директор");
    let signer =
        keys.issue(&subject, UnixTime(environment.clock.now().unix_seconds()), &*environment.entropy)?;
    let name = FullName { last: user.last_name, first: user.first_name, middle: user.middle_name };
    let client = exchange::client(&running.base_url(), cast, player)?;
    Ok(Participant { player, side: Side { organization, name }, signer, client, box_id })
}

/// Both requests of the API pages that the product was ordered from, ready to be repeated.
async fn show_requests(
    running: &Running,
    base_url: &str,
    cast: &Cast,
    exchange: &Exchange,
) -> Result<(), Box<dyn Error>> {
    let sender = cast.sender();
    let token =
        running.app().admin().issue_access_token(&cast.api_client_id, sender.user_id.parse()?).await?;
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
    line("\nThe newest event of the sender (GetEvent V2):\n");
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
    // Readers wait for the file to appear, so it must appear whole. A draft that was left by another run may have any mode.
    let draft = path.with_extension("json.new");
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    let mut options = std::fs::File::options();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(serde_json::to_string_pretty(&notes)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    Ok(())
}
