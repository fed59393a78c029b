//! The contents of a patch.

use potok_domain::MessageState;
use potok_domain::command::{
    NewCancellation, NewDenial, NewRejection, NewResolution, NewResolutionRequest, NewRouteStep, NewService,
    NewSignature, NewTagChange, NewTitle, NewUniversalMessage, NewVerification, PostPatch, Source,
};
use potok_types::{ContentRef, limits};

use super::{Resolver, read};
use crate::AppError;

/// Files of this kind say nothing to people.
const WORDLESS: usize = 0;

/// Converts the items of a list one after the other; an iterator cannot wait.
macro_rules! each {
    ($items:expr, |$item:ident| $converted:expr) => {{
        let items = $items;
        let mut converted = Vec::with_capacity(items.len());
        for $item in items {
            converted.push($converted);
        }
        converted
    }};
}

impl Resolver<'_> {
    pub(crate) async fn patch(
        &mut self,
        command: PostPatch<Source>,
        state: &MessageState,
    ) -> Result<PostPatch<ContentRef>, AppError> {
        let has_requests = !command.resolutions.is_empty()
            || !command.route_assignments.is_empty()
            || !command.route_removals.is_empty();
        if has_requests {
            // What the server asks and withdraws itself, it does without words.
            self.keep("", Source::Inline(bytes::Bytes::new())).await?;
        }
        Ok(PostPatch {
            structure: command.structure,
            box_id: command.box_id,
            message_id: command.message_id,
            is_test: command.is_test,
            signatures: each!(command.signatures, |item| self.bare_signature(item, state).await?),
            receipts: each!(command.receipts, |item| self.service(item, WORDLESS).await?),
            rejections: each!(command.rejections, |item| self.rejection(item).await?),
            titles: each!(command.titles, |item| self.title(item).await?),
            amendment_requests: each!(command.amendment_requests, |item| {
                self.service(item, limits::AMENDMENT_TEXT_CHARS).await?
            }),
            revocation_requests: each!(command.revocation_requests, |item| {
                self.service(item, limits::REASON_CHARS).await?
            }),
            resolutions: each!(command.resolutions, |item| {
                let NewResolution { path, parent, decision, comment, labels } = item;
                let comment = self.keep(&path, comment).await?;
                NewResolution { path, parent, decision, comment, labels }
            }),
            resolution_requests: each!(command.resolution_requests, |item| {
                let NewResolutionRequest { path, parent, kind, user, department, comment, labels } = item;
                let comment = self.keep(&path, comment).await?;
                NewResolutionRequest { path, parent, kind, user, department, comment, labels }
            }),
            cancellations: each!(command.cancellations, |item| {
                let NewCancellation { path, target, is_of_denial, comment, labels } = item;
                let comment = self.keep(&path, comment).await?;
                NewCancellation { path, target, is_of_denial, comment, labels }
            }),
            denials: each!(command.denials, |item| {
                let NewDenial { path, request, comment, labels } = item;
                let comment = self.keep(&path, comment).await?;
                NewDenial { path, request, comment, labels }
            }),
            route_assignments: each!(command.route_assignments, |item| self.route_step(item).await?),
            route_removals: each!(command.route_removals, |item| self.route_step(item).await?),
            tag_changes: each!(command.tag_changes, |item| {
                let NewTagChange { path, document, change, content } = item;
                let content = self.keep(&path, content).await?;
                NewTagChange { path, document, change, content }
            }),
            packets: command.packets,
            universal_messages: each!(command.universal_messages, |item| self.universal(item).await?),
            verifications: each!(command.verifications, |item| self.verification(item).await?),
        })
    }

    async fn bare_signature(
        &mut self,
        given: NewSignature<Source>,
        state: &MessageState,
    ) -> Result<NewSignature<ContentRef>, AppError> {
        let NewSignature { path, parent, signature, is_approval, labels } = given;
        let signed = state.entity(parent).and_then(|found| found.entity.content);
        let signature = match (signed, signature) {
            (Some(signed), signature) => self.keep_signature(&path, signature, signed).await?,
            // The decision refuses an unknown parent with the text of the reference, so any signature does here.
            (None, Source::TestSignature) => self.keep(&path, Source::Inline(bytes::Bytes::new())).await?,
            (None, given) => self.keep(&path, given).await?,
        };
        Ok(NewSignature { path, parent, signature, is_approval, labels })
    }

    /// Keeps a signed service document with at most `text_chars` of the words in it.
    async fn service(
        &mut self,
        mut service: NewService<Source>,
        text_chars: usize,
    ) -> Result<NewService<ContentRef>, AppError> {
        let bytes = self.bytes_of(&format!("{}.SignedContent", service.path), service.content).await?;
        let place = format!("{}.SignedContent.Content", service.path);
        let text = read::text(&place, bytes.clone(), text_chars).await?;
        self.app.options.schemas.check(&place, &bytes).await?;
        service.content = Source::Inline(bytes);
        self.file(service, text).await
    }

    /// Keeps a signed file that says `text` to people.
    async fn file(
        &mut self,
        service: NewService<Source>,
        text: Option<String>,
    ) -> Result<NewService<ContentRef>, AppError> {
        let path = format!("{}.SignedContent", service.path);
        let bytes = self.bytes_of(&path, service.content).await?;
        let content = self.keep(&path, Source::Inline(bytes.clone())).await?;
        let signature = self.keep_signature(&path, service.signature, content).await?;
        Ok(NewService {
            path: service.path,
            parent: service.parent,
            content,
            signature,
            file_name: service.file_name.or_else(|| read::file_name(&bytes)),
            text,
            labels: service.labels,
        })
    }

    async fn rejection(
        &mut self,
        rejection: NewRejection<Source>,
    ) -> Result<NewRejection<ContentRef>, AppError> {
        let NewRejection { mut service, is_formal } = rejection;
        if !is_formal {
            let text = self.plain_text(&service.path, service.content).await?;
            service.content = Source::Inline(text.clone().into());
            let said = read::shortened(&text, limits::REASON_CHARS);
            return Ok(NewRejection { service: self.file(service, said).await?, is_formal });
        }
        Ok(NewRejection { service: self.service(service, limits::REASON_CHARS).await?, is_formal })
    }

    async fn plain_text(&self, path: &str, source: Source) -> Result<String, AppError> {
        let bytes = self.bytes_of(path, source).await?;
        String::from_utf8(bytes.into()).map_err(|_| {
            AppError::invalid(format!("{path}.SignedContent.Content"), "Content must be valid UTF8 string")
        })
    }

    async fn title(&mut self, title: NewTitle<Source>) -> Result<NewTitle<ContentRef>, AppError> {
        let NewTitle { mut service, need_receipt, index, only, .. } = title;
        let bytes = self.bytes_of(&format!("{}.SignedContent", service.path), service.content).await?;
        service.content = Source::Inline(bytes.clone());
        let place = format!("{}.SignedContent.Content", service.path);
        let said = read::title(&place, bytes.clone()).await?;
        self.app.options.schemas.check(&place, &bytes).await?;
        Ok(NewTitle {
            service: self.file(service, None).await?,
            need_receipt,
            index,
            only,
            with_disagreements: said.as_ref().is_some_and(|said| said.with_disagreements),
            recognized: said.map(|said| said.recognized),
        })
    }

    async fn route_step(&mut self, step: NewRouteStep<Source>) -> Result<NewRouteStep<ContentRef>, AppError> {
        let NewRouteStep { path, document, route, comment, labels } = step;
        let comment = self.keep(&path, comment).await?;
        Ok(NewRouteStep { path, document, route, comment, labels })
    }

    async fn universal(
        &mut self,
        message: NewUniversalMessage<Source>,
    ) -> Result<NewUniversalMessage<ContentRef>, AppError> {
        let NewUniversalMessage {
            path,
            parent,
            code_group,
            affects_workflow,
            events,
            content,
            file_name,
            labels,
        } = message;
        let content = self.keep(&format!("{path}.UniversalMessageContent"), content).await?;
        Ok(NewUniversalMessage {
            path,
            parent,
            code_group,
            affects_workflow,
            events,
            content,
            file_name,
            labels,
        })
    }

    async fn verification(
        &mut self,
        verification: NewVerification<Source>,
    ) -> Result<NewVerification<ContentRef>, AppError> {
        let NewVerification { path, document, is_valid, report, comment, labels } = verification;
        let report = self.keep(&path, report).await?;
        let comment = match comment {
            Some(comment) => Some(self.keep(&path, comment).await?),
            None => None,
        };
        Ok(NewVerification { path, document, is_valid, report, comment, labels })
    }
}
