//! Every form by its text.

use potok_fns::service::{UniversalContract, UniversalFile};
use potok_fns::{Operator, PROGRAM_OF_PEOPLE};
use potok_golden::Folder;
use potok_print::{
    Exchange, File, Layout, Printed, Step, Verdict, cover, protocol, service_form, title_form,
};
use potok_titles::{Checks, Contract, First, Format, Sources, sample};

use crate::archive;
use crate::look::{at, buyer, draft, refused, seller, signed, squeezed, stamp, text};

fn file(path: &str) -> Vec<u8> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn print(
    name: &str,
    title: &[u8],
    answer: Option<&[u8]>,
    layout: Layout,
    exchange: &Exchange,
) -> Vec<u8> {
    let printed = Printed { name, title, answer, layout, exchange, at: at("21.11.2026", 10, 15, 7) };
    title_form(&printed).expect("the titles can be read")
}

/// A title of made-up data, and the answer to it.
fn made(version: &str, dice: fn() -> Box<dyn sample::Dice>) -> (Vec<u8>, Option<Vec<u8>>) {
    let operator = Operator { name: "Оператор".into(), inn: "9903000030".into(), code: "2BM".into() };
    let make = |index: i32, first: Option<First<'_>>| {
        let format = Format::find(version, index)?;
        let contract = Contract::read(&format.sample(&mut *dice())).expect("samples can be read");
        let now = at("21.11.2026", 9, 0, 0);
        let guid = uuid::Uuid::from_u128(0x5c0f_0b52);
        let sources = Sources { now, guid, program: PROGRAM_OF_PEOPLE, operator: &operator, first };
        // The answer to a minimal title lacks what it would take from that.
        Some(format.generate(contract, &sources, &|_| None, &[], Checks::All).ok()?.bytes)
    };
    let title = make(0, None).expect("a first title");
    let answer = make(1, Some(First { title: &title, signatures: &[vec![1, 2, 3]] }));
    (title, answer)
}

/// A universal message that says two things.
fn universal() -> Vec<u8> {
    let data = "<UniversalMessage><UniversalMessageInfos><UniversalMessageInfo StatusCode=\"2007\"><PlainText>Кто подписал?\nИ на каком \
        основании</PlainText></UniversalMessageInfo><UniversalMessageInfo StatusCode=\"2999\"><PlainText>Сумма не та</PlainText>\
        </UniversalMessageInfo></UniversalMessageInfos><Sender Position=\"Бухгалтер\" UseDefaultPersonInfo=\"false\"><Fio LastName=\"Орлова\" \
        FirstName=\"Мария\"/><Contacts OtherContactInfo=\"окно 3\"><Phones><Phone>1-23</Phone><Phone>4-56</Phone></Phones><Emails>\
        <Email>orlova@example.ru</Email></Emails></Contacts></Sender></UniversalMessage>";
    let now = at("21.11.2026", 9, 5, 0);
    let message = UniversalFile {
        file_id: UniversalFile::name("2BM-2", "2BM-1", now.date, uuid::Uuid::nil()),
        program: PROGRAM_OF_PEOPLE.to_owned(),
        at: now,
        about: "ON_NSCHFDOPPR_2BM-2_2BM-1".to_owned(),
        sender: "2BM-1".to_owned(),
        recipient: "2BM-2".to_owned(),
        said: UniversalContract::parse(data.as_bytes()).expect("data of a message"),
    };
    message.generate().expect("a file")
}

#[test]
fn every_form_says_what_it_always_said() {
    let folder = Folder::new(potok_golden::path!("testdata/forms"));
    let both = signed();
    let keep = |name: &str, pdf: &[u8]| {
        archive::holds(name, pdf);
        folder.check(&format!("{name}.txt"), text(name, pdf));
    };
    let utd = "Универсальный передаточный документ № 77/у от 31.10.2026";
    let (title, answer) =
        (file("../fns/testdata/utd820_title0.xml"), file("../fns/testdata/utd820_title1.xml"));
    keep("utd820", &print(utd, &title, Some(&answer), Layout::OfFormat, &both));
    keep("utd820_as_act", &print("Акт № 77/у", &title, Some(&answer), Layout::Act, &both));
    keep("utd820_as_waybill", &print("Накладная № 77/у", &title, Some(&answer), Layout::Waybill, &both));
    let (title, answer) =
        (file("../fns/testdata/utd970_title0.xml"), file("../fns/testdata/utd970_title1.xml"));
    keep("utd970", &print("УПД № 1", &title, Some(&answer), Layout::OfFormat, &both));
    keep("utd970_refused", &print("УПД № 1", &title, None, Layout::OfFormat, &refused()));
    keep("utd970_draft", &print("УПД № 1", &title, None, Layout::OfFormat, &draft()));
    let (title, answer) = made("utd970_05_03_01", || Box::new(sample::Full));
    keep("utd970_full", &print("УПД, всё, что бывает", &title, answer.as_deref(), Layout::OfFormat, &both));
    for (version, name) in [
        ("torg2_05_01_01", "torg2"),
        ("reconciliationact405_05_01_01", "reconciliation"),
        ("tovtorg_05_02_01", "waybill_full"),
        ("rezru_05_02_01", "act_full"),
        ("torg12_05_01_02", "torg12_full"),
        ("act_05_01_02", "act172_full"),
        ("ucd736_05_01_02", "ucd_full"),
        ("ucd29_05_02_01", "ucd29_full"),
        ("performedworkacceptancecertificate691_01_00_01", "works_full"),
        ("proformainvoice29_05_01_01", "proforma"),
    ] {
        let (title, answer) = made(version, || Box::new(sample::Full));
        keep(name, &print(name, &title, answer.as_deref(), Layout::OfFormat, &both));
    }
    for (name, title) in [("ucd", "ucd.xml"), ("waybill", "waybill.xml"), ("act", "act.xml")] {
        let (title, answer) =
            (file(&format!("testdata/titles/{title}")), file(&format!("testdata/titles/{name}_answer.xml")));
        keep(name, &print(name, &title, Some(&answer), Layout::OfFormat, &both));
    }
    keep(
        "works",
        &print(
            "Акт о приемке выполненных работ № КС-2/7",
            &file("testdata/titles/works.xml"),
            Some(&file("testdata/titles/works_answer.xml")),
            Layout::OfFormat,
            &both,
        ),
    );
    let made_at = at("21.11.2026", 10, 42, 30);
    for (name, kind) in [
        ("pdpol_1.03", "Подтверждение даты получения"),
        ("pdotpr_1.02", "Подтверждение даты отправки"),
        ("izvpol_1.03", "Извещение о получении"),
        ("uvutoch_1.03_amendment", "Уведомление об уточнении"),
        ("uvutoch_1.03_rejection", "Отказ в подписи"),
        ("uvutoch_1.02", "Уведомление об уточнении"),
        ("prannul_1.02", "Предложение об аннулировании"),
    ] {
        let bytes = file(&format!("../fns/testdata/{name}.xml"));
        keep(name, &service_form(kind, &bytes, &both, made_at).expect("the file can be read"));
    }
    keep(
        "universal",
        &service_form("Универсальное сообщение", &universal(), &draft(), made_at).expect("it is XML"),
    );
    let covered = File {
        title: "Договор № 7 от 01.02.2026",
        name: "договор поставки.docx",
        length: 48_213,
        sum: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        text: "",
    };
    keep("cover", &cover(covered, &both, made_at));
    let refusal =
        File {
            title: "Отказ в подписи", name: "", text: "Количество не то.\nЦена тоже.", ..covered
        };
    keep("cover_text", &cover(refusal, &refused(), made_at));
    let step = |what: &str, who: &str, stamps| Step {
        at: made_at,
        what: what.into(),
        file: "ON_NSCHFDOPPR_2BM-9902000020_2BM-9901000010_20261121_5c0f0b52.xml".into(),
        sum: covered.sum.into(),
        who: who.into(),
        stamps,
    };
    let steps = [
        step(
            "Титул отправителя",
            "ООО \"Кедровый берег\"",
            vec![stamp("Отправитель", seller(), Verdict::Valid)],
        ),
        step(
            "Подтверждение даты получения",
            "Оператор",
            vec![stamp("Оператор", seller(), Verdict::Unchecked)],
        ),
        step(
            "Титул получателя",
            "АО \"Полярный маяк\"",
            vec![stamp("Получатель", buyer(), Verdict::Invalid)],
        ),
    ];
    keep("protocol", &protocol("УПД № 77/у", "ON_NSCHFDOPPR.xml", &both, &steps, made_at));
    folder.finish();
}

/// Whatever was signed can be read: in its place, or behind the form.
#[test]
fn no_value_of_a_title_is_left_out() {
    let dice: [fn() -> Box<dyn sample::Dice>; 2] = [|| Box::new(sample::Full), || Box::new(sample::Minimal)];
    let mut versions: Vec<_> = Format::all().map(Format::version).collect();
    versions.dedup();
    for (version, dice) in versions.iter().flat_map(|version| dice.map(|dice| (*version, dice))) {
        let (title, answer) = made(version, dice);
        let pdf = print(version, &title, answer.as_deref(), Layout::OfFormat, &signed());
        let printed = squeezed(&text("left_out", &pdf));
        for (index, bytes) in [Some(&title), answer.as_ref()].into_iter().flatten().enumerate() {
            let format = Format::find(version, i32::try_from(index).expect("two")).expect("a format");
            for field in format.fields(bytes).expect("titles can be read") {
                let is_signature = field.title.ends_with("/ЭП") || field.title.contains("/ЭП[");
                let is_told_in_words =
                    ["БезДокОснПер", "@КодИтога"].iter().any(|name| field.title.ends_with(name));
                if !is_signature && !is_told_in_words {
                    assert!(
                        printed.contains(&squeezed(&field.value)),
                        "{version} {}: {}",
                        field.title,
                        field.value
                    );
                }
            }
        }
    }
}
