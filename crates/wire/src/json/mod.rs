//! JSON: the hand-written half. The generated half knows the fields and calls [`Writer`] and [`Reader`] for each.

mod copies;
mod forgiving;
mod read;
mod write;

pub use forgiving::without_trailing_commas;
pub use read::{Keep, Reader};
pub use write::Writer;

use crate::error::Fault;
use crate::shape::Shape;

/// 0001-01-01 to 1970-01-01 in steps of 100 ns.
const UNIX_EPOCH_TICKS: i128 = 621_355_968_000_000_000;

/// A message as JSON sees it. Generated; object-safe, so that walking a message is compiled once and not per type.
pub trait Object: Send + Sync + 'static {
    /// The table of its fields.
    fn shape(&self) -> &'static Shape;

    /// Writes every field that has to be shown, each with a comma before it.
    fn write_fields(&self, writer: &mut Writer<'_>);

    /// Sets the field at this index of the table from the value under the reader.
    ///
    /// # Errors
    /// When the value does not fit.
    fn read_field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Fault>;
}

impl<T: Object> Object for Box<T> {
    fn shape(&self) -> &'static Shape {
        (**self).shape()
    }

    fn write_fields(&self, writer: &mut Writer<'_>) {
        (**self).write_fields(writer);
    }

    fn read_field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Fault> {
        (**self).read_field(index, reader)
    }
}
