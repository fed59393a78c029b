//! The contents of a patch.

use bytes::Bytes;
use potok_domain::command::{
    Keep, KeepPatch, NewRejection, NewService, NewSignature, NewTitle, NewUniversalMessage, PostPatch,
    ServiceList, Source,
};
use potok_domain::{MessageState, UniversalEvent};
use potok_fns::service::{ClarificationPurpose, ContentType, content_type_id, universal_notices};
use potok_types::{ContentRef, limits};

use super::{Resolver, read};
use crate::exchange::ExchangeError;

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
        let signed = state.entity(given.parent).and_then(|found| found.entity.content);
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
        Ok(given.with_bytes(signature, power))
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
