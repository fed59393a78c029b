//! Files as their formats want them: titles of formalized documents, and what answers a file.
//!
//! A test says what it posts, with any bytes or with [`PAPER`] in place of a file: [`formal`] makes the first title,
//! [`Person::complete`] the answers, which name the file they answer and its signatures.

use std::hash::{DefaultHasher, Hasher as _};

use bytes::Bytes;
use potok_fns::recognize::{Made, Recognized, TitleFormat, made, recognize};
use potok_fns::service::{
    Clarification, ClarificationPurpose, ConfirmedFile, Head, Receipt, ReceiptAuthor, Revocation,
};
use potok_fns::{Family, FileId, FnsDate, FullName, Identity, MoscowTime, Participant, Signer, Version};
use potok_sdk::api::methods::{EntityQuery, GetMessageQuery};
use potok_sdk::proto::events::{
    DocumentAttachment, EntityType, Message, MessagePatchToPostV2, MetadataItem, SignedContent,
};
use potok_types::{EntityId, MessageId};
use uuid::Uuid;

use crate::{Person, test_signed};

/// Stands for a file that is yet to be made.
pub const PAPER: &[u8] = b"<a/>";

const SENDER: &str = "2BM-9612345678-961201001-202601010900000000001";
const RECIPIENT: &str = "2BM-9687654321-968701001-202601010900000000002";

/// The document with the file that its type, its function and its attributes ask for, which it then says itself. Versions
/// are the newest of their type.
pub fn formal(document: DocumentAttachment) -> DocumentAttachment {
    let item = |key: &str| {
        let found = document.metadata.iter().find(|item| item.key == key);
        found.map(|item| item.value.as_str())
    };
    let number = item("DocumentNumber").unwrap_or("7");
    let date = item("DocumentDate").unwrap_or("01.02.2026");
    let guid = guid(&(&document.type_named_id, &document.function, values(&document.metadata)));
    let named = document.function.as_deref().filter(|function| *function != "default");
    let original =
        [item("OriginalInvoiceNumber").unwrap_or(number), item("OriginalInvoiceDate").unwrap_or(date)];
    let file = match document.type_named_id.as_str() {
        "InvoiceCorrection" | "UniversalCorrectionDocument" => {
            let inside = format!(
                "<Документ Функция='{}'><СвКСчФ НомерКСчФ='{number}' ДатаКСчФ='{date}'><СчФ НомерСчФ='{}' \
                 ДатаСчФ='{}'/></СвКСчФ></Документ>",
                named.unwrap_or("КСЧФ"),
                original[0],
                original[1]
            );
            titled("ON_NKORSCHFDOPPR", guid, "", "5.01", &inside)
        }
        "PerformedWorkAcceptanceCertificate" => {
            let inside = format!(
                "<Документ КНД='1110335' ДатаИнфПодр='{date}' ВремИнфПодр='10.00.00'><СвАктСдПр НомерДок='{number}' \
                 ДатаДок='{date}'/></Документ>"
            );
            titled("ON_AKTREZRABP", guid, "", "1.00", &inside)
        }
        kind => {
            let of_invoice = if kind.starts_with("Invoice") { "СЧФ" } else { "ДОП" };
            let revision = if kind.ends_with("Revision") {
                format!("<ИспрДок НомИспр='1' ДатаИспр='{date}'/>")
            } else {
                String::new()
            };
            let buyer = match item("BuyerKpp") {
                Some(kpp) => {
                    let inn = item("BuyerInn").unwrap_or("9687654321");
                    format!("<СвПокуп><ИдСв><СвЮЛУч ИННЮЛ='{inn}' КПП='{kpp}'/></ИдСв></СвПокуп>")
                }
                None => String::new(),
            };
            let inside = format!(
                "<Документ КНД='1115131' Функция='{}' ДатаИнфПр='{date}' ВремИнфПр='10.00.00'><СвСчФакт \
                 НомерДок='{number}' ДатаДок='{date}'>{revision}{buyer}</СвСчФакт><ТаблСчФакт><ВсегоОпл \
                 СтТовУчНалВсего='120.00'><СумНалВсего><СумНал>20.00</СумНал></СумНалВсего></ВсегоОпл></ТаблСчФакт>\
                 </Документ>",
                named.unwrap_or(of_invoice)
            );
            titled("ON_NSCHFDOPPR", guid, "_0_0_0_0_0_00", "5.03", &inside)
        }
    };
    let signed_content = SignedContent { content: Some(file), ..document.signed_content };
    DocumentAttachment { signed_content, metadata: Vec::new(), ..document }
}

/// The same of marked goods, of which the name of the file speaks; of transfer documents.
///
/// # Panics
/// For documents of other types.
pub fn marked(document: DocumentAttachment) -> DocumentAttachment {
    const NONE: &str = "_0_0_0_0_0_00";
    let mut document = formal(document);
    let file = document.signed_content.content.take().expect("it was made");
    let text = std::str::from_utf8(&file).expect("it is UTF-8");
    assert!(text.contains(NONE), "{text}");
    document.signed_content.content = Some(text.replace(NONE, "_0_1_0_0_0_00").into());
    document
}

fn values(metadata: &[MetadataItem]) -> Vec<(&str, &str)> {
    metadata.iter().map(|item| (item.key.as_str(), item.value.as_str())).collect()
}

/// Always the same for the same.
fn guid(of: &impl std::hash::Hash) -> Uuid {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    Uuid::from_u64_pair(hasher.finish(), 0x8000_0000_0000_0001)
}

fn titled(prefix: &str, guid: Uuid, signs: &str, version: &str, inside: &str) -> Bytes {
    let file_id = format!("{prefix}_{RECIPIENT}_{SENDER}_20260201_{guid}{signs}");
    let exchange = format!("<СвУчДокОбор ИдОтпр='{SENDER}' ИдПол='{RECIPIENT}'/>");
    format!("<Файл ИдФайл='{file_id}' ВерсФорм='{version}' ВерсПрог='testkit'>{exchange}{inside}</Файл>")
        .into()
}

/// The title that answers the one in `parent`, in its format; `None` for formats that no test answers.
pub fn answering_title(parent: &[u8]) -> Option<Bytes> {
    let Ok(Recognized::Title(title)) = recognize(parent) else { return None };
    let Made { file_id, date, time } = made(parent)?;
    let (date, time) = (date.unwrap_or_default(), time.unwrap_or_default());
    let guid = guid(&file_id);
    Some(match title.format {
        TitleFormat::Utd970V503 | TitleFormat::Utd970V502 => {
            let version = if title.format == TitleFormat::Utd970V503 { "5.03" } else { "5.02" };
            let function = title.function.unwrap_or_default();
            let inside = format!(
                "<Документ КНД='1115132'><ИдИнфПрод ИдФайлИнфПр='{file_id}' ДатаФайлИнфПр='{date}' \
                 ВремФайлИнфПр='{time}'/><СодФХЖ4 Функция='{function}'/></Документ>"
            );
            titled("ON_NSCHFDOPPOK", guid, "_0_0_0_0_0_00", version, &inside)
        }
        TitleFormat::Works691 => {
            let inside = format!(
                "<Документ КНД='1110336'><ИдИнфПодр ИдФайлИнфПодр='{file_id}' ДатаФайлИнфПодр='{date}' \
                 ВремяФайлИнфПодр='{time}'/></Документ>"
            );
            titled("ON_AKTREZRABZ", guid, "", "1.00", &inside)
        }
        _ => return None,
    })
}

/// What a service document answers.
struct Answered {
    file: ConfirmedFile,
    guid: Uuid,
}

impl Answered {
    fn head(&self, family: Family, version: Version) -> Head {
        let date = FnsDate::parse("01.02.2026").unwrap_or_default();
        Head {
            file_id: FileId::new(family, RECIPIENT, SENDER, date, self.guid),
            program: "testkit".into(),
            version,
        }
    }

    fn receipt(self) -> Vec<u8> {
        let receipt = Receipt {
            head: self.head(Family::Izvpol, Version::V1_03),
            participant: participant(),
            at: MoscowTime::default(),
            file: self.file,
            document: None,
            author: ReceiptAuthor::Participant(participant()),
            signer: signer(),
        };
        receipt.generate().expect("a receipt can be made")
    }

    fn clarification(mut self, text: &str) -> Vec<u8> {
        self.file.signatures.truncate(1);
        let file = Clarification {
            head: self.head(Family::Uvutoch, Version::V1_03),
            participant: participant(),
            at: MoscowTime::default(),
            file: self.file,
            text: text.into(),
            document: None,
            author: participant(),
            signer: signer(),
        };
        file.generate(ClarificationPurpose::SignatureRejection).expect("a refusal can be made")
    }

    fn revocation(self, text: &str) -> Vec<u8> {
        let file = Revocation {
            head: self.head(Family::Prannul, Version::V1_02),
            participant: participant(),
            file: self.file,
            text: text.into(),
            addressee: participant(),
            signer: None,
        };
        file.generate().expect("an offer can be made")
    }
}

fn participant() -> Participant {
    let identity =
        Identity::Organization {
            name: "Ромашка".into(), inn: "9612345678".into(), kpp: "961201001".into()
        };
    Participant { fns_id: SENDER.into(), identity }
}

fn signer() -> Signer {
    let name = FullName { last: "Иванов".into(), first: "Иван".into(), middle: None };
    Signer { name, ..Signer::default() }
}

impl Person {
    /// Makes the files that a patch has [`PAPER`] for: receipts, refusals and requests that name their parents, as this
    /// person's box has them, and titles that answer title 0. A parent that is not there is named all the same.
    pub async fn complete(&self, patch: &mut MessagePatchToPostV2) {
        let is_open = |content: &SignedContent| content.content.as_deref() == Some(PAPER);
        let message = patch.message_id.clone();
        for item in patch.receipts.iter_mut().filter(|item| is_open(&item.signed_content)) {
            let answered = self.answered(&message, &item.parent_entity_id).await;
            item.signed_content.content = Some(answered.receipt().into());
        }
        for item in patch.xml_signature_rejections.iter_mut().filter(|item| is_open(&item.signed_content)) {
            let answered = self.answered(&message, &item.parent_entity_id).await;
            item.signed_content.content = Some(answered.clarification("").into());
        }
        for item in patch.correction_requests.iter_mut().filter(|item| is_open(&item.signed_content)) {
            let answered = self.answered(&message, &item.parent_entity_id).await;
            item.signed_content.content = Some(answered.clarification("").into());
        }
        for item in patch.revocation_requests.iter_mut().filter(|item| is_open(&item.signed_content)) {
            let answered = self.answered(&message, &item.parent_entity_id).await;
            item.signed_content.content = Some(answered.revocation("").into());
        }
        for item in patch.recipient_titles.iter_mut().filter(|item| is_open(&item.signed_content)) {
            let parent = self.bytes(&message, &item.parent_entity_id).await;
            if let Some(title) = parent.and_then(|parent| answering_title(&parent)) {
                item.signed_content.content = Some(title);
            }
        }
    }

    /// A refusal to sign `parent` or to revoke it, or a request to amend it, with these words.
    pub async fn clarification(&self, message: &str, parent: &str, text: &str) -> SignedContent {
        test_signed(self.answered(message, parent).await.clarification(text))
    }

    /// An offer to revoke `parent`, with these words.
    pub async fn revocation(&self, message: &str, parent: &str, text: &str) -> SignedContent {
        test_signed(self.answered(message, parent).await.revocation(text))
    }

    async fn answered(&self, message: &str, parent: &str) -> Answered {
        let shown = self.shown(message).await;
        let entities = shown.map(|shown| shown.entities).unwrap_or_default();
        let name = entities.iter().find(|entity| entity.entity_id == parent);
        let name = name.and_then(|entity| entity.file_name.clone()).filter(|name| !name.is_empty());
        let under = entities.iter().filter(|entity| {
            entity.entity_type() == EntityType::Signature
                && entity.parent_entity_id.as_deref() == Some(parent)
        });
        let mut signatures = Vec::new();
        for signature in under {
            signatures.extend(self.bytes(message, &signature.entity_id).await.map(|bytes| bytes.to_vec()));
        }
        if signatures.is_empty() {
            // The formats want one.
            signatures.push(b"none".to_vec());
        }
        let file = ConfirmedFile::new(name.as_deref().unwrap_or("-"), signatures);
        Answered { file, guid: guid(&(message, parent)) }
    }

    async fn shown(&self, message: &str) -> Option<Message> {
        let id = message.parse::<MessageId>().ok()?;
        self.client.get_message_v5(&GetMessageQuery::new(self.box_id, id)).await.ok()
    }

    async fn bytes(&self, message: &str, entity: &str) -> Option<Bytes> {
        let (message, entity) = (message.parse::<MessageId>().ok()?, entity.parse::<EntityId>().ok()?);
        let query = EntityQuery::new(self.box_id, message, entity);
        self.client.get_entity_content_v4(&query).await.ok().map(|raw| raw.0)
    }
}
