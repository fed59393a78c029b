//! What a visit is answered with.

use bytes::Bytes;
use potok_types::BoxId;

/// What the browser gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A page.
    Page {
        /// The status.
        status: u16,
        /// The HTML.
        html: String,
    },
    /// Another page of the console, after a form: its path with its query.
    GoTo(String),
    /// A file of a document.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Bytes,
        /// Its media type.
        kind: &'static str,
        /// The browser may show it; else it is kept.
        is_shown: bool,
    },
    /// The feed of a box, as it grows.
    Feed {
        /// The box.
        box_id: BoxId,
    },
}

impl Reply {
    /// 200 with a page.
    pub(crate) fn page(page: &impl askama::Template) -> Self {
        Self::page_with(200, page)
    }

    /// A page with another status.
    pub(crate) fn page_with(status: u16, page: &impl askama::Template) -> Self {
        // Writing into a string cannot fail, and the pages compute nothing that could.
        Self::Page { status, html: page.render().unwrap_or_default() }
    }
}
