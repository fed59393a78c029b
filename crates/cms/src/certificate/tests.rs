use super::*;

/// Certificates of RFC 9215 appendix E, each self-signed.
const RFC_9215: [(&str, &str); 3] = [
    (
        "Test256",
        "MIIBLTCB26ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBa\
         MBIxEDAOBgNVBAMTB0V4YW1wbGUwZjAfBggqhQMHAQEBATATBgcqhQMCAiMABggqhQMHAQECAgNDAARAC9hv5djbiWaPeJtOHbqFhcVQi0Xs\
         W1nYkG3bcOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7lzpByIXRHXDWibTxJqMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAgNBAE1T\
         8BL+CBd2UH1Nm7gfAO/bTu/Uq4O6xLrPc1Fzz6gcQaoo0vGrFIKAzZ7Vb+2kGXQFNVSkJ2e4OtBD/TncBJM=",
    ),
    (
        "Tc26A256",
        "MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBa\
         MBIxEDAOBgNVBAMTB0V4YW1wbGUwXjAXBggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP7APqP68YROAdnaYLZFCTpV4m\
         38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzEaRpjGOKjEzARMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoUDBwEBAwIDQQAUC02pEksJyw1c\
         6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6DglzGOeubudp",
    ),
    (
        "Test512",
        "MIIBqjCCARagAwIBAgIBCzAKBggqhQMHAQEDAzASMRAwDgYDVQQDEwdFeGFtcGxlMCAXDTAxMDEwMTAwMDAwMFoYDzIwNTAxMjMxMDAwMDAw\
         WjASMRAwDgYDVQQDEwdFeGFtcGxlMIGgMBcGCCqFAwcBAQECMAsGCSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz3dmdHVxBRVz3302LTJJbvGmv\
         FDPRVlhRWt0hRoUMMlxbgcEzvmVaqMTUQOe5io1ZSHsMdpa8xV0R7L53NqnsNX/y/TmTH04RTLjNo1knCsfw5/9D2UGUGeph/Sq3f12fY1I9\
         O1CgT2PioM9Rt8E63CFWDwvUDMnHN6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAwOBgQBBVwPYkvGl8/aMQ1MYmn7iB7gLVjHv\
         nUlSmk1rVCws+hWqLqzxH0cP3n2VSFaQPDX9j5Ve8wDZXHdTSnJKDu5wL4b6YKCBCRoj3XleHjxonuUSo8gu4NzCZDx47qj8rNNUklWEhrIP\
         HJ7Bl8kGmYUCYMk7y82cXDMX4ZNE4XOuNg==",
    ),
];

#[test]
fn certificates_of_rfc_9215_are_read_and_signed_by_themselves() {
    for (set, text) in RFC_9215 {
        let certificate = Certificate::parse(text.as_bytes()).unwrap();
        assert_eq!(certificate.subject().to_string(), "CN=Example");
        assert_eq!(certificate.not_before().to_string(), "2001-01-01T00:00:00Z");
        assert_eq!(certificate.not_after().to_string(), "2050-12-31T00:00:00Z");
        assert_eq!(certificate.extensions().authority, Some((true, None)));
        assert!(certificate.is_self_issued());
        assert!(certificate.is_signed_by(certificate.key()), "{set}");
        let PublicKey::Gost(key) = certificate.key() else { panic!("{set}: {:?}", certificate.key()) };
        assert_eq!(format!("{:?}", key.set()), set);

        // The key is written as it was read.
        let der = certificate.key().to_der().unwrap();
        assert!(certificate.as_der().windows(der.len()).any(|window| window == der), "{set}");
    }
}

#[test]
fn a_certificate_with_any_bit_changed_is_not_signed() {
    let certificate = Certificate::parse(RFC_9215[1].1.as_bytes()).unwrap();
    let der = certificate.as_der().to_vec();
    for at in 0..der.len() * 8 {
        let mut changed = der.clone();
        changed[at / 8] ^= 1 << (at % 8);
        if let Ok(changed) = Certificate::from_der(&changed) {
            assert!(!changed.is_signed_by(certificate.key()), "bit {at}");
        }
    }
}

#[test]
fn thumbprints_are_read_as_viewers_show_them() {
    let certificate = Certificate::parse(RFC_9215[0].1.as_bytes()).unwrap();
    let text = certificate.thumbprint().to_string();
    assert_eq!(text.len(), 40);
    assert_eq!(Thumbprint::parse(&text.to_lowercase()), Some(certificate.thumbprint()));
    let spaced: String =
        text.as_bytes().chunks(2).map(|pair| format!("{} ", String::from_utf8_lossy(pair))).collect();
    assert_eq!(Thumbprint::parse(&spaced), Some(certificate.thumbprint()));
    assert_eq!(Thumbprint::parse(&text[1..]), None);
    assert_eq!(Thumbprint::parse(&text.replace(|_| true, "x")), None);
}

fn name(attributes: &[(der::asn1::ObjectIdentifier, &str)]) -> Name {
    let attributes: Vec<_> = attributes.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect();
    Name::parse(Item::parse(&write_name(&attributes)).unwrap()).unwrap()
}

#[test]
fn subjects_are_told_apart_by_their_attributes() {
    use crate::oid::{COMMON_NAME, INN, INN_LEGAL, OGRN, OGRNIP, SNILS, SURNAME};
    for (attributes, kind, inn) in [
        (
            &[(INN_LEGAL, "9616279520"), (INN, "123456789012")][..],
            SubjectKind::LegalEntity,
            Some("9616279520"),
        ),
        (&[(INN_LEGAL, "009616279520")][..], SubjectKind::LegalEntity, Some("9616279520")),
        (&[(INN, "009616279520")][..], SubjectKind::LegalEntity, Some("9616279520")),
        (&[(OGRN, "1126605009600")][..], SubjectKind::LegalEntity, None),
        (
            &[(OGRNIP, "304500116000157"), (INN, "500100732259")][..],
            SubjectKind::IndividualEntity,
            Some("500100732259"),
        ),
        (
            &[(INN, "500100732259"), (SNILS, "00000000000")][..],
            SubjectKind::PhysicalPerson,
            Some("500100732259"),
        ),
        (&[(SURNAME, "Морозов")][..], SubjectKind::PhysicalPerson, None),
        (&[(COMMON_NAME, "server"), (INN, "")][..], SubjectKind::Unknown, None),
        (&[][..], SubjectKind::Unknown, None),
    ] {
        let name = name(attributes);
        assert_eq!((name.kind(), name.inn()), (kind, inn), "{name}");
    }
}

#[test]
fn names_match_without_regard_to_case_spaces_and_string_type() {
    let one = name(&[(crate::oid::COMMON_NAME, "ООО  «Ромашка»"), (crate::oid::COUNTRY, "RU")]);
    let two = name(&[(crate::oid::COMMON_NAME, "ооо «ромашка» "), (crate::oid::COUNTRY, "ru")]);
    assert!(one.matches(&two) && one != two);
    assert!(!one.matches(&name(&[(crate::oid::COMMON_NAME, "ООО «Ромашка»")])));
    assert!(!one.matches(&name(&[(crate::oid::COUNTRY, "RU"), (crate::oid::COMMON_NAME, "ООО «Ромашка»")])));
}

#[test]
fn strings_of_every_type_are_read() {
    for (tag, bytes, expected) in [
        (asn1::UTF8_STRING, "Иван".as_bytes(), "Иван"),
        (asn1::BMP_STRING, &[0x04, 0x18, 0x04, 0x32][..], "Ив"),
        (asn1::BMP_STRING, &[0x04, 0x18, 0x04][..], "И\u{fffd}"),
        (asn1::TELETEX_STRING, &[0xc8, 0xe2][..], "Ив"),
        (asn1::GENERAL_STRING, "Иван".as_bytes(), "Иван"),
        (asn1::GRAPHIC_STRING, b"Ivan", "Ivan"),
        (asn1::VIDEOTEX_STRING, b"Ivan", "Ivan"),
        (asn1::UNIVERSAL_STRING, &[0, 0, 4, 0x18, 0, 0, 4, 0x32, 0, 1, 0xf6, 0], "Ив\u{1f600}"),
        (asn1::UNIVERSAL_STRING, &[0, 0, 4, 0x18, 0, 0x11, 0, 0, 0, 0][..], "И\u{fffd}\u{fffd}"),
        (asn1::NUMERIC_STRING, b"123", "123"),
        (asn1::UTF8_STRING, &[0xff][..], "\u{fffd}"),
        (asn1::INTEGER, &[1][..], ""),
    ] {
        let item = asn1::tlv(tag, &[bytes]);
        assert_eq!(name::text(Item::parse(&item).unwrap()), expected, "tag {tag:#x}");
    }
}

#[test]
fn key_usage_is_written_as_it_is_read() {
    for bits in
        [KeyUsage::DIGITAL_SIGNATURE, KeyUsage::CRL_SIGN.or(KeyUsage::KEY_CERT_SIGN), KeyUsage::KEY_AGREEMENT]
    {
        let der = bits.to_der();
        let extension =
            asn1::sequence(&[&asn1::oid(crate::oid::KEY_USAGE), &asn1::tlv(asn1::OCTET_STRING, &[&der])]);
        let extensions = asn1::sequence(&[&extension]);
        let read = Extensions::parse(Item::parse(&extensions).unwrap()).unwrap();
        assert_eq!(read.key_usage, Some(bits));
    }
}

#[test]
fn gost_keys_of_the_wrong_length_are_of_no_use() {
    let certificate = Certificate::parse(RFC_9215[0].1.as_bytes()).unwrap();
    let mut der = certificate.as_der().to_vec();
    // The identifier of the 512-bit key over a 256-bit point.
    let oid = asn1::oid(crate::oid::GOST_KEY_256);
    let at = der.windows(oid.len()).position(|window| window == oid).unwrap();
    der[at + oid.len() - 1] = 2;
    let changed = Certificate::from_der(&der).unwrap();
    let expected = PublicKey::Unusable(UnusableKey::Broken(crate::oid::GOST_KEY_512));
    assert_eq!(changed.key(), &expected);
    assert!(changed.key().to_der().is_none());
}
