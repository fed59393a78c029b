//! Packages of evidence: everything that proves what became of a document, or of all documents of a message, signed by the operator.

mod gather;

use bytes::Bytes;
use potok_cms::UnixTime;
use potok_domain::{MessageState, access};
use potok_evidence::{Manifest, OperatorNote, PartyNote, rfc3339};
use potok_fns::MoscowTime;
use potok_types::access::NamedDocuments;
use potok_types::{BoxId, EntityId, MessageId, Ticks};

use self::gather::Gathered;
use super::archive::time;
use super::case::Case;
use super::{MadeFile, PrintError, Printing};
use crate::Permit;
use crate::core::{CoreError, Missing};

/// What the manifest says of the program.
const PROGRAM: &str = concat!("Potok ", env!("CARGO_PKG_VERSION"));

impl Printing {
    /// The package of a document, or of all documents of a message that are not deleted.
    ///
    /// # Errors
    /// `Missing::Message`, `Missing::Document`; `CoreError::Denied` when the caller may not see all of it;
    /// [`PrintError::NotSupported`] for what is no document; [`PrintError::Operator`]; [`PrintError::TooLarge`];
    /// `CoreError::NoRoom`.
    pub async fn evidence(
        &self,
        actor: &Permit<NamedDocuments>,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<MadeFile, PrintError> {
        let box_id = actor.box_id();
        let state = self.core.state(box_id, message).await?;
        let documents = documents(&state, box_id, document)?;
        access::check_documents(&actor.scope, &state, documents.iter().copied())?;
        self.package(box_id, message, &documents).await
    }

    /// The same for an administrator, whom nobody asks for rights in the box.
    ///
    /// # Errors
    /// As [`Printing::evidence`].
    pub async fn evidence_of_box(
        &self,
        box_id: BoxId,
        message: MessageId,
        document: Option<EntityId>,
    ) -> Result<MadeFile, PrintError> {
        let state = self.core.state(box_id, message).await?;
        let documents = documents(&state, box_id, document)?;
        self.package(box_id, message, &documents).await
    }

    async fn package(
        &self,
        box_id: BoxId,
        message: MessageId,
        documents: &[EntityId],
    ) -> Result<MadeFile, PrintError> {
        let now = self.core.clock.now();
        let operator = self.operator.operator();
        let manifest = Manifest {
            made_at: moment(now),
            program: PROGRAM.to_owned(),
            operator: OperatorNote { name: operator.name, inn: operator.inn, code: operator.code },
            box_id: box_id.to_string(),
            message_id: message.to_string(),
            ..Manifest::default()
        };
        let mut gathered = Gathered::new(manifest);
        for document in documents {
            let state = self.core.state(box_id, message).await?;
            let case = self.case(state, *document, |_| true).await?;
            if gathered.manifest.parties.is_empty() {
                gathered.manifest.parties = parties(&case);
            }
            self.gather(&mut gathered, &case, now).await?;
        }
        let first = *documents.first().unwrap_or(&EntityId::ZERO);
        let too_large = |_| PrintError::TooLarge { document: first };
        let taken = self.core.room.memory.take(2 * gathered.bytes()).map_err(CoreError::from)?;
        let at = time(MoscowTime::at(now));
        let sealing = self.core.room.work.serve(move || {
            let sealing = gathered.put_into(at);
            drop(taken);
            sealing
        });
        let sealing = sealing.await.map_err(CoreError::from)?.map_err(too_large)?;
        let manifest = Bytes::copy_from_slice(sealing.to_sign());
        let signature = self.operator.sign(potok_evidence::MANIFEST, manifest, now).await?;
        let content = sealing.finish(&signature).map_err(too_large)?;
        let name = match documents {
            [document] => format!("evidence-{message}-{document}.zip"),
            _ => format!("evidence-{message}.zip"),
        };
        Ok(MadeFile { name, content: content.into() })
    }
}

/// The documents that are asked for: one, or all that are not deleted.
fn documents(
    state: &MessageState,
    box_id: BoxId,
    document: Option<EntityId>,
) -> Result<Vec<EntityId>, PrintError> {
    let message = state.message_id;
    let is_here = |id: &EntityId| state.document_state(*id).is_some_and(|document| !document.is_deleted);
    if let Some(document) = document {
        if !is_here(&document) {
            return Err(match state.entity(document) {
                Some(_) if state.document_state(document).is_none() => {
                    PrintError::NotSupported { entity: document }
                }
                _ => Missing::Document { message, document }.into(),
            });
        }
        return Ok(vec![document]);
    }
    let all: Vec<EntityId> = state.documents().map(|(found, _)| found.entity.id).filter(is_here).collect();
    if all.is_empty() { Err(Missing::Message { box_id, message }.into()) } else { Ok(all) }
}

fn parties(case: &Case) -> Vec<PartyNote> {
    let state = &case.state;
    let roles = if state.is_internal {
        vec![("Internal", Some(state.from.box_id))]
    } else {
        vec![
            ("Sender", Some(state.from.box_id)),
            ("Proxy", state.proxy_box()),
            ("Recipient", Some(state.to.box_id).filter(|to| *to != BoxId::ZERO)),
        ]
    };
    let note = |(role, box_id): (&str, Option<BoxId>)| {
        let box_id = box_id?;
        let side = case.side(box_id);
        Some(PartyNote {
            role: role.to_owned(),
            box_id: box_id.to_string(),
            name: side.name,
            inn: side.inn,
            kpp: side.kpp,
        })
    };
    roles.into_iter().filter_map(note).collect()
}

/// A time as the manifest writes it.
fn moment(at: Ticks) -> String {
    rfc3339(UnixTime(at.unix_seconds()))
}
