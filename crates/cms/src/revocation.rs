//! Revocation lists.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::certificate::{Certificate, KeyUsage, Name, RawExtension, SignedPart};
use crate::encoding::{self, EncodingError, Limits};
use crate::oid;
use crate::time::UnixTime;

/// Bytes of a list: those of the large Russian authorities have some megabytes.
const MAX_BYTES: usize = 64 << 20;
/// Extensions of a list or of an entry.
const MAX_EXTENSIONS: usize = 64;
/// The reason that takes a certificate off a list again; only lists of changes may use it.
const REMOVED_FROM_LIST: u8 = 8;

/// Why bytes are not a revocation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevocationListError {
    /// Not DER in any wrapping.
    #[error("the revocation list cannot be read: {0}")]
    Encoding(#[from] EncodingError),
    /// DER, but not of a revocation list.
    #[error("this is not a revocation list")]
    NotARevocationList,
    /// A kind of list that is not understood: of changes only, or of another issuer's certificates.
    #[error("revocation lists of this kind are not supported")]
    Unsupported,
}

/// Since when, and why, a certificate is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// From when on it is not valid.
    pub time: UnixTime,
    /// Reason of RFC 5280 §5.3.1, 0 when the list names none.
    pub reason: u8,
}

/// A list of revoked certificates. Cheap to clone.
#[derive(Clone)]
pub struct RevocationList(Arc<Inner>);

struct Inner {
    signed: SignedPart,
    issuer: Name,
    issued: UnixTime,
    next: Option<UnixTime>,
    revoked: HashMap<Vec<u8>, Revocation>,
    /// Large lists are checked once: the issuer that the signature was tried with, and how it went.
    checked: OnceLock<(Certificate, bool)>,
}

impl RevocationList {
    /// Reads DER, PEM or base64.
    ///
    /// # Errors
    /// [`RevocationListError`].
    pub fn parse(input: &[u8]) -> Result<Self, RevocationListError> {
        if input.len() > MAX_BYTES {
            return Err(EncodingError::TooLarge { actual: input.len(), limit: MAX_BYTES }.into());
        }
        let list = match Self::parse_der(input) {
            Ok(list) => list,
            Err(_) => {
                let limits = Limits { max_bytes: MAX_BYTES, max_elements: MAX_BYTES, ..Limits::default() };
                let der = encoding::to_der(input, &limits)?;
                Self::parse_der(&der).map_err(|_| RevocationListError::NotARevocationList)?
            }
        };
        list.ok_or(RevocationListError::Unsupported)
    }

    /// `None` for a list of a kind that is not understood.
    fn parse_der(der: &[u8]) -> asn1::Result<Option<Self>> {
        let (signed, outside, inner) = SignedPart::parse(der)?;
        let mut fields = inner.sequence()?;
        if let Some(version) = fields.optional(asn1::INTEGER)?
            && version.small_integer()? != 1
        {
            return Err(asn1::wrong_value());
        }
        if AlgorithmIdentifier::parse(fields.next()?)?.oid != outside {
            return Err(asn1::wrong_value());
        }
        let issuer = Name::parse(fields.next()?)?;
        let issued = UnixTime::parse(fields.next()?)?;
        let next = match fields.optional(asn1::UTC_TIME)? {
            Some(item) => Some(item),
            None => fields.optional(asn1::GENERALIZED_TIME)?,
        };
        let next = next.map(UnixTime::parse).transpose()?;

        let mut revoked = HashMap::new();
        if let Some(entries) = fields.optional(asn1::SEQUENCE)? {
            let mut entries = entries.sequence()?;
            while !entries.is_empty() {
                let Some((serial, revocation)) = parse_entry(entries.next()?)? else { return Ok(None) };
                revoked.insert(serial, revocation);
            }
        }
        if let Some(extensions) = fields.optional(asn1::context(0))? {
            for item in extensions.explicit(0)?.sequence()?.collect(MAX_EXTENSIONS)? {
                let extension = RawExtension::parse(item)?;
                let only_names_a_place = extension.oid == oid::ISSUING_DISTRIBUTION_POINT
                    && covers_all_certificates(extension.value)?;
                if extension.oid == oid::DELTA_CRL || extension.critical && !only_names_a_place {
                    return Ok(None);
                }
            }
        }
        fields.finish()?;
        Ok(Some(Self(Arc::new(Inner { signed, issuer, issued, next, revoked, checked: OnceLock::new() }))))
    }

    /// Who issued the list.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was issued.
    pub fn issued(&self) -> UnixTime {
        self.0.issued
    }

    /// When the next one comes at the latest.
    pub fn next(&self) -> Option<UnixTime> {
        self.0.next
    }

    /// Certificates on the list.
    pub fn len(&self) -> usize {
        self.0.revoked.len()
    }

    /// Whether no certificate is on the list.
    pub fn is_empty(&self) -> bool {
        self.0.revoked.is_empty()
    }

    /// Whether the list was issued by then and the next one was not due yet.
    pub fn is_current_at(&self, time: UnixTime) -> bool {
        self.0.issued <= time && self.0.next.is_none_or(|next| time <= next)
    }

    /// Whether this authority issued the list: name, right to sign lists, and signature.
    pub fn is_issued_by(&self, authority: &Certificate) -> bool {
        if !self.0.issuer.matches(authority.subject())
            || !authority.extensions().allows_usage(KeyUsage::CRL_SIGN)
        {
            return false;
        }
        let check = || self.0.signed.is_signed_by(authority.key());
        let (known, signed) = self.0.checked.get_or_init(|| (authority.clone(), check()));
        if known == authority { *signed } else { check() }
    }

    /// The entry of a certificate with this serial number.
    pub fn find(&self, serial: &[u8]) -> Option<Revocation> {
        self.0.revoked.get(serial).copied()
    }
}

impl std::fmt::Debug for RevocationList {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RevocationList({}, {}, {} certificates)", self.0.issuer, self.0.issued, self.len())
    }
}

/// `None` when the entry has a critical extension that is not understood.
fn parse_entry(item: Item<'_>) -> asn1::Result<Option<(Vec<u8>, Revocation)>> {
    let mut fields = item.sequence()?;
    let serial = fields.next()?.integer()?.to_vec();
    let time = UnixTime::parse(fields.next()?)?;
    let mut reason = 0;
    if let Some(extensions) = fields.optional(asn1::SEQUENCE)? {
        for item in extensions.sequence()?.collect(MAX_EXTENSIONS)? {
            let extension = RawExtension::parse(item)?;
            if extension.oid == oid::REASON_CODE {
                reason = match Item::parse(extension.value)?.expect(asn1::ENUMERATED)?.value() {
                    [reason] => *reason,
                    _ => return Err(asn1::wrong_value()),
                };
            } else if extension.critical {
                return Ok(None);
            }
        }
    }
    fields.finish()?;
    if reason == REMOVED_FROM_LIST {
        return Ok(None);
    }
    Ok(Some((serial, Revocation { time, reason })))
}

/// Whether the issuing distribution point only names a place: every other field narrows the list to some
/// certificates, or widens it to other issuers.
fn covers_all_certificates(value: &[u8]) -> asn1::Result<bool> {
    let fields = Item::parse(value)?.sequence()?.collect(8)?;
    Ok(fields.iter().all(|field| field.tag() == asn1::context(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_data::hex;

    /// The list of RFC 9215 appendix E.2 and the certificate that issued it.
    const LIST: &str = "MIGSMEECAQEwCgYIKoUDBwEBAwIwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAxMDAwMDAwWhcNMTQwMTAyMDAwMD\
        AwWjAKBggqhQMHAQEDAgNBABS9aAh8O5A8eqKLB/6y571v4JY/VjJnNZ9c2Oq0UFmtHQ4dpb40fG8bUlbHrqwgCtZKx3pvWzoOCXMY565u52k=";
    const ISSUER: &str = "MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMj\
        A1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4YW1wbGUwXjAXBggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP7APqP68Y\
        ROAdnaYLZFCTpV4m38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzEaRpjGOKjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoUDBwEBAwIDQQ\
        AUC02pEksJyw1c6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6DglzGOeubudp";

    #[test]
    fn the_list_of_rfc_9215_is_read_and_its_signature_holds() {
        let list = RevocationList::parse(LIST.as_bytes()).unwrap();
        let issuer = Certificate::parse(ISSUER.as_bytes()).unwrap();
        assert!(list.is_empty());
        assert!(list.is_issued_by(&issuer));
        assert!(list.is_issued_by(&issuer), "also when it was checked before");
        assert_eq!(list.issued().to_string(), "2014-01-01T00:00:00Z");
        assert!(list.is_current_at(UnixTime(1_388_534_400)) && !list.is_current_at(UnixTime(1_388_534_399)));
        assert!(list.is_current_at(UnixTime(1_388_620_800)) && !list.is_current_at(UnixTime(1_388_620_801)));
    }

    #[test]
    fn places_are_understood_and_narrowed_lists_are_not() {
        assert_eq!(covers_all_certificates(&hex("3000")), Ok(true));
        assert_eq!(covers_all_certificates(&hex("3004a0028600")), Ok(true));
        assert_eq!(covers_all_certificates(&hex("30038101ff")), Ok(false));
        assert_eq!(covers_all_certificates(&hex("30038401ff")), Ok(false));
    }
}
