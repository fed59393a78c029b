#![no_main]

use potok_fns::MoscowTime;
use potok_titles::Format;
use potok_titles::check::check;

// The first byte chooses what the file is said to be, or that nothing is said. Whatever it is, what is wrong is told, within bounds.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    let formats: Vec<Format> = Format::all().collect();
    let named = formats.get(usize::from(choice)).copied();
    let report = check(data, named, &|_| None, MoscowTime::default());
    assert!(report.findings.len() <= 100);
    assert!(report.findings.iter().all(|found| !found.ru.is_empty() && !found.en.is_empty() && !found.rule.is_empty()));
});
