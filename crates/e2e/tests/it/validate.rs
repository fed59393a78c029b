//! `POST /potok/v1/validate`: what a file has against its format, as `potok validate` tells it.

use potok_testkit::app::{Language, NamedFormat, Schemas};
use potok_testkit::fns::MoscowTime;
use potok_testkit::{Letter, Person, RawAnswer, RawRequest, World, WorldOptions, formal};
use potok_types::Ticks;
use serde_json::Value;

/// A schema of ours under the name of an official one: whoever made the file may be called anything of eight letters.
const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Файл"><xs:complexType>
<xs:sequence><xs:any processContents="skip" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="ИдФайл" type="xs:string"/>
<xs:attribute name="ВерсФорм"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="2"/></xs:restriction>
</xs:simpleType></xs:attribute></xs:complexType></xs:element></xs:schema>"#;
const NAME: &str = "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd";

async fn ask(world: &World, who: &Person, query: &str, file: &[u8], language: &str) -> RawAnswer {
    let path = format!("/potok/v1/validate?boxId={}{query}", who.box_id);
    let request = RawRequest::post(path, file.to_vec()).bearer(&who.access_token);
    world.raw(request.header("Accept-Language", language)).await
}

fn report(answer: &RawAnswer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    serde_json::from_str(&answer.text()).unwrap()
}

fn title() -> Vec<u8> {
    let mut document = Letter::document("a.xml", Vec::new());
    document.type_named_id = "UniversalTransferDocument".to_owned();
    document.function = Some("ДОП".to_owned());
    formal(document).signed_content.content.unwrap().to_vec()
}

#[tokio::test]
async fn a_file_is_told_all_that_is_wrong_with_it_in_the_language_of_whoever_asks() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(NAME), SCHEMA).unwrap();
    let place = folder.path().to_owned();
    let options = WorldOptions {
        settings: Box::new(move |settings| settings.schemas = Some(place.clone())),
        ..WorldOptions::default()
    };
    let world = World::start_with(options).await;
    let (a, _) = world.two_sides().await;
    let title = title();
    let russian = report(&ask(&world, &a.boss, "", &title, "ru").await);
    assert_eq!((&russian["isValid"], &russian["kind"]), (&Value::Bool(false), &"Title".into()));
    assert_eq!(russian["document"]["version"], "utd970_05_03_01");
    assert_eq!(russian["heldTo"][0], NAME);
    let violations = russian["violations"].as_array().unwrap();
    let rules: Vec<&str> = violations.iter().map(|found| found["rule"].as_str().unwrap()).collect();
    let expected = ["xsd.max-length", "xsd.attribute-unknown", "rule.970.02", "rule.970.44"];
    assert_eq!(rules, expected, "not only the first, and not only of the schema");
    let first = &violations[0];
    assert_eq!((&first["line"], &first["path"]), (&1.into(), &"/Файл[1]/@ВерсФорм".into()));
    assert!(first["column"].as_u64().unwrap() > 1);
    assert!(first["message"].as_str().unwrap().contains("допустимо"), "{first}");
    assert!(first["cure"].as_str().unwrap().contains("Исправьте"), "{first}");
    let english = report(&ask(&world, &a.boss, "", &title, "en-GB, ru;q=0.5").await);
    assert!(english["violations"][0]["cure"].as_str().unwrap().contains("Mend"), "{english}");

    // What the command line says, which has no server.
    let mut schemas = Schemas::default();
    schemas.add(NAME, SCHEMA.as_bytes()).unwrap();
    let now = MoscowTime::at(Ticks::from_unix_seconds(world.clock_seconds()));
    let offline = schemas.report(&title, &NamedFormat::default(), now, Language::Russian).unwrap();
    assert_eq!(serde_json::to_value(&offline).unwrap(), russian);
    world.end().await;
}

#[tokio::test]
async fn data_and_files_without_a_format_are_told_of_too() {
    let world = World::start().await;
    let (a, b) = world.two_sides().await;
    let boss = &a.boss;
    let data = b"<UniversalTransferDocument Function='1'><b/></UniversalTransferDocument>";
    let told = report(&ask(&world, boss, "", data, "ru").await);
    assert_eq!((&told["kind"], &told["isValid"]), (&"Contract".into(), &Value::Bool(false)));
    assert!(told["violations"].as_array().unwrap().len() > 5, "{told}");
    let named = report(&ask(&world, boss, "&documentVersion=utd970_05_02_01&titleIndex=0", data, "ru").await);
    assert_eq!(named["document"]["version"], "utd970_05_02_01");
    assert_eq!(report(&ask(&world, boss, "", b"%PDF-1.7", "ru").await)["kind"], "Unknown");

    let unknown = ask(&world, boss, "&documentVersion=utd1", data, "ru").await;
    assert_eq!(unknown.status, 400);
    assert!(unknown.text().contains("utd970_05_03_01"), "{}", unknown.text());
    let number = ask(&world, boss, "&documentVersion=utd970_05_02_01&titleIndex=first", data, "ru").await;
    assert_eq!(number.status, 400, "{}", number.text());
    // Nobody learns whose boxes there are.
    for box_id in [b.box_id().to_string(), "00000000-0000-0000-0000-000000000001".to_owned()] {
        let path = format!("/potok/v1/validate?boxId={box_id}");
        let refused = world.raw(RawRequest::post(path, data.to_vec()).bearer(&boss.access_token)).await;
        assert_eq!(refused.status, 403, "{}", refused.text());
        let told = refused.text();
        assert!(told.starts_with("Access to Box [") && told.ends_with("] is denied"), "{told}");
    }
    let path = format!("/potok/v1/validate?boxId={}", a.box_id());
    assert_eq!(world.raw(RawRequest::post(path.as_str(), data.to_vec())).await.status, 401);
    let lone = RawRequest::post(format!("{path}&titleIndex=1"), data.to_vec()).bearer(&boss.access_token);
    let lone = world.raw(lone).await;
    assert!(lone.status == 400 && lone.text().contains("documentVersion"), "{}", lone.text());
    let get = world.raw(RawRequest::get(path.as_str()).bearer(&boss.access_token)).await;
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    let no_box = RawRequest::post("/potok/v1/validate", data.to_vec()).bearer(&boss.access_token);
    assert_eq!(world.raw(no_box).await.status, 400);
    world.end().await;
}

/// What follows from the version before is no way around the schema of the version itself.
#[test]
fn a_schema_that_follows_from_another_counts_only_where_the_own_one_is_not_at_hand() {
    let schema = |longest: u32| {
        format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Файл"><xs:complexType>
            <xs:sequence><xs:any processContents="skip"/></xs:sequence><xs:attribute name="ИдФайл"/>
            <xs:attribute name="ВерсФорм"><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType></xs:attribute>
            <xs:attribute name="ВерсПрог"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="{longest}"/>
            </xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:element></xs:schema>"#
        )
    };
    let answer = "<Файл ИдФайл='ON_NSCHFDOPPOK_2BM-1_2BM-2_20261121_x' ВерсФорм='5.03' ВерсПрог='four'>\
                  <Документ КНД='1115132'/></Файл>";
    let (before, own) = ("ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd", "ON_NSCHFDOPPOK_1_997_02_05_03_01.xsd");
    let mut schemas = Schemas::default();
    for (name, longest, held_to, broken) in
        [(before, 9, "ON_NSCHFDOPPOK_1_997_02_05_02_01.xsd → 5.03", 0), (own, 3, own, 1)]
    {
        schemas.add(name, schema(longest).as_bytes()).unwrap();
        let now = MoscowTime::at(Ticks::from_unix_seconds(0));
        let told =
            schemas.report(answer.as_bytes(), &NamedFormat::default(), now, Language::English).unwrap();
        assert_eq!(serde_json::to_value(told.held_to[0]).unwrap(), held_to);
        let found = told.violations.iter().filter(|found| found.rule.starts_with("xsd")).count();
        assert_eq!(found, broken, "{told:?}");
    }
}
