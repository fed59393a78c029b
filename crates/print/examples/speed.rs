//! How long forms take: `cargo run --release -p potok-print --example speed`.

#![expect(clippy::print_stdout, reason = "the numbers are what this program is for")]

use std::time::Instant;

use potok_fns::{FnsDate, MoscowTime};
use potok_print::{Exchange, Layout, Printed, Side, title_form};

fn main() {
    let exchange = Exchange {
        operator: "Оператор".to_owned(),
        document_id: "5c0f0b52-7a63-4a0a-9a0e-0d5b8a6f0000".to_owned(),
        sender: Side::default(),
        recipient: Some(Side::default()),
        sent_at: None,
        delivered_at: None,
        stamps: Vec::new(),
        standings: Vec::new(),
    };
    let at = MoscowTime::new(FnsDate::default(), 0, 0, 0).expect("midnight is a time");
    for (lines, times) in [(1, 200), (3000, 3)] {
        let goods: String = (1..=lines).map(line).collect();
        let title = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Файл ИдФайл=\"ON_NSCHFDOPPR_1_2_20261121_x\" ВерсФорм=\"5.03\">\
             <Документ КНД=\"1115131\" Функция=\"СЧФДОП\"><СвСчФакт НомерДок=\"1\" ДатаДок=\"21.11.2026\"/>\
             <ТаблСчФакт>{goods}</ТаблСчФакт></Документ></Файл>"
        );
        let printed = Printed {
            name: "УПД № 1",
            title: title.as_bytes(),
            answer: None,
            layout: Layout::OfFormat,
            exchange: &exchange,
            at,
        };
        let start = Instant::now();
        let mut bytes = 0;
        for _ in 0..times {
            bytes = title_form(&printed).expect("the title can be read").len();
        }
        let each = start.elapsed().as_secs_f64() * 1000.0 / f64::from(times);
        println!("{lines} lines: {each:.2} ms, {bytes} bytes");
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("peak of memory: unknown here");
    println!("{peak}");
}

fn line(number: u32) -> String {
    format!(
        "<СведТов НомСтр=\"{number}\" НаимТов=\"Доска обрезная сосновая 25×150×6000 мм, партия {number}\" ОКЕИ_Тов=\"796\" \
         КолТов=\"{number}\" ЦенаТов=\"310.50\" СтТовБезНДС=\"3105.00\" НалСт=\"20%\" СтТовУчНал=\"3726.00\"><Акциз>\
         <БезАкциз>без акциза</БезАкциз></Акциз><СумНал><СумНал>621.00</СумНал></СумНал></СведТов>"
    )
}
