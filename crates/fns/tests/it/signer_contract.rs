//! The contract that says who signs.

use potok_fns::xml::Fault;
use potok_fns::{
    ElectronicPower, FnsDate, FullName, GivenCertificate, GivenPosition, GivenPower, PaperPower,
    PositionSource, PowerShown, SignatureType, SignerContract, SignerStatus,
};

fn name(last: &str, first: &str, middle: Option<&str>) -> FullName {
    FullName { last: last.into(), first: first.into(), middle: middle.map(str::to_owned) }
}

#[test]
fn everything_that_a_contract_may_say_is_read() {
    let power = ElectronicPower {
        number: "0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11".into(),
        issued: FnsDate::parse("15.01.2026").unwrap(),
        internal_number: Some("17".into()),
        internal_date: FnsDate::parse("16.01.2026"),
        shown: PowerShown::FromStorage,
        storage: Some("https://example.org/powers".into()),
    };
    let paper = PaperPower {
        issued: FnsDate::parse("01.02.2025").unwrap(),
        number: "12/А".into(),
        details: Some("выдана директором".into()),
        issuer: Some(name("Лебедева", "Анна", None)),
    };
    for (text, expected) in [
        ("<Signer/>", SignerContract::default()),
        (
            r#"<Signer SignerStatus="2" SignatureType="1">
                 <Certificate CertificateThumbprint="0A1B"/>
                 <Fio LastName="Орлов" FirstName="Игорь" MiddleName="Сергеевич"/>
                 <Position PositionSource="Employee"> Главный бухгалтер </Position>
                 <PowerOfAttorney><Electronic MethodOfProviding="2">
                   <Manual RegistrationNumber="0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11" RegistrationDate="15.01.2026"
                     InternalNumber="17" InternalDate="16.01.2026" SystemId="https://example.org/powers"/>
                 </Electronic></PowerOfAttorney>
               </Signer>"#,
            SignerContract {
                status: Some(SignerStatus::ElectronicPower),
                signature_type: Some(SignatureType::Qualified),
                certificate: Some(GivenCertificate::Thumbprint("0A1B".into())),
                name: Some(name("Орлов", "Игорь", Some("Сергеевич"))),
                position: Some(GivenPosition {
                    source: PositionSource::Employee,
                    text: "Главный бухгалтер".into(),
                }),
                power: Some(GivenPower::Electronic(power)),
            },
        ),
        (
            r#"<?xml version="1.0" encoding="utf-8"?><Signer xmlns:xsi="x"><Certificate CertificateBytes="AQ ID"/>
               <Position PositionSource="Certificate"/><PowerOfAttorney><Paper InternalNumber="12/А"
               RegistrationDate="01.02.2025" IssuerInfo="выдана директором"><Person LastName="Лебедева"
               FirstName="Анна" MiddleName=""/></Paper></PowerOfAttorney></Signer>"#,
            SignerContract {
                certificate: Some(GivenCertificate::Bytes(vec![1, 2, 3])),
                position: Some(GivenPosition { source: PositionSource::Certificate, text: String::new() }),
                power: Some(GivenPower::Paper(paper)),
                ..SignerContract::default()
            },
        ),
        (
            r#"<Signer><PowerOfAttorney><Electronic MethodOfProviding="1"><Storage UseDefault="true"/></Electronic>
               </PowerOfAttorney></Signer>"#,
            SignerContract {
                power: Some(GivenPower::Registered { number: None }),
                ..SignerContract::default()
            },
        ),
    ] {
        assert_eq!(SignerContract::parse(text.as_bytes()), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_contract_is_told_with_its_place() {
    for (text, place, en) in [
        ("<Signers/>", "Signers", "\"Signer\" was expected, the document has \"Signers\""),
        ("<Signer Status=\"1\"/>", "Signer", "the attribute Status has no place here"),
        ("<Signer><Position/><Position/></Signer>", "Signer", "the element Position has no place here"),
        (
            "<Signer SignerStatus=\"4\"/>",
            "Signer/@SignerStatus",
            "the value \"4\" does not fit: one of 1, 2, 3",
        ),
        (
            "<Signer><Certificate/></Signer>",
            "Signer/Certificate",
            "the required attribute CertificateThumbprint is missing",
        ),
        (
            "<Signer><Certificate CertificateBytes=\"*\"/></Signer>",
            "Signer/Certificate/@CertificateBytes",
            "the value \"*\" does not fit: a certificate in base64",
        ),
        (
            "<Signer><Fio LastName=\"Орлов\"/></Signer>",
            "Signer/Fio",
            "the required attribute FirstName is missing",
        ),
        (
            "<Signer><PowerOfAttorney/></Signer>",
            "Signer/PowerOfAttorney",
            "the required element Electronic | Paper is missing",
        ),
        (
            "<Signer><PowerOfAttorney><Paper InternalNumber=\"1\" RegistrationDate=\"2025-01-01\"/></PowerOfAttorney></Signer>",
            "Signer/PowerOfAttorney/Paper/@RegistrationDate",
            "the value \"2025-01-01\" does not fit: a date as DD.MM.YYYY between 1900 and 2099",
        ),
    ] {
        let error = SignerContract::parse(text.as_bytes()).unwrap_err();
        assert_eq!((error.place.as_str(), error.fault.to_string().as_str()), (place, en), "{text}");
        assert!(error.position.is_some(), "{text}");
    }
    let bomb = "<!DOCTYPE Signer [<!ENTITY x 'xxx'>]><Signer/>";
    assert_eq!(SignerContract::parse(bomb.as_bytes()).unwrap_err().fault, Fault::Doctype);
    let long = format!("<Signer><Position>{}</Position></Signer>", "ж".repeat(256));
    assert!(SignerContract::parse(long.as_bytes()).is_err());
}
