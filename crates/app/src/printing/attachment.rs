//! `GeneratePrintFormFromAttachment`, `GetGeneratedPrintForm`: the print form of bytes that are in no message yet.

use bytes::Bytes;
use potok_domain::{DocumentKind, registry};
use potok_fns::{MoscowTime, recognize};
use potok_print::{Exchange, Side};
use potok_types::Invalid;
use potok_types::access::User;

use super::form::Job;
use super::protocol::of_family;
use super::{Made, PrintError, Printing};
use crate::Permit;

/// How long a form waits for whoever asked for it.
const KEPT_SECONDS: i64 = 24 * 3600;
/// The folder of the shelf that forms lie in.
const FOLDER: &str = "print-forms";

impl Printing {
    /// Makes the form, and tells the id by which the caller gets it. `type_named_id` says as what the bytes are to be printed.
    ///
    /// # Errors
    /// `CoreError::Invalid` for a type that is not known, or no bytes; [`PrintError::Shelf`]; `CoreError::NoRoom`.
    pub async fn print_attachment(
        &self,
        user: &Permit<User>,
        type_named_id: Option<&str>,
        content: Bytes,
    ) -> Result<String, PrintError> {
        if content.is_empty() {
            return Err(
                Invalid::new("the request body", "is empty: send the file that is to be printed").into()
            );
        }
        let kind = match type_named_id {
            None => None,
            Some(name) => Some(registry::lookup(name).ok_or_else(|| {
                Invalid::new("query parameter documentType", format!("{name:?} is no type of documents"))
            })?),
        };
        let family = if kind.is_none() { recognize::service_family(&content) } else { None };
        let named = |kind: &registry::DocumentType| kind.type_named_id.to_owned();
        let kind = kind.map(|kind| {
            (
                kind.title,
                DocumentKind { type_named_id: named(kind), function: String::new(), version: String::new() },
            )
        });
        let now = self.core.clock.now();
        let job = Job {
            title: kind
                .as_ref()
                .map(|(title, _)| *title)
                .or(family.map(of_family))
                .unwrap_or("Документ")
                .to_owned(),
            file_name: String::new(),
            content,
            answer: None,
            is_encrypted: false,
            layout: kind.map_or(potok_print::Layout::OfFormat, |(_, kind)| super::form::layout(&kind)),
            exchange: unsent(self.operator.operator().name),
            at: MoscowTime::at(now),
        };
        let form = self.rendered(job).await?;
        let id = self.core.entropy.uuid().to_string();
        self.shelf.keep(user, &format!("{FOLDER}/{id}.pdf"), form, KEPT_SECONDS).await?;
        Ok(id)
    }

    /// The form of an id.
    ///
    /// # Errors
    /// [`PrintError::NoForm`], also for those of others.
    pub async fn printed_attachment(&self, user: &Permit<User>, id: &str) -> Result<Made<Bytes>, PrintError> {
        let none = || PrintError::NoForm(id.to_owned());
        let name = format!("{FOLDER}/{id}.pdf");
        let (form, since) = self.shelf.kept(user, &name, KEPT_SECONDS).await?.ok_or_else(none)?;
        let is_due = self.core.clock.now() >= since.plus_seconds(self.wait_seconds);
        Ok(if is_due { Made::Ready(form) } else { Made::Working })
    }
}

/// Of what has not been sent nothing is known.
fn unsent(operator: String) -> Exchange {
    Exchange {
        operator,
        document_id: "-".to_owned(),
        sender: Side { name: "-".to_owned(), ..Side::default() },
        recipient: None,
        sent_at: None,
        delivered_at: None,
        stamps: Vec::new(),
        standings: Vec::new(),
    }
}
