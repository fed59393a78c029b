//! Titles through the public face of the crate.

mod arbitrary;
mod check;
mod contract_schema;
mod mutants;
mod pairs;
mod violations;
mod world;
