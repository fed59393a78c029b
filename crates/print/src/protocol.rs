//! The protocol: what happened to a document, event by event.

use potok_fns::MoscowTime;

use crate::exchange::{Exchange, Stamp, Verdict};
use crate::page::{Block, Cell, Column, Flow, Head, Paper, Style, Table};
use crate::pdf::About;
use crate::stamps::{self, moment};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it happened, in Moscow.
    pub at: MoscowTime,
    /// What, in words: «Титул продавца», «Извещение о получении».
    pub what: String,
    /// Name of the file; empty when there is none.
    pub file: String,
    /// SHA-256 of the file; empty when there is none.
    pub sum: String,
    /// Who did it.
    pub who: String,
    /// The signatures on it.
    pub stamps: Vec<Stamp>,
}

const COLUMNS: [Column; 5] = [
    Column { share: 74.0, is_number: false },
    Column { share: 140.0, is_number: false },
    Column { share: 180.0, is_number: false },
    Column { share: 120.0, is_number: false },
    Column { share: 220.0, is_number: false },
];

const HEAD: &[&[Head]] = &[&[
    Head::new("Дата и время"),
    Head::new("Событие"),
    Head::new("Файл и его SHA-256"),
    Head::new("Участник"),
    Head::new("Подпись: владелец, сертификат, отпечаток, проверка"),
]];

/// The protocol of a document. `name` is what people call it, `file` its file name, `at` when the last event happened.
pub fn protocol(name: &str, file: &str, exchange: &Exchange, steps: &[Step], at: MoscowTime) -> Vec<u8> {
    let title = format!("Протокол передачи документа: {name}");
    let mut flow = Flow::new(Paper::Landscape, &title);
    Block::text(Style::bold(13.0), "Протокол передачи документа").flow(&mut flow);
    flow.gap(4.0);
    Block::field("Документ", name, "").flow(&mut flow);
    Block::field("Файл", file, "").flow(&mut flow);
    flow.gap(4.0);
    let head = Exchange { stamps: Vec::new(), ..exchange.clone() };
    stamps::draw_head(&mut flow, &head);
    flow.gap(4.0);
    let table = Table::begin(&mut flow, &COLUMNS, HEAD, 6.5);
    for step in steps {
        let signatures: Vec<String> = step.stamps.iter().map(signature).collect();
        let file = [step.file.as_str(), step.sum.as_str()].join(" ");
        let cells = [moment(step.at), step.what.clone(), file, step.who.clone(), signatures.join("; ")];
        table.row(&mut flow, &cells.map(Cell::new));
    }
    flow.finish(About { title: &title, at })
}

fn signature(stamp: &Stamp) -> String {
    let verdict = match stamp.verdict {
        Verdict::Valid => "верна",
        Verdict::Invalid => "недействительна",
        Verdict::Unchecked => "не проверена",
    };
    let parts = [
        (String::new(), &stamp.signer),
        (String::new(), &stamp.position),
        ("сертификат ".to_owned(), &stamp.serial),
        ("отпечаток ".to_owned(), &stamp.thumbprint),
        ("издатель ".to_owned(), &stamp.issuer),
        ("доверенность ".to_owned(), &stamp.power),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}{value}"))
        .collect();
    let remark = if stamp.remark.is_empty() { String::new() } else { format!(": {}", stamp.remark) };
    format!("{}, подписано {}, {verdict}{remark}", told.join(", "), moment(stamp.at))
}
