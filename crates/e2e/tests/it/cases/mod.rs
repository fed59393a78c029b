//! What people reported of the API, a test for each report, named after its row in the list of reports (or a step of `told`): `w` for public
//! threads, `f` for calls of the official Java client.

mod refused;
mod shown;
mod told;
