//! `GET /GetContent`: the schemas of a format.

use http::header::CONTENT_DISPOSITION;
use http::{HeaderName, HeaderValue};
use potok_api::methods::GetContent;
use potok_app::{NamedTitle, WantedSchema};

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

/// Where some clients look for the name of the file; others look at `Content-Disposition`.
const FILE_NAME: HeaderName = HeaderName::from_static("x-diadoc-filename");

pub(super) fn register(all: &mut Registry) {
    all.on::<GetContent, _>(schema);
}

async fn schema(call: Call<GetContent>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let wanted = WantedSchema::named(&query.content_type)?;
    let title = NamedTitle {
        type_named_id: &query.type_named_id,
        function: &query.function,
        version: &query.version,
        index: query.title_index,
    };
    let file = call.paper().schema(&call.permit, title, wanted).await?;
    let attached = HeaderValue::try_from(format!("attachment; filename=\"{}\"", file.name));
    let (Ok(attached), Ok(name)) = (attached, HeaderValue::try_from(file.name)) else {
        return Err(ApiError::internal());
    };
    Ok(call.ready(file.content).with(CONTENT_DISPOSITION, attached).with(FILE_NAME, name))
}
