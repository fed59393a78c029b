#![no_main]

use std::sync::LazyLock;

use potok_cms::enveloped_data::EnvelopedData;
use potok_cms::gost::ParameterSet;
use potok_cms::pki::{Authority, Identity, Role, Subject, Validity};
use potok_cms::{KeyKind, UnixTime};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// A recipient with a key of each kind that opens messages; the same ones in every run.
static RECIPIENTS: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    let mut random = StdRng::seed_from_u64(1);
    let validity = Validity::days(UnixTime(1_795_255_200), 365);
    let name = Subject::common_name("Recipient");
    let authority = Authority::root(&name, KeyKind::P256, validity, &mut random).expect("a key can be made");
    let kinds = [
        KeyKind::Rsa2048,
        KeyKind::P256,
        KeyKind::P384,
        KeyKind::Gost(ParameterSet::Tc26A256),
        KeyKind::Gost(ParameterSet::Tc26A512),
    ];
    let issued = kinds.map(|kind| authority.issue_identity(&name, kind, Role::Signer, validity, &mut random));
    issued.map(|identity| identity.expect("a certificate can be issued")).into()
});

// Whatever comes as an encrypted message is refused or opened; nothing may panic.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(enveloped) = EnvelopedData::parse(data) {
        for Identity { certificate, key } in RECIPIENTS.iter() {
            let _ = enveloped.decrypt(certificate, key);
        }
    }
});
