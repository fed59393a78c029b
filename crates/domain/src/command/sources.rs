//! Whole commands whose bytes get other names: what a command is made of is said here and nowhere else, so that whoever keeps
//! bytes says only how each kind of part is kept.

use super::{
    NewDocument, NewEdition, NewRejection, NewService, NewSignature, NewTitle, NewUniversalMessage,
    PostMessage, PostPatch,
};

/// Keeps the bytes of a request, named `S`, under the name `T`.
pub trait Keep<S, T> {
    /// Why something is not kept.
    type Error;

    /// Keeps bytes of which nothing else is asked; `path` is the place of their part in the request.
    fn keep(&mut self, path: &str, source: S) -> impl Future<Output = Result<T, Self::Error>> + Send;
}

/// Keeps the parts of a new message.
pub trait KeepMessage<S, T>: Keep<S, T> {
    /// Keeps a document, with what its bytes say.
    fn document(
        &mut self,
        given: NewDocument<S>,
    ) -> impl Future<Output = Result<NewDocument<T>, Self::Error>> + Send;
}

/// Which list a signed service file stands in, and so what it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceList {
    /// [`PostPatch::receipts`].
    Receipts,
    /// [`PostPatch::amendment_requests`].
    AmendmentRequests,
    /// [`PostPatch::revocation_requests`].
    RevocationRequests,
    /// [`PostPatch::fixation_cancellations`].
    FixationCancellations,
}

/// Keeps the parts of a patch.
pub trait KeepPatch<S, T>: Keep<S, T> {
    /// Keeps a signature over what is in the box.
    fn signature(
        &mut self,
        given: NewSignature<S>,
    ) -> impl Future<Output = Result<NewSignature<T>, Self::Error>> + Send;

    /// Keeps a signed service file of a list.
    fn service(
        &mut self,
        list: ServiceList,
        given: NewService<S>,
    ) -> impl Future<Output = Result<NewService<T>, Self::Error>> + Send;

    /// Keeps a refusal.
    fn rejection(
        &mut self,
        given: NewRejection<S>,
    ) -> impl Future<Output = Result<NewRejection<T>, Self::Error>> + Send;

    /// Keeps a title.
    fn title(&mut self, given: NewTitle<S>) -> impl Future<Output = Result<NewTitle<T>, Self::Error>> + Send;

    /// Keeps what is given to a document, and makes the document with it.
    fn edition(
        &mut self,
        given: NewEdition<S>,
    ) -> impl Future<Output = Result<NewEdition<T>, Self::Error>> + Send;

    /// Keeps a universal message.
    fn universal(
        &mut self,
        given: NewUniversalMessage<S>,
    ) -> impl Future<Output = Result<NewUniversalMessage<T>, Self::Error>> + Send;
}

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

impl<S: Clone> PostMessage<S> {
    /// The same, with its bytes kept in the order of the request.
    ///
    /// # Errors
    /// The first part that is not kept.
    pub async fn try_map_sources<T, K: KeepMessage<S, T>>(
        self,
        keeper: &mut K,
    ) -> Result<PostMessage<T>, K::Error> {
        Ok(PostMessage {
            structure: self.structure,
            from: self.from,
            to: self.to,
            proxy: self.proxy,
            from_department: self.from_department,
            to_department: self.to_department,
            proxy_department: self.proxy_department,
            is_internal: self.is_internal,
            delay_send: self.delay_send,
            draft: self.draft,
            made_from: self.made_from,
            lock_mode: self.lock_mode,
            is_test: self.is_test,
            documents: each!(self.documents, |item| keeper.document(item).await?),
            structured_data: each!(self.structured_data, |item| {
                let content = keeper.keep(&item.path, item.content.clone()).await?;
                item.with_bytes(content)
            }),
            invitation: self.invitation,
            template: self.template,
        })
    }
}

impl<S: Clone> PostPatch<S> {
    /// The same, with its bytes kept list by list.
    ///
    /// # Errors
    /// The first part that is not kept.
    pub async fn try_map_sources<T, K: KeepPatch<S, T>>(
        self,
        keeper: &mut K,
    ) -> Result<PostPatch<T>, K::Error> {
        macro_rules! commented {
            ($items:expr) => {
                each!($items, |item| {
                    let comment = keeper.keep(&item.path, item.comment.clone()).await?;
                    item.with_bytes(comment)
                })
            };
        }
        Ok(PostPatch {
            structure: self.structure,
            box_id: self.box_id,
            message_id: self.message_id,
            is_test: self.is_test,
            signatures: each!(self.signatures, |item| keeper.signature(item).await?),
            receipts: each!(self.receipts, |item| keeper.service(ServiceList::Receipts, item).await?),
            rejections: each!(self.rejections, |item| keeper.rejection(item).await?),
            titles: each!(self.titles, |item| keeper.title(item).await?),
            amendment_requests: each!(self.amendment_requests, |item| {
                keeper.service(ServiceList::AmendmentRequests, item).await?
            }),
            revocation_requests: each!(self.revocation_requests, |item| {
                keeper.service(ServiceList::RevocationRequests, item).await?
            }),
            fixation_cancellations: each!(self.fixation_cancellations, |item| {
                keeper.service(ServiceList::FixationCancellations, item).await?
            }),
            resolutions: commented!(self.resolutions),
            resolution_requests: commented!(self.resolution_requests),
            cancellations: commented!(self.cancellations),
            denials: commented!(self.denials),
            route_assignments: commented!(self.route_assignments),
            route_removals: commented!(self.route_removals),
            tag_changes: each!(self.tag_changes, |item| {
                let content = keeper.keep(&item.path, item.content.clone()).await?;
                item.with_bytes(content)
            }),
            packets: self.packets,
            universal_messages: each!(self.universal_messages, |item| keeper.universal(item).await?),
            editions: each!(self.editions, |item| keeper.edition(item).await?),
            verifications: each!(self.verifications, |item| {
                let report = keeper.keep(&item.path, item.report.clone()).await?;
                let comment = match item.comment.clone() {
                    Some(comment) => Some(keeper.keep(&item.path, comment).await?),
                    None => None,
                };
                item.with_bytes(report, comment)
            }),
        })
    }
}
