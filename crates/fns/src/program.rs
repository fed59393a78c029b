//! `ВерсПрог`: which program made a document. Readers keep it, and nobody decides anything by it.

/// In documents that are made for people to sign. Integrators know this text from the files of other servers.
pub const PROGRAM_OF_PEOPLE: &str = "Diadoc 1.0";
/// In documents that the operator signs itself, and in those of the demo.
pub const PROGRAM_OF_OPERATOR: &str = "Potok 1.0";
