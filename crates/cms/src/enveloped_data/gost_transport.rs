//! Key transport to keys of GOST R 34.10-2012 (RFC 4490 §4.2 with the keys of RFC 9215), as CryptoPro and OpenSSL with the
//! GOST engine do it: an agreement with a new key of the sender, and the content's key wrapped under its result.

use rand::CryptoRng;

use super::recipient_id;
use crate::asn1::{self, AlgorithmIdentifier, Item};
use crate::certificate::Certificate;
use crate::gost::{self, Key, Substitution};
use crate::key::PublicKey;

/// Writes the recipient with the content's key.
pub(super) fn seal(
    content_key: &[u8; 32],
    recipient: &Certificate,
    key: &gost::PublicKey,
    random: &mut impl CryptoRng,
) -> Vec<u8> {
    let table = Substitution::Tc26Z;
    let (ours, material, wrapping_key) = loop {
        let ours = gost::PrivateKey::generate(key.set(), random);
        let mut material = [0; 8];
        random.fill_bytes(&mut material);
        // Nothing comes of zero, which is drawn once in 2⁶⁴ times.
        if let Some(wrapping_key) = ours.agree(key, material) {
            break (ours, material, wrapping_key);
        }
    };
    let (wrapped, sum) = table.wrap(&wrapping_key, material, content_key);
    let octets = |bytes: &[u8]| asn1::tlv(asn1::OCTET_STRING, &[bytes]);
    // Parameters are repeated as the recipient's certificate writes them: programs compare them, and a digest that is named
    // in one place only is a difference.
    let algorithm = recipient.key_algorithm();
    let point = asn1::bit_string(&octets(ours.public_key().as_bytes()));
    let ephemeral = asn1::tlv(asn1::context(0), &[algorithm, &point]);
    let parameters = asn1::tlv(asn1::context(0), &[&asn1::oid(table.oid()), &ephemeral, &octets(&material)]);
    let sealed = asn1::sequence(&[&asn1::sequence(&[&octets(&wrapped), &octets(&sum)]), &parameters]);
    asn1::sequence(&[&asn1::unsigned(&[0]), &recipient_id(recipient), algorithm, &octets(&sealed)])
}

/// The content's key; `None` when the structure is broken or the key is another one.
pub(super) fn open(sealed: &[u8], key: &gost::PrivateKey) -> Option<Key> {
    let sealed = Sealed::parse(sealed).ok()?;
    let wrapping_key = key.agree(&sealed.public, sealed.material)?;
    sealed.table.unwrap(&wrapping_key, sealed.material, &sealed.wrapped, &sealed.sum)
}

/// GostR3410-KeyTransport.
struct Sealed {
    wrapped: [u8; 32],
    sum: [u8; 4],
    table: Substitution,
    public: gost::PublicKey,
    material: [u8; 8],
}

impl Sealed {
    fn parse(der: &[u8]) -> asn1::Result<Self> {
        let mut outer = Item::parse(der)?.sequence()?;
        let mut key = outer.next()?.sequence()?;
        let wrapped = array(key.next()?.octets()?)?;
        let sum = array(key.next()?.octets()?)?;
        key.finish()?;
        let mut parameters = outer.next()?.fields(asn1::context(0))?;
        outer.finish()?;
        let table = parameters.next()?.oid()?;
        let table = Substitution::from_oid(&table).ok_or_else(asn1::wrong_value)?;
        // A SubjectPublicKeyInfo behind an implicit tag.
        let mut info = parameters.next()?.fields(asn1::context(0))?;
        let algorithm = AlgorithmIdentifier::parse(info.next()?)?;
        let bits = info.next()?.bits()?;
        let public = PublicKey::parse_gost(&algorithm, bits).ok_or_else(asn1::wrong_value)?;
        let material = array(parameters.next()?.octets()?)?;
        parameters.finish()?;
        Ok(Self { wrapped, sum, table, public, material })
    }
}

fn array<const N: usize>(bytes: &[u8]) -> asn1::Result<[u8; N]> {
    bytes.try_into().map_err(|_| asn1::wrong_value())
}
