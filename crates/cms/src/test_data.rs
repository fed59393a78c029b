//! Helpers of the unit tests.

use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::asn1::{self, Item};
use crate::chain::Trust;
use crate::gost::ParameterSet;
use crate::key::{KeyKind, PrivateKey};
use crate::pki::{Authority, Identity, Organization, Person, Role, Subject, Validity};
use crate::time::UnixTime;

/// 2026-11-21T10:00:00Z, when everything in the tests happens.
pub(crate) const NOW: UnixTime = UnixTime(1_795_255_200);
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Bytes of a hex text.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 2, 0, "hex text of odd length");
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The fields of the first signer, written anew after a change: each is one element.
pub(crate) fn edit_signer(signature: &[u8], edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    edit_signed_data(signature, |body| {
        let signers = body.pop().unwrap();
        let signers = Item::parse(&signers).unwrap().fields(asn1::SET).unwrap().collect(16).unwrap();
        let mut fields = raw(signers[0].sequence().unwrap().collect(16).unwrap());
        edit(&mut fields);
        let first = join(asn1::SEQUENCE, &fields);
        let mut all = vec![first];
        all.extend(raw(signers[1..].to_vec()));
        body.push(join(asn1::SET, &all));
    })
}

/// The fields of a SignedData, written anew after a change: each is one element.
pub(crate) fn edit_signed_data(signature: &[u8], edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut outer = Item::parse(signature).unwrap().sequence().unwrap();
    let kind = outer.next().unwrap();
    let body = outer.next().unwrap().explicit(0).unwrap();
    let mut fields = raw(body.sequence().unwrap().collect(16).unwrap());
    edit(&mut fields);
    let body = join(asn1::SEQUENCE, &fields);
    asn1::sequence(&[kind.raw(), &asn1::tlv(asn1::context(0), &[&body])])
}

fn raw(items: Vec<Item<'_>>) -> Vec<Vec<u8>> {
    items.iter().map(|item| item.raw().to_vec()).collect()
}

fn join(tag: u8, fields: &[Vec<u8>]) -> Vec<u8> {
    asn1::tlv(tag, &fields.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// The same randomness in every run.
pub(crate) fn random() -> StdRng {
    StdRng::seed_from_u64(20_261_121)
}

/// One key kind of each sort of mathematics.
pub(crate) const KINDS: [KeyKind; 5] = [
    KeyKind::Gost(ParameterSet::Tc26A256),
    KeyKind::Gost(ParameterSet::Tc26A512),
    KeyKind::Rsa2048,
    KeyKind::P256,
    KeyKind::P384,
];

pub(crate) fn organization() -> Organization {
    Organization {
        name: "ООО «Ромашка»".to_owned(),
        inn: "9616279520".to_owned(),
        ogrn: "1126605009600".to_owned(),
        city: "Екатеринбург".to_owned(),
    }
}

pub(crate) fn person() -> Person {
    Person {
        surname: "Лебедева".to_owned(),
        given_name: "Анна Павловна".to_owned(),
        inn: "500100732259".to_owned(),
        snils: "11223344595".to_owned(),
        email: Some("lebedeva@example.com".to_owned()),
    }
}

/// Root, authority below it, and a signer.
pub(crate) struct Pki {
    pub(crate) root: Authority,
    pub(crate) authority: Authority,
    pub(crate) signer: Identity,
}

impl Pki {
    pub(crate) fn new(kind: KeyKind) -> Self {
        let mut random = random();
        let long = Validity { from: UnixTime(NOW.0 - 1_000 * DAY), to: UnixTime(NOW.0 + 5_000 * DAY) };
        let short = Validity { from: UnixTime(NOW.0 - 100 * DAY), to: UnixTime(NOW.0 + 265 * DAY) };
        let root = Authority::root(&Subject::common_name("Корень"), kind, long, &mut random).unwrap();
        let below = Role::Authority { below: Some(0) };
        let name = Subject::common_name("Удостоверяющий центр");
        let authority = Authority::new(root.issue_identity(&name, kind, below, long, &mut random).unwrap());
        let subject = Subject::employee(&organization(), &person(), "Генеральный директор");
        let signer = authority.issue_identity(&subject, kind, Role::Signer, short, &mut random).unwrap();
        Self { root, authority, signer }
    }

    /// A cheap one where the mathematics does not matter.
    pub(crate) fn p256() -> Self {
        Self::new(KeyKind::P256)
    }

    pub(crate) fn trust(&self) -> Trust {
        Trust {
            anchors: vec![self.root.certificate().clone()],
            intermediates: vec![self.authority.certificate().clone()],
            ..Trust::default()
        }
    }

    /// Somebody else's certificate from the same authority.
    pub(crate) fn issue(&self, role: Role, validity: Validity) -> Identity {
        let key = PrivateKey::generate(KeyKind::P256, &mut random()).unwrap();
        let subject = Subject::person(&person());
        let certificate =
            self.authority.issue(&subject, &key.public_key(), role, validity, &mut random()).unwrap();
        Identity { certificate, key }
    }
}
