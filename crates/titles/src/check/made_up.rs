//! What stands for everything that data take from elsewhere, so that they can be held to their format alone.

use potok_fns::{FullName, MoscowTime, Operator};
use uuid::Uuid;

use crate::sample::Full;
use crate::{Checks, Contract, First, Format, Kind, Organization, Power, SignerFacts, Sources, Violations};

/// What the data of a program have against their format.
///
/// Nothing outside of them is looked at: organizations of boxes, signers and the title that is answered are made up.
pub(super) fn violations(format: Format, contract: Contract, now: MoscowTime) -> Violations {
    let made = first_of(format, now);
    let signatures = [b"signature".to_vec()];
    let first = made.as_deref().map(|title| First { title, signatures: &signatures });
    let signers = vec![signer(); contract.signers().len()];
    match make(format, contract, now, first, &signers) {
        Ok(_) => Violations::new(),
        Err(found) => found,
    }
}

/// A title that the answer could answer.
fn first_of(format: Format, now: MoscowTime) -> Option<Vec<u8>> {
    if format.title_index() == 0 {
        return None;
    }
    let first = Format::find(format.version(), 0)?;
    let contract = Contract::read(&first.sample(&mut Full)).ok()?;
    let signers = vec![signer(); contract.signers().len()];
    make(first, contract, now, None, &signers).ok()
}

fn make(
    format: Format,
    contract: Contract,
    now: MoscowTime,
    first: Option<First<'_>>,
    signers: &[SignerFacts],
) -> Result<Vec<u8>, Violations> {
    let operator =
        Operator { name: "ООО".to_owned(), inn: "7700000007".to_owned(), code: "2BM".to_owned() };
    let sources = Sources { now, guid: Uuid::nil(), program: "Potok", operator: &operator, first };
    let find = |id: &str| (!id.is_empty()).then(organization);
    format.generate(contract, &sources, &find, signers, Checks::All).map(|title| title.bytes)
}

fn organization() -> Organization {
    let address = [("Region", "77"), ("ZipCode", "101000"), ("City", "Москва"), ("Street", "Мясницкая")];
    Organization {
        kind: Kind::Organization,
        name: "ООО «Пример»".to_owned(),
        inn: "7700000007".to_owned(),
        kpp: Some("770001001".to_owned()),
        ogrn: Some("1027700000001".to_owned()),
        fns_id: "2BM-7700000007-770001001-202601010000000000001".to_owned(),
        address: address.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    }
}

fn signer() -> SignerFacts {
    let position = || Some("Директор".to_owned());
    let details = [
        ("LastName", "Иванов"),
        ("FirstName", "Иван"),
        ("SignerType", "1"),
        ("Inn", "7700000007"),
        ("Position", "Директор"),
        ("SignerPowers", "1"),
        ("SignerStatus", "1"),
        ("SignerPowersBase", "Должностные обязанности"),
    ];
    SignerFacts {
        name: Some(FullName { last: "Иванов".to_owned(), first: "Иван".to_owned(), middle: None }),
        position_of_employee: position(),
        position_in_certificate: position(),
        position_of_title: position(),
        additional_info: Some("Сведения".to_owned()),
        details: details.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        power: Some(Power {
            number: "00000000-0000-0000-0000-000000000001".to_owned(),
            issued: "01.01.2026".to_owned(),
            internal_number: Some("1".to_owned()),
            system: "Реестр".to_owned(),
        }),
    }
}
