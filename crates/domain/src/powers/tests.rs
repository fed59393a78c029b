//! What powers of attorney are good for, by data.

use potok_types::Ticks;

use super::*;

const DAY: i64 = 86_400;

fn at(day: i64) -> Ticks {
    Ticks::from_unix_seconds(1_768_424_400).plus_seconds(day * DAY)
}

fn number(number: u128) -> PowerId {
    PowerId::from_uuid(uuid::Uuid::from_u128(number))
}

fn organization(inn: &str) -> Party {
    Party {
        kind: PartyKind::LegalEntity,
        inn: Some(inn.to_owned()),
        kpp: None,
        ogrn: None,
        name: None,
        person: None,
    }
}

fn human(inn: Option<&str>, snils: Option<&str>) -> Party {
    let person = PowerPerson {
        inn: inn.map(str::to_owned),
        snils: snils.map(str::to_owned),
        ..PowerPerson::default()
    };
    Party { kind: PartyKind::Person, inn: person.inn.clone(), person: Some(person), ..organization("") }
}

/// From day 0 through day 9, for somebody with the INN 1 and the SNILS 2, who may hand it on.
fn power() -> Power {
    Power {
        file_id: String::new(),
        number: number(1),
        starts_at: at(0),
        last_day: at(9),
        system: None,
        may_be_handed_on: true,
        issuers: vec![organization("7701")],
        representatives: vec![human(Some("1"), Some("2"))],
        granted: Granted::default(),
        handed_on: None,
    }
}

/// What that somebody handed on to the holder of the SNILS 3.
fn handed_on() -> Power {
    Power {
        number: number(2),
        may_be_handed_on: false,
        issuers: vec![human(Some("1"), Some("2"))],
        representatives: vec![human(None, Some("3"))],
        handed_on: Some(HandedOn {
            root: Some(number(1)),
            parent: None,
            root_issuers: vec![organization("7701")],
        }),
        ..power()
    }
}

const fn registered(power: Power) -> Tried {
    Tried { power, origin: Origin::Register { revoked: None } }
}

fn signer(organization: &str, person: &str, snils: &str) -> SignerNamed {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    SignerNamed { organization_inn: some(organization), person_inn: some(person), snils: some(snils) }
}

/// The checks that are not fine: `Period:Expired`, with a question mark for a warning.
fn problems(results: &[CheckResult]) -> String {
    let bad = results.iter().filter_map(|result| {
        let (problem, mark) = match &result.finding {
            Finding::Ok => return None,
            Finding::Warning(problem) => (problem, "?"),
            Finding::Error(problem) => (problem, ""),
        };
        let code = problem.code.trim_start_matches("PowerOfAttorney.");
        Some(format!("{}:{code}{mark}", result.name.as_str()))
    });
    bad.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_power_is_good_for_who_got_it_from_whom_it_was_given_while_it_holds() {
    let own = signer("", "1", "2");
    let file = |signature| Tried { power: power(), origin: Origin::File(signature) };
    let revoked =
        |day| Tried { power: power(), origin: Origin::Register { revoked: Some((at(day), String::new())) } };
    let to_organization = registered(Power { representatives: vec![organization("55")], ..power() });
    let by_inn = registered(Power { representatives: vec![human(Some("1"), None)], ..power() });
    for (tried, signer, inn, day, expected) in [
        (registered(power()), Some(&own), "7701", 0, ""),
        (registered(power()), Some(&own), "7701", 9, ""),
        (registered(power()), Some(&own), "7701", -1, "Period:NotYetInForce"),
        (registered(power()), Some(&own), "7701", 10, "Period:Expired"),
        (registered(power()), Some(&own), "7702", 5, "Issuer:OtherPrincipal"),
        (registered(power()), None, "7701", 5, "Confidant:SignerUnknown?"),
        // The SNILS decides where both have one; the INN where one has none.
        (registered(power()), Some(&signer("", "9", "2")), "7701", 5, ""),
        (registered(power()), Some(&signer("", "1", "9")), "7701", 5, "Confidant:OtherRepresentative"),
        (registered(power()), Some(&signer("", "1", "")), "7701", 5, ""),
        (by_inn, Some(&own), "7701", 5, ""),
        (to_organization.clone(), Some(&signer("55", "1", "2")), "7701", 5, ""),
        (to_organization, Some(&own), "7701", 5, "Confidant:OtherRepresentative"),
        (revoked(6), Some(&own), "7701", 5, ""),
        (revoked(5), Some(&own), "7701", 5, "Revocation:Revoked"),
        (file(SignatureOfPower::Good), Some(&own), "7701", 5, "Revocation:NotInRegister?"),
        (
            file(SignatureOfPower::Bad),
            Some(&own),
            "7701",
            5,
            "Signature:BadSignature Revocation:NotInRegister?",
        ),
        (
            file(SignatureOfPower::OfAnother),
            Some(&own),
            "7701",
            5,
            "Signature:SignatureOfAnother Revocation:NotInRegister?",
        ),
    ] {
        let results = validate(std::slice::from_ref(&tried), signer, inn, at(day));
        assert_eq!(problems(&results), expected, "{tried:?}");
        let validation = Validation::Done(results);
        let is_warning = expected.ends_with('?') && !expected.contains(' ');
        assert_eq!(
            (validation.is_bad(), validation.has_warnings()),
            (!(expected.is_empty() || is_warning), expected.ends_with('?'))
        );
    }
}

#[test]
fn a_chain_holds_as_each_of_its_links_does() {
    let own = signer("", "", "3");
    let parent = || registered(power());
    let with = |change: fn(&mut Power)| {
        let mut changed = power();
        change(&mut changed);
        registered(changed)
    };
    let revoked = Tried { origin: Origin::Register { revoked: Some((at(1), String::new())) }, ..parent() };
    let file = Tried { origin: Origin::File(SignatureOfPower::Bad), ..parent() };
    for (ancestors, expected) in [
        (vec![parent()], ""),
        (vec![], "Delegation:UnknownParent?"),
        (vec![with(|it| it.number = number(7))], "Delegation:UnknownParent?"),
        (vec![with(|it| it.may_be_handed_on = false)], "Delegation:MayNotBeHandedOn"),
        (vec![with(|it| it.representatives = vec![human(None, Some("8"))])], "Delegation:BrokenChain"),
        (vec![with(|it| it.last_day = at(8))], "Delegation:LongerThanParent"),
        (vec![revoked], "Delegation:Revoked"),
        (vec![file], "Delegation:BadSignature"),
    ] {
        let chain: Vec<Tried> = std::iter::once(registered(handed_on())).chain(ancestors).collect();
        assert_eq!(problems(&validate(&chain, Some(&own), "7701", at(5))), expected);
    }
    assert_eq!(validate(&[], Some(&own), "7701", at(5)), []);
}

#[test]
fn the_register_takes_each_number_once_and_revokes_it_once() {
    let file = |bytes: &[u8]| SignedFile {
        file: potok_types::ContentRef::of(bytes),
        signature: potok_types::ContentRef::of(b"signature"),
    };
    let nothing = Registered::default();
    let id = number(1);
    assert_eq!(nothing.revoke(id, ""), Err(RegisterRefusal::Unknown(id)));
    let event = |change| RegisterEvent {
        id: potok_types::EventId::from_uuid(uuid::Uuid::nil()),
        at: at(1),
        by: None,
        change,
    };
    let mut events = vec![event(nothing.register(id, file(b"one")).unwrap().unwrap())];
    let known = Registered::replay(&events);
    assert_eq!((known.file(), known.registered_at(), known.events()), (Some(file(b"one")), Some(at(1)), 1));
    assert_eq!(known.register(id, file(b"one")), Ok(None));
    assert_eq!(known.register(id, file(b"two")), Err(RegisterRefusal::NumberTaken(id)));
    events.push(event(known.revoke(id, "уволен").unwrap()));
    let known = Registered::replay(&events);
    assert_eq!(known.revoked(), Some(&(at(1), "уволен".to_owned())));
    assert_eq!(known.revoke(id, ""), Err(RegisterRefusal::RevokedBefore(id)));
    assert_eq!(power().standing(true, at(5)), Standing::Revoked);
    for (day, expected) in [(-1, "created"), (0, "active"), (9, "active"), (10, "expired")] {
        assert_eq!(power().standing(false, at(day)).as_str(), expected);
    }
}

#[test]
fn a_power_is_found_by_who_knows_all_of_its_name() {
    let name = power().name();
    assert_eq!((name.issuer_inn.as_str(), name.representative_inn.as_deref()), ("7701", Some("1")));
    let with = |issuer: &str, representative: Option<&str>| PowerName {
        number: number(1),
        issuer_inn: issuer.to_owned(),
        representative_inn: representative.map(str::to_owned),
    };
    for (name, expected) in [
        (name, true),
        (with("7701", None), true),
        (with("7702", None), false),
        (with("7701", Some("9")), false),
        (PowerName { number: number(2), ..with("7701", None) }, false),
    ] {
        assert_eq!(power().is_named(&name), expected, "{name:?}");
    }
}
