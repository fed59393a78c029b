//! Revocation lists.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use der::asn1::ObjectIdentifier;

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
    /// A revocation list of a kind that is not understood.
    #[error("this is a revocation list of a kind that is not supported: {0}")]
    Unsupported(UnsupportedList),
}

/// Kinds of revocation lists that are not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedList {
    /// It only tells what changed since another one.
    #[error("it only tells what changed since another list (a delta list)")]
    Delta,
    /// It has certificates of other issuers.
    #[error("it has certificates of several issuers (an indirect list)")]
    Indirect,
    /// It leaves out certificates that are revoked for other reasons.
    #[error("it has certificates that are revoked for some reasons only")]
    SomeReasons,
    /// It is of certificates that only attribute rights.
    #[error("it is for attribute certificates only")]
    Attributes,
    /// A critical extension that is not known.
    #[error("it has the critical extension {0}, which is not known")]
    Extension(ObjectIdentifier),
}

/// Which certificates of its issuer a list covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Certificates of people and of authorities alike.
    #[default]
    All,
    /// Those of users: of everybody but authorities.
    Users,
    /// Those of authorities.
    Authorities,
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
    scope: Scope,
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
        list.map_err(RevocationListError::Unsupported)
    }

    /// Inside, the kind of a list that is not understood.
    fn parse_der(der: &[u8]) -> asn1::Result<Result<Self, UnsupportedList>> {
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
                match parse_entry(entries.next()?)? {
                    Ok((serial, revocation)) => revoked.insert(serial, revocation),
                    Err(kind) => return Ok(Err(kind)),
                };
            }
        }
        let mut scope = Scope::All;
        if let Some(extensions) = fields.optional(asn1::context(0))? {
            for item in extensions.explicit(0)?.sequence()?.collect(MAX_EXTENSIONS)? {
                let extension = RawExtension::parse(item)?;
                match extension.oid {
                    oid::DELTA_CRL => return Ok(Err(UnsupportedList::Delta)),
                    oid::ISSUING_DISTRIBUTION_POINT => match parse_scope(extension.value)? {
                        Ok(found) => scope = found,
                        Err(kind) => return Ok(Err(kind)),
                    },
                    other if extension.critical => return Ok(Err(UnsupportedList::Extension(other))),
                    _ => {}
                }
            }
        }
        fields.finish()?;
        let checked = OnceLock::new();
        Ok(Ok(Self(Arc::new(Inner { signed, issuer, issued, next, scope, revoked, checked }))))
    }

    /// The list as DER.
    pub fn as_der(&self) -> &[u8] {
        self.0.signed.as_der()
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

    /// Which certificates of its issuer it covers.
    pub fn scope(&self) -> Scope {
        self.0.scope
    }

    /// Whether a certificate of its issuer is of those that the list covers.
    pub fn covers(&self, certificate: &Certificate) -> bool {
        let is_authority = matches!(certificate.extensions().authority, Some((true, _)));
        match self.0.scope {
            Scope::All => true,
            Scope::Users => !is_authority,
            Scope::Authorities => is_authority,
        }
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

type Entry = (Vec<u8>, Revocation);

/// Inside, the kind of list that such an entry makes of it.
fn parse_entry(item: Item<'_>) -> asn1::Result<Result<Entry, UnsupportedList>> {
    let mut fields = item.sequence()?;
    let serial = fields.next()?.integer()?.to_vec();
    let time = UnixTime::parse(fields.next()?)?;
    let mut reason = 0;
    if let Some(extensions) = fields.optional(asn1::SEQUENCE)? {
        for item in extensions.sequence()?.collect(MAX_EXTENSIONS)? {
            let extension = RawExtension::parse(item)?;
            match extension.oid {
                oid::REASON_CODE => {
                    reason = match Item::parse(extension.value)?.expect(asn1::ENUMERATED)?.value() {
                        [reason] => *reason,
                        _ => return Err(asn1::wrong_value()),
                    };
                }
                oid::CERTIFICATE_ISSUER => return Ok(Err(UnsupportedList::Indirect)),
                other if extension.critical => return Ok(Err(UnsupportedList::Extension(other))),
                _ => {}
            }
        }
    }
    fields.finish()?;
    if reason == REMOVED_FROM_LIST {
        return Ok(Err(UnsupportedList::Delta));
    }
    Ok(Ok((serial, Revocation { time, reason })))
}

/// Reads an issuing distribution point: the place it names is of no concern, the other fields narrow the list to some
/// certificates, or widen it to other issuers.
fn parse_scope(value: &[u8]) -> asn1::Result<Result<Scope, UnsupportedList>> {
    let mut scope = Scope::All;
    for field in Item::parse(value)?.sequence()?.collect(8)? {
        let is_set = || match field.value() {
            [value] => Ok(*value != 0),
            _ => Err(asn1::wrong_value()),
        };
        match field.tag() {
            tag if tag == asn1::context(0) => {}
            tag if tag == asn1::context_primitive(1) => {
                if is_set()? {
                    scope = Scope::Users;
                }
            }
            tag if tag == asn1::context_primitive(2) => {
                if is_set()? {
                    scope = Scope::Authorities;
                }
            }
            tag if tag == asn1::context_primitive(3) => return Ok(Err(UnsupportedList::SomeReasons)),
            tag if tag == asn1::context_primitive(4) => {
                if is_set()? {
                    return Ok(Err(UnsupportedList::Indirect));
                }
            }
            tag if tag == asn1::context_primitive(5) => {
                if is_set()? {
                    return Ok(Err(UnsupportedList::Attributes));
                }
            }
            _ => return Err(asn1::wrong_value()),
        }
    }
    Ok(Ok(scope))
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
    fn places_and_scopes_are_understood_and_other_kinds_are_named() {
        for (value, expected) in [
            ("3000", Ok(Scope::All)),
            ("3004a0028600", Ok(Scope::All)),
            ("3007a00286008101ff", Ok(Scope::Users)),
            ("30038201ff", Ok(Scope::Authorities)),
            ("3003810100", Ok(Scope::All)),
            ("300483020560", Err(UnsupportedList::SomeReasons)),
            ("30038401ff", Err(UnsupportedList::Indirect)),
            ("30038501ff", Err(UnsupportedList::Attributes)),
        ] {
            assert_eq!(parse_scope(&hex(value)), Ok(expected), "{value}");
        }
        assert!(parse_scope(&hex("30038601ff")).is_err());
    }

    /// A list with an extension of its own and one in its entry; nobody checks its signature here.
    fn list(of_list: &[u8], of_entry: &[u8]) -> Result<RevocationList, RevocationListError> {
        let algorithm = asn1::algorithm(oid::SHA256_ECDSA, &[]);
        let extensions = |one: &[u8]| if one.is_empty() { Vec::new() } else { asn1::sequence(&[one]) };
        let (of_list, of_entry) = (extensions(of_list), extensions(of_entry));
        let of_list = if of_list.is_empty() { of_list } else { asn1::tlv(asn1::context(0), &[&of_list]) };
        let time = UnixTime(1_795_255_200).to_der();
        let entry = asn1::sequence(&[&asn1::unsigned(&[1]), &time, &of_entry]);
        let body = asn1::sequence(&[
            &asn1::unsigned(&[1]),
            &algorithm,
            &asn1::sequence(&[]),
            &time,
            &asn1::sequence(&[&entry]),
            &of_list,
        ]);
        RevocationList::parse(&asn1::sequence(&[&body, &algorithm, &asn1::bit_string(&[0])]))
    }

    #[test]
    fn lists_that_are_not_understood_say_why() {
        let critical = |kind: ObjectIdentifier, value: &str| {
            let value = asn1::tlv(asn1::OCTET_STRING, &[&hex(value)]);
            asn1::sequence(&[&asn1::oid(kind), &asn1::tlv(asn1::BOOLEAN, &[&[0xff]]), &value])
        };
        let unknown = ObjectIdentifier::new_unwrap("1.2.3.4");
        assert!(list(&[], &[]).is_ok());
        for (of_list, of_entry, expected) in [
            (critical(oid::DELTA_CRL, "020101"), Vec::new(), UnsupportedList::Delta),
            (Vec::new(), critical(oid::REASON_CODE, "0a0108"), UnsupportedList::Delta),
            (critical(oid::ISSUING_DISTRIBUTION_POINT, "30038401ff"), Vec::new(), UnsupportedList::Indirect),
            (Vec::new(), critical(oid::CERTIFICATE_ISSUER, "3000"), UnsupportedList::Indirect),
            (critical(unknown, "0500"), Vec::new(), UnsupportedList::Extension(unknown)),
            (Vec::new(), critical(unknown, "0500"), UnsupportedList::Extension(unknown)),
        ] {
            let error = list(&of_list, &of_entry).unwrap_err();
            assert_eq!(error, RevocationListError::Unsupported(expected));
            assert!(error.to_string().contains(&expected.to_string()), "{error}");
        }
    }
}
