//! The operator's confirmations: official formats, signed by the operator's key.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use potok_cms::UnixTime;
use potok_domain::operator::ConfirmationKind;
use potok_fns::service::{self, ConfirmedFile, Head};
use potok_fns::{FileId, MoscowTime, Operator, PROGRAM_OF_OPERATOR, Version};
use potok_seams::{ConfirmationRequest, OperatorDocument, OperatorDocuments, OperatorError};
use potok_types::{Ticks, with_causes};

use crate::{Offload, Signer};

/// Makes the operator's documents and signs them.
#[derive(Clone, Debug)]
pub struct SignedDocuments {
    operator: Operator,
    signer: Arc<Signer>,
    offload: Offload,
}

impl SignedDocuments {
    /// Speaks as `operator` and signs by `signer`.
    pub const fn new(operator: Operator, signer: Arc<Signer>, offload: Offload) -> Self {
        Self { operator, signer, offload }
    }
}

/// The operator of installations that name none.
pub fn test_operator() -> Operator {
    Operator {
        name: "Тестовый оператор без юридической силы".to_owned(),
        inn: "9900000000".to_owned(),
        code: "2BM".to_owned(),
    }
}

#[async_trait]
impl OperatorDocuments for SignedDocuments {
    fn operator(&self) -> Operator {
        self.operator.clone()
    }

    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError> {
        let kind = match request.kind {
            ConfirmationKind::Received => service::ConfirmationKind::Received,
            ConfirmationKind::PassedOn => service::ConfirmationKind::PassedOn,
        };
        let at = MoscowTime::at(request.at);
        let addressee = &request.addressee().fns_id;
        let file_id =
            FileId::new(kind.family(), addressee, &self.operator.code, at.date, request.entity.uuid());
        let file_name = file_id.file_name();
        let signatures = request.signatures.iter().map(|signature| signature.to_vec()).collect();
        let confirmation = service::Confirmation {
            head: Head { file_id, program: PROGRAM_OF_OPERATOR.to_owned(), version: Version::V1_03 },
            kind,
            operator: self.operator.clone(),
            at,
            file: ConfirmedFile::new(named(request.file_name), signatures),
            sender: request.author.clone(),
            recipient: request.recipient.clone(),
            signer: None,
        };
        let content = match confirmation.generate() {
            Ok(content) => Bytes::from(content),
            Err(error) => return Err(OperatorError { file_name, reason: error.to_string() }),
        };
        let signature = self.sign(&file_name, content.clone(), request.at).await?;
        Ok(OperatorDocument { file_name, content, signature })
    }

    async fn sign(&self, file_name: &str, content: Bytes, at: Ticks) -> Result<Bytes, OperatorError> {
        let signed = self.signer.sign_away(&self.offload, content, UnixTime(at.unix_seconds())).await;
        signed.map_err(|error| OperatorError { file_name: file_name.to_owned(), reason: with_causes(&error) })
    }
}

/// The format wants a name, and a document may have none.
const fn named(file_name: &str) -> &str {
    if file_name.is_empty() { "-" } else { file_name }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use potok_cms::{Content, verify};
    use potok_fns::{FullName, Identity, Participant};
    use potok_types::{EntityId, SeededEntropy, Ticks};

    use crate::test_pki::TestKeys;

    use super::*;

    #[tokio::test]
    async fn both_confirmations_are_in_the_official_format_and_signed() {
        // 2026-02-01T22:00:00Z is the next day in Moscow.
        let at = Ticks::new(639_055_800_000_000_000);
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("pki");
        let keys =
            TestKeys::open(&folder, &test_operator(), UnixTime(at.unix_seconds()), &SeededEntropy::new(1))
                .unwrap();
        let operator = SignedDocuments::new(test_operator(), Arc::clone(keys.operator()), Offload::default());
        let author = Participant {
            fns_id: "2BM-9612345678".to_owned(),
            identity: Identity::Organization {
                name: "ООО «Ромашка» & Ко".to_owned(),
                inn: "9612345678".to_owned(),
                kpp: "961201001".to_owned(),
            },
        };
        let name = FullName { last: "Лютик".to_owned(), first: "-".to_owned(), middle: None };
        let recipient = Participant {
            fns_id: "2BM-961234567890".to_owned(),
            identity: Identity::Entrepreneur { inn: "961234567890".to_owned(), name },
        };
        let mut names = BTreeSet::new();
        for (kind, official, name) in [
            (
                ConfirmationKind::Received,
                service::ConfirmationKind::Received,
                "DP_PDPOL_2BM-9612345678_2BM_20260202_",
            ),
            (
                ConfirmationKind::PassedOn,
                service::ConfirmationKind::PassedOn,
                "DP_PDOTPR_2BM-961234567890_2BM_20260202_",
            ),
        ] {
            let request = ConfirmationRequest {
                kind,
                entity: EntityId::ZERO,
                at,
                file_name: "ON_NSCHFDOPPR_1.xml",
                signatures: &[Bytes::from_static(b"signature")],
                author: &author,
                recipient: &recipient,
            };
            let made = operator.confirm(request).await.unwrap();
            assert!(made.file_name.starts_with(name), "{}", made.file_name);
            let read = service::Confirmation::parse(&made.content, official).unwrap();
            assert_eq!(format!("{}.xml", read.head.file_id), made.file_name);
            assert_eq!(read.file.name, "ON_NSCHFDOPPR_1");
            assert_eq!(read.file.signatures, [b"signature"]);
            assert!(
                matches!(&read.sender.identity, Identity::Organization { kpp, .. } if kpp == "961201001")
            );
            assert!(
                matches!(&read.recipient.identity, Identity::Entrepreneur { name, .. } if name.last == "Лютик")
            );
            let check = verify(
                &made.signature,
                Content::Bytes(&made.content),
                UnixTime(at.unix_seconds()),
                &keys.trust(),
            )
            .unwrap();
            assert!(check.is_valid());
            let certificate = check.first().certificate.clone().unwrap();
            assert_eq!(certificate.subject().organization(), Some(&*test_operator().name));
            names.insert(made.file_name);
        }
        assert_eq!(names.len(), 2);
    }
}
