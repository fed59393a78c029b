//! The official formats of the Russian tax service, as far as an operator of document exchange needs them.
//!
//! * [`xml`]: reading hostile XML safely, in front of every other parser.
//! * [`service`]: the documents that an exchange is confirmed, refused and revoked with: written and read.
//! * [`recognize`]: which format a file is, and what it says about itself: number, date, sums, parties.
//! * [`power`]: powers of attorney: who may act for whom, in what and until when.
//! * [`schema`]: holding files to schemas that the operator of a server has put into a folder.
//!
//! Everything here is a function of its arguments: no I/O, no clock, no randomness.

mod file_id;
mod form;
mod moment;
mod party;
mod program;
mod remark;
mod signer;
mod signer_contract;
mod version;

pub mod power;
pub mod recognize;
pub mod schema;
pub mod service;
pub mod xml;

pub use file_id::{FileId, FileIdParts, confirmed_name};
pub use form::Rule;
pub use moment::{FnsDate, MoscowTime};
pub use party::{Foreign, ForeignKind, FullName, Identity, Operator, Participant};
pub use program::{PROGRAM_OF_OPERATOR, PROGRAM_OF_PEOPLE};
pub use remark::Remark;
pub use signer::{ElectronicPower, PaperPower, PowerShown, SignatureType, Signer, SignerStatus};
pub use signer_contract::{GivenCertificate, GivenPosition, GivenPower, PositionSource, SignerContract};
pub use version::{Family, Version};
