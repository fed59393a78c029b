//! What both boxes hold in the end, as a tree, and the same as files.

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use potok_cms::SignedData;
use potok_sdk::api::methods::EntityQuery;
use potok_sdk::proto::events::{Entity, EntityType, Message};
use potok_types::{EntityId, MessageId};

use super::exchange::Participant;
use crate::print::line;

/// Shows the message in the box of `side`, and writes its files with their signatures beside them into `folder`.
pub(super) async fn show(
    side: &Participant<'_>,
    message_id: &str,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let message = side.message(message_id).await?;
    let contents = contents(side, &message).await?;
    line(format_args!("\nThe box of {}:", side.player.organization));
    let roots = message.entities.iter().filter(|entity| is_root(entity, &message));
    for entity in roots {
        branch(entity, &message, &contents, 1);
    }
    std::fs::create_dir_all(folder)?;
    for entity in &message.entities {
        if let (Some(name), Some(bytes)) = (file_name(entity, &message), contents.get(&*entity.entity_id)) {
            std::fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(())
}

async fn contents<'a>(
    side: &Participant<'_>,
    message: &'a Message,
) -> Result<HashMap<&'a str, Bytes>, Box<dyn Error>> {
    let message_id: MessageId = message.message_id.parse()?;
    let mut contents = HashMap::new();
    for entity in message.entities.iter().filter(|entity| entity.content.is_some()) {
        let entity_id: EntityId = entity.entity_id.parse()?;
        let query = EntityQuery::new(side.box_id, message_id, entity_id);
        contents.insert(&*entity.entity_id, side.client.get_entity_content_v4(&query).await?.0);
    }
    Ok(contents)
}

fn parent<'a>(entity: &Entity, message: &'a Message) -> Option<&'a Entity> {
    let parent = entity.parent_entity_id.as_deref()?;
    message.entities.iter().find(|other| other.entity_id == parent)
}

fn is_root(entity: &Entity, message: &Message) -> bool {
    parent(entity, message).is_none()
}

fn branch(entity: &Entity, message: &Message, contents: &HashMap<&str, Bytes>, depth: usize) {
    let indent = "  ".repeat(depth);
    if entity.entity_type() == EntityType::Signature {
        let signer = contents.get(&*entity.entity_id).map(|bytes| signer(bytes)).unwrap_or_default();
        line(format_args!("{indent}signed by {signer}"));
    } else {
        let name = entity.file_name.as_deref().unwrap_or_default();
        line(format_args!("{indent}{} {name}", entity.attachment_type().as_str_name()));
    }
    let below = message.entities.iter();
    for child in below.filter(|child| child.parent_entity_id.as_deref() == Some(&entity.entity_id)) {
        branch(child, message, contents, depth + 1);
    }
}

/// Person and organization of a signature.
fn signer(signature: &[u8]) -> String {
    let Ok(signed) = SignedData::parse(signature) else {
        return "somebody whose signature cannot be read".to_owned();
    };
    let Some(certificate) = signed.signer_certificate() else {
        return "somebody without a certificate".to_owned();
    };
    let subject = certificate.subject();
    let names = [subject.surname(), subject.given_name()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let organization = subject.organization().or(subject.common_name()).unwrap_or_default();
    if names.is_empty() { organization.to_owned() } else { format!("{names}, {organization}") }
}

/// `NAME.xml`, and for its signature `NAME.xml.p7s`.
fn file_name(entity: &Entity, message: &Message) -> Option<PathBuf> {
    if entity.entity_type() != EntityType::Signature {
        return Some(Path::new(entity.file_name.as_deref()?).file_name()?.into());
    }
    let mut name = file_name(parent(entity, message)?, message)?.into_os_string();
    name.push(".p7s");
    Some(name.into())
}
