//! Universal messages.

use potok_domain::command::{NewUniversalMessage, Source};
use potok_domain::{CodeGroup, UniversalEvent};
use potok_types::id_at;
use potok_wire::proto::UniversalMessageBehaviour;
use potok_wire::proto::events::UniversalMessageAttachment;

use super::super::content::unsigned_content;
use super::exchange::file_name_in;
use crate::BadRequest;

pub(super) fn universal_message(
    path: String,
    item: UniversalMessageAttachment,
) -> Result<NewUniversalMessage<Source>, BadRequest> {
    let code_group = match item.code_group {
        None | Some(0) => None,
        Some(number) => Some(CodeGroup::from_number(number).ok_or_else(|| {
            let reason = "must be Receipt, AmendmentRequest, Rejection or InformationMessage";
            BadRequest::invalid(format!("{path}.CodeGroup"), reason)
        })?),
    };
    let affects_workflow = match item.behaviour() {
        UniversalMessageBehaviour::Undefined => None,
        UniversalMessageBehaviour::AffectsWorkflow => Some(true),
        UniversalMessageBehaviour::DoesNotAffectWorkflow => Some(false),
    };
    let content = unsigned_content(
        &format!("{path}.UniversalMessageContent"),
        item.universal_message_content.content,
        item.universal_message_content.name_on_shelf,
    )?;
    let events = match &content {
        Source::Inline(bytes) => events(bytes),
        // Bytes on the shelf are read when there is no way back to words about them; the group tells the code.
        Source::OnShelf(_) | Source::TestSignature => Vec::new(),
    };
    Ok(NewUniversalMessage {
        parent: id_at(format!("{path}.ParentEntityId"), &item.parent_entity_id)?,
        code_group,
        affects_workflow,
        events,
        file_name: file_name_in(&content),
        content,
        labels: item.labels,
        path,
    })
}

/// The codes in the XML: a value of its own that reads `115`, the four digits of the code, `1`. The layout around them is
/// not public; digits are the same in every encoding of such files.
fn events(xml: &[u8]) -> Vec<UniversalEvent> {
    let is_border = |byte: &u8| matches!(byte, b'"' | b'\'' | b'<' | b'>') || byte.is_ascii_whitespace();
    let codes = xml.split(is_border).filter_map(|value| {
        let digits = value.strip_prefix(b"115")?.strip_suffix(b"1")?;
        let is_code = digits.len() == 4 && digits.iter().all(u8::is_ascii_digit);
        let digits = std::str::from_utf8(digits).ok().filter(|_| is_code)?;
        digits.parse().ok()
    });
    codes.map(|code| UniversalEvent { code, text: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::events;

    #[test]
    fn codes_are_found_wherever_they_stand_alone() {
        for (xml, expected) in [
            ("<СтатусУС>11519991</СтатусУС>", vec![1999]),
            ("<x a=\"11520071\" b='11529991'/>", vec![2007, 2999]),
            ("<x a=\"7711519991\"/><y>115199</y><z>11519992</z><q>115abcd1</q>", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<i32> = events(xml.as_bytes()).into_iter().map(|event| event.code).collect();
            assert_eq!(found, expected, "{xml}");
        }
    }
}
