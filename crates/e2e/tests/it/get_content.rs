//! `GetContent`: the schemas by which programs check what they make.

use potok_testkit::sdk::Error;
use potok_testkit::sdk::api::Raw;
use potok_testkit::sdk::api::methods::GetContentQuery;
use potok_testkit::{RawRequest, World, WorldOptions};

const NAME: &str = "ON_NSCHFDOPPR_1_997_01_05_03_05.xsd";
const SCHEMA: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:string"/></xs:schema>"#;
const VERSION: &str = "utd970_05_03_01";

fn query(version: &str, index: i64, content: &str) -> GetContentQuery {
    let (kind, function) = ("UniversalTransferDocument".to_owned(), "СЧФДОП".to_owned());
    GetContentQuery::new(kind, function, version.to_owned(), index, content.to_owned())
}

#[tokio::test]
async fn schemas_come_from_the_folder_and_from_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(NAME), SCHEMA).unwrap();
    let path = folder.path().to_owned();
    let options = WorldOptions {
        settings: Box::new(move |settings| settings.schemas = Some(path.clone())),
        ..WorldOptions::default()
    };
    let world = World::start_with(options).await;
    let (a, _) = world.two_sides().await;
    for client in [&a.boss.client, &a.boss.json] {
        for named in ["TitleXsd", "0"] {
            let told = client.get_content(&query(VERSION, 0, named)).await.unwrap();
            assert_eq!(told.0, SCHEMA.as_bytes(), "as it was given");
        }
        for (named, root) in
            [("UserContractXsd", "UniversalTransferDocument"), ("SignerUserContractXsd", "Signers")]
        {
            let told = client.get_content(&query(VERSION, 0, named)).await.unwrap();
            let text = std::str::from_utf8(&told.0).unwrap();
            assert!(text.contains(&format!("<xs:element name=\"{root}")), "{text}");
        }
        let refused = async |query: &GetContentQuery| {
            let told: Result<Raw, Error> = client.get_content(query).await;
            let told = told.unwrap_err();
            assert_eq!(told.status(), Some(400), "{told}");
            told.to_string()
        };
        for (query, words) in [
            (query(VERSION, 0, "Xsd"), "contentType"),
            (query(VERSION, 7, "UserContractXsd"), "version"),
            (query(VERSION, 7, "TitleXsd"), "no schema"),
            (query("utd970_05_02_01", 0, "TitleXsd"), "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd"),
            (query("utd_0", 0, "TitleXsd"), "version"),
        ] {
            let text = refused(&query).await;
            assert!(text.contains(words), "{words}: {text}");
        }
    }
    // Clients look for the name in one header or in the other.
    let client = format!("DiadocAuth ddauth_api_client_id={}", world.program().id);
    let path = "/GetContent?typeNamedId=UniversalTransferDocument&function=%D0%A1%D0%A7%D0%A4%D0%94%D0%9E%D0%9F\
                &version=utd970_05_03_01&titleIndex=0&contentType=TitleXsd";
    let told = world.raw(RawRequest::get(path).header("Authorization", client)).await;
    assert_eq!((told.status, told.header("x-diadoc-filename")), (200, Some(NAME)));
    assert!(told.header("content-disposition").unwrap().contains(NAME));
    assert_eq!(world.raw(RawRequest::get(path)).await.status, 401);
    world.end().await;
}
