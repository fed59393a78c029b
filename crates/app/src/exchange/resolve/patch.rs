//! The contents of a patch.

use bytes::Bytes;
use potok_domain::command::{
    Keep, KeepPatch, NewEdition, NewRejection, NewService, NewSignature, NewTitle, NewUniversalMessage,
    PostPatch, Prepared, ServiceList, Source,
};
use potok_domain::decide::Rejection;
use potok_domain::paper::PreparedId;
use potok_domain::{MessageState, UniversalEvent, access};
use potok_fns::service::{ClarificationPurpose, ContentType, content_type_id, universal_notices};
use potok_types::{ContentRef, EntityId, limits};

use super::{Resolver, read};
use crate::exchange::ExchangeError;
use crate::paper::FixationCancellation;

/// Keeps the contents of a patch of one message.
struct OnMessage<'r, 'a> {
    resolver: &'r mut Resolver<'a>,
    state: &'r MessageState,
}

impl Keep<Source, ContentRef> for OnMessage<'_, '_> {
    type Error = ExchangeError;

    async fn keep(&mut self, path: &str, source: Source) -> Result<ContentRef, ExchangeError> {
        self.resolver.keep_bytes(path, source).await
    }
}

impl KeepPatch<Source, ContentRef> for OnMessage<'_, '_> {
    async fn signature(
        &mut self,
        given: NewSignature<Source>,
    ) -> Result<NewSignature<ContentRef>, ExchangeError> {
        self.resolver.bare_signature(given, self.state).await
    }

    async fn service(
        &mut self,
        list: ServiceList,
        given: NewService<Source>,
    ) -> Result<NewService<ContentRef>, ExchangeError> {
        let kind = match list {
            ServiceList::Receipts => ContentType::Receipt,
            ServiceList::AmendmentRequests => {
                ContentType::Clarification(ClarificationPurpose::AmendmentRequest)
            }
            ServiceList::RevocationRequests => ContentType::Revocation,
            ServiceList::FixationCancellations => return self.resolver.fixation(given, self.state).await,
        };
        self.resolver.service(given, kind, self.state).await
    }

    async fn rejection(
        &mut self,
        given: NewRejection<Source>,
    ) -> Result<NewRejection<ContentRef>, ExchangeError> {
        self.resolver.rejection(given, self.state).await
    }

    async fn title(&mut self, given: NewTitle<Source>) -> Result<NewTitle<ContentRef>, ExchangeError> {
        self.resolver.title(given, self.state).await
    }

    async fn edition(&mut self, given: NewEdition<Source>) -> Result<NewEdition<ContentRef>, ExchangeError> {
        self.resolver.edition(given, self.state).await
    }

    async fn universal(
        &mut self,
        given: NewUniversalMessage<Source>,
    ) -> Result<NewUniversalMessage<ContentRef>, ExchangeError> {
        self.resolver.universal(given).await
    }
}

impl Resolver<'_> {
    pub(crate) async fn patch(
        &mut self,
        command: PostPatch<Source>,
        state: &MessageState,
    ) -> Result<PostPatch<ContentRef>, ExchangeError> {
        let has_requests = !command.resolutions.is_empty()
            || !command.route_assignments.is_empty()
            || !command.route_removals.is_empty();
        if has_requests {
            // What the server asks and withdraws itself, it does without words.
            self.keep_bytes("", Source::Inline(Bytes::new())).await?;
        }
        command.try_map_sources(&mut OnMessage { resolver: self, state }).await
    }

    async fn bare_signature(
        &mut self,
        given: NewSignature<Source>,
        state: &MessageState,
    ) -> Result<NewSignature<ContentRef>, ExchangeError> {
        let parent = if given.is_approval { given.parent } else { state.to_sign(given.parent) };
        let signed = state.entity(parent).and_then(|found| found.entity.content);
        let prepared = match &given.prepared {
            Some(prepared) => {
                Some(self.prepared(&given.path, &prepared.content, (given.parent, state)).await?)
            }
            None => None,
        };
        let signed = prepared.as_ref().map(|prepared| prepared.content).or(signed);
        if let Some(signed) = signed.filter(|_| !given.is_approval) {
            self.sending(&given.path, signed, (given.parent, state)).await?;
        }
        let signature = match (signed, given.signature.clone()) {
            (Some(signed), signature) => self.keep_signature(&given.path, signature, signed).await?,
            // The decision refuses an unknown parent in words that programs know, so any signature does here but an
            // empty one, which would be refused before.
            (None, Source::TestSignature) => {
                self.keep_bytes(&given.path, Source::Inline(Bytes::from_static(b"of nothing"))).await?
            }
            (None, signature) => self.keep_bytes(&given.path, signature).await?,
        };
        let power = self.power(given.power.clone(), Some(signature), signed).await?;
        Ok(given.with_bytes(signature, power, prepared))
    }

    /// Bytes that were made of a document for its signer, with what they say; none other than those of this document.
    async fn prepared(
        &mut self,
        path: &str,
        source: &Source,
        (document, state): (EntityId, &MessageState),
    ) -> Result<Prepared<ContentRef>, ExchangeError> {
        let place = format!("{path}.PatchedContentId");
        if let Source::Prepared(id) = source {
            let is_its =
                PreparedId::parse(id).is_some_and(|id| id.is_of(state.box_id, state.message_id, document));
            if !is_its {
                return Err(Rejection::NotPrepared { path: place, id: id.clone() }.into());
            }
        }
        access::check_documents(&self.actor.scope, state, [document])?;
        let bytes = self.bytes_of(path, source.clone()).await?;
        let recognized = self.first_title(path, &bytes, true, true).await?;
        let content = self.keep_bytes(path, Source::Inline(bytes)).await?;
        Ok(Prepared { content, recognized })
    }

    /// Keeps a signed service document, which has to be of its kind and to name its parent, with the words in it.
    async fn service(
        &mut self,
        mut service: NewService<Source>,
        kind: ContentType,
        state: &MessageState,
    ) -> Result<NewService<ContentRef>, ExchangeError> {
        let bytes = self.bytes_of(&format!("{}.SignedContent", service.path), service.content).await?;
        let answered = (service.parent, state);
        let answer = self.answer(&service.path, &bytes, kind.family(), answered).await?;
        let most = match kind {
            ContentType::Clarification(ClarificationPurpose::AmendmentRequest) => {
                limits::AMENDMENT_TEXT_CHARS
            }
            _ => limits::REASON_CHARS,
        };
        service.content = Source::Inline(bytes);
        service.content_type_id = content_type_id(kind, answer.version);
        self.file(service, read::shortened(&answer.text, most)).await
    }

    /// Keeps a signed request to cancel what the state was told of the goods in a document, which has to be that of the document.
    async fn fixation(
        &mut self,
        mut service: NewService<Source>,
        state: &MessageState,
    ) -> Result<NewService<ContentRef>, ExchangeError> {
        let bytes = self.bytes_of(&format!("{}.SignedContent", service.path), service.content).await?;
        // The decision tells anybody but the sender so.
        let document = state.document(service.parent).filter(|_| state.side().is_sending());
        if let Some((document, _)) = document {
            access::check_documents(&self.actor.scope, state, [service.parent])?;
            let name = document.entity.file_name.as_deref().unwrap_or_default();
            let expected = FixationCancellation::of(name, &self.actor.organization.inn);
            if FixationCancellation::read(&bytes).as_ref() != Some(&expected) {
                let reason = format!(
                    "a JSON object with fixation_document_id {:?} and inn {:?} is expected, as \
                     GenerateTtGisFixationCancellationRequest makes it",
                    expected.document, expected.inn
                );
                return Err(Rejection::not_in_format(service.path, Some(&reason)).into());
            }
        }
        service.content = Source::Inline(bytes);
        self.file(service, None).await
    }

    /// Keeps a signed file that says `text` to people.
    async fn file(
        &mut self,
        service: NewService<Source>,
        text: Option<String>,
    ) -> Result<NewService<ContentRef>, ExchangeError> {
        let path = format!("{}.SignedContent", service.path);
        let bytes = self.bytes_of(&path, service.content.clone()).await?;
        let content = self.keep_bytes(&path, Source::Inline(bytes.clone())).await?;
        let signature = self.keep_signature(&path, service.signature.clone(), content).await?;
        let power = self.power(service.power.clone(), Some(signature), Some(content)).await?;
        let file_name = read::file_name(&bytes);
        Ok(NewService { file_name, text, ..service.with_bytes(content, signature, power) })
    }

    async fn rejection(
        &mut self,
        rejection: NewRejection<Source>,
        state: &MessageState,
    ) -> Result<NewRejection<ContentRef>, ExchangeError> {
        let NewRejection { mut service, is_formal } = rejection;
        if !is_formal {
            let text = self.plain_text(&service.path, service.content).await?;
            service.content = Source::Inline(text.clone().into());
            let said = read::shortened(&text, limits::REASON_CHARS);
            return Ok(NewRejection { service: self.file(service, said).await?, is_formal });
        }
        // The same file refuses to sign and to revoke.
        let kind = ContentType::Clarification(ClarificationPurpose::SignatureRejection);
        Ok(NewRejection { service: self.service(service, kind, state).await?, is_formal })
    }

    async fn plain_text(&self, path: &str, source: Source) -> Result<String, ExchangeError> {
        let bytes = self.bytes_of(path, source).await?;
        String::from_utf8(bytes.into()).map_err(|_| {
            ExchangeError::invalid(
                format!("{path}.SignedContent.Content"),
                "Content must be valid UTF8 string",
            )
        })
    }

    async fn title(
        &mut self,
        title: NewTitle<Source>,
        state: &MessageState,
    ) -> Result<NewTitle<ContentRef>, ExchangeError> {
        let NewTitle { mut service, need_receipt, index, only, .. } = title;
        let bytes = self.bytes_of(&format!("{}.SignedContent", service.path), service.content).await?;
        service.content = Source::Inline(bytes.clone());
        let said = self.answering_title(&service.path, &bytes, (service.parent, state)).await?;
        Ok(NewTitle {
            service: self.file(service, None).await?,
            need_receipt,
            index,
            only,
            with_disagreements: said.with_disagreements,
            recognized: Some(said.recognized),
        })
    }

    async fn universal(
        &mut self,
        message: NewUniversalMessage<Source>,
    ) -> Result<NewUniversalMessage<ContentRef>, ExchangeError> {
        let place = format!("{}.UniversalMessageContent", message.path);
        let bytes = self.bytes_of(&place, message.content.clone()).await?;
        let notices = read::aside(&self.exchange.core.room, bytes.clone(), universal_notices).await?;
        let events = notices.into_iter().map(|notice| UniversalEvent {
            code: notice.code,
            text: notice.text.and_then(|text| read::shortened(&text, limits::AMENDMENT_TEXT_CHARS)),
        });
        let file_name = read::file_name(&bytes);
        let content = self.keep_bytes(&place, Source::Inline(bytes)).await?;
        Ok(NewUniversalMessage { events: events.collect(), file_name, ..message.with_bytes(content) })
    }
}
