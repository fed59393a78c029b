#![no_main]

use potok_fns::{MoscowTime, Operator};
use potok_titles::{Checks, Contract, First, Format, Sources};

// The first byte chooses a title of a format; the rest is a contract, or a title, or both: what comes before a zero byte is the
// data of a program, what follows a title. Both are refused or read, what is made can be read, and nothing may panic.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    let formats: Vec<Format> = Format::all().collect();
    let format = formats[usize::from(choice) % formats.len()];
    let middle = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (contract, title) = (&data[..middle], data.get(middle + 1..).unwrap_or(data));
    let _ = format.fields(title);
    if let Ok(parsed) = format.parse(title) {
        assert!(Contract::read(&parsed).is_ok());
    }
    let Ok(contract) = Contract::read(contract) else { return };
    let (operator, signatures) = (Operator::default(), [b"signature".to_vec()]);
    let first = (format.title_index() > 0).then_some(First { title, signatures: &signatures });
    let sources = Sources {
        now: MoscowTime::default(),
        guid: uuid::Uuid::nil(),
        program: "program",
        operator: &operator,
        first,
    };
    let facts = [potok_titles::SignerFacts::default()];
    let find = |_: &str| Some(potok_titles::Organization::default());
    for checks in [Checks::All, Checks::None] {
        let made = format.generate(contract.clone(), &sources, &find, &facts, checks);
        if let Ok(made) = made {
            let read = format.parse(&made.bytes);
            assert!(checks == Checks::None || first.is_some() || read.is_ok(), "{read:?}");
        }
    }
});
