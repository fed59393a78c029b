//! Object identifiers of certificates and signatures.

use der::asn1::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)+) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($value);)+
    };
}

oids! {
    /// Common name of a subject.
    COMMON_NAME = "2.5.4.3";
    /// Surname.
    SURNAME = "2.5.4.4";
    /// Serial number of a person, not of the certificate.
    SERIAL_NUMBER = "2.5.4.5";
    /// Country, two letters.
    COUNTRY = "2.5.4.6";
    /// City.
    LOCALITY = "2.5.4.7";
    /// Region.
    STATE = "2.5.4.8";
    /// Street address.
    STREET = "2.5.4.9";
    /// Organization.
    ORGANIZATION = "2.5.4.10";
    /// Department.
    ORGANIZATIONAL_UNIT = "2.5.4.11";
    /// Position.
    TITLE = "2.5.4.12";
    /// Given name and patronymic.
    GIVEN_NAME = "2.5.4.42";
    /// Numbers without an attribute of their own, such as KPP, as `INN=…/KPP=…`.
    UNSTRUCTURED_NAME = "1.2.840.113549.1.9.2";
    /// E-mail address.
    EMAIL = "1.2.840.113549.1.9.1";
    /// INN of a person, 12 digits.
    INN = "1.2.643.3.131.1.1";
    /// INN of a legal entity, 10 digits.
    INN_LEGAL = "1.2.643.100.4";
    /// OGRN, 13 digits.
    OGRN = "1.2.643.100.1";
    /// OGRNIP, 15 digits.
    OGRNIP = "1.2.643.100.5";
    /// SNILS, 11 digits.
    SNILS = "1.2.643.100.3";

    /// Content type: bytes without a meaning of their own.
    DATA = "1.2.840.113549.1.7.1";
    /// Content type: signatures.
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// Content type: bytes encrypted to recipients.
    ENVELOPED_DATA = "1.2.840.113549.1.7.3";
    /// Content type: encrypted bytes.
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    /// Bag of PKCS#12: a private key.
    KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    /// Bag of PKCS#12: an encrypted private key.
    SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    /// Bag of PKCS#12: a certificate.
    CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
    /// Bag of PKCS#12: more bags.
    SAFE_CONTENTS_BAG = "1.2.840.113549.1.12.10.1.6";
    /// A certificate in a bag of PKCS#12.
    X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    /// Encryption by a password, PKCS#5 version 2.
    PBES2 = "1.2.840.113549.1.5.13";
    /// Derivation of a key from a password, PKCS#5 version 2.
    PBKDF2 = "1.2.840.113549.1.5.12";
    /// Derivation of a key from a password that takes memory too.
    SCRYPT = "1.3.6.1.4.1.11591.4.11";
    /// HMAC with SHA-1.
    HMAC_SHA1 = "1.2.840.113549.2.7";
    /// HMAC with SHA-224.
    HMAC_SHA224 = "1.2.840.113549.2.8";
    /// HMAC with SHA-256.
    HMAC_SHA256 = "1.2.840.113549.2.9";
    /// HMAC with SHA-384.
    HMAC_SHA384 = "1.2.840.113549.2.10";
    /// HMAC with SHA-512.
    HMAC_SHA512 = "1.2.840.113549.2.11";
    /// HMAC with Streebog-256.
    HMAC_STREEBOG256 = "1.2.643.7.1.1.4.1";
    /// HMAC with Streebog-512.
    HMAC_STREEBOG512 = "1.2.643.7.1.1.4.2";
    /// Content type: what a time stamp states.
    TST_INFO = "1.2.840.113549.1.9.16.1.4";

    /// Signed attribute: content type.
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// Signed attribute: digest of the content.
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// Signed attribute: time the signer claims.
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// Signed attribute: the signer's certificate by SHA-1.
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// Signed attribute: the signer's certificate by any digest.
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    /// Unsigned attribute: time stamp over the signature value.
    SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14";

    /// Key of GOST R 34.10-2012 with 256 bits.
    GOST_KEY_256 = "1.2.643.7.1.1.1.1";
    /// Key of GOST R 34.10-2012 with 512 bits.
    GOST_KEY_512 = "1.2.643.7.1.1.1.2";
    /// Signature of GOST R 34.10-2012 with Streebog-256.
    GOST_SIGNATURE_256 = "1.2.643.7.1.1.3.2";
    /// Signature of GOST R 34.10-2012 with Streebog-512.
    GOST_SIGNATURE_512 = "1.2.643.7.1.1.3.3";
    /// GOST 28147-89 in CFB mode.
    GOST_CIPHER = "1.2.643.2.2.21";
    /// Key of GOST R 34.10-2001, withdrawn.
    GOST_2001_KEY = "1.2.643.2.2.19";
    /// Signature of GOST R 34.10-2001, withdrawn.
    GOST_2001_SIGNATURE = "1.2.643.2.2.3";
    /// Digest of GOST R 34.11-94, withdrawn.
    GOST_94_DIGEST = "1.2.643.2.2.9";
    /// RSA key, or its signature by PKCS#1 v1.5 with the digest named elsewhere.
    RSA = "1.2.840.113549.1.1.1";
    /// SHA-1 with RSA.
    SHA1_RSA = "1.2.840.113549.1.1.5";
    /// Mask generation of PSS.
    MGF1 = "1.2.840.113549.1.1.8";
    /// RSA encryption by OAEP.
    RSA_OAEP = "1.2.840.113549.1.1.7";
    /// The label of OAEP, given in place.
    OAEP_LABEL = "1.2.840.113549.1.1.9";
    /// RSA signature by PSS.
    RSA_PSS = "1.2.840.113549.1.1.10";
    /// SHA-256 with RSA.
    SHA256_RSA = "1.2.840.113549.1.1.11";
    /// SHA-384 with RSA.
    SHA384_RSA = "1.2.840.113549.1.1.12";
    /// SHA-512 with RSA.
    SHA512_RSA = "1.2.840.113549.1.1.13";
    /// Key on an elliptic curve.
    EC_KEY = "1.2.840.10045.2.1";
    /// ECDSA with SHA-1.
    SHA1_ECDSA = "1.2.840.10045.4.1";
    /// ECDSA with SHA-256.
    SHA256_ECDSA = "1.2.840.10045.4.3.2";
    /// ECDSA with SHA-384.
    SHA384_ECDSA = "1.2.840.10045.4.3.3";
    /// ECDSA with SHA-512.
    SHA512_ECDSA = "1.2.840.10045.4.3.4";
    /// Curve P-256.
    P256 = "1.2.840.10045.3.1.7";
    /// Curve P-384.
    P384 = "1.3.132.0.34";

    /// AES-128 in CBC mode.
    AES128_CBC = "2.16.840.1.101.3.4.1.2";
    /// Key wrap by AES-128.
    AES128_WRAP = "2.16.840.1.101.3.4.1.5";
    /// AES-192 in CBC mode.
    AES192_CBC = "2.16.840.1.101.3.4.1.22";
    /// Key wrap by AES-192.
    AES192_WRAP = "2.16.840.1.101.3.4.1.25";
    /// AES-256 in CBC mode.
    AES256_CBC = "2.16.840.1.101.3.4.1.42";
    /// Key wrap by AES-256.
    AES256_WRAP = "2.16.840.1.101.3.4.1.45";
    /// Agreement on a key, derived with SHA-1.
    DH_SHA1 = "1.3.133.16.840.63.0.2";
    /// Agreement on a key, derived with SHA-256.
    DH_SHA256 = "1.3.132.1.11.1";
    /// Agreement on a key, derived with SHA-384.
    DH_SHA384 = "1.3.132.1.11.2";
    /// Agreement on a key, derived with SHA-512.
    DH_SHA512 = "1.3.132.1.11.3";
    /// Agreement with cofactor, derived with SHA-1.
    COFACTOR_DH_SHA1 = "1.3.133.16.840.63.0.3";
    /// Agreement with cofactor, derived with SHA-256.
    COFACTOR_DH_SHA256 = "1.3.132.1.14.1";
    /// Agreement with cofactor, derived with SHA-384.
    COFACTOR_DH_SHA384 = "1.3.132.1.14.2";
    /// Agreement with cofactor, derived with SHA-512.
    COFACTOR_DH_SHA512 = "1.3.132.1.14.3";

    /// Extension: identifier of the subject's key.
    SUBJECT_KEY_ID = "2.5.29.14";
    /// Extension: what the key may do.
    KEY_USAGE = "2.5.29.15";
    /// Extension: other names of the subject.
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// Extension: whether the subject is an authority.
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// Extension of a revocation list: its number.
    CRL_NUMBER = "2.5.29.20";
    /// Extension of a revoked certificate: why.
    REASON_CODE = "2.5.29.21";
    /// Extension of a revocation list: it only adds to another.
    DELTA_CRL = "2.5.29.27";
    /// Extension of a revocation list: what it covers.
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// Extension of a revoked certificate: who issued it, in lists of several issuers.
    CERTIFICATE_ISSUER = "2.5.29.29";
    /// Extension: names an authority may give.
    NAME_CONSTRAINTS = "2.5.29.30";
    /// Extension: where revocation lists are.
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// Extension: policies.
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// Extension: identifier of the issuer's key.
    AUTHORITY_KEY_ID = "2.5.29.35";
    /// Extension: constraints of policies.
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// Extension: purposes of the key.
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// Purpose: time stamps.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    /// Purpose: any.
    ANY_PURPOSE = "2.5.29.37.0";
    /// Purpose: signed mail, the usual one of people.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// Purpose: log in.
    CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
}
