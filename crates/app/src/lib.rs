//! Use cases, one function each, and the workers.
