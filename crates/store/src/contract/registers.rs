//! Registers of the world outside, and what organizations keep here.

use potok_domain::directory::{OperatorFeature, Participant, RoamingOperator, SignerDetails};
use potok_types::{BoxId, ContentHash};
use uuid::Uuid;

use super::fixture::{Open, StoreFixture};
use crate::{CertificateThumbprint, GarObject, SignerPlace};

/// Operators and participants come back as they were put, and are found by their ids and INNs.
pub async fn the_world_outside_comes_back_as_it_was_put(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let operator = |fns_id: &str, features: &[&str]| RoamingOperator {
        fns_id: fns_id.to_owned(),
        name: "Оператор".to_owned(),
        is_active: features.is_empty(),
        features: features
            .iter()
            .map(|name| OperatorFeature { name: (*name).to_owned(), description: "умеет".to_owned() })
            .collect(),
        box_id: features.first().map(|_| BoxId::from_uuid(Uuid::from_u128(features.len() as u128))),
    };
    for one in [operator("2BE", &["A"]), operator("2AE", &[]), operator("2BE", &["B", "C"])] {
        store.put_roaming_operator(&one).await.expect("writable");
    }
    let both = [operator("2AE", &[]), operator("2BE", &["B", "C"])];
    assert_eq!(store.roaming_operators().await.expect("readable"), both);
    assert!(store.delete_roaming_operator("2AE").await.expect("writable"));
    assert!(!store.delete_roaming_operator("2AE").await.expect("writable"));
    assert_eq!(store.roaming_operators().await.expect("readable"), both[1..]);

    let participant = |id: &str, inn: &str, is_closed: bool| Participant {
        id: id.to_owned(),
        inn: inn.to_owned(),
        kpp: is_closed.then(|| "770101001".to_owned()),
        full_name: "ООО «Клевер»".to_owned(),
        is_closed,
    };
    let all =
        [participant("2BE-Б", "1", true), participant("2AE-2", "1", false), participant("2AE-1", "2", false)];
    store.put_participants(&all).await.expect("writable");
    assert_eq!(store.participant("2be-б").await.expect("readable").as_ref(), Some(&all[0]), "in any case");
    assert_eq!(store.participant("2BE").await.expect("readable"), None);
    let of_one = [all[1].clone(), all[0].clone()];
    assert_eq!(store.participants_by_inn("1").await.expect("readable"), of_one);
    let moved = participant("2be-б", "2", false);
    store.put_participants(std::slice::from_ref(&moved)).await.expect("writable");
    assert_eq!(store.participants_by_inn("1").await.expect("readable"), all[1..2]);
    assert_eq!(store.participants_by_inn("2").await.expect("readable"), [all[2].clone(), moved]);
    assert!(store.delete_participant("2AE-1").await.expect("writable"));
    assert!(!store.delete_participant("2ae-1").await.expect("writable"));
    assert_eq!(store.participant("2AE-1").await.expect("readable"), None);

    let object = |key: &str, fias_id: &str, zip_code: Option<&str>| GarObject {
        key: key.to_owned(),
        fias_id: fias_id.to_owned(),
        zip_code: zip_code.map(str::to_owned),
    };
    let all = [object("66, д 1", "a", Some("620144")), object("66, д 2", "b", None)];
    store.put_gar_objects(&all).await.expect("writable");
    let moved = object("66, д 2", "c", Some("620000"));
    store.put_gar_objects(std::slice::from_ref(&moved)).await.expect("writable");
    assert_eq!(store.gar_object("66, д 1").await.expect("readable").as_ref(), Some(&all[0]));
    assert_eq!(store.gar_object("66, д 2").await.expect("readable"), Some(moved));
    assert_eq!(store.gar_object("66").await.expect("readable"), None);
}

/// Values stand by their keys, for each box, and no more than are allowed.
pub async fn values_stand_by_their_keys(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let (one, other) = (fixture.box_id(), fixture.box_id());
    let entries = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let keys: Vec<String> = ["c", "a", "z", "b"].into_iter().map(str::to_owned).collect();
    let put = async |box_id, all: &[(&str, &str)], most| {
        store.put_key_values(box_id, &entries(all), most).await.expect("writable")
    };
    assert!(put(one, &[("a", "1"), ("b", ""), ("a", "2")], 2).await, "the last one of a key counts");
    let read = async |box_id| store.key_values(box_id, &keys).await.expect("readable");
    assert_eq!(read(one).await, entries(&[("a", "2"), ("b", "")]));
    assert_eq!(read(other).await, []);
    assert!(!put(one, &[("a", "9"), ("c", "3")], 2).await);
    assert_eq!(read(one).await, entries(&[("a", "2"), ("b", "")]), "nothing is written by half");
    assert!(put(one, &[("a", "9"), ("b", "8")], 2).await, "no key is new");
    assert!(put(other, &[("c", "3")], 2).await);
    assert!(put(one, &[("c", "4")], 3).await);
    assert_eq!(read(one).await, entries(&[("c", "4"), ("a", "9"), ("b", "8")]));
}

/// What is said of signers is kept by box, certificate and kind of title.
pub async fn signers_are_told_of_by_box_and_title(open: impl Open) {
    let fixture = StoreFixture::new(open).await;
    let store = &fixture.store;
    let (one, other, user) = (fixture.box_id(), fixture.box_id(), fixture.user());
    let place = |byte, title| SignerPlace { thumbprint: CertificateThumbprint([byte; 20]), title };
    let word = |text: &str| Some(text.to_owned());
    let all = SignerDetails {
        job_title: word("директор"),
        registration_certificate: word("1"),
        signer_type: Some(1),
        signer_info: word("2"),
        powers: Some(0),
        status: Some(5),
        powers_base: word("3"),
        org_powers_base: word("4"),
    };
    for details in [SignerDetails::default(), all.clone()] {
        store.put_signer_details(one, place(1, 0), &details, user, fixture.now()).await.expect("writable");
        let read = store.signer_details(one, place(1, 0)).await.expect("readable");
        assert_eq!(read, Some(details));
    }
    for (box_id, place) in [(other, place(1, 0)), (one, place(2, 0)), (one, place(1, 1))] {
        assert_eq!(store.signer_details(box_id, place).await.expect("readable"), None);
    }
    let hashes = [b"a", b"b"].map(|text| ContentHash::of(text));
    for _ in 0..2 {
        store.register_for_invoices(one, &hashes, user, fixture.now()).await.expect("writable");
    }
    for hash in hashes {
        assert!(store.signs_invoices(one, hash).await.expect("readable"));
        assert!(!store.signs_invoices(other, hash).await.expect("readable"));
    }
    assert!(!store.signs_invoices(one, ContentHash::of(b"c")).await.expect("readable"));
}
