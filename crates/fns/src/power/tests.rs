use super::*;

const GIVEN: &str = include_str!("../../testdata/power/given.xml");
const HANDED_ON: &str = include_str!("../../testdata/power/handed_on.xml");

fn parse(text: &str) -> Result<PowerFile, PowerFault> {
    PowerFile::parse(text.as_bytes())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_power_says_who_may_do_what_for_whom_and_until_when() {
    let power = parse(GIVEN).unwrap();
    assert_eq!(power.file_id, "ON_EMCHD_20260115_0a2b4c6d-1111-4222-8333-444455556666");
    assert_eq!(power.number.to_string(), "0a2b4c6d-1111-4222-8333-444455556666");
    let days = (power.issued_on.to_string(), power.expires_on.to_string());
    assert_eq!(days, ("15.01.2026".to_owned(), "31.12.2026".to_owned()));
    assert!(power.may_be_handed_on && power.handed_on.is_none());
    assert_eq!(power.internal_number, some("Д-17"));
    assert!(power.system.unwrap().starts_with("https://m4d.example/"));
    let [principal] = &power.principals[..] else { panic!("one principal") };
    assert_eq!((principal.kind, principal.inn.as_deref()), (PartyKind::LegalEntity, Some("9612345678")));
    assert_eq!(principal.name.as_deref(), Some("ООО \"Ромашка\""));
    assert_eq!(
        (principal.kpp.as_deref(), principal.ogrn.as_deref()),
        (Some("961201001"), Some("1126605009600"))
    );
    assert_eq!(principal.person.as_ref().unwrap().snils.as_deref(), Some("11122233344"));
    let [representative] = &power.representatives[..] else { panic!("one representative") };
    let person = representative.person.as_ref().unwrap();
    assert_eq!((representative.kind, person.last_name.as_str()), (PartyKind::Person, "Иванов"));
    assert_eq!((person.inn.as_deref(), person.snils.as_deref()), (Some("961234567890"), Some("12345678901")));
    let Granted { kind, joint, loss, text, codes } = power.granted;
    assert_eq!((kind.as_str(), joint.as_str(), loss.as_deref(), text), ("1", "2", Some("2"), None));
    assert_eq!((codes[0].code.as_str(), codes[0].mnemonic.as_deref()), ("BBDOCS_1", Some("SIGNDOCS")));
    assert_eq!(codes[0].restrictions[0].value_text, some("100000"));
}

#[test]
fn what_was_handed_on_names_what_it_comes_from_whatever_the_prefix() {
    let power = parse(HANDED_ON).unwrap();
    let HandedOn { root, parent, root_issuers } = power.handed_on.unwrap();
    assert_eq!(root.unwrap().to_string(), "0a2b4c6d-1111-4222-8333-444455556666");
    assert_eq!(parent, None, "the first one is its only ancestor");
    assert_eq!(root_issuers[0].inn.as_deref(), Some("9612345678"));
    let giver = power.principals[0].person.as_ref().unwrap();
    assert_eq!((giver.last_name.as_str(), giver.snils.as_deref()), ("Иванов", Some("12345678901")));
    assert_eq!(power.representatives[0].inn.as_deref(), Some("961200000022"));
    assert_eq!(power.granted.text.as_deref(), Some("Подписывать накладные"));
    assert!(!power.may_be_handed_on);

    let parent = "НомДоверПерв=\"0a2b4c6d-1111-4222-8333-444455556666\" НомДоверN=\"99999999-1111-4222-8333-444455556666\"";
    let deeper = HANDED_ON.replace("НомДоверПерв=\"0a2b4c6d-1111-4222-8333-444455556666\"", parent);
    let parent = parse(&deeper).unwrap().handed_on.unwrap().parent.unwrap();
    assert!(parent.to_string().starts_with("99999999"));
}

#[test]
fn what_is_no_power_is_refused_with_the_place() {
    for (from, to, words) in [
        ("Доверенность", "Файл", "the root element is Файл"),
        ("ВерсФорм=\"EMCHD_1\"", "ВерсФорм=\"5.02\"", "ВерсФорм is \"5.02\""),
        ("<Довер>", "<Доверие>", "no XML that can be read"),
        ("НомДовер=\"0a2b4c6d-1111", "НомДовер=\"zz2b4c6d-1111", "Довер/СвДов/@НомДовер: \"zz2b"),
        ("ДатаВыдДовер=\"2026-01-15\"", "ДатаВыдДовер=\"15.01.2026\"", "is not a date as ГГГГ-ММ-ДД"),
        ("СрокДейст=\"2026-12-31\"", "СрокДейст=\"2026-02-30\"", "is not a date"),
        (" СрокДейст=\"2026-12-31\"", "", "Довер/СвДов/@СрокДейст is missing"),
        ("ПрПередов=\"2\"", "ПрПередов=\"7\"", "\"7\" is not 1, 2 or 3"),
        ("СвУпПред", "СвУпр", "Довер/СвУпПред is missing"),
        ("СведФизЛ", "СведКто", "who it is is missing"),
        ("Имя=\"Иван\"", "", "@Имя is missing"),
        ("СвПолн", "СвПолномочия", "Довер/СвПолн is missing"),
        ("ИдОгр=\"1\"", "ИдОгр=\"x\"", "\"x\" is not a number"),
    ] {
        let broken = GIVEN.replace(from, to);
        assert_ne!(broken, GIVEN, "{from}");
        let fault = parse(&broken).unwrap_err().to_string();
        assert!(fault.contains(words), "{from}: {fault}");
    }
    let large = format!("{GIVEN}{}", " ".repeat(potok_types::limits::POWER_FILE_BYTES as usize));
    assert!(matches!(parse(&large), Err(PowerFault::Xml(_))));
}
