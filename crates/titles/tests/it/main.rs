//! Titles through the public face of the crate.

mod arbitrary;
mod pairs;
mod violations;
mod world;
