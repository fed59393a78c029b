//! Titles through the public face of the crate.

mod arbitrary;
mod mutants;
mod pairs;
mod violations;
mod world;
