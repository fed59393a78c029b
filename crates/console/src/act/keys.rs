//! Signing by a key that the server holds: it takes a moment, and the word of its holder.

use bytes::Bytes;
use potok_api::Empty;
use potok_api::methods::{BoxQuery, BoxTaskQuery, DssSignResult, DssSignV2};
use potok_types::BoxId;
use potok_wire::proto::ContentV3;
use potok_wire::proto::dss::{DssOperationStatus, DssSignDataSource, DssSignFile, DssSignRequestV2};

use crate::server::{Refused, Server, ask};

/// What a form that ends in a signature shows besides what it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is filled in.
    #[default]
    First,
    /// A signature is awaited.
    File,
    /// A key of the server is.
    Key,
}

impl Stage {
    pub(crate) fn is_waiting(&self) -> bool {
        *self == Self::Key
    }

    pub(crate) fn wants_file(&self) -> bool {
        *self == Self::File
    }
}

/// How far a signing is.
pub(crate) enum Signing {
    /// Nobody has confirmed it yet, or the key has not signed yet.
    Waits,
    /// The signature.
    Done(Bytes),
    /// It will not be signed.
    Failed,
}

/// Begins to sign; the task to ask for.
pub(crate) async fn begin(server: &dyn Server, box_id: BoxId, content: ContentV3) -> Result<String, Refused> {
    let request = DssSignRequestV2 {
        files: vec![DssSignFile { content, file_name: None }],
        sign_data_source: DssSignDataSource::CertificateSign as i32,
        ..DssSignRequestV2::default()
    };
    let task = ask::<DssSignV2>(server, &BoxQuery::new(box_id), &request).await?;
    task.task_id.ok_or_else(|| Refused { status: 500, text: String::new() })
}

/// Asks how far it is.
pub(crate) async fn look(server: &dyn Server, box_id: BoxId, task: &str) -> Result<Signing, Refused> {
    let found = ask::<DssSignResult>(server, &BoxTaskQuery::new(box_id, task), &Empty).await?;
    Ok(match found.operation_status() {
        DssOperationStatus::InProgress | DssOperationStatus::Unknown => Signing::Waits,
        DssOperationStatus::Completed => {
            let signature = found.file_signing_results.into_iter().find_map(|result| result.signature);
            signature.map_or(Signing::Failed, Signing::Done)
        }
        _ => Signing::Failed,
    })
}
