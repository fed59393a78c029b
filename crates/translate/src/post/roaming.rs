//! `POST /PostRoamingNotification`.

use potok_domain::roaming::NewReport;
use potok_types::id_at;
use potok_wire::proto::events::RoamingNotificationToPost;

use super::fields::optional_id;
use crate::BadRequest;

/// Reads what another operator says.
///
/// # Errors
/// [`BadRequest::Invalid`] names the field that cannot be read.
pub fn roaming_report(given: RoamingNotificationToPost) -> Result<NewReport, BadRequest> {
    let about = given.notifiable_entity_ids.iter().enumerate();
    let about = about.map(|(i, id)| id_at(format!("RoamingNotificationToPost.NotifiableEntityIds[{i}]"), id));
    Ok(NewReport {
        event: id_at("RoamingNotificationToPost.EventId", &given.event_id)?,
        message: optional_id("RoamingNotificationToPost.MessageId", given.message_id)?,
        about: about.collect::<Result<_, _>>()?,
        is_success: given.success,
        words: given.description.unwrap_or_default(),
    })
}
