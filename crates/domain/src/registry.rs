//! The types of documents, as data: what may be posted under which name and rules.
//!
//! Formats are not looked into here. A type whose exchange needs the operator's confirmations is taken like any other:
//! what follows from its workflow is decided where the workflow is read.

use crate::{AttachmentType, DocumentKind, WorkflowId};

mod title_types;
mod types;

pub use title_types::{EXTENDED_SIGNER, UNIVERSAL_SIGNER, signer_type, title_type};
pub use types::TYPES;

/// One type of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentType {
    /// `TypeNamedId`.
    pub type_named_id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What its first title is among the attachments.
    pub attachment_type: AttachmentType,
    /// What is drawn up under it, the default function first.
    pub functions: &'static [Function],
    /// What the poster says about a document of this type.
    pub metadata: &'static [MetadataItem],
}

impl DocumentType {
    /// Its number among the API's `DocumentType`: that of its attachment, or -1 for types newer than the numbers.
    pub const fn document_type_number(&self) -> i32 {
        match self.attachment_type {
            AttachmentType::Title => -1,
            other => other.number(),
        }
    }

    /// Documents of this type can be revoked. An invitation is answered or not, and there is nothing to take back.
    pub fn may_be_revoked(&self) -> bool {
        self.attachment_type != AttachmentType::TrustConnectionRequest
    }

    /// The recipient may ask for amendments of documents of this type, if their workflow has them.
    pub fn may_be_amended(&self) -> bool {
        !matches!(
            self.attachment_type,
            AttachmentType::TrustConnectionRequest | AttachmentType::MesNotification
        )
    }

    /// The attribute `key`, if documents of this type have one.
    pub fn metadata_item(&self, key: &str) -> Option<&'static MetadataItem> {
        self.metadata.iter().find(|item| item.key == key)
    }
}

/// One function of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its formats, the default first.
    pub versions: &'static [Version],
}

/// One format of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its name.
    pub name: &'static str,
    /// The workflows allowed, the default first.
    pub workflows: &'static [i32],
}

impl Version {
    /// The bytes have a format of their own, which the version names.
    pub fn is_formal(&self) -> bool {
        self.name != PLAIN_VERSION
    }
}

/// The function of types that have but one; clients leave it out, or name it where the file has a better word.
pub const ANY_FUNCTION: &str = "default";

/// The version of documents whose bytes have no format.
pub const PLAIN_VERSION: &str = "v1";

/// One attribute that the poster gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetadataItem {
    /// Its name.
    pub key: &'static str,
    /// A document is not taken without it.
    pub is_required: bool,
}

/// Type, function, version and workflow of a document, with nothing left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The entry of the table.
    pub document_type: &'static DocumentType,
    /// The format.
    pub version: &'static Version,
    /// What the document is among the attachments.
    pub attachment_type: AttachmentType,
    /// Type, function and version.
    pub kind: DocumentKind,
    /// The rules of its exchange.
    pub workflow: WorkflowId,
}

impl Resolved {
    /// The document may have the attribute `key`. A file with a format of its own says more of itself than a poster is asked for; of
    /// encrypted bytes the poster may say all of that.
    pub fn knows_metadata(&self, key: &str, is_encrypted: bool) -> bool {
        self.attributes(is_encrypted).any(|known| known == key)
    }

    /// The attributes that it may have.
    pub fn attributes(&self, is_encrypted: bool) -> impl Iterator<Item = &'static str> {
        let own = self.document_type.metadata;
        let of_file = if is_encrypted || self.version.is_formal() { types::FORMAL } else { &[] };
        let of_file = of_file.iter().filter(|item| self.document_type.metadata_item(item.key).is_none());
        own.iter().chain(of_file).map(|item| item.key)
    }
}

/// No such document can be posted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// The type is not known.
    #[error("unknown document type {0:?}: take a Name from GetDocumentTypes")]
    Type(String),
    /// The type has no such function.
    #[error("document type {type_named_id} has no function {given:?}: it has {known}")]
    Function {
        /// The type.
        type_named_id: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// The function has no such version.
    #[error("document type {type_named_id} has no version {given:?}: it has {known}")]
    Version {
        /// The type.
        type_named_id: &'static str,
        /// What was given.
        given: String,
        /// What there is.
        known: String,
    },
    /// The version does not allow the workflow.
    #[error("document type {type_named_id} does not allow workflow {given}: it allows {known}")]
    Workflow {
        /// The type.
        type_named_id: &'static str,
        /// What was given.
        given: i32,
        /// What there is.
        known: String,
    },
}

/// The type of that name.
pub fn lookup(type_named_id: &str) -> Option<&'static DocumentType> {
    TYPES.iter().find(|document_type| is_same_name(document_type.type_named_id, type_named_id))
}

/// Whether two names of types, functions or versions are the same: clients write them in any letter case.
pub fn is_same_name(one: &str, other: &str) -> bool {
    one == other || one.eq_ignore_ascii_case(other) || one.to_lowercase() == other.to_lowercase()
}

/// Fills in what is left open with the defaults and checks the rest.
///
/// # Errors
/// [`Unresolved`] naming what is not known, and what is.
pub fn resolve(
    type_named_id: &str,
    function: Option<&str>,
    version: Option<&str>,
    workflow: Option<i32>,
) -> Result<Resolved, Unresolved> {
    let document_type = lookup(type_named_id).ok_or_else(|| Unresolved::Type(type_named_id.to_owned()))?;
    let type_named_id = document_type.type_named_id;
    let functions = document_type.functions;
    let function = pick(functions, |item| function.is_none_or(|given| is_same_name(given, item.name)))
        .ok_or_else(|| Unresolved::Function {
            type_named_id,
            given: function.unwrap_or_default().to_owned(),
            known: known(functions, |item| item.name),
        })?;
    let versions = function.versions;
    let version = pick(versions, |item| version.is_none_or(|given| is_same_name(given, item.name)))
        .ok_or_else(|| Unresolved::Version {
            type_named_id,
            given: version.unwrap_or_default().to_owned(),
            known: known(versions, |item| item.name),
        })?;
    let workflows = version.workflows;
    let workflow = *pick(workflows, |id| workflow.is_none_or(|given| given == *id)).ok_or_else(|| {
        Unresolved::Workflow {
            type_named_id,
            given: workflow.unwrap_or_default(),
            known: known(workflows, i32::to_string),
        }
    })?;
    Ok(Resolved {
        document_type,
        version,
        attachment_type: document_type.attachment_type,
        kind: DocumentKind {
            type_named_id: type_named_id.to_owned(),
            function: function.name.to_owned(),
            version: version.name.to_owned(),
        },
        workflow: WorkflowId(workflow),
    })
}

fn pick<T>(items: &'static [T], fits: impl Fn(&T) -> bool) -> Option<&'static T> {
    items.iter().find(|item| fits(item))
}

fn known<T, S: AsRef<str>>(items: &'static [T], name: impl Fn(&'static T) -> S) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(name(item).as_ref());
    }
    text
}

#[cfg(test)]
mod tests;
