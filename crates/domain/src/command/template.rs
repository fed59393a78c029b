//! What becomes of templates: letters are made of them, or nobody wants them.

use potok_types::{BoxId, EntityId, MessageId};

/// `TransformTemplateToMessage`: an unsent letter made of documents of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransformTemplate {
    /// The box that makes it.
    pub box_id: BoxId,
    /// Which template.
    pub template: MessageId,
    /// Of which of its documents, each once.
    pub documents: Vec<Transformation>,
}

/// One document of a template of which another one is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transformation {
    /// Where it stands in the request.
    pub path: String,
    /// Which document of the template.
    pub document: EntityId,
    /// The poster's id of the new one, unique in the request.
    pub custom_document_id: Option<String>,
}

/// `PostTemplatePatch`: documents of a template of which nothing is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchTemplate<S> {
    /// Which template.
    pub template: MessageId,
    /// Each document once.
    pub refusals: Vec<NewRefusal<S>>,
}

/// Nothing is to be made of one document of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRefusal<S> {
    /// Where it stands in the request.
    pub path: String,
    /// Which document.
    pub document: EntityId,
    /// Why.
    pub comment: Option<String>,
    /// The same as bytes in UTF-8.
    pub content: Option<S>,
    /// Labels.
    pub labels: Vec<String>,
}
