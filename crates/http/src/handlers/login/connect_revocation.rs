//! `POST /connect/revocation`: a program ends a token of its own (RFC 7009).

use potok_api::methods::ConnectRevocation;
use potok_api::{Empty, QueryMap};

use super::connect_token::{
    Refused, basic, client_in, field, invalid_request, no_store, note, refused, told,
};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ConnectRevocation, _>(revoke);
}

/// A token that nobody knows has ended already, so it is answered like one that is ended now.
async fn revoke(call: Call<ConnectRevocation>) -> Result<Answer, ApiError> {
    match end(&call).await? {
        Ok(()) => Ok(no_store(call.answer(&Empty))),
        Err(refused) => Ok(told(&call, &refused)),
    }
}

async fn end(call: &Call<ConnectRevocation>) -> Result<Result<(), Refused>, ApiError> {
    let form = QueryMap::parse(&call.body.0);
    let (client_id, secret) = match client_in(&form, basic(&call.incoming.parts.headers)) {
        Ok(client) => client,
        Err(refused) => return Ok(Err(refused)),
    };
    note(call, &client_id).await;
    let Some(token) = field(&form, "token") else { return Ok(Err(invalid_request("token is missing"))) };
    call.login().revoke(&client_id, &secret, &token).await.map_or_else(refused, |()| Ok(Ok(())))
}
