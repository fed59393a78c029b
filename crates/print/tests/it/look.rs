//! Looking into PDFs with Debian's tools, and what all tests print about.

use std::path::PathBuf;
use std::process::Command;

use potok_fns::{FnsDate, MoscowTime};
use potok_print::{Exchange, Side, Stamp, Standing, Verdict};

/// Writes a PDF where people can look at it, and tells its text in the order in which it was drawn.
pub(crate) fn text(name: &str, pdf: &[u8]) -> String {
    let path = kept(name, pdf);
    let run = Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&path).arg("-").output();
    let run = run.expect("pdftotext is there: `make tools` installs it");
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && errors.is_empty(), "{}: {errors}", path.display());
    String::from_utf8(run.stdout).expect("text")
}

fn kept(name: &str, pdf: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
    std::fs::write(&path, pdf).expect("the folder of tests takes files");
    path
}

/// Texts without what lines and pages do to them.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(crate) fn at(day: &str, hour: u8, minute: u8, second: u8) -> MoscowTime {
    MoscowTime::new(FnsDate::parse(day).expect("a day"), hour, minute, second).expect("a time")
}

pub(crate) fn seller() -> Side {
    Side {
        name: "ООО \"Кедровый берег\"".into(), inn: "9901000010".into(), kpp: "990101001".into()
    }
}

pub(crate) fn buyer() -> Side {
    Side {
        name: "АО \"Полярный маяк\"".into(), inn: "9902000020".into(), kpp: "990201001".into()
    }
}

pub(crate) fn stamp(role: &str, side: Side, verdict: Verdict) -> Stamp {
    Stamp {
        role: role.into(),
        side,
        signer: "Лебедева Анна Павловна".into(),
        position: "Генеральный директор".into(),
        serial: "01D9 7C3A 0B2E 4F55 0000 0002 08C9 0002".into(),
        thumbprint: "8F3C2B1A0D9E8F7C6B5A493827160504F3E2D1C0".into(),
        issuer: "УЦ «Испытательный»".into(),
        valid: Some((at("01.01.2026", 0, 0, 0), at("01.04.2027", 0, 0, 0))),
        at: at("21.11.2026", 10, 15, 7),
        verdict,
        remark: String::new(),
        power: String::new(),
    }
}

/// An exchange in which both sides have signed.
pub(crate) fn signed() -> Exchange {
    let second = Stamp {
        signer: "Орлов Игорь Сергеевич".into(),
        position: String::new(),
        at: at("21.11.2026", 12, 40, 0),
        power: "0a6e4c1e-93d2-4f5e-8b1c-3f2a7c9d0e11 от 15.01.2026, в силе".into(),
        ..stamp("Получатель", buyer(), Verdict::Valid)
    };
    Exchange {
        operator: "ООО \"Оператор открытого обмена\"".into(),
        document_id: "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000".into(),
        sender: seller(),
        recipient: Some(buyer()),
        sent_at: Some(at("21.11.2026", 10, 15, 7)),
        delivered_at: Some(at("21.11.2026", 10, 15, 8)),
        stamps: vec![stamp("Отправитель", seller(), Verdict::Valid), second],
        standings: Vec::new(),
    }
}

/// An exchange that ended badly.
pub(crate) fn refused() -> Exchange {
    let bad = Stamp {
        remark: "сертификат отозван 01.11.2026".into(),
        ..stamp("Отправитель", seller(), Verdict::Invalid)
    };
    Exchange {
        stamps: vec![
            bad,
            stamp("Получатель", buyer(), Verdict::Unchecked),
            stamp("Оператор", Side::default(), Verdict::Valid),
        ],
        standings: vec![
            (
                Standing::Ended,
                "Отказано в подписи 21.11.2026 10:42:30 GMT+03:00: неверное количество в строке 2".into(),
            ),
            (Standing::Usual, "Запрошено уточнение 21.11.2026 10:41:00 GMT+03:00".into()),
        ],
        ..signed()
    }
}

/// A draft: nobody has sent or signed it.
pub(crate) fn draft() -> Exchange {
    Exchange { recipient: None, sent_at: None, delivered_at: None, stamps: Vec::new(), ..signed() }
}
