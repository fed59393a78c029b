//! Signing on the server side.

use potok_types::BoxId;
use potok_types::access::{BoxEmployee, MaySign, TaskOwner, User};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, BoxTaskQuery, TaskQuery};
use crate::params::queries;
use crate::{Deprecation, Empty, Example, FILE_BODY_LIMIT_BYTES, Maybe, Opaque};

queries! {
    /// The query of `DssSign`.
    DssSignV1Query {
        /// The box.
        box_id: BoxId = "boxId";
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        certificate_thumbprint: Option<String> = "certificateThumbprint",
    }

    /// The query of `CloudSign`.
    CloudSignQuery {
        ;
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        certificate_thumbprint: Option<String> = "certificateThumbprint",
    }

    /// The query of `CloudSignConfirm`.
    CloudSignConfirmQuery {
        /// The token.
        token: Opaque = "token",
        /// The code that the user was sent.
        confirmation_code: String = "confirmationCode";
        /// How the signatures are returned: `Content`, or `Reference` for names on the shelf.
        returned: Option<String> = "return",
        /// The same under the name that the documentation has.
        location_preference: Option<String> = "locationPreference",
    }

    /// The query of `AutoSignReceipts`.
    AutoSignReceiptsQuery {
        /// The box.
        box_id: BoxId = "boxId";
        /// SHA-1 of the certificate, 40 hexadecimal digits.
        thumbprint: Option<String> = "thumbprint",
        /// The same under the name that the official clients have.
        certificate_thumbprint: Option<String> = "certificateThumbprint",
        /// Where the last batch ended.
        batch_key: Option<String> = "batchKey",
    }
}

endpoints! {
    $ Signing for_each_signing_endpoint;

    /// Starts signing in the signature service.
    DssSign dss_sign = "DssSign" 1, Post "/DssSign",
    DssSignV1Query, proto::dss::DssSignRequest => proto::AsyncMethodResult {
        access: BoxEmployee<MaySign>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(Example::new("boxId={box}", r#"{"Files":[{"Content":{"Content":"ZmlsZQ=="},"FileName":"a.txt"}]}"#)),
    }

    /// Starts signing in the signature service.
    DssSignV2 dss_sign_v2 = "DssSign" 2, Post "/V2/DssSign",
    BoxQuery, proto::dss::DssSignRequestV2 => proto::AsyncMethodResult {
        access: BoxEmployee<MaySign>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(Example::new(
            "boxId={box}",
            r#"{"SignDataSource":"CertificateSign","Files":[{"Content":{"Content":"ZmlsZQ=="}}]}"#,
        )),
    }

    /// What became of signing in the signature service.
    DssSignResult dss_sign_result = "DssSignResult" 1, Get "/DssSignResult",
    BoxTaskQuery, Empty => proto::dss::DssSignResult {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&taskId={dss}")),
    }

    /// Starts signing in the cloud.
    CloudSign cloud_sign = "CloudSign" 1, Post "/CloudSign",
    CloudSignQuery, proto::CloudSignRequest => proto::AsyncMethodResult {
        access: User,
        status_codes: &[200, 400, 401, 403, 404, 405, 415, 429, 500],
        documented: false,
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        example: Some(Example::new("", r#"{"Files":[{"Content":{"Content":"ZmlsZQ=="}}]}"#)),
    }

    /// Whether the code for cloud signing was sent; 204 while it is not.
    CloudSignResult cloud_sign_result = "CloudSignResult" 1, Get "/CloudSignResult",
    TaskQuery, Empty => Maybe<proto::CloudSignResult> {
        access: TaskOwner,
        status_codes: &[200, 204, 400, 401, 404, 409, 429, 500],
        documented: false,
        example: Some(Example::query("taskId={cloud}")),
    }

    /// Confirms cloud signing with the code.
    CloudSignConfirm cloud_sign_confirm = "CloudSignConfirm" 1, Post "/CloudSignConfirm",
    CloudSignConfirmQuery, Empty => proto::AsyncMethodResult {
        access: User,
        status_codes: &[200, 400, 401, 405, 409, 429, 500],
        documented: false,
        // A code is good once.
        example: Some(Example::query("token={cloud}&confirmationCode=0").answered(409)),
    }

    /// Signatures made in the cloud; 204 while there are none.
    CloudSignConfirmResult cloud_sign_confirm_result =
        "CloudSignConfirmResult" 1, Get "/CloudSignConfirmResult",
    TaskQuery, Empty => Maybe<proto::CloudSignConfirmResult> {
        access: TaskOwner,
        status_codes: &[200, 204, 400, 401, 404, 409, 429, 500],
        documented: false,
        example: Some(Example::query("taskId={signed}")),
    }

    /// Starts signing receipts in the cloud.
    AutoSignReceipts auto_sign_receipts = "AutoSignReceipts" 1, Post "/AutoSignReceipts",
    AutoSignReceiptsQuery, Empty => proto::AsyncMethodResult {
        access: BoxEmployee<MaySign>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: Deprecation::Obsolete,
        example: Some(Example::query("boxId={box}")),
    }

    /// What became of signing receipts; 204 while it runs.
    AutoSignReceiptsResult auto_sign_receipts_result =
        "AutoSignReceiptsResult" 1, Get "/AutoSignReceiptsResult",
    TaskQuery, Empty => Maybe<proto::AutosignReceiptsResult> {
        access: TaskOwner,
        status_codes: &[200, 204, 400, 401, 403, 404, 405, 429, 500],
        deprecation: Deprecation::Obsolete,
        example: Some(Example::query("taskId={receipts}").answered(204)),
    }
}
