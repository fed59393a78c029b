//! The file around the pages, as PDF/A-2b.

use pdf_writer::types::{CidFontType, FontFlags, OutputIntentSubtype, SystemInfo, UnicodeCmap};
use pdf_writer::{Chunk, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use potok_fns::MoscowTime;

use super::font::Weight;
use super::{Canvas, icc, pack};

/// What a file says about itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// Its title.
    pub(crate) title: &'a str,
    /// When the document was made.
    pub(crate) at: MoscowTime,
}

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const METADATA: Ref = Ref::new(4);
const PROFILE: Ref = Ref::new(5);
/// What else there is follows: faces, pages, what stands on them.
const REST: i32 = 6;
/// Objects that each face takes.
const FACE: i32 = 6;
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Who made it, as files say.
const PRODUCER: &str = "Potok";

/// The bytes of a file.
pub(crate) fn write(canvas: Canvas, about: About<'_>) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.set_version(1, 7);
    let mut hash = Hash::new();
    let mut catalog = pdf.catalog(CATALOG);
    catalog.pages(PAGES).metadata(METADATA).lang(TextStr("ru-RU"));
    catalog.viewer_preferences().display_doc_title(true);
    let mut intents = catalog.output_intents();
    let mut intent = intents.push();
    intent.subtype(OutputIntentSubtype::PDFA).output_condition_identifier(TextStr("sRGB"));
    intent.info(TextStr("sRGB")).dest_output_profile(PROFILE);
    intent.finish();
    intents.finish();
    catalog.finish();
    pdf.icc_profile(PROFILE, &pack(&icc::srgb())).n(3).filter(Filter::FlateDecode);
    let written = pages(canvas, REST, PAGES);
    let count = i32::try_from(written.pages.len()).expect("pages are counted");
    pdf.pages(PAGES).kids(written.pages).count(count);
    for object in &written.objects {
        hash.add(object.as_bytes());
        pdf.extend(object);
    }
    let title = super::text::clean(about.title);
    let mut info = pdf.document_info(INFO);
    info.title(TextStr(&title)).producer(TextStr(PRODUCER)).creation_date(date(about.at));
    info.finish();
    let xmp = xmp(&title, about.at);
    hash.add(xmp.as_bytes());
    pdf.metadata(METADATA, xmp.as_bytes());
    let id = hash.bytes();
    pdf.set_file_id((id.clone(), id));
    pdf.finish()
}

/// Pages with everything that they need.
pub(crate) struct Pages {
    /// The pages, in order.
    pub(crate) pages: Vec<Ref>,
    /// Them and the rest, one object each.
    pub(crate) objects: Vec<Chunk>,
}

/// The objects of pages, numbered from `first`, as children of `parent`.
pub(crate) fn pages(canvas: Canvas, first: i32, parent: Ref) -> Pages {
    let Canvas { pages, letters } = canvas;
    let mut objects = Vec::new();
    let face = |weight: Weight| first + FACE * i32::from(weight == Weight::Bold);
    for weight in Weight::ALL {
        write_face(&mut objects, weight, face(weight), &letters[weight as usize].used());
    }
    let count = i32::try_from(pages.len()).expect("pages are counted");
    let first_page = first + 2 * FACE;
    let ids: Vec<Ref> = (first_page..first_page + count).map(Ref::new).collect();
    let mut next = first_page + count;
    for (id, mut page) in ids.iter().zip(pages) {
        page.seal();
        let begin = next;
        next += i32::try_from(page.packed.len()).expect("pages have a few streams");
        objects.push(object(|chunk| {
            let mut written = chunk.page(*id);
            let size = Rect::new(0.0, 0.0, page.width, page.height);
            // Of another maker's tree nothing is inherited.
            written.media_box(size).crop_box(size).rotate(0).parent(parent);
            written.contents_array((begin..next).map(Ref::new));
            let mut resources = written.resources();
            let mut fonts = resources.fonts();
            for (name, weight) in [(&b"R"[..], Weight::Regular), (b"B", Weight::Bold)] {
                fonts.pair(Name(name), Ref::new(face(weight)));
            }
        }));
        for (id, packed) in (begin..).zip(&page.packed) {
            objects.push(object(|chunk| {
                chunk.stream(Ref::new(id), packed).filter(Filter::FlateDecode);
            }));
        }
    }
    Pages { pages: ids, objects }
}

fn object(write: impl FnOnce(&mut Chunk)) -> Chunk {
    let mut chunk = Chunk::new();
    write(&mut chunk);
    chunk
}

fn write_face(objects: &mut Vec<Chunk>, weight: Weight, first: i32, letters: &[(u16, char)]) {
    let face = weight.face();
    let name = Name(face.name.as_bytes());
    let [font, cid, descriptor, file, unicode, map] = [0, 1, 2, 3, 4, 5].map(|part| Ref::new(first + part));
    let mut write = |write: &mut dyn FnMut(&mut Chunk)| objects.push(object(write));
    write(&mut |chunk| {
        let mut written = chunk.type0_font(font);
        written
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(unicode);
    });
    write(&mut |chunk| {
        let mut written = chunk.cid_font(cid);
        written.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
        written.default_width(0.0).cid_to_gid_map_stream(map);
        let mut widths = written.widths();
        for run in letters.chunk_by(|(before, _), (code, _)| before + 1 == *code) {
            widths.consecutive(run[0].0, run.iter().map(|(_, letter)| face.advance(*letter)));
        }
    });
    let last = letters.last().map_or(0, |(code, _)| usize::from(*code));
    let mut glyphs = vec![0; 2 * last + 2];
    let mut letters_by_code = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    for (code, letter) in letters {
        let glyph = face.glyph(*letter).unwrap_or_else(|| face.stranger());
        glyphs[2 * usize::from(*code)..][..2].copy_from_slice(&glyph.to_be_bytes());
        letters_by_code.pair(*code, *letter);
    }
    let letters_by_code = letters_by_code.finish();
    for (id, bytes) in [(map, &glyphs[..]), (unicode, &letters_by_code[..])] {
        write(&mut |chunk| {
            chunk.stream(id, &pack(bytes)).filter(Filter::FlateDecode);
        });
    }
    write(&mut |chunk| {
        let mut written = chunk.font_descriptor(descriptor);
        written.name(name).flags(FontFlags::NON_SYMBOLIC).bbox(Rect::new(-776.0, -271.0, 1749.0, 1057.0));
        written.italic_angle(0.0).ascent(928.0).descent(-244.0).cap_height(711.0);
        written.stem_v(if weight == Weight::Bold { 140.0 } else { 80.0 }).font_file2(file);
    });
    let length = i32::try_from(face.length).expect("a face is small");
    write(&mut |chunk| {
        let mut stream = chunk.stream(file, &face.packed);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Length1"), length);
    });
}

fn date(at: MoscowTime) -> Date {
    let (day, (hour, minute, second)) = (at.date.get(), parts(at));
    let year = u16::try_from(day.year()).unwrap_or_default();
    Date::new(year)
        .month(day.month().into())
        .day(day.day())
        .hour(hour)
        .minute(minute)
        .second(second)
        .utc_offset_hour(3)
}

fn parts(at: MoscowTime) -> (u8, u8, u8) {
    let time = at.time();
    let mut parts = time.split('.').map(|part| part.parse().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}

/// The metadata that PDF/A asks for.
fn xmp(title: &str, at: MoscowTime) -> String {
    let mut escaped = String::with_capacity(title.len());
    for letter in title.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    let (day, (hour, minute, second)) = (at.date.get(), parts(at));
    let created = format!(
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}+03:00",
        day.year(),
        u8::from(day.month()),
        day.day()
    );
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{escaped}</rdf:li></rdf:Alt></dc:title>\n\
         <xmp:CreateDate>{created}</xmp:CreateDate><pdf:Producer>{PRODUCER}</pdf:Producer>\n\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// A file is named by what it holds (FNV-1a, 128 bits): the same pages have the same name.
struct Hash(u128);

impl Hash {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.to_be_bytes().to_vec()
    }
}
