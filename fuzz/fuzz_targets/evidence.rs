#![no_main]

use potok_cms::{Trust, UnixTime};
use potok_evidence::{Draft, FileKind, FileNote, LIMITS, MANIFEST, Manifest, Outcome, Time, verify};
use potok_zip::{Archive, unpack};

// Bytes are an archive or none, a manifest or none: they are refused or judged, nothing of a stranger's is proven, and nothing may panic.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let now = UnixTime(1_769_936_400);
    let judge = |bytes: &[u8]| assert_ne!(verify(bytes, &Trust::default(), now).outcome(), Outcome::Proven);
    judge(data);
    if let Ok(files) = unpack(data, &LIMITS) {
        // What was read can be packed and is read again.
        let mut archive = Archive::new(Time { year: 2026, month: 1, day: 1, ..Time::default() });
        for file in &files {
            assert_eq!(archive.add(&file.name, &file.content).as_deref(), Ok(file.name.as_str()));
        }
        assert_eq!(unpack(&archive.finish(), &LIMITS).as_ref(), Ok(&files));
    }
    let mut archive = Archive::new(Time { year: 2026, month: 1, day: 1, ..Time::default() });
    let _ = (archive.add(MANIFEST, data), archive.add("a", data));
    judge(&archive.finish());
    if let Some(manifest) = Manifest::parse(data) {
        let mut draft = Draft::new(manifest, Time { year: 2026, month: 1, day: 1, ..Time::default() });
        let _ = draft.add("a", data, FileNote::of(FileKind::Document));
        judge(&draft.seal().finish(data).unwrap_or_default());
    }
});
