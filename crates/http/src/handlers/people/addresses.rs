//! `GET /ParseRussianAddress`, `GET /V1/ParseGarAddress`.

use bytes::Bytes;
use potok_api::methods::{ParseGarAddress, ParseRussianAddress};
use potok_domain::directory::GarDivision;
use potok_translate::address;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ParseRussianAddress, _>(russian);
    all.on::<ParseGarAddress, _>(gar);
}

/// `GET /ParseRussianAddress`.
async fn russian(call: Call<ParseRussianAddress>) -> Result<Answer, ApiError> {
    let found = call.people().parse_russian_address(&call.permit, &call.query.address)?;
    Ok(call.answer(&address::russian(&found)))
}

/// `GET /V1/ParseGarAddress`. Nothing is answered where nothing is found.
async fn gar(call: Call<ParseGarAddress>) -> Result<Answer, ApiError> {
    let division = match call.query.is_administrative_division.unwrap_or(true) {
        true => GarDivision::Municipal,
        false => GarDivision::Administrative,
    };
    let found = call.people().parse_gar_address(&call.permit, &call.query.address, division).await?;
    Ok(match found {
        Some(found) => call.answer(&address::gar(&found)),
        None => call.ready(Bytes::new()),
    })
}
