//! Signatures, with what checking them found, in plain words.

use potok_api::Empty;
use potok_api::methods::{EntityQuery, GetSignatureInfo};
use potok_types::{BoxId, EntityId};
use potok_wire::proto::SignatureInfo;
use potok_wire::proto::events::{Entity, EntityType};

use crate::frame::Frame;
use crate::moment::Moment;
use crate::names::Names;
use crate::places::DocumentPlace;
use crate::server::{Server, ask};
use crate::words;

/// Signatures that a page explains; the tree has all of them.
const MOST: usize = 12;

/// A signature.
pub(super) struct Signature {
    /// What was signed.
    pub(super) of: String,
    /// Whose box.
    pub(super) organization: String,
    pub(super) person: String,
    /// What the certificate tells: names and values.
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) verdict: String,
    pub(super) class: &'static str,
    pub(super) reasons: Vec<&'static str>,
    pub(super) at: Option<Moment>,
}

/// The signatures of a document and of what hangs on it.
pub(super) async fn signatures(
    server: &dyn Server,
    frame: &Frame,
    names: &Names,
    place: DocumentPlace,
    entities: &[Entity],
) -> Vec<Signature> {
    let mut all = Vec::new();
    let signatures = entities.iter().filter(|entity| entity.entity_type() == EntityType::Signature);
    for entity in signatures.take(MOST) {
        let Ok(id) = entity.entity_id.parse::<EntityId>() else { continue };
        let query = EntityQuery::new(place.box_id, place.message, id);
        let info = ask::<GetSignatureInfo>(server, &query, &Empty).await.ok();
        let parent = entity.parent_entity_id.as_deref().unwrap_or_default();
        let signed = entities.iter().find(|it| it.entity_id == parent);
        let organization = match entity.signer_box_id.as_deref() {
            Some(id) if id.parse() == Ok(BoxId::ZERO) => frame.say("Оператор", "The operator").to_owned(),
            Some(id) => names.of(server, id).await,
            None => String::new(),
        };
        all.push(Signature {
            of: signed.map(|it| words::entity(frame, it)).unwrap_or_default(),
            organization,
            at: info
                .as_ref()
                .and_then(|info| Moment::of(info.signing_time.ticks))
                .or_else(|| Moment::of(entity.raw_creation_date.unwrap_or_default())),
            ..explained(frame, info.as_ref())
        });
    }
    all
}

fn explained(frame: &Frame, info: Option<&SignatureInfo>) -> Signature {
    let mut signature = Signature {
        of: String::new(),
        organization: String::new(),
        person: String::new(),
        facts: Vec::new(),
        verdict: frame.say("Подпись не удалось прочитать", "The signature cannot be read").to_owned(),
        class: "plain",
        reasons: Vec::new(),
        at: None,
    };
    let Some(info) = info else { return signature };
    let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    signature.person =
        [text(&info.surname), text(&info.first_name)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let validity = match (text(&info.start_date), text(&info.end_date)) {
        (Some(from), Some(to)) => Some(format!("{from} – {to}")),
        _ => None,
    };
    let facts = [
        (frame.say("Должность", "Position"), text(&info.job_title)),
        (frame.say("Организация", "Organization"), text(&info.org_name)),
        (frame.say("ИНН", "INN"), text(&info.org_inn)),
        (frame.say("Издатель сертификата", "Issued by"), text(&info.issuer)),
        (frame.say("Сертификат действует", "Certificate valid"), validity),
        (frame.say("Отпечаток", "Thumbprint"), Some(info.thumbprint.clone())),
    ];
    signature.facts = facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let (class, verdict) = match &info.signature_verification_result {
        None => ("plain", frame.say("Ещё не проверена", "Not checked yet")),
        Some(result) if result.is_valid => ("good", frame.say("Подпись верна", "The signature is good")),
        Some(_) => ("bad", frame.say("Подпись неверна", "The signature is bad")),
    };
    (signature.class, signature.verdict) = (class, verdict.to_owned());
    if let Some(result) = &info.signature_verification_result {
        let certificate = result.certificate_status.as_ref();
        let chain = certificate.map_or(&[][..], |status| &status.certificate_chain);
        let flags = chain.iter().fold(0, |flags, element| flags | element.certificate_chain_status_flags);
        signature.reasons = reasons(frame, result.is_valid, certificate.map(|it| it.is_valid), flags);
        if result.signature_timestamp.is_some() {
            signature.reasons.push(frame.say(
                "Время подписания удостоверено штампом времени.",
                "The time of signing is proved by a time stamp.",
            ));
        }
    }
    signature
}

/// What each flag of a chain of certificates means.
const FLAGS: [(i32, &str, &str); 9] = [
    (
        0x1,
        "Срок действия сертификата не наступил или вышел.",
        "The certificate is not valid yet, or not any more.",
    ),
    (0x4, "Сертификат отозван.", "The certificate is revoked."),
    (
        0x8,
        "Подпись издателя под сертификатом неверна.",
        "The issuer's signature under the certificate is bad.",
    ),
    (0x10, "Сертификат не для этой цели.", "The certificate is not for this use."),
    (0x20, "Издателю сертификата не доверяют.", "The issuer is not trusted."),
    (
        0x40,
        "Не удалось узнать, не отозван ли сертификат.",
        "It is not known whether the certificate is revoked.",
    ),
    (
        0x400,
        "Сертификат издателя не для выпуска сертификатов.",
        "The issuer's certificate is not for issuing.",
    ),
    (0x1_0000, "Нет цепочки до доверенного издателя.", "No chain leads to a trusted issuer."),
    (0x100_0000, "Список отозванных устарел.", "The list of revoked certificates is out of date."),
];

fn reasons(frame: &Frame, is_valid: bool, certificate: Option<bool>, flags: i32) -> Vec<&'static str> {
    let say =
        |russian: &'static str, english: &'static str| if frame.is_russian() { russian } else { english };
    if is_valid && flags == 0 {
        return vec![
            say("Файл не менялся с момента подписания.", "The file has not changed since it was signed."),
            say("Сертификат действовал и не был отозван.", "The certificate was valid and not revoked."),
        ];
    }
    let known = FLAGS
        .iter()
        .filter(|(flag, ..)| flags & flag != 0)
        .map(|(_, russian, english)| say(russian, english));
    let mut reasons: Vec<&'static str> = known.collect();
    if !is_valid && certificate != Some(false) {
        reasons.insert(0, say("Подпись не подходит к файлу.", "The signature does not belong to the file."));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_explained() {
        let frame = Frame::default();
        assert_eq!(reasons(&frame, true, Some(true), 0).len(), 2);
        assert_eq!(
            reasons(&frame, false, Some(false), 0x4 | 0x1),
            ["Срок действия сертификата не наступил или вышел.", "Сертификат отозван."]
        );
        assert_eq!(reasons(&frame, false, Some(true), 0), ["Подпись не подходит к файлу."]);
        assert_eq!(explained(&frame, None).verdict, "Подпись не удалось прочитать");
    }
}
