//! Whatever a program may send comes back from the title that is made of it.

use potok_titles::sample::{Chosen, Dice, Full, Minimal};
use potok_titles::{First, Format};
use proptest::prelude::*;

use crate::world::{GUID, first_of, make, told, tree};

fn there_and_back(format: Format, dice: &mut dyn Dice) -> Result<(), String> {
    let contract = format.sample(dice);
    let data = || String::from_utf8_lossy(&contract).into_owned();
    let (zero, signatures) = (first_of(format), [b"signature".to_vec()]);
    let first = (format.title_index() > 0).then_some(First { title: &zero, signatures: &signatures });
    let made = make(format, &contract, "10.00.00", GUID, first);
    let made = made.map_err(|found| format!("{format:?} {found:#?}\n{}", data()))?;
    let title = String::from_utf8_lossy(&made.bytes).into_owned();
    let parsed = format.parse(&made.bytes);
    let parsed = parsed.map_err(|found| format!("{format:?} {found:#?}\n{}{title}", data()))?;
    if told(&tree(&parsed)) != told(&tree(&contract)) {
        return Err(format!("{format:?}\n{}\n{}", data(), String::from_utf8_lossy(&parsed)));
    }
    let again = make(format, &parsed, "10.00.00", GUID, first).map_err(|found| format!("{found:#?}"))?;
    if again.bytes != made.bytes {
        return Err(format!("{format:?}: another title\n{}", data()));
    }
    Ok(())
}

#[test]
fn full_and_minimal_contracts_come_back() {
    for format in Format::all() {
        there_and_back(format, &mut Full).unwrap_or_else(|error| panic!("{error}"));
        there_and_back(format, &mut Minimal).unwrap_or_else(|error| panic!("{error}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_contract_comes_back(numbers in prop::collection::vec(any::<u8>(), 20..400)) {
        for format in Format::all() {
            there_and_back(format, &mut Chosen::new(&numbers)).map_err(TestCaseError::fail)?;
        }
    }
}
