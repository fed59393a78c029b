//! How somebody becomes a user with a token.

mod authenticate;
mod connect_token;
mod refusals;

use potok_api::methods::{
    AuthenticateConfirmV2, AuthenticateConfirmV3, AuthenticateV2, AuthenticateV3, ConnectToken,
};

use crate::registry::Registry;

/// Adds all of them.
pub(super) fn register(all: &mut Registry) {
    all.on::<AuthenticateConfirmV2, _>(authenticate::confirm);
    all.on::<AuthenticateConfirmV3, _>(authenticate::confirm);
    all.on::<AuthenticateV2, _>(authenticate::login);
    all.on::<AuthenticateV3, _>(authenticate::login);
    all.on::<ConnectToken, _>(connect_token::token);
}
