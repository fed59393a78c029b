//! Powers of attorney as callers name them or bring them along.

use crate::powers::PowerName;

/// The file of a power of attorney with the signature of who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedPower<S> {
    /// The place in the request.
    pub path: String,
    /// The file.
    pub content: S,
    /// The detached signature over it.
    pub signature: S,
}

/// A power of attorney that is to be in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerToRegister<S> {
    /// It is there already, under this name.
    Named(PowerName),
    /// Here it is.
    File(SignedPower<S>),
}

/// The certificate of whoever is going to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateNamed<S> {
    /// One that the caller logs in by, with this SHA-1.
    Thumbprint(String),
    /// This one.
    Content(S),
}
