//! Electronic signatures: CMS and X.509.
#![deny(unsafe_code)]

pub mod gost;
#[cfg(test)]
mod test_data;
