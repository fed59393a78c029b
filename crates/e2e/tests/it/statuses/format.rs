//! The same call in the other format.

use bytes::Bytes;
use potok_testkit::RawRequest;
use potok_testkit::sdk::api::{Endpoint, Format, MethodSpec, Payload, methods};

/// `request`, which is in JSON, in `format`.
pub(super) fn in_format(spec: &MethodSpec, format: Format, mut request: RawRequest) -> RawRequest {
    if format == Format::Json {
        return request;
    }
    let is_json = request.body.starts_with(b"{");
    request.headers.retain(|(name, _)| name != "Accept" && !(name == "Content-Type" && is_json));
    if is_json && let Some(body) = in_protobuf(spec, &request.body) {
        request.body = body;
    }
    request
}

/// The structure of the request; `None` where it is none.
fn in_protobuf(spec: &MethodSpec, json: &Bytes) -> Option<Bytes> {
    macro_rules! read {
        ($($endpoint:ident $function:ident($query:ident, $($request:ident)::+) #[doc = $summary:literal],)*) => {
            $(if spec.label == methods::$endpoint::SPEC.label {
                return converted::<<methods::$endpoint as Endpoint>::Request>(json);
            })*
        };
    }
    potok_testkit::sdk::api::for_each_endpoint!(read);
    None
}

fn converted<P: Payload>(json: &Bytes) -> Option<Bytes> {
    let read = P::from_body(Format::Json, json.clone()).ok()?;
    Some(read.to_body(Format::Protobuf))
}
