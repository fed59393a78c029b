//! What can be wrong with a certificate, as the API numbers it.

/// What is wrong with one certificate of a chain: the bits of .NET's `X509ChainStatusFlags`, which the API speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatusFlags(u32);

impl StatusFlags {
    /// Nothing.
    pub const NO_ERROR: Self = Self(0);
    /// Not valid yet, or not any more.
    pub const NOT_TIME_VALID: Self = Self(1);
    /// Revoked.
    pub const REVOKED: Self = Self(4);
    /// The issuer's signature is wrong.
    pub const NOT_SIGNATURE_VALID: Self = Self(8);
    /// The key may not be used for this.
    pub const NOT_VALID_FOR_USAGE: Self = Self(16);
    /// The chain ends at a root that is not trusted.
    pub const UNTRUSTED_ROOT: Self = Self(32);
    /// Nothing tells whether it is revoked, though something has to.
    pub const REVOCATION_STATUS_UNKNOWN: Self = Self(64);
    /// An extension is broken.
    pub const INVALID_EXTENSION: Self = Self(256);
    /// The issuer is not an authority, or may not have authorities below it.
    pub const INVALID_BASIC_CONSTRAINTS: Self = Self(1024);
    /// The issuer is not known.
    pub const PARTIAL_CHAIN: Self = Self(65_536);
    /// Signed over a digest for which collisions can be made.
    pub const HAS_WEAK_SIGNATURE: Self = Self(1_048_576);
    /// No current revocation list is at hand, though one has to be.
    pub const OFFLINE_REVOCATION: Self = Self(16_777_216);
    /// A critical extension is not understood.
    pub const HAS_NOT_SUPPORTED_CRITICAL_EXTENSION: Self = Self(134_217_728);

    /// The number on the wire.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Flags from a number on the wire.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Whether all of these are set.
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether nothing is wrong.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }

    pub(super) const fn without(self, flags: Self) -> Self {
        Self(self.0 & !flags.0)
    }

    pub(super) fn add(&mut self, flags: Self) {
        self.0 |= flags.0;
    }
}
