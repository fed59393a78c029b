//! Extensions of certificates.

use der::asn1::{BitStringRef, ObjectIdentifier};

use crate::asn1::{self, Item};
use crate::oid;

/// Extensions of one certificate; real ones have about twelve.
const MAX_EXTENSIONS: usize = 128;

/// What a key may do, as bits in the order of RFC 5280 §4.2.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// Sign data.
    pub const DIGITAL_SIGNATURE: Self = Self(1);
    /// Sign data with the will to be bound by it.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// Encrypt keys.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// Encrypt data.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// Agree on keys.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// Sign certificates.
    pub const KEY_CERT_SIGN: Self = Self(1 << 5);
    /// Sign revocation lists.
    pub const CRL_SIGN: Self = Self(1 << 6);

    /// Both together.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether at least one of these is allowed.
    pub const fn allows_any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    fn parse(value: &[u8]) -> asn1::Result<Self> {
        let bits = Item::parse(value)?;
        let bits: BitStringRef<'_> = bits.decode()?;
        let set = bits.bits().take(9).enumerate().filter(|(_, set)| *set);
        Ok(Self(set.map(|(index, _)| 1 << index).sum()))
    }

    /// The value of the extension.
    pub(crate) fn to_der(self) -> Vec<u8> {
        let [low, high] = self.0.to_le_bytes();
        let bytes: &[u8] =
            if high == 0 { &[low.reverse_bits()] } else { &[low.reverse_bits(), high.reverse_bits()] };
        let unused = bytes.last().map_or(0, |last| last.trailing_zeros()).min(7);
        let unused = u8::try_from(unused).expect("at most 7");
        asn1::tlv(asn1::BIT_STRING, &[&[unused], bytes])
    }
}

/// The extensions that matter here.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    /// Whether the subject is an authority, and how many authorities may stand below it. `None` without the extension.
    pub authority: Option<(bool, Option<u32>)>,
    /// What the key may do. `None` without the extension: everything.
    pub key_usage: Option<KeyUsage>,
    /// Purposes of the key. `None` without the extension: all.
    pub purposes: Option<Vec<ObjectIdentifier>>,
    /// Identifier of the subject's key.
    pub subject_key_id: Option<Vec<u8>>,
    /// Identifier of the issuer's key.
    pub authority_key_id: Option<Vec<u8>>,
    /// E-mail address of the alternative names.
    pub email: Option<String>,
    /// Policies under which it was issued.
    pub policies: Vec<ObjectIdentifier>,
    /// Critical extensions that are not understood here.
    pub unknown_critical: Vec<ObjectIdentifier>,
    /// Whether an extension that is understood is broken or stands twice.
    pub is_broken: bool,
}

impl Extensions {
    /// A broken extension does not make the certificate unreadable: the chain check reports it.
    pub(crate) fn parse(item: Item<'_>) -> asn1::Result<Self> {
        let mut found = Self::default();
        let mut seen = Vec::new();
        for item in item.sequence()?.collect(MAX_EXTENSIONS)? {
            let extension = RawExtension::parse(item)?;
            found.is_broken |= seen.contains(&extension.oid);
            seen.push(extension.oid);
            match found.read(&extension) {
                Ok(true) => {}
                Ok(false) if extension.critical => found.unknown_critical.push(extension.oid),
                Ok(false) => {}
                Err(_) => found.is_broken = true,
            }
        }
        Ok(found)
    }

    /// Takes in one extension; `false` when its kind is not known.
    fn read(&mut self, extension: &RawExtension<'_>) -> asn1::Result<bool> {
        let value = extension.value;
        match extension.oid {
            oid::BASIC_CONSTRAINTS => {
                let mut fields = Item::parse(value)?.sequence()?;
                let is_authority = match fields.optional(asn1::BOOLEAN)? {
                    Some(item) => item.boolean()?,
                    None => false,
                };
                let below = match fields.optional(asn1::INTEGER)? {
                    Some(item) => Some(item.small_integer()?),
                    None => None,
                };
                fields.finish()?;
                self.authority = Some((is_authority, below));
            }
            oid::KEY_USAGE => self.key_usage = Some(KeyUsage::parse(value)?),
            oid::EXTENDED_KEY_USAGE => {
                let items = Item::parse(value)?.sequence()?.collect(MAX_EXTENSIONS)?;
                self.purposes = Some(items.iter().map(Item::oid).collect::<asn1::Result<_>>()?);
            }
            oid::SUBJECT_KEY_ID => self.subject_key_id = Some(Item::parse(value)?.octets()?.to_vec()),
            oid::AUTHORITY_KEY_ID => {
                let mut fields = Item::parse(value)?.sequence()?;
                self.authority_key_id =
                    fields.optional(asn1::context_primitive(0))?.map(|item| item.value().to_vec());
            }
            oid::SUBJECT_ALT_NAME => {
                let names = Item::parse(value)?.sequence()?.collect(MAX_EXTENSIONS)?;
                let email = names.iter().find(|item| item.tag() == asn1::context_primitive(1));
                self.email = email.map(|item| String::from_utf8_lossy(item.value()).into_owned());
            }
            oid::CERTIFICATE_POLICIES => {
                let policies = Item::parse(value)?.sequence()?.collect(MAX_EXTENSIONS)?;
                let policies = policies.iter().map(|item| item.sequence()?.next()?.oid());
                self.policies = policies.collect::<asn1::Result<_>>()?;
            }
            // Policies are not required here, so constraints on them forbid nothing. Lists come from files, whatever place is
            // named.
            oid::POLICY_CONSTRAINTS | oid::CRL_DISTRIBUTION_POINTS => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Whether the key may serve this purpose.
    pub fn allows_purpose(&self, purpose: ObjectIdentifier) -> bool {
        let listed = |purposes: &Vec<_>| purposes.contains(&purpose) || purposes.contains(&oid::ANY_PURPOSE);
        self.purposes.as_ref().is_none_or(listed)
    }

    /// Whether the key may do one of these.
    pub fn allows_usage(&self, usage: KeyUsage) -> bool {
        self.key_usage.is_none_or(|allowed| allowed.allows_any(usage))
    }
}

/// One extension before its value is looked into.
pub(crate) struct RawExtension<'a> {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

impl<'a> RawExtension<'a> {
    pub(crate) fn parse(item: Item<'a>) -> asn1::Result<Self> {
        let mut fields = item.sequence()?;
        let oid = fields.next()?.oid()?;
        let critical = match fields.optional(asn1::BOOLEAN)? {
            Some(item) => item.boolean()?,
            None => false,
        };
        let value = fields.next()?.octets()?;
        fields.finish()?;
        Ok(Self { oid, critical, value })
    }
}
