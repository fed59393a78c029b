//! Families of service documents and their versions.

use std::fmt;

use crate::form::codes;

/// A family of service documents, by the name its files begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `DP_PDPOL`: the operator says when it received a document.
    Pdpol,
    /// `DP_PDOTPR`: the operator says when it passed a document on.
    Pdotpr,
    /// `DP_IZVPOL`: a participant says that it received a document.
    Izvpol,
    /// `DP_UVUTOCH`: a participant asks for an amendment, refuses to sign, or refuses a revocation.
    Uvutoch,
    /// `DP_PRANNUL`: a participant offers to revoke a document.
    Prannul,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pdpol, Self::Pdotpr, Self::Izvpol, Self::Uvutoch, Self::Prannul];

    /// What file names begin with, without the underscore after it.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Pdpol => "DP_PDPOL",
            Self::Pdotpr => "DP_PDOTPR",
            Self::Izvpol => "DP_IZVPOL",
            Self::Uvutoch => "DP_UVUTOCH",
            Self::Prannul => "DP_PRANNUL",
        }
    }

    /// The number of the form (`КНД`); offers of revocation have none.
    pub const fn knd(self) -> Option<&'static str> {
        match self {
            Self::Pdpol => Some("1115112"),
            Self::Pdotpr => Some("1115111"),
            Self::Izvpol => Some("1115110"),
            Self::Uvutoch => Some("1115113"),
            Self::Prannul => None,
        }
    }

    /// The versions that are read and written, oldest first.
    pub const fn versions(self) -> &'static [Version] {
        match self {
            Self::Prannul => &[Version::V1_01, Version::V1_02],
            _ => &[Version::V1_01, Version::V1_02, Version::V1_03],
        }
    }

    /// The longest `ИдФайл`, in characters. One version of `DP_UVUTOCH` has two schemas: the narrower limit fits both.
    pub const fn longest_file_id(self, version: Version) -> usize {
        match (self, version) {
            (_, Version::V1_03) => 255,
            (Self::Prannul, Version::V1_02) => 200,
            _ => 150,
        }
    }

    /// The longest name of the confirmed file, in characters.
    pub const fn longest_confirmed_name(self, version: Version) -> usize {
        match (self, version) {
            (Self::Prannul, _) | (_, Version::V1_03) => 255,
            _ => 200,
        }
    }
}

/// A version of a format, as `ВерсФорм` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `1.01`.
    V1_01,
    /// `1.02`.
    V1_02,
    /// `1.03`.
    V1_03,
}

codes!(Version { V1_01 = "1.01", V1_02 = "1.02", V1_03 = "1.03" });

impl Version {
    /// As documents write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_01 => "1.01",
            Self::V1_02 => "1.02",
            Self::V1_03 => "1.03",
        }
    }

    /// Whether the blocks of 1.03 (foreign participants, powers of attorney, strict ids) stand in it.
    pub(crate) fn is_current(self) -> bool {
        self == Self::V1_03
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
