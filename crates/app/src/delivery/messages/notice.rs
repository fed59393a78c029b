//! What people read when an event was not delivered.

use potok_domain::MessageState;
use potok_seams::Judgement;

/// The text of `Notification.txt`. It begins in the words that programs know from the service (docs#737); then, for each
/// bad signature, what it signs, what is wrong with it, and what to do.
pub(super) fn notification(source: &MessageState, judgements: &[Judgement]) -> String {
    let mut text = format!(
        "Ваше сообщение (id = {}) или его часть не была доставлена, поскольку некоторые подписи в ней были признаны \
         недействительными.",
        source.message_id
    );
    for judgement in judgements.iter().filter(|judgement| !judgement.verdict.is_valid) {
        let signature = judgement.verdict.signature;
        let signed = source.entity(signature).and_then(|found| source.entity(found.entity.parent?));
        let name = signed.and_then(|signed| signed.entity.file_name.as_deref()).unwrap_or("без имени");
        text += &format!("\n\nФайл «{name}», подпись {signature}");
        if judgement.words.is_empty() {
            text += ": подпись не соответствует файлу.";
            continue;
        }
        text.push(':');
        for words in &judgement.words {
            text += &format!("\n— {words}.");
        }
    }
    text.push('\n');
    text
}
