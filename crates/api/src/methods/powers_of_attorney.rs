//! Machine-readable powers of attorney.

use potok_types::BoxId;
use potok_types::access::{AdministersOrSelf, BoxEmployee, NamedDocuments};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery, BoxTaskQuery, EntityQuery};
use crate::params::queries;
use crate::spec::dates::R1_ASSUMED;
use crate::{Empty, Example};

queries! {
    /// The query of `PrevalidatePowerOfAttorney`.
    PrevalidatePowerOfAttorneyV1Query {
        /// The box.
        box_id: BoxId = "boxId",
        /// Registration number of the power of attorney.
        registration_number: String = "registrationNumber",
        /// Taxpayer number of who issued it.
        issuer_inn: String = "issuerInn";
    }
}

endpoints! {
    $ PowersOfAttorney for_each_powers_of_attorney_endpoint;

    /// Registers a power of attorney.
    RegisterPowerOfAttorney register_power_of_attorney =
        "RegisterPowerOfAttorney" 1, Post "/RegisterPowerOfAttorney",
    BoxQuery, proto::powers_of_attorney::PowerOfAttorneyToRegister => proto::AsyncMethodResult {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 409, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"FullId":{"RegistrationNumber":"{power}","IssuerInn":"{issuer}"}}"#,
        )),
    }

    /// What became of a registration.
    RegisterPowerOfAttorneyResult register_power_of_attorney_result =
        "RegisterPowerOfAttorneyResult" 1, Get "/RegisterPowerOfAttorneyResult",
    BoxTaskQuery, Empty => proto::powers_of_attorney::PowerOfAttorneyRegisterResult {
        access: AdministersOrSelf<BoxEmployee>,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&taskId={registration}")),
    }

    /// Whether a power of attorney would be accepted for a signature.
    PrevalidatePowerOfAttorneyV2 prevalidate_power_of_attorney_v2 =
        "PrevalidatePowerOfAttorney" 2, Post "/V2/PrevalidatePowerOfAttorney",
    BoxQuery, proto::powers_of_attorney::PowerOfAttorneyPrevalidateRequestV2
    => proto::powers_of_attorney::PowerOfAttorneyPrevalidateResult {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        example: Some(Example::new(
            "boxId={box}",
            r#"{"FullId":{"RegistrationNumber":"{power}","IssuerInn":"{issuer}"},"ConfidantCertificate":{"Content":{"Content":"{certificate}"}}}"#,
        )),
    }

    /// Whether a power of attorney would be accepted for a signature.
    PrevalidatePowerOfAttorney prevalidate_power_of_attorney =
        "PrevalidatePowerOfAttorney" 1, Post "/PrevalidatePowerOfAttorney",
    PrevalidatePowerOfAttorneyV1Query, proto::powers_of_attorney::PowerOfAttorneyPrevalidateRequest
    => proto::powers_of_attorney::PowerOfAttorneyPrevalidateResult {
        access: BoxEmployee,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 415, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::new(
            "boxId={box}&registrationNumber={power}&issuerInn={issuer}",
            r#"{"ConfidantCertificate":{"Content":{"Content":"{certificate}"}}}"#,
        )),
    }

    /// What is known about the power of attorney of a signature.
    GetPowerOfAttorneyInfo get_power_of_attorney_info =
        "GetPowerOfAttorneyInfo" 1, Get "/GetPowerOfAttorneyInfo",
    EntityQuery, Empty => proto::powers_of_attorney::PowerOfAttorney {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={attached_power}")),
    }

    /// The files of the power of attorney of a signature.
    GetPowerOfAttorneyContentV2 get_power_of_attorney_content_v2 =
        "GetPowerOfAttorneyContent" 2, Get "/V2/GetPowerOfAttorneyContent",
    EntityQuery, Empty => proto::powers_of_attorney::PowerOfAttorneyContentResponse {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={attached_power}")),
    }

    /// The files of the power of attorney of a signature.
    GetPowerOfAttorneyContent get_power_of_attorney_content =
        "GetPowerOfAttorneyContent" 1, Get "/GetPowerOfAttorneyContent",
    EntityQuery, Empty => proto::powers_of_attorney::PowerOfAttorneyContent {
        access: NamedDocuments,
        box_in: BOX,
        status_codes: &[200, 400, 401, 402, 403, 404, 405, 429, 500],
        deprecation: R1_ASSUMED,
        example: Some(Example::query("boxId={box}&messageId={message}&entityId={attached_power}")),
    }
}
