//! Print forms of documents: PDF of data, for people and for archives.
//!
//! * [`title_form`]: a formalized document with its answer, in the layout that its kind has on paper.
//! * [`service_form`]: a receipt, confirmation, request, refusal or offer of revocation.
//! * [`cover()`]: any other file by its name, sum and signatures; PDF documents get the same page behind their own by [`with_stamps`].
//! * [`protocol()`]: what happened to a document, event by event.
//!
//! Everything here is a function of its arguments: no I/O, no clock; the same data give the same bytes. The files say of themselves
//! that they are PDF/A-2b; fonts are in them, and every text can be copied out as it was. Only pages that are not ours follow
//! whatever rules their makers chose.

mod append;
mod cover;
mod exchange;
mod forms;
mod page;
mod pdf;
mod protocol;
mod stamps;

pub use append::{NotAppended, with_stamps};
pub use cover::{File, cover};
pub use exchange::{Exchange, Side, Stamp, Standing, Verdict};
pub use forms::{Layout, Printed, service_form, title_form};
pub use protocol::{Step, protocol};
pub use stamps::moment;
