//! What is refused of a structure, and by which words.

use super::*;

/// What is wrong is told where the structure says it.
#[test]
fn what_is_wrong_is_told_at_its_field() {
    let format = Format::find("utd_05_01_05", 0).unwrap();
    let adapter = Adapter::of(format).unwrap();
    let json = through(adapter, &adapter.write(&parsed(format, &mut Full)).unwrap());
    let mut said: Json = serde_json::from_slice(&json).unwrap();
    said["InvoiceTable"]["Items"][1]["Price"] = json!("дорого");
    said["InvoiceTable"]["Items"][0]["Product"] = json!("");
    said["Seller"]["Address"]["RussianAddress"]["OtherInformation"] = json!("у моря");
    said["Seller"]["OrgType"] = json!("Nobody");
    said["Currency"] = json!("usd");
    let read = adapter.read(&serde_json::to_vec(&said).unwrap()).unwrap();
    assert_eq!(read.contract.root.attribute("Currency"), Some("840"));
    let (contract, told) = read.apart();
    let found = told.all(make(format, contract, None).unwrap_err());
    let told: Vec<String> = found.iter().map(|error| format!("{}: {}", error.place, error.fault)).collect();
    potok_golden::check(potok_golden::path!("testdata/structure_told.txt"), told.join("\n") + "\n");
    assert!(found.iter().all(|error| error.position.is_none()), "{found:#?}");
}

/// Fields that say something of one place of a contract: the place, and of each the names on the way to it, with its codec.
type Said = BTreeMap<String, Vec<(Vec<(&'static str, bool)>, Codec)>>;

fn said_by(lines: &[Line], path: &str, way: &[(&'static str, bool)], into: &mut Said) {
    for line in lines {
        let is_many = matches!(line, Line::Texts { .. } | Line::Part(Part { bind: Bind::Each(..), .. }));
        let mut way = way.to_vec();
        way.push((line.name(), is_many));
        match line {
            Line::Value(value) => {
                let Value { place, also, codec, .. } = &**value;
                for place in [Some(place), also.as_ref()].into_iter().flatten() {
                    let steps: String = place.steps.iter().map(|step| format!("/{step}")).collect();
                    let place = format!("{path}{steps}/@{}", place.attribute.unwrap_or_default());
                    into.entry(place).or_default().push((way.clone(), codec.clone()));
                }
            }
            Line::Part(part) => {
                let path = match &part.bind {
                    Bind::Here => path.to_owned(),
                    Bind::At(steps) | Bind::Each(steps, _) => format!("{path}/{}", steps.join("/")),
                };
                said_by(&part.inside, &path, &way, into);
            }
            _ => {}
        }
    }
}

fn put(said: &mut Json, way: &[(&'static str, bool)], value: &Json) {
    let Some(((name, is_many), rest)) = way.split_first() else {
        *said = value.clone();
        return;
    };
    let inside = &mut said[*name];
    if *is_many && inside.is_null() {
        *inside = json!([{}]);
    }
    put(if *is_many { &mut inside[0] } else { inside }, rest, value);
}

/// Where two fields say something of the same, they say the same, or both are told.
#[test]
fn fields_of_one_place_agree() {
    let mut pairs = BTreeSet::new();
    for adapter in all() {
        let mut places = Said::new();
        said_by(&adapter.sides.lines, "", &[], &mut places);
        for (place, fields) in places.into_iter().filter(|(_, fields)| fields.len() > 1) {
            let [(first, codec), (second, _)] = &fields[..] else { panic!("{adapter:?}: {place}") };
            assert!(matches!(codec, Codec::Text), "{adapter:?}: {place}");
            let path = |way: &[(&str, bool)]| {
                let steps =
                    way.iter().map(|(name, is_many)| format!(".{name}{}", if *is_many { "[0]" } else { "" }));
                format!("{}{}", adapter.structure(), steps.collect::<String>())
            };
            let read = |one: &str, other: &str| {
                let mut said = json!({});
                put(&mut said, first, &json!(one));
                put(&mut said, second, &json!(other));
                adapter.read(&serde_json::to_vec(&said).unwrap()).unwrap().violations
            };
            assert_eq!(read("один", "один"), [], "{adapter:?}: {place}");
            let found = read("один", "два");
            let [found] = &found[..] else { panic!("{adapter:?}: {place}: {found:?}") };
            assert_eq!(found.place, path(second));
            let told = found.fault.to_string();
            assert!(told.contains(&path(first)) && told.contains("один") && told.contains("два"), "{told}");
            pairs.insert(format!("{} {}", path(first), path(second)));
        }
    }
    let both = |one: &str, other: &str| format!("Torg12SellerTitleInfo.{one} Torg12SellerTitleInfo.{other}");
    let expected = [
        both("Payer.FnsParticipantId", "BuyerDocflowParticipant.FnsParticipantId"),
        both("Supplier.FnsParticipantId", "SellerDocflowParticipant.FnsParticipantId"),
    ];
    assert_eq!(pairs, BTreeSet::from(expected), "fields that say the same");
}

/// What is wrong with a structure, place and text.
fn wrong(
    adapter: Adapter,
    said: &Json,
    find: &dyn Fn(&str) -> Option<crate::Organization>,
) -> Vec<(String, String)> {
    let (contract, told) = adapter.read(&serde_json::to_vec(said).unwrap()).unwrap().apart();
    let operator = Operator { name: "ООО".into(), inn: "9903000030".into(), code: "2BM".into() };
    let now = MoscowTime::new(FnsDate::default(), 10, 0, 0).unwrap_or_default();
    let signatures = [b"signature".to_vec()];
    let first = first_of(adapter.format()).map(|title| First { title, signatures: &signatures });
    let sources = Sources { now, guid: Uuid::nil(), program: "p", operator: &operator, first };
    let made = adapter.format().generate(contract, &sources, find, &[], Checks::All);
    let found = told.all(made.err().unwrap_or_default());
    found.into_iter().map(|error| (error.place, error.fault.to_string())).collect()
}

fn full(version: &str, index: i32) -> (Adapter, Json) {
    let format = Format::find(version, index).unwrap();
    let adapter = Adapter::of(format).unwrap();
    let json = through(adapter, &adapter.write(&parsed(format, &mut Full)).unwrap());
    (adapter, serde_json::from_slice(&json).unwrap())
}

/// A caller knows the fields and the words of the structure, and none of the contract.
#[test]
fn what_is_wrong_is_told_in_words_of_the_structure() {
    let (adapter, right) = full("utd_05_01_05", 0);
    let told = |change: &dyn Fn(&mut Json)| {
        let mut said = right.clone();
        change(&mut said);
        wrong(adapter, &said, &|_| None)
    };
    let path = |field: &str| format!("UniversalTransferDocumentSellerTitleInfo.{field}");
    assert_eq!(told(&|_| {}), []);

    let found = told(&|said| said["Signers"][0]["SignerDetails"]["Surname"] = json!(""));
    let [(place, text)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*place, path("Signers[0].SignerDetails.Surname"));
    assert_eq!(text, "the required field is not filled in");

    let found = told(&|said| said["Seller"]["OrgType"] = json!("PhysicalEntity"));
    let [(place, text)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*place, path("Seller.OrgType"));
    let words = "\"PhysicalEntity\" does not fit: one of IndividualEntity, LegalEntity, ForeignEntity";
    assert!(text.contains(words), "{text}");

    let found = told(&|said| said["InvoiceTable"]["Items"][0]["Product"] = json!("клюква\u{1}"));
    let [(place, text)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(*place, path("InvoiceTable.Items[0].Product"));
    assert!(text.contains("U+0001"), "{text}");

    let found = told(&|said| {
        said["InvoiceTable"].as_object_mut().unwrap().remove("Vat");
        said["DocumentDate"] = json!("");
    });
    assert!(found.iter().any(|(place, _)| *place == path("DocumentDate")), "{found:?}");

    let (adapter, mut said) = full("act_05_01_02", 0);
    said["DocumentTitle"] = json!("");
    let found = wrong(adapter, &said, &|_| None);
    let [(place, _)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(place, "AcceptanceCertificateSellerTitleInfo.DocumentTitle");
}

/// No name of a contract that the structure calls otherwise is in what is told of fields that are left empty, one by one.
#[test]
fn whatever_is_left_empty_is_told_at_its_field() {
    let mut seen = BTreeSet::new();
    for adapter in all().filter(|adapter| !is_newer(*adapter)) {
        // Older versions of a structure say the same.
        if !seen.insert(adapter.structure()) {
            continue;
        }
        let (version, index) = (adapter.format().version(), adapter.format().title_index());
        let (_, right) = full(version, index);
        let mut emptied = 0;
        for way in values_of(&right) {
            let mut said = right.clone();
            *said.pointer_mut(&way).unwrap() = json!("");
            for (place, text) in wrong(adapter, &said, &|_| None) {
                emptied += 1;
                let is_named = place.starts_with(adapter.structure());
                let is_of_contract =
                    text.contains("lack ") || text.contains("attribute") || text.contains("element");
                assert!(is_named && !is_of_contract, "{adapter:?} without {way}: {place}: {text}");
            }
        }
        assert!(emptied > 3, "{adapter:?}: {emptied}");
    }
}

/// Pointers to all texts.
fn values_of(json: &Json) -> Vec<String> {
    let below = |name: String, inside: &Json| {
        let rest = values_of(inside).into_iter();
        rest.map(|rest| format!("/{name}{rest}")).collect::<Vec<_>>()
    };
    match json {
        Json::String(text) if !text.is_empty() => vec![String::new()],
        Json::Array(all) => {
            all.iter().enumerate().flat_map(|(index, one)| below(index.to_string(), one)).collect()
        }
        Json::Object(all) => all.iter().flat_map(|(name, one)| below(name.clone(), one)).collect(),
        _ => Vec::new(),
    }
}

/// One structure is about one organization.
#[test]
fn a_box_and_what_is_said_beside_it_are_of_one_organization() {
    let organization = crate::Organization {
        name: "ООО «Ветер»".into(),
        inn: "9901000010".into(),
        kpp: Some("990101001".into()),
        fns_id: "2BM-9901000010-990101001-202611010900000000001".into(),
        ..Default::default()
    };
    let find = |_: &str| Some(organization.clone());
    let (adapter, mut said) = full("utd_05_01_05", 0);
    let address = said["Seller"]["Address"].clone();
    said["Seller"] = json!({"BoxId": "b", "OrgType": "LegalEntity", "Address": address, "Inn": "9901000010"});
    assert_eq!(wrong(adapter, &said, &find), []);
    said["Seller"]["Inn"] = json!("9902000020");
    said["Seller"]["FnsParticipantId"] = json!("2BM-9902000020-990201001-202611010930000000002");
    let found = wrong(adapter, &said, &find);
    let [(inn, text), (id, _)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(inn, "UniversalTransferDocumentSellerTitleInfo.Seller.Inn");
    assert_eq!(id, "UniversalTransferDocumentSellerTitleInfo.Seller.FnsParticipantId");
    assert!(["9902000020", "9901000010", "box b"].iter().all(|words| text.contains(words)), "{text}");

    let (adapter, mut said) = full("invoice_05_02_01", 0);
    said["Seller"]["BoxId"] = json!("b");
    said["Seller"]["OrgInfo"]["FnsParticipantId"] = json!("");
    let found = wrong(adapter, &said, &find);
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert!(places.contains(&"InvoiceInfo.Seller.OrgInfo.Inn"), "{found:?}");

    let (adapter, mut said) = full("torg12_05_01_02", 0);
    said["SellerDocflowParticipant"] = json!({"BoxId": "b", "Inn": "9902000020", "Kpp": "990201001"});
    said["Supplier"]["FnsParticipantId"] = json!("2BM-9902000020-990201001-202611010930000000002");
    let mut read = adapter.read(&serde_json::to_vec(&said).unwrap()).unwrap();
    let asked = read.participants();
    read.name_participant(&asked[0], &organization);
    let places: Vec<&str> = read.violations.iter().map(|error| error.place.as_str()).collect();
    let expected =
        ["SellerDocflowParticipant.Inn", "SellerDocflowParticipant.Kpp", "Supplier.FnsParticipantId"];
    assert_eq!(places, expected.map(|field| format!("Torg12SellerTitleInfo.{field}")));
}
