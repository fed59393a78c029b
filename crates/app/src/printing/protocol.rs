//! `GenerateDocumentProtocol`: what happened to a document, signed by the operator.

use bytes::Bytes;
use potok_domain::{EntityState, Service};
use potok_fns::{Family, MoscowTime};
use potok_print::{Step, protocol};
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EntityId, MessageId};

use super::case::{Case, is_title};
use super::{Made, MadeFile, PrintError, Printing, Product};
use crate::Permit;
use crate::core::CoreError;

/// A protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentProtocol {
    /// The PDF.
    pub form: MadeFile,
    /// The operator's detached signature over it.
    pub signature: Bytes,
}

/// Memory for a step of a protocol: a few lines of a page.
const STEP_BYTES: u64 = 64 * 1024;

impl Printing {
    /// The protocol of a document.
    ///
    /// # Errors
    /// As [`Printing::print_form`]; [`PrintError::Operator`].
    pub async fn document_protocol(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: EntityId,
    ) -> Result<Made<DocumentProtocol>, PrintError> {
        let (state, root) = self.visible(actor, message, document).await?;
        if root != document {
            return Err(PrintError::NotSupported { entity: document });
        }
        if !self.is_due(actor.box_id(), message, document, Product::Protocol) {
            return Ok(Made::Working);
        }
        let case = self.case(state, root, is_title).await?;
        Ok(Made::Ready(self.protocol_of(&case).await?))
    }

    pub(crate) async fn protocol_of(&self, case: &Case) -> Result<DocumentProtocol, PrintError> {
        let (name, steps) = (case.name(), steps(case));
        let file = case.document().0.entity.file_name.clone().unwrap_or_default();
        let exchange = case.exchange(case.root, &[]);
        let last = steps.iter().map(|step| step.at).max().unwrap_or_else(|| case.made_at());
        let taken =
            self.core.room.memory.take(STEP_BYTES * (steps.len() as u64 + 4)).map_err(CoreError::from)?;
        let title = format!("Протокол. {name}.pdf");
        let drawn = self.core.room.work.serve(move || {
            let drawn = protocol(&name, &file, &exchange, &steps, last);
            drop(taken);
            drawn
        });
        let content = Bytes::from(drawn.await.map_err(CoreError::from)?);
        let signature = self.operator.sign(&title, content.clone(), self.core.clock.now()).await?;
        Ok(DocumentProtocol { form: MadeFile { name: title, content }, signature })
    }
}

/// What an entity under a document means to both sides, in words; `None` for what does not concern the exchange.
pub(crate) fn what(case: &Case, found: &EntityState) -> Option<String> {
    let parent = found.entity.parent.and_then(|parent| case.state.entity(parent));
    let of_revocation = parent
        .is_some_and(|parent| matches!(parent.entity.service(), Some(Service::RevocationRequest { .. })));
    let words = match found.entity.service() {
        None if found.entity.document().is_some() => "Документ отправителя",
        None => return None,
        Some(Service::Title(_)) => "Титул получателя",
        Some(Service::Receipt | Service::InvoiceReceipt) => of_family(Family::Izvpol),
        Some(Service::XmlSignatureRejection) if of_revocation => "Отказ в аннулировании",
        Some(Service::XmlSignatureRejection | Service::SignatureRequestRejection) => "Отказ в подписи",
        Some(Service::AmendmentRequest) => of_family(Family::Uvutoch),
        Some(Service::RevocationRequest { .. }) => of_family(Family::Prannul),
        Some(Service::UniversalMessage(_)) => "Универсальное сообщение",
        Some(Service::Confirmation) => match found.entity.file_name.as_deref() {
            Some(name) if name.starts_with("DP_PDOTPR") => of_family(Family::Pdotpr),
            _ => of_family(Family::Pdpol),
        },
        Some(_) => return None,
    };
    Some(words.to_owned())
}

/// What people call service documents of a family, as long as nothing but the file tells more.
pub(crate) const fn of_family(family: Family) -> &'static str {
    match family {
        Family::Pdpol => "Подтверждение даты получения",
        Family::Pdotpr => "Подтверждение даты отправки",
        Family::Izvpol => "Извещение о получении",
        Family::Uvutoch => "Уведомление об уточнении",
        Family::Prannul => "Предложение об аннулировании",
    }
}

/// What happened, oldest first: files with the signatures of their authors, and signatures that others gave.
fn steps(case: &Case) -> Vec<Step> {
    let mut steps = Vec::new();
    for found in case.state.entities().iter().filter(|found| case.state.root_of(found.entity.id) == case.root)
    {
        let Some(what) = what(case, found) else { continue };
        let id = found.entity.id;
        let all = case.signed(id);
        let signer =
            |found: &EntityState| found.entity.signature().map_or(BoxId::ZERO, |found| found.signer_box);
        let author = all.first().map_or(case.state.from.box_id, |(first, _)| signer(first));
        let who = case.author(found);
        // Inside one organization all sign as the same box: the first is the author.
        let is_author = |index: usize, found: &EntityState| {
            index == 0 || !case.state.is_internal && signer(found) == author
        };
        let is_lost = found.is_undeliverable || all.iter().any(|(found, _)| found.is_undeliverable);
        steps.push(Step {
            at: MoscowTime::at(found.entity.created_at),
            what: if is_lost { format!("{what} (не доставлено)") } else { what.clone() },
            file: found.entity.file_name.clone().unwrap_or_default(),
            sum: found.entity.content.map(|content| content.hash.to_string()).unwrap_or_default(),
            who: case.side(who).name,
            stamps: all
                .iter()
                .enumerate()
                .filter(|(index, (found, _))| is_author(*index, found))
                .map(|(_, (_, stamp))| stamp.clone())
                .collect(),
        });
        for (_, (given, stamp)) in
            all.iter().enumerate().filter(|(index, (found, _))| !is_author(*index, found))
        {
            let is_consent = matches!(found.entity.service(), Some(Service::RevocationRequest { .. }));
            steps.push(Step {
                at: MoscowTime::at(given.entity.created_at),
                what: if is_consent {
                    "Согласие на аннулирование".to_owned()
                } else {
                    format!("Подпись: {what}")
                },
                file: String::new(),
                sum: String::new(),
                who: case.side(signer(given)).name,
                stamps: vec![stamp.clone()],
            });
        }
    }
    steps.sort_by_key(|step| step.at);
    steps
}
