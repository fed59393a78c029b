use super::*;

fn rule(name: &'static str) -> Rule {
    let map = NameMap(vec![("NoVat", "без НДС"), ("TenPercent", "10%")]);
    Rule::named(name, &HashMap::from([("rates", Arc::new(map))])).unwrap()
}

#[test]
fn values_of_contracts_become_values_of_titles() {
    for (name, contract, title) in [
        ("money", "3000", Some("3000.00")),
        ("money", "-0.5", Some("-0.50")),
        ("money", "7.", Some("7.00")),
        ("money", "7.125", None),
        ("money0", "-1", None),
        ("price(26,11)", "80.125", Some("80.125")),
        ("price+(26,11)", "0", None),
        ("dec+(26,11)", "2.5", Some("2.5")),
        ("dec(5,2)", "1234.56", None),
        ("int1(3)", "0", None),
        ("int(3)", "12.0", None),
        ("map(rates)", "NoVat", Some("без НДС")),
        ("map(rates)", "без НДС", None),
        ("part(0)", "ИП Соколов Роман", Some("Соколов")),
        ("part(2)", "ИП Соколов Роман", Some("")),
        ("digits(3,4)", "796", Some("796")),
        ("digits(3,4)", "79", None),
        ("text(2,3)", "абвг", None),
        ("date", "31.02.2026", None),
        ("time", "23.59.60", None),
        ("one(1|2)", "2", Some("2")),
        ("like(999-99|999 99)", "123-45", Some("123-45")),
        ("like(999-99|999 99)", "123 45", Some("123 45")),
        ("like(999-99|999 99)", "12345", None),
    ] {
        let made = rule(name).to_title(contract);
        assert_eq!(made.as_deref().ok(), title, "{name} {contract}");
        if let Err(fault) = made {
            assert!(!fault.ru().is_empty() && !fault.to_string().is_empty());
        }
    }
}

#[test]
fn values_of_titles_become_values_of_contracts() {
    for (name, title, contract) in [
        ("money", "3000.00", Some("3000.00")),
        ("map(rates)", "10%", Some("TenPercent")),
        ("map(rates)", "11%", None),
        ("part(1)", "Роман", Some("Роман")),
        ("part(1)", "", None),
    ] {
        assert_eq!(rule(name).to_contract(title).as_deref().ok(), contract, "{name} {title}");
    }
    assert!(Rule::named("nonsense", &HashMap::new()).is_none());
    assert!(Rule::named("text", &HashMap::new()).is_none());
}
