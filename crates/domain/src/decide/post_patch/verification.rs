//! Signatures of encrypted documents: the recipient alone can check them.

use potok_types::ContentRef;

use super::super::{Rejection, Step};
use super::Patch;
use crate::carriage;
use crate::command::NewVerification;
use crate::{Check, Entity, EntityState, Service, Side, SignatureChecked};

impl Patch<'_> {
    /// What the recipient found counts in both boxes.
    pub(super) fn report_signature(&mut self, item: &NewVerification<ContentRef>) -> Result<(), Rejection> {
        let path = item.path.as_str();
        self.document_at(&format!("{path}.InitialDocumentId"), item.document)?;
        let Some((found, _)) = self.state.document(item.document) else { return Ok(()) };
        let refuse = |reason| Err(Rejection::state(path, item.document, Step::VerifySignature, reason));
        if !found.entity.is_encrypted {
            return refuse("он не зашифрован, его подпись проверяет оператор");
        }
        if self.state.side() != Side::Recipient {
            return refuse("подпись отправителя проверяет получатель");
        }
        let is_open = |signature: &&EntityState| !signature.is_own && signature.check == Check::Unchecked;
        let unchecked = carriage::standing_signatures(&self.now, item.document).find(is_open);
        let Some(signature) = unchecked.map(|signature| signature.entity.id) else {
            return refuse("о проверке его подписи уже сообщили");
        };
        let check = if item.is_valid { Check::Valid } else { Check::Invalid };
        if !item.is_valid {
            let kind = Service::SignatureVerificationReport;
            let report = self.context.service(signature, item.report, kind, None);
            let words =
                item.comment.map(|words| self.context.service(report.id, words, Service::Comment, None));
            let report = Entity { labels: item.labels.clone(), ..report };
            self.add([report].into_iter().chain(words));
        }
        self.check(vec![SignatureChecked { signature, check, power_of_attorney: None, verification: None }]);
        self.must_tell = true;
        Ok(())
    }
}
