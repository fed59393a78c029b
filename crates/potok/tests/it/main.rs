//! The edge and the binary, from outside.

mod edge;
mod process;
mod routes;
mod token;
mod world;
