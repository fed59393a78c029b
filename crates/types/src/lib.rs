//! Ids, ticks, feed positions, clocks, sizes, refused values, the table of refusals that programs compare, classes of access, and
//! what powers of attorney say, that every crate of Potok speaks.
//!
//! Nothing here does I/O or knows a protocol structure. Time and randomness are parameters: [`Clock`] and [`Entropy`]
//! are the only doors to them, and only [`SystemClock`] and [`SystemEntropy`] open onto the real world.

pub mod access;
mod attested;
mod causes;
mod clock;
mod content;
mod entropy;
mod guid;
mod index_key;
mod invalid;
pub mod limits;
pub mod powers;
mod ticks;

pub use attested::{Attested, ErrorCode, Header};
pub use causes::with_causes;
pub use clock::{Clock, ManualClock, SystemClock};
pub use content::{ContentHash, ContentRef};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use guid::{
    BoxId, DepartmentId, EntityId, EventId, GroupId, InvalidId, MessageId, OrgId, PacketId, PowerId, RouteId,
    TaskId, UserId, parse_guid,
};
pub use index_key::{IndexKey, InvalidIndexKey};
pub use invalid::{Invalid, box_at, id_at};
pub use ticks::Ticks;
