//! A template in the structure that is older than templates as messages.

use potok_wire::proto::events::{Message, Template};

/// What `message` says, in the words of `Template`; `None` when it is none.
pub fn template(message: Message) -> Option<Template> {
    let letter = message.template_to_letter_transformation_info?;
    Some(Template {
        message_id: message.message_id,
        timestamp_ticks: message.timestamp_ticks,
        from_box_id: message.from_box_id,
        to_box_id: message.to_box_id.unwrap_or_default(),
        message_from_box_id: letter.letter_from_box_id,
        message_to_box_id: letter.letter_to_box_id,
        entities: message.entities,
        is_deleted: message.is_deleted,
        message_to_department_id: letter.letter_to_department_id,
        lock_mode: message.lock_mode,
        message_proxy_box_id: letter.letter_proxy_box_id,
        message_proxy_department_id: letter.letter_proxy_department_id,
        is_reusable: message.is_reusable,
    })
}
