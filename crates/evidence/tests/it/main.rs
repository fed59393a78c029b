//! Packages through the public face of the crate: what is good is proven, and whatever is changed is found.

mod hostile;
mod package;
mod powers;
mod tampered;
