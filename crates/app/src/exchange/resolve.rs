//! From the bytes of a request to kept contents.

use bytes::Bytes;
use potok_domain::command::{NewDocument, NewStructuredData, PostMessage, Source};
use potok_domain::registry::{self, Version};
use potok_seams::TestSignature;
use potok_store::SmallContent;
use potok_types::{ContentRef, limits};

use crate::exchange::signatures::BoxBytes;
use crate::{Actor, App, AppError};

mod patch;
mod read;

/// Keeps the contents of one request. What was kept and is not named by an event in the end does no harm: it has no
/// name that anybody knows.
pub(crate) struct Resolver<'a> {
    app: &'a App,
    actor: &'a Actor,
    /// What the append has to write.
    pub(crate) small: Vec<SmallContent>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(app: &'a App, actor: &'a Actor) -> Self {
        Self { app, actor, small: Vec::new() }
    }

    async fn bytes_of(&self, path: &str, source: Source) -> Result<Bytes, AppError> {
        match source {
            Source::Inline(bytes) => Ok(bytes),
            Source::OnShelf(name) => {
                let found = self.app.shelf.find(self.actor.user.id, &name).await?;
                found.ok_or_else(|| {
                    AppError::invalid(
                        format!("{path}.NameOnShelf"),
                        format!(
                            "file {name:?} is not on your shelf, or not all of its parts have come; upload it first \
                             with ShelfUpload as __userId__/{name}"
                        ),
                    )
                })
            }
            Source::TestSignature => {
                Err(AppError::invalid(path, "a test signature cannot stand for content"))
            }
        }
    }

    async fn keep(&mut self, path: &str, source: Source) -> Result<ContentRef, AppError> {
        let bytes = self.bytes_of(path, source).await?;
        if bytes.len() as u64 > limits::DOCUMENT_BYTES {
            return Err(AppError::invalid(
                path,
                format!(
                    "{} bytes are more than a document may have ({}); split it",
                    bytes.len(),
                    limits::DOCUMENT_BYTES
                ),
            ));
        }
        Ok(self.app.keep(bytes, &mut self.small).await?)
    }

    async fn keep_signature(
        &mut self,
        path: &str,
        source: Source,
        signed: ContentRef,
    ) -> Result<ContentRef, AppError> {
        match source {
            Source::TestSignature if !self.app.options.test_signatures => Err(AppError::invalid(
                format!("{path}.SignWithTestSignature"),
                "test signatures are switched off on this server; give a Signature",
            )),
            Source::TestSignature if !self.actor.organization.is_test => Err(AppError::invalid(
                format!("{path}.SignWithTestSignature"),
                "test signatures are for test organizations, and this one is no test; give a Signature",
            )),
            Source::TestSignature => {
                let signature = self.test_signature(signed).await?;
                Ok(self.app.keep(signature, &mut self.small).await?)
            }
            given => {
                let bytes = self.bytes_of(path, given).await?;
                let signature = self
                    .app
                    .verifier
                    .accept(bytes)
                    .await
                    .map_err(|error| AppError::invalid(format!("{path}.Signature"), error.to_string()))?;
                self.keep(path, Source::Inline(signature)).await
            }
        }
    }

    /// The server's own signature over `signed`, which came with the request or is in the box.
    async fn test_signature(&self, signed: ContentRef) -> Result<Bytes, AppError> {
        let Actor { organization, user, employee, .. } = self.actor;
        let bytes = BoxBytes { app: self.app, box_id: organization.box_id, small: &self.small };
        let content = bytes.bytes(signed).await?;
        let request = TestSignature {
            organization,
            user,
            position: &employee.position,
            content,
            at: self.app.clock.now(),
        };
        Ok(self.app.test_signatures.sign(request).await?)
    }

    pub(crate) async fn message(
        &mut self,
        command: PostMessage<Source>,
    ) -> Result<PostMessage<ContentRef>, AppError> {
        let mut documents = Vec::with_capacity(command.documents.len());
        for document in command.documents {
            documents.push(self.document(document).await?);
        }
        let mut structured_data = Vec::with_capacity(command.structured_data.len());
        for data in command.structured_data {
            let NewStructuredData { path, document, content, file_name } = data;
            let content = self.keep(&path, content).await?;
            structured_data.push(NewStructuredData { path, document, content, file_name });
        }
        Ok(PostMessage {
            documents,
            structured_data,
            from: command.from,
            to: command.to,
            proxy: command.proxy,
            from_department: command.from_department,
            to_department: command.to_department,
            proxy_department: command.proxy_department,
            is_internal: command.is_internal,
            delay_send: command.delay_send,
            lock_mode: command.lock_mode,
            is_test: command.is_test,
        })
    }

    async fn document(&mut self, document: NewDocument<Source>) -> Result<NewDocument<ContentRef>, AppError> {
        let may_be_formal = !document.is_encrypted && may_be_formal(&document);
        let path = document.path;
        let bytes = self.bytes_of(&format!("{path}.SignedContent"), document.content).await?;
        let recognized = if may_be_formal {
            let place = format!("{path}.SignedContent.Content");
            let said = read::title(&place, bytes.clone()).await?;
            self.app.options.schemas.check(&place, &bytes).await?;
            said
        } else {
            None
        };
        let content = self.keep(&format!("{path}.SignedContent"), Source::Inline(bytes)).await?;
        let signature = match document.signature {
            Some(given) => Some(self.keep_signature(&format!("{path}.SignedContent"), given, content).await?),
            None => None,
        };
        let comment = match document.comment {
            Some(given) => Some(self.keep(&format!("{path}.Comment"), given).await?),
            None => None,
        };
        Ok(NewDocument {
            path,
            content,
            signature,
            comment,
            need_recipient_signature: document.need_recipient_signature,
            need_receipt: document.need_receipt,
            custom_document_id: document.custom_document_id,
            type_named_id: document.type_named_id,
            function: document.function,
            version: document.version,
            workflow: document.workflow,
            is_encrypted: document.is_encrypted,
            metadata: document.metadata,
            recognized: recognized.map(|said| said.recognized),
            is_of_obsolete_list: document.is_of_obsolete_list,
            tags: document.tags,
            initial_documents: document.initial_documents,
            subordinate_documents: document.subordinate_documents,
            editing_setting: document.editing_setting,
        })
    }
}

/// Whether the bytes may be of an official format; what is sent without one is anything, also a broken official file.
fn may_be_formal<S>(document: &NewDocument<S>) -> bool {
    document.version.as_deref() != Some(registry::PLAIN_VERSION)
        && registry::lookup(&document.type_named_id).is_some_and(|known| {
            known.functions.iter().flat_map(|function| function.versions).any(Version::is_formal)
        })
}
