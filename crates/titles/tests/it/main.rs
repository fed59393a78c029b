//! Titles through the public face of the crate.

mod arbitrary;
mod contract_schema;
mod mutants;
mod pairs;
mod violations;
mod world;
