//! What is proven of a power of attorney: who gave it, to whom, until when, and what the register said.

use potok_cms::{Language, UnixTime};
use potok_evidence::{Outcome, PowerNote, RegisterNote, Weight, verify};

use crate::package::{NOW, Wishes, package, root};

const DAY: i64 = 86_400;

/// A power that the organization of the package gives the person who signs there.
fn given() -> String {
    let text = include_str!("../../../fns/testdata/power/given.xml");
    text.replace("9612345678\"", "9616279520\"").replace("123-456-789 01", "112-233-445 95")
}

fn register(standing: &str) -> RegisterNote {
    RegisterNote {
        asked_at: "2026-02-01T09:01:00Z".to_owned(),
        standing: standing.to_owned(),
        ..RegisterNote::default()
    }
}

/// What is told of the power in a package with it.
fn told(text: String, register: Option<RegisterNote>) -> (Outcome, Vec<(Weight, String)>) {
    let note = PowerNote { register, ..PowerNote::default() };
    let made = package(&Wishes { power: Some((text, note)), ..Wishes::default() });
    let findings = verify(&made.bytes, &root(&made), UnixTime(NOW.0 + DAY));
    let list = findings.list.iter().map(|finding| (finding.weight, finding.text(Language::English)));
    let of_power = list.filter(|(_, text)| text.contains("0a2b4c6d"));
    (findings.outcome(), of_power.map(|(weight, text)| (weight, text.to_owned())).collect())
}

#[test]
fn a_power_that_fits_is_proven_and_what_the_register_said_is_its_word() {
    let (outcome, list) = told(given(), Some(register("active")));
    assert_eq!(outcome, Outcome::Proven, "{list:#?}");
    let [(first, given), (second, asked)] = &list[..] else { panic!("{list:#?}") };
    assert_eq!((*first, *second), (Weight::Proven, Weight::Remark), "{list:#?}");
    assert!(
        given.contains("was given by Петрова") && given.contains("from 15.01.2026 to 31.12.2026"),
        "{given}"
    );
    assert!(asked.contains("in force") && asked.contains("its word"), "{asked}");
    let revoked = |at: &str| RegisterNote {
        revoked_at: Some(at.to_owned()),
        reason: "leaves".to_owned(),
        ..register("revoked")
    };
    let (outcome, list) = told(self::given(), Some(revoked("2026-02-01T09:00:30Z")));
    assert_eq!(outcome, Outcome::Proven, "it was in force when the signature came: {list:#?}");
    let (outcome, list) = told(self::given(), Some(revoked("2026-01-31T09:00:00Z")));
    assert_eq!(outcome, Outcome::NotProven, "{list:#?}");
    assert!(list.iter().any(|(_, text)| text.contains("before the signature: leaves")), "{list:#?}");
}

#[test]
fn a_power_that_does_not_fit_is_not_proven() {
    for (from, to, words) in [
        ("2026-12-31", "2026-01-31", "it holds from 15.01.2026 to 31.01.2026"),
        ("112-233-445 95", "112-233-445 96", "none of those who got it"),
        ("9616279520", "9616279521", "not the one who gives it"),
        ("НомДовер=\"0a2b", "НомДовер=\"1a2b", "says another number"),
        ("<Документ>", "<Документ", "cannot be read"),
    ] {
        let text = given();
        let changed = text.replace(from, to);
        assert_ne!(text, changed, "{from}");
        let (outcome, list) = told(changed, None);
        assert_eq!(outcome, Outcome::NotProven, "{words}: {list:#?}");
        let told = |(weight, text): &(Weight, String)| *weight == Weight::NotProven && text.contains(words);
        assert!(list.iter().any(told), "{words}: {list:#?}");
    }
}
