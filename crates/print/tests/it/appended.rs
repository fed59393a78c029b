//! Stamps behind PDF files of others.

use potok_print::{File, with_stamps};

use crate::look::{signed, text};

const FILE: File<'static> =
    File { title: "Договор № 7", name: "договор.pdf", length: 1, sum: "00", text: "" };

fn stamped(pdf: &[u8]) -> Result<Vec<u8>, &'static str> {
    with_stamps(pdf, FILE, &signed()).map_err(|error| error.reason)
}

/// A file of two pages with tables as lines, as old programs write them.
fn old() -> Vec<u8> {
    let pages = "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /Rotate 90 /MediaBox [0 0 200 200] >>";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        pages.to_owned(),
        "<< /Type /Page /Parent 2 0 R /Resources << >> >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /Resources << >> >>".to_owned(),
    ];
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut table = "xref\n0 5\n0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let at = bytes.len();
    bytes.extend(format!("{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n").bytes());
    bytes
}

/// A file as new programs write them: the catalog and the pages in a packed stream of objects, the table in another.
fn new() -> Vec<u8> {
    let packed = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6);
    let inside = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"];
    let index = format!("1 0 2 {} ", inside[0].len() + 1);
    let stream = packed(format!("{index}{} {}", inside[0], inside[1]).as_bytes());
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let page_at = bytes.len();
    bytes.extend(
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>\nendobj\n",
    );
    let stream_at = bytes.len();
    let head = format!(
        "4 0 obj\n<< /Type /ObjStm /N 2 /First {} /Filter /FlateDecode /Length 6 0 R >>\nstream\n",
        index.len()
    );
    bytes.extend([head.as_bytes(), &stream, b"\nendstream\nendobj\n"].concat());
    let length_at = bytes.len();
    bytes.extend(format!("6 0 obj\n{}\nendobj\n", stream.len()).bytes());
    let at = bytes.len();
    let rows: [(u8, usize, u8); 7] =
        [(0, 0, 0), (2, 4, 0), (2, 4, 1), (1, page_at, 0), (1, stream_at, 0), (1, at, 0), (1, length_at, 0)];
    let mut above = [0_u8; 4];
    let mut table = Vec::new();
    for (kind, place, index) in rows {
        let place = u16::try_from(place).expect("a small file").to_be_bytes();
        let row = [kind, place[0], place[1], index];
        table.push(2);
        table.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = row;
    }
    let table = packed(&table);
    let head = format!(
        "5 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> \
         /Length {} >>\nstream\n",
        table.len()
    );
    bytes.extend(
        [head.as_bytes(), &table, format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes()]
            .concat(),
    );
    bytes
}

#[test]
fn stamps_stand_behind_the_pages_of_others() {
    for (name, pdf, pages) in [("old", old(), 2), ("new", new(), 1)] {
        let stamped = stamped(&pdf).expect(name);
        assert!(stamped.starts_with(&pdf), "{name}: what was signed does not change");
        let text = text(&format!("stamped_{name}"), &stamped);
        let (before, last) = text.trim_end_matches('\u{c}').rsplit_once('\u{c}').expect(name);
        assert_eq!(before.matches('\u{c}').count() + 1, pages, "{name}");
        assert!(last.contains("Договор № 7") && last.contains("Подпись верна"), "{name}: {last}");
    }
}

#[test]
fn stamps_can_be_put_twice() {
    for pdf in [old(), new()] {
        let twice = stamped(&stamped(&pdf).expect("once")).expect("twice");
        assert_eq!(text("stamped_twice", &twice).matches("Отправитель: электронная подпись").count(), 2);
    }
}

#[test]
fn files_out_of_the_ordinary_are_left_alone() {
    let changed = |from: &str, to: &str| {
        let old = String::from_utf8(old()).expect("text");
        assert!(old.contains(from), "{from}");
        stamped(old.replace(from, to).as_bytes()).expect_err(to)
    };
    assert_eq!(changed("/Size 5", "/Size 5 /Encrypt 9 0 R"), "the file is encrypted");
    assert_eq!(changed("%PDF-1.4", "%PDX-1.4"), "the file does not begin as PDF");
    assert_eq!(changed("/Type /Pages ", "/Type /Pagez "), "the catalog names something else as pages");
    assert_eq!(changed("startxref", "startxxxx"), "the file has no end");
    assert_eq!(changed("[3 0 R 4 0 R]", "3 0 R        "), "the pages are listed elsewhere");
    assert_eq!(changed("/Root 1 0 R", "/Root 7 0 R"), "an object is nowhere");
    assert_eq!(stamped(b""), Err("the file does not begin as PDF"));
    assert_eq!(stamped(b"%PDF-1.7"), Err("the file has no end"));
    let round = String::from_utf8(old()).expect("text");
    let at =
        round.rsplit("startxref\n").next().and_then(|end| end.lines().next()).expect("a place").to_owned();
    let round = round.replace("/Size 5", &format!("/Size 5 /Prev {at}"));
    assert_eq!(stamped(round.as_bytes()), Err("the tables of the file have no end"));
}

/// Whatever bytes come, there is an answer.
#[test]
fn broken_files_are_refused_or_stamped() {
    for pdf in [old(), new()] {
        for end in (0..pdf.len()).step_by(3) {
            let _ = stamped(&pdf[..end]);
        }
        for place in (0..pdf.len()).step_by(3) {
            let mut broken = pdf.clone();
            broken[place] = broken[place].wrapping_add(1 + u8::try_from(place % 7).expect("small"));
            let _ = stamped(&broken);
        }
    }
}
