use super::*;
use crate::key::{KeyKind, PrivateKey};
use crate::pki::{Authority, Identity, Role, Subject, Validity};
use crate::revocation::Revocation;
use crate::test_data::{DAY, NOW, Pki, random};

fn long() -> Validity {
    Validity { from: UnixTime(NOW.0 - 1_000 * DAY), to: UnixTime(NOW.0 + 1_000 * DAY) }
}

fn signer_of(authority: &Authority) -> Certificate {
    let subject = Subject::common_name("Подписант");
    authority
        .issue_identity(&subject, KeyKind::P256, Role::Signer, long(), &mut random())
        .unwrap()
        .certificate
}

fn authority_below(authority: &Authority, name: &str, below: Option<u32>) -> Authority {
    let mut random = random();
    let role = Role::Authority { below };
    let subject = Subject::common_name(name);
    Authority::new(authority.issue_identity(&subject, KeyKind::P256, role, long(), &mut random).unwrap())
}

fn root(name: &str) -> Authority {
    Authority::root(&Subject::common_name(name), KeyKind::P256, long(), &mut random()).unwrap()
}

fn trust(anchors: &[&Authority], intermediates: &[&Authority]) -> Trust {
    let certificates = |authorities: &[&Authority]| {
        authorities.iter().map(|authority| authority.certificate().clone()).collect()
    };
    Trust { anchors: certificates(anchors), intermediates: certificates(intermediates), ..Trust::default() }
}

fn build(certificate: &Certificate, trust: &Trust) -> Chain {
    Chain::build(certificate, &[], trust, Times::at(NOW), Purpose::Signature)
}

/// The flags of each certificate from the signer's on.
fn flags(chain: &Chain) -> Vec<StatusFlags> {
    chain.elements.iter().map(|element| element.status).collect()
}

const OK: StatusFlags = StatusFlags::NO_ERROR;

#[test]
fn a_chain_goes_from_the_signer_to_the_root() {
    let pki = Pki::p256();
    let chain = build(&pki.signer.certificate, &pki.trust());
    let found: Vec<&Certificate> = chain.elements.iter().map(|element| &element.certificate).collect();
    assert_eq!(found, [&pki.signer.certificate, pki.authority.certificate(), pki.root.certificate()]);
    assert!(chain.is_valid());
}

#[test]
fn limits_of_authorities_hold() {
    let top = root("Корень");
    let one = authority_below(&top, "Первый", Some(0));
    let two = authority_below(&one, "Второй", None);
    let chain = build(&signer_of(&two), &trust(&[&top], &[&one, &two]));
    assert_eq!(flags(&chain), [OK, OK, StatusFlags::INVALID_BASIC_CONSTRAINTS, OK]);

    let wide = authority_below(&top, "Первый", Some(1));
    let two = authority_below(&wide, "Второй", Some(0));
    assert!(build(&signer_of(&two), &trust(&[&top], &[&wide, &two])).is_valid());
}

#[test]
fn a_signer_is_no_authority() {
    let pki = Pki::p256();
    let pretender = Authority::new(pki.signer.clone());
    let chain = build(
        &signer_of(&pretender),
        &Trust {
            intermediates: vec![pki.authority.certificate().clone(), pki.signer.certificate.clone()],
            ..pki.trust()
        },
    );
    let expected = StatusFlags::INVALID_BASIC_CONSTRAINTS.or(StatusFlags::NOT_VALID_FOR_USAGE);
    // And its own authority may have none below it.
    assert_eq!(flags(&chain), [OK, expected, StatusFlags::INVALID_BASIC_CONSTRAINTS, OK]);
}

#[test]
fn every_certificate_has_to_be_valid_at_the_time() {
    let pki = Pki::p256();
    let at = |days: i64| {
        let times = Times::at(UnixTime(NOW.0 + days * DAY));
        Chain::build(&pki.signer.certificate, &[], &pki.trust(), times, Purpose::Signature)
    };
    let expired = StatusFlags::NOT_TIME_VALID;
    for (days, expected) in [
        (0, [OK, OK, OK]),
        (265, [OK, OK, OK]),
        (266, [expired, OK, OK]),
        (-101, [expired, OK, OK]),
        (6_000, [expired, expired, expired]),
        (-2_000, [expired, expired, expired]),
    ] {
        assert_eq!(flags(&at(days)), expected, "{days} days");
    }
}

#[test]
fn an_authority_of_the_same_name_is_no_issuer() {
    let real = root("Корень");
    let mut random = random();
    let key = PrivateKey::generate(KeyKind::P384, &mut random).unwrap();
    let fake = Authority::root_with_key(&Subject::common_name("Корень"), key, long(), &mut random).unwrap();
    let signer = signer_of(&fake);
    // Key identifiers differ: the real one is not even considered.
    assert_eq!(flags(&build(&signer, &trust(&[&real], &[]))), [StatusFlags::PARTIAL_CHAIN]);
    assert_eq!(flags(&build(&signer, &trust(&[&real], &[&fake]))), [OK, StatusFlags::UNTRUSTED_ROOT]);
    assert!(build(&signer, &trust(&[&real, &fake], &[])).is_valid());
}

#[test]
fn a_certificate_with_a_changed_byte_shows_its_issuer_and_the_wrong_signature() {
    let pki = Pki::p256();
    let mut der = pki.signer.certificate.as_der().to_vec();
    let at = der.windows(10).position(|window| window == b"9616279520").unwrap();
    der[at] = b'7';
    let changed = Certificate::from_der(&der).unwrap();
    assert_eq!(changed.subject().inn(), Some("7616279520"));
    let chain = build(&changed, &pki.trust());
    assert_eq!(flags(&chain), [StatusFlags::NOT_SIGNATURE_VALID, OK, OK]);
}

#[test]
fn anchors_end_a_chain_wherever_they_stand() {
    let pki = Pki::p256();
    for anchor in [pki.authority.certificate(), &pki.signer.certificate] {
        let trust = Trust { anchors: vec![anchor.clone()], ..Trust::default() };
        let chain = build(&pki.signer.certificate, &trust);
        assert!(chain.is_valid(), "{anchor:?}");
        assert_eq!(&chain.elements.last().unwrap().certificate, anchor);
    }
}

#[test]
fn the_way_to_a_trusted_root_is_found_among_several() {
    let (old, new) = (root("Старый корень"), root("Новый корень"));
    // One authority with a certificate from each root, as when a root is renewed.
    let cross = authority_below(&old, "Центр", None);
    let Identity { key, .. } = cross.identity();
    let role = Role::Authority { below: None };
    let subject = Subject::common_name("Центр");
    let other = new.issue(&subject, &key.public_key(), role, long(), &mut random()).unwrap();
    let signer = signer_of(&cross);
    for anchor in [&old, &new] {
        let trust = Trust {
            anchors: vec![anchor.certificate().clone()],
            intermediates: vec![cross.certificate().clone(), other.clone()],
            ..Trust::default()
        };
        let chain = build(&signer, &trust);
        assert!(chain.is_valid(), "{:?}", flags(&chain));
        assert_eq!(&chain.elements[2].certificate, anchor.certificate());
    }
}

#[test]
fn a_crowd_of_authorities_with_one_name_is_bounded() {
    // Each of them has signed each other: the number of ways is beyond all bounds.
    let key = PrivateKey::generate(KeyKind::P256, &mut random()).unwrap();
    let top = Authority::root_with_key(&Subject::common_name("Центр"), key, long(), &mut random()).unwrap();
    let role = Role::Authority { below: None };
    let mut random = random();
    let crowd: Vec<Certificate> = (0..30)
        .map(|_| {
            let key = top.identity().key.public_key();
            top.issue(&Subject::common_name("Центр"), &key, role, long(), &mut random).unwrap()
        })
        .collect();
    let signer = signer_of(&top);
    let chain = Chain::build(&signer, &crowd, &Trust::default(), Times::at(NOW), Purpose::Signature);
    assert!(!chain.is_valid());
    assert!(chain.elements.len() <= MAX_LENGTH);
}

#[test]
fn revocation_lists_can_be_required() {
    let pki = Pki::p256();
    let required = Trust { revocation: RevocationPolicy::Required, ..pki.trust() };
    let missing = StatusFlags::REVOCATION_STATUS_UNKNOWN.or(StatusFlags::OFFLINE_REVOCATION);
    assert_eq!(flags(&build(&pki.signer.certificate, &required)), [missing, missing, OK]);

    let list = |authority: &Authority, from: i64| {
        let period = Validity::days(UnixTime(NOW.0 + from * DAY), 7);
        authority.parsed_revocation_list(&[], 1, period).unwrap()
    };
    for (from, expected) in [(-1, OK), (-9, missing), (1, missing)] {
        let lists = vec![list(&pki.root, from), list(&pki.authority, from)];
        let trust = Trust { revocation_lists: lists, ..required.clone() };
        assert_eq!(
            flags(&build(&pki.signer.certificate, &trust)),
            [expected, expected, OK],
            "from day {from}"
        );
    }
}

#[test]
fn what_lists_know_is_told_whether_they_are_required_or_not() {
    use ListState::{Current, Missing, NotNeeded, Outdated};
    let pki = Pki::p256();
    let list = |from: i64, to: i64| {
        let day = |day: i64| UnixTime(NOW.0 + day * DAY);
        let period = Validity { from: day(from), to: day(to) };
        pki.authority.parsed_revocation_list(&[], 1, period).unwrap()
    };
    for (lists, expected) in [
        (vec![], Missing),
        (vec![list(-1, 1)], Current),
        (vec![list(-9, -2)], Outdated(UnixTime(NOW.0 - 2 * DAY))),
        (vec![list(-9, -8), list(-9, -2), list(-9, -5)], Outdated(UnixTime(NOW.0 - 2 * DAY))),
        (vec![list(-1, 1), list(-9, -2)], Current),
        (vec![list(-9, -2), list(-1, 1)], Current),
        (vec![list(1, 9)], Missing),
    ] {
        let what = format!("{lists:?}");
        let trust = Trust { revocation_lists: lists, ..pki.trust() };
        let chain = build(&pki.signer.certificate, &trust);
        let states: Vec<ListState> = chain.elements.iter().map(|element| element.list).collect();
        assert_eq!(states, [expected, Missing, NotNeeded], "{what}");
        assert!(chain.is_valid());
    }
}

#[test]
fn a_revoked_authority_takes_its_signers_with_it() {
    let pki = Pki::p256();
    let revoked =
        [(pki.authority.certificate().clone(), Revocation { time: UnixTime(NOW.0 - 1), reason: 2 })];
    // Outdated by now, and still true.
    let period = Validity { from: UnixTime(NOW.0 - 20 * DAY), to: UnixTime(NOW.0 - 10 * DAY) };
    let list = pki.root.parsed_revocation_list(&revoked, 1, period).unwrap();
    let trust = Trust { revocation_lists: vec![list], ..pki.trust() };
    assert_eq!(flags(&build(&pki.signer.certificate, &trust)), [OK, StatusFlags::REVOKED, OK]);
}

#[test]
fn a_list_by_somebody_else_revokes_nothing() {
    let pki = Pki::p256();
    let revoked = [(pki.signer.certificate.clone(), Revocation { time: UnixTime(NOW.0 - 1), reason: 1 })];
    let period = Validity::days(UnixTime(NOW.0 - 1), 7);
    // Of another authority, and of one that only has the right name.
    let fake_key = PrivateKey::generate(KeyKind::P384, &mut random()).unwrap();
    let name = Subject::common_name("Удостоверяющий центр");
    let fake = Authority::root_with_key(&name, fake_key, long(), &mut random()).unwrap();
    for authority in [&pki.root, &fake] {
        let list = authority.parsed_revocation_list(&revoked, 1, period).unwrap();
        let trust = Trust { revocation_lists: vec![list], ..pki.trust() };
        assert!(build(&pki.signer.certificate, &trust).is_valid());
    }
}

#[test]
fn purposes_are_asked_for() {
    let pki = Pki::p256();
    let validity = long();
    let stamper = pki.issue(Role::TimeStamping, validity).certificate;
    let signer = &pki.signer.certificate;
    let authority = pki.authority.certificate();
    for (name, certificate, purpose, expected) in [
        ("signer signs", signer, Purpose::Signature, OK),
        ("signer stamps", signer, Purpose::TimeStamp, StatusFlags::NOT_VALID_FOR_USAGE),
        ("stamper stamps", &stamper, Purpose::TimeStamp, OK),
        ("authority signs", authority, Purpose::Signature, StatusFlags::NOT_VALID_FOR_USAGE),
        ("authority for anything", authority, Purpose::Any, OK),
    ] {
        let chain = Chain::build(certificate, &[], &pki.trust(), Times::at(NOW), purpose);
        assert_eq!(chain.elements[0].status, expected, "{name}");
    }
}

#[test]
fn flags_are_told_in_words() {
    use crate::signed_data::Language;
    assert_eq!(StatusFlags::NO_ERROR.text(Language::Russian), "Сертификат действителен");
    let both = StatusFlags::NOT_TIME_VALID.or(StatusFlags::UNTRUSTED_ROOT);
    assert_eq!(both.bits(), 33);
    assert_eq!(
        both.text(Language::Russian),
        "Сертификат недействителен: срок действия сертификата истёк или ещё не начался; корневой сертификат не входит \
         в число доверенных"
    );
    assert_eq!(
        both.text(Language::English),
        "The certificate is not valid: a certificate is expired or not valid yet; the root certificate is not trusted"
    );
}
