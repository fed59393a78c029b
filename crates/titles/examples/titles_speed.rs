//! How long titles take, beside lxml: `cargo run --release -p potok-titles --example titles_speed -- SCHEMAS [PYTHON]`.
//!
//! A transfer document of order 970 with 10, 1 000 and 10 000 lines is made of its contract and held to its official schema, on
//! one core; lxml builds the same tree element by element, writes it and validates it. Both read the schema once.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use potok_fns::schema::Schema;
use potok_fns::xml::Limits;
use potok_fns::{FnsDate, MoscowTime, Operator, PROGRAM_OF_PEOPLE};
use potok_titles::{Contract, Format, Held, Sources};
use uuid::Uuid;

const SCHEMA: &str = "ON_NSCHFDOPPR_1_997_01_05_02_01.xsd";
const LINES: [u32; 3] = [10, 1_000, 10_000];
/// A number is measured for so long at least.
const LONG: Duration = Duration::from_secs(2);

/// Reads the title, takes it apart into plain data, and then builds, writes and validates it for two seconds.
const LXML: &str = r#"
import statistics, sys, time
from lxml import etree
schema = etree.XMLSchema(etree.parse(sys.argv[1]))
def plain(e):
    return (e.tag, list(e.attrib.items()), e.text, [plain(c) for c in e])
def build(parent, node):
    tag, attributes, text, children = node
    e = etree.Element(tag) if parent is None else etree.SubElement(parent, tag)
    for name, value in attributes:
        e.set(name, value)
    if text:
        e.text = text
    for child in children:
        build(e, child)
    return e
for path in sys.argv[2:]:
    data = plain(etree.parse(path).getroot())
    made, validated = [], []
    while sum(made) + sum(validated) < 2:
        start = time.perf_counter()
        root = build(None, data)
        bytes_ = etree.tostring(root, encoding='windows-1251', xml_declaration=True)
        half = time.perf_counter()
        # What the other side validates is bytes too.
        assert schema.validate(etree.fromstring(bytes_)), schema.error_log
        end = time.perf_counter()
        made.append(half - start)
        validated.append(end - half)
    print(statistics.median(made), statistics.median(validated))
"#;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        eprintln!("titles_speed SCHEMAS [PYTHON]");
        return ExitCode::FAILURE;
    };
    let python = arguments.next().unwrap_or_else(|| "python3".to_owned());
    let path = Path::new(&folder).join(SCHEMA);
    let Some(schema) = std::fs::read(&path).ok().and_then(|bytes| Schema::compile(&bytes).ok()) else {
        eprintln!("{}: no schema", path.display());
        return ExitCode::FAILURE;
    };
    let mut files = Vec::new();
    let mut ours = Vec::new();
    for lines in LINES {
        let contract = contract(lines);
        let title = make(&contract, &[]);
        let made = measured(|| {
            make(&contract, &[]);
        });
        let both = measured(|| {
            make(&contract, std::slice::from_ref(&schema));
        });
        let validated = measured(|| {
            let found = schema.validate(&title, &Limits::TITLE).expect("the title can be read");
            assert!(found.is_empty(), "{found:?}");
        });
        let file = std::env::temp_dir().join(format!("potok-speed-{}-{lines}.xml", std::process::id()));
        std::fs::write(&file, &title).expect("a file can be written");
        files.push(file);
        ours.push((made, both, validated));
    }
    let run = Command::new(python).args(["-c", LXML]).arg(&path).args(&files).output();
    files.iter().for_each(|file| drop(std::fs::remove_file(file)));
    let theirs = match run {
        Ok(run) if run.status.success() => String::from_utf8_lossy(&run.stdout).into_owned(),
        Ok(run) => {
            eprintln!("{}", String::from_utf8_lossy(&run.stderr));
            return ExitCode::FAILURE;
        }
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    println!(
        "| lines | made, ms | made and held to the schema, ms | per s | lxml made, ms | lxml checked, ms | × lxml | bytes checked, ms | × libxml2 |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for ((lines, (made, both, validated)), told) in LINES.iter().zip(ours).zip(theirs.lines()) {
        let told: Vec<f64> = told.split(' ').filter_map(|number| number.parse().ok()).collect();
        let [lxml_made, lxml_validated] = told[..] else { continue };
        println!(
            "| {lines} | {:.3} | {:.3} | {:.0} | {:.3} | {:.3} | {:.1} | {:.3} | {:.2} |",
            made * 1e3,
            both * 1e3,
            1.0 / both,
            lxml_made * 1e3,
            lxml_validated * 1e3,
            (lxml_made + lxml_validated) / both,
            validated * 1e3,
            lxml_validated / validated
        );
    }
    ExitCode::SUCCESS
}

/// Seconds that one run takes: the median.
fn measured(mut run: impl FnMut()) -> f64 {
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < LONG {
        let begun = Instant::now();
        run();
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn make(contract: &str, schemas: &[Schema]) -> Vec<u8> {
    let operator =
        Operator { name: "ООО \"Оператор\"".into(), inn: "9903000030".into(), code: "2BM".into() };
    let sources = Sources {
        now: MoscowTime::new(FnsDate::default(), 10, 0, 0).unwrap_or_default(),
        guid: Uuid::nil(),
        program: PROGRAM_OF_PEOPLE,
        operator: &operator,
        first: None,
    };
    let format = Format::find("utd970_05_02_01", 0).expect("a table");
    let contract = Contract::read(contract.as_bytes()).expect("the data can be read");
    format
        .generate_valid(contract, &sources, &|_| None, &[], Held { schemas, rules: true })
        .expect("a title")
        .bytes
}

fn contract(lines: u32) -> String {
    let party = |inn: &str, name: &str| {
        format!(
            "<OrganizationDetails OrgType=\"2\" OrgName=\"{name}\" Inn=\"{inn}\" Kpp=\"990101001\" FnsParticipantId=\"2BM-{inn}\">\
             <Address><RussianAddress Region=\"77\" Street=\"Лесная\" Building=\"7\"/></Address></OrganizationDetails>"
        )
    };
    let items: String = (1..=lines)
        .map(|number| {
            format!(
                "<Item Product=\"Доска обрезная сосновая 25×150×6000 мм, партия {number}\" Unit=\"796\" Quantity=\"{number}\" \
                 Price=\"310.50\" SubtotalWithVatExcluded=\"3105.00\" TaxRate=\"TwentyPercent\" Vat=\"621.00\" Subtotal=\"3726.00\" \
                 ItemVendorCode=\"{number:06}\"/>"
            )
        })
        .collect();
    format!(
        "<UniversalTransferDocument Function=\"СЧФДОП\" DocumentDate=\"20.11.2026\" DocumentNumber=\"1\" DocumentName=\"УПД\" \
         Currency=\"643\"><Sellers><Seller>{}</Seller></Sellers><Buyers><Buyer>{}</Buyer></Buyers>\
         <DocumentShipments><DocumentShipment DocumentName=\"УПД\" DocumentNumber=\"1\" DocumentDate=\"20.11.2026\"/></DocumentShipments>\
         <Table TotalWithVatExcluded=\"1\" Vat=\"1\" Total=\"1\">{items}</Table>\
         <TransferInfo OperationInfo=\"Переданы\" TransferDate=\"20.11.2026\"/>\
         <Signers><Signer><Fio LastName=\"Лебедева\" FirstName=\"Анна\"/><Position PositionSource=\"Manual\">Директор</Position></Signer>\
         </Signers></UniversalTransferDocument>",
        party("9901000010", "ООО Кедровый берег"),
        party("9902000020", "АО Полярный маяк"),
    )
}
