//! Valid official samples are read, and written again to the same bytes.

use potok_fns::service::{
    Clarification, ClarificationPurpose, Confirmation, ConfirmationKind, Receipt, Revocation, plain_text,
};

pub(crate) fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/testdata/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All service documents among the samples.
pub(crate) const SERVICE: [&str; 12] = [
    "pdpol_1.02.xml",
    "pdpol_1.03.xml",
    "pdotpr_1.02.xml",
    "pdotpr_1.03.xml",
    "izvpol_1.02.xml",
    "izvpol_1.03.xml",
    "uvutoch_1.02.xml",
    "uvutoch_1.03_amendment.xml",
    "uvutoch_1.03_rejection.xml",
    "uvutoch_1.03_revocation_rejection.xml",
    "prannul_1.01.xml",
    "prannul_1.02.xml",
];

/// Reads a service document of any family and writes it again.
pub(crate) fn again(bytes: &[u8], name: &str) -> Result<Vec<u8>, potok_fns::xml::XmlError> {
    match name.split('_').next() {
        Some("pdpol") => Confirmation::parse(bytes, ConfirmationKind::Received)?.generate(),
        Some("pdotpr") => Confirmation::parse(bytes, ConfirmationKind::PassedOn)?.generate(),
        Some("izvpol") => Receipt::parse(bytes)?.generate(),
        Some("uvutoch") => Clarification::parse(bytes)?.generate(ClarificationPurpose::SignatureRejection),
        Some("prannul") => Revocation::parse(bytes)?.generate(),
        _ => panic!("{name} is no service document"),
    }
}

#[test]
fn samples_are_written_again_to_the_same_bytes() {
    for name in SERVICE {
        let bytes = sample(name);
        let written = again(&bytes, name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let show = |bytes: &[u8]| {
            potok_fns::xml::decode(bytes, &potok_fns::xml::Limits::SERVICE).unwrap().0.into_owned()
        };
        assert_eq!(show(&written), show(&bytes), "{name}");
        assert_eq!(written, bytes, "{name}");
    }
}

#[test]
fn people_read_the_reasons() {
    for (name, text) in [
        ("uvutoch_1.02.xml", Some("Не совпадает КПП покупателя.")),
        (
            "uvutoch_1.03_amendment.xml",
            Some("В строке 2 указано неверное количество. Просим выставить исправленный документ."),
        ),
        ("uvutoch_1.03_rejection.xml", Some("Товар по накладной не поступал, в подписи отказано.")),
        ("uvutoch_1.03_revocation_rejection.xml", Some("Поставка состоялась, аннулирование не согласовано.")),
        ("prannul_1.01.xml", Some("Документ оформлен ошибочно.")),
        ("prannul_1.02.xml", Some("Документ оформлен ошибочно: поставка отменена сторонами.")),
        ("pdpol_1.03.xml", None),
        ("utd970_title0.xml", None),
    ] {
        assert_eq!(plain_text(&sample(name)).unwrap().as_deref(), text, "{name}");
    }
}
