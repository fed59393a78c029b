//! An operator for tests: official formats, signatures that anybody can see are none.

use async_trait::async_trait;
use bytes::Bytes;
use potok_domain::directory::Organization;
use potok_domain::operator::ConfirmationKind;
use potok_fns::service::{self, ConfirmedFile, Head};
use potok_fns::{FileId, FullName, Identity, MoscowTime, Operator, Participant, Version};
use potok_types::{BoxId, ContentRef};

use crate::seams::{ConfirmationRequest, OperatorDocument, OperatorDocuments, OperatorError};
use crate::test_signature;

/// Stands where a real operator stands, as long as the server has no operator's key: its documents are in the official
/// format, but instead of a signature they carry a marked test signature without legal force. What an organization does
/// not say about itself and the format asks for is filled in.
#[derive(Clone, Debug)]
pub struct TestOperator {
    operator: Operator,
}

impl TestOperator {
    /// Speaks as `operator`.
    pub const fn new(operator: Operator) -> Self {
        Self { operator }
    }
}

impl Default for TestOperator {
    fn default() -> Self {
        Self::new(Operator {
            name: "Тестовый оператор без юридической силы".to_owned(),
            inn: "9900000000".to_owned(),
            code: "2BM".to_owned(),
        })
    }
}

#[async_trait]
impl OperatorDocuments for TestOperator {
    async fn confirm(&self, request: ConfirmationRequest<'_>) -> Result<OperatorDocument, OperatorError> {
        let kind = match request.kind {
            ConfirmationKind::Received => service::ConfirmationKind::Received,
            ConfirmationKind::PassedOn => service::ConfirmationKind::PassedOn,
        };
        let at = MoscowTime::at(request.at);
        let addressee = &request.addressee().fns_participant_id;
        let file_id =
            FileId::new(kind.family(), addressee, &self.operator.code, at.date, request.entity.uuid());
        let file_name = file_id.file_name();
        let signatures = request.signatures.iter().map(|signature| signature.to_vec()).collect();
        let confirmation = service::Confirmation {
            head: Head { file_id, program: "Potok 1.0".to_owned(), version: Version::V1_03 },
            kind,
            operator: self.operator.clone(),
            at,
            file: ConfirmedFile::new(named(request.file_name), signatures),
            sender: participant(request.author),
            recipient: participant(request.recipient),
            signer: None,
        };
        let content = match confirmation.generate() {
            Ok(content) => Bytes::from(content),
            Err(error) => return Err(OperatorError { file_name, reason: error.to_string() }),
        };
        let signature = test_signature::make(BoxId::ZERO, ContentRef::of(&content));
        Ok(OperatorDocument { file_name, content, signature })
    }
}

/// The format wants a name, and a document may have none.
const fn named(file_name: &str) -> &str {
    if file_name.is_empty() { "-" } else { file_name }
}

fn participant(organization: &Organization) -> Participant {
    let Organization { inn, kpp, full_name, fns_participant_id, .. } = organization;
    let identity = if inn.len() == 12 {
        let mut name = FullName::split(full_name);
        if name.first.is_empty() {
            name.first.push('-');
        }
        Identity::Entrepreneur { inn: inn.clone(), name }
    } else {
        // Most organizations are registered first where their INN was given, which its first four digits name.
        let kpp = kpp.clone().unwrap_or_else(|| format!("{}01001", inn.get(..4).unwrap_or(inn)));
        Identity::Organization { name: full_name.clone(), inn: inn.clone(), kpp }
    };
    Participant { fns_id: fns_participant_id.clone(), identity }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use potok_types::{EntityId, OrgId, Ticks};

    use super::*;

    fn organization(inn: &str, kpp: Option<&str>, name: &str) -> Organization {
        Organization {
            org_id: OrgId::ZERO,
            box_id: BoxId::ZERO,
            inn: inn.to_owned(),
            kpp: kpp.map(str::to_owned),
            full_name: name.to_owned(),
            short_name: name.to_owned(),
            ogrn: None,
            fns_participant_id: format!("2BM-{inn}"),
            counteragents_only: false,
            is_test: false,
            is_suspended: false,
            departments: Vec::new(),
        }
    }

    #[tokio::test]
    async fn both_confirmations_are_in_the_official_format_and_marked() {
        let author = organization("9612345678", None, "ООО «Ромашка» & Ко");
        let recipient = organization("961234567890", None, "Лютик");
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
                // 2026-02-01T22:00:00Z is the next day in Moscow.
                at: Ticks::new(639_055_800_000_000_000),
                file_name: "ON_NSCHFDOPPR_1.xml",
                signatures: &[Bytes::from_static(b"signature")],
                author: &author,
                recipient: &recipient,
            };
            let made = TestOperator::default().confirm(request).await.unwrap();
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
            assert_eq!(test_signature::is_good(&made.signature, ContentRef::of(&made.content)), Some(true));
            names.insert(made.file_name);
        }
        assert_eq!(names.len(), 2);
    }
}
