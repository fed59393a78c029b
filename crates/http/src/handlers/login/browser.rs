//! Where browsers come in: their pages are beside the contract.

use potok_api::methods::{ConnectAuthorize, ConnectEndsession, DevicePage};

use crate::registry::Registry;
use crate::signin;

pub(super) fn register(all: &mut Registry) {
    all.visit_on::<ConnectAuthorize, _>(signin::authorize);
    all.visit_on::<ConnectEndsession, _>(signin::end_session);
    all.visit_on::<DevicePage, _>(signin::device);
}
