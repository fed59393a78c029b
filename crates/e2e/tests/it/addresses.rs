//! Addresses in words, taken apart.

use potok_testkit::app::admin::ImportedAddress;
use potok_testkit::sdk::api::QueryParams as _;
use potok_testkit::sdk::api::methods::{ParseAddressQuery, ParseGarAddressQuery};
use potok_testkit::sdk::proto::{GarAddressDivisionType, GarAddressNameElement};
use potok_testkit::{RawRequest, World};

const ADDRESS: &str =
    "620144, Свердловская обл, г.о. город Екатеринбург, г Екатеринбург, ул Викулова, д 63 к 1, кв 78";
const FIAS: &str = "2763c110-cb8b-416a-9dac-ad28a55b4402";

#[tokio::test]
async fn an_address_is_taken_apart_by_the_old_classifier() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let told = a.boss.client.parse_russian_address(&ParseAddressQuery::new(ADDRESS)).await.unwrap();
    assert_eq!(a.boss.json.parse_russian_address(&ParseAddressQuery::new(ADDRESS)).await.unwrap(), told);
    assert_eq!((told.region.as_str(), told.zip_code()), ("66", "620144"));
    assert_eq!((told.city(), told.street(), told.building()), ("Екатеринбург г", "Викулова ул", "63"));
    assert_eq!((told.block(), told.apartment()), ("1", "78"));
    // Nobody is asked who they are.
    let nobody = world
        .raw(RawRequest::get("/ParseRussianAddress?address=%D0%B3%20%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0"));
    assert_eq!(nobody.await.status, 200);
    let nowhere = a.boss.client.parse_russian_address(&ParseAddressQuery::new("за углом")).await.unwrap_err();
    assert_eq!(nowhere.status(), Some(400));
    // As accounting programs write it, with the country and with numbers that do not say of what; and with more than there is a place for.
    for (text, block, other) in [
        ("643,620144,Свердловская обл,,Екатеринбург г,,Викулова ул,63,1,78", "1", ""),
        ("643,620144,Свердловская обл,,Екатеринбург г,,Викулова ул,63,1,78,под 2", "1", "под 2"),
        ("620144, Свердловская обл, г Екатеринбург, г Ревда, ул Викулова, 63, 78", "", "Ревда г"),
    ] {
        let told = a.boss.client.parse_russian_address(&ParseAddressQuery::new(text)).await.unwrap();
        assert_eq!(
            (told.region.as_str(), told.zip_code(), told.city(), told.street()),
            ("66", "620144", "Екатеринбург г", "Викулова ул"),
            "{text}"
        );
        let numbers = (told.building(), told.block(), told.apartment(), told.other_information());
        assert_eq!(numbers, ("63", block, "78", other), "{text}");
    }
    let inner = ParseAddressQuery::new("Тюменская обл, Ханты-Мансийский Автономный округ - Югра, г Сургут");
    assert_eq!(a.boss.client.parse_russian_address(&inner).await.unwrap().region, "86");
    let both = ParseAddressQuery::new("Свердловская обл, Пермский край, г Пермь");
    let both = a.boss.client.parse_russian_address(&both).await.unwrap_err();
    assert_eq!(both.status(), Some(400));
    assert!(both.to_string().contains("«Свердловская обл» and «Пермский край»: leave one"), "{both}");
    assert!(
        nowhere.to_string().contains("address: \"за углом\" names no subject of the federation"),
        "{nowhere}"
    );
    world.end().await;
}

#[tokio::test]
async fn an_address_is_found_in_the_register_that_was_told() {
    let world = World::start().await;
    let (a, _) = world.two_sides().await;
    let query = ParseGarAddressQuery::new(ADDRESS);
    let ask = |query: &ParseGarAddressQuery| {
        let path = format!("/V1/ParseGarAddress?{}", query.to_query_string());
        RawRequest::get(path).bearer(&a.boss.access_token)
    };
    let nothing = world.raw(ask(&query)).await;
    assert_eq!((nothing.status, nothing.body.len()), (200, 0));
    let object = |fias_id: &str, zip: &str, address: &str| ImportedAddress {
        place: "line 1".to_owned(),
        fias_id: fias_id.to_owned(),
        zip_code: Some(zip.to_owned()),
        address: address.to_owned(),
    };
    let admin = world.app().admin();
    let known =
        "Свердловская область, г.о. город Екатеринбург, г. Екатеринбург, Викулова улица, дом 63, корпус 1";
    for (wrong, words) in [
        (object("1", "620144", known), "is no id of the register"),
        (object(FIAS, "6201", known), "is no postal code"),
        (object(FIAS, "620144", "ул Викулова"), "names no region"),
    ] {
        let problems = admin.check_addresses(std::slice::from_ref(&wrong));
        assert!(problems[0].to_string().contains(words), "{problems:?}");
        assert!(admin.put_addresses(&[wrong]).await.is_err());
    }
    admin.put_addresses(&[object(FIAS, "620028", known)]).await.unwrap();
    let told = a.boss.client.parse_gar_address(&query).await.unwrap();
    assert_eq!(a.boss.json.parse_gar_address(&query).await.unwrap(), told);
    assert_eq!((told.fias_id.as_str(), told.region_code.as_str(), told.zip_code()), (FIAS, "66", "620028"));
    let named = |abbreviation: &str, name: &str| {
        Some(GarAddressNameElement { abbreviation: abbreviation.to_owned(), name: name.to_owned() })
    };
    assert_eq!(told.municipal_district, named("г.о.", "город Екатеринбург"));
    assert_eq!(
        (told.city.clone(), told.street.clone()),
        (named("г", "Екатеринбург"), named("ул", "Викулова"))
    );
    let house = told.garhouse.as_ref().unwrap();
    assert_eq!((house.number.as_str(), house.add_number1(), house.add_abbreviation1()), ("63", "1", "к"));
    assert_eq!(told.room_within_building.as_ref().unwrap().number, "78");
    assert_eq!(told.division_type(), GarAddressDivisionType::Municipal);
    let by_administration = ParseGarAddressQuery { is_administrative_division: Some(false), ..query };
    let told = a.boss.client.parse_gar_address(&by_administration).await.unwrap();
    assert_eq!(told.division_type(), GarAddressDivisionType::Administrative);
    let nobody = world.raw(RawRequest::get("/V1/ParseGarAddress?address=x")).await;
    assert_eq!(nobody.status, 401);
    world.end().await;
}
