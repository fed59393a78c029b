//! The files that are exchanged: both titles of a universal transfer document and the notice of receipt.

use std::error::Error;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use potok_app::participant;
use potok_domain::directory::Organization;
use potok_fns::service::{ConfirmedFile, Head, Receipt, ReceiptAuthor};
use potok_fns::{Family, FileId, FullName, MoscowTime, PROGRAM_OF_OPERATOR, SignatureType, Version};
use potok_types::Ticks;
use uuid::Uuid;

const SELLER_TITLE: &str = include_str!("seller_title.xml");
const BUYER_TITLE: &str = include_str!("buyer_title.xml");

/// One side of the exchange, as its files name it.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub(super) organization: Organization,
    /// Who signs for it.
    pub(super) name: FullName,
}

/// A file, before it is signed.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    /// Its name without `.xml`.
    pub(super) file_id: String,
    pub(super) at: MoscowTime,
    pub(super) bytes: Vec<u8>,
}

/// The transfer document: an invoice and a bill of lading at once.
pub(super) fn seller_title(seller: &Side, buyer: &Side, at: Ticks, guid: Uuid) -> Paper {
    let at = MoscowTime::at(at);
    let file_id = title_id("ON_NSCHFDOPPR", buyer, seller, at, guid);
    let bytes = filled(
        SELLER_TITLE,
        &[
            ("file_id", &file_id),
            ("date", &at.date.to_string()),
            ("time", &at.time()),
            ("seller", &seller.organization.full_name),
            ("seller_inn", &seller.organization.inn),
            ("seller_kpp", seller.organization.kpp.as_deref().unwrap_or_default()),
            ("buyer", &buyer.organization.full_name),
            ("buyer_inn", &buyer.organization.inn),
            ("buyer_kpp", buyer.organization.kpp.as_deref().unwrap_or_default()),
            ("last_name", &seller.name.last),
            ("first_name", &seller.name.first),
        ],
    );
    Paper { file_id, at, bytes }
}

/// The answer: everything was accepted. It holds the seller's signature, as the format asks.
pub(super) fn buyer_title(
    seller: &Side,
    buyer: &Side,
    answered: &Paper,
    signature: &[u8],
    at: Ticks,
    guid: Uuid,
) -> Paper {
    let at = MoscowTime::at(at);
    let file_id = title_id("ON_NSCHFDOPPOK", seller, buyer, at, guid);
    let bytes = filled(
        BUYER_TITLE,
        &[
            ("file_id", &file_id),
            ("date", &at.date.to_string()),
            ("time", &at.time()),
            ("answered", &answered.file_id),
            ("answered_date", &answered.at.date.to_string()),
            ("answered_time", &answered.at.time()),
            ("signature", &BASE64_STANDARD.encode(signature)),
            ("buyer", &buyer.organization.full_name),
            ("buyer_inn", &buyer.organization.inn),
            ("last_name", &buyer.name.last),
            ("first_name", &buyer.name.first),
        ],
    );
    Paper { file_id, at, bytes }
}

/// The notice that the document has come.
pub(super) fn receipt(
    seller: &Side,
    buyer: &Side,
    received: &Paper,
    signature: &[u8],
    at: Ticks,
    guid: Uuid,
) -> Result<Paper, Box<dyn Error>> {
    let at = MoscowTime::at(at);
    let (addressee, creator) =
        (&seller.organization.fns_participant_id, &buyer.organization.fns_participant_id);
    let file_id = FileId::new(Family::Izvpol, addressee, creator, at.date, guid);
    let notice = Receipt {
        head: Head {
            file_id: file_id.clone(),
            program: PROGRAM_OF_OPERATOR.to_owned(),
            version: Version::V1_03,
        },
        participant: participant(&buyer.organization),
        at,
        file: ConfirmedFile::new(&received.file_id, vec![signature.to_vec()]),
        document: None,
        author: ReceiptAuthor::Participant(participant(&seller.organization)),
        signer: potok_fns::Signer {
            signature_type: Some(SignatureType::NonQualified),
            name: buyer.name.clone(),
            ..potok_fns::Signer::default()
        },
    };
    Ok(Paper { file_id: file_id.to_string(), at, bytes: notice.generate()? })
}

/// Names of titles end with six marks: goods that are traced, marked and the like. There are none here.
fn title_id(prefix: &str, to: &Side, from: &Side, at: MoscowTime, guid: Uuid) -> String {
    let (to, from) = (&to.organization.fns_participant_id, &from.organization.fns_participant_id);
    format!("{prefix}_{to}_{from}_{}_{}_0_0_0_0_0_00", at.date.compact(), guid.as_hyphenated())
}

/// The template with `{name}` replaced by values, in windows-1251.
fn filled(template: &str, values: &[(&str, &str)]) -> Vec<u8> {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), &escaped(value));
    }
    encoding_rs::WINDOWS_1251.encode(&text).0.into_owned()
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
