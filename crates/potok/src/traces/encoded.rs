//! `ExportTraceServiceRequest` of OTLP 1, as protobuf: five messages, of which nothing is read.

use potok_http::Span;

/// A request that was served.
const SERVER: u64 = 2;
const ERROR: u64 = 2;

/// Fields of a message, one after another.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(&mut self, field: u64, value: u64) {
        self.varint(field << 3);
        self.varint(value);
    }

    fn fixed64(&mut self, field: u64, value: u64) {
        self.varint(field << 3 | 1);
        self.0.extend(value.to_le_bytes());
    }

    fn bytes(&mut self, field: u64, value: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
    }

    fn message(&mut self, field: u64, fill: impl FnOnce(&mut Self)) {
        let mut inside = Self::default();
        fill(&mut inside);
        self.bytes(field, &inside.0);
    }

    fn text(&mut self, field: u64, name: &str, value: &str) {
        self.message(field, |pair| {
            pair.bytes(1, name.as_bytes());
            pair.message(2, |any| any.bytes(1, value.as_bytes()));
        });
    }

    fn integer(&mut self, field: u64, name: &str, value: u64) {
        self.message(field, |pair| {
            pair.bytes(1, name.as_bytes());
            pair.message(2, |any| any.number(3, value));
        });
    }
}

/// All spans in one message.
pub(super) fn request(spans: &[Span]) -> Vec<u8> {
    let mut out = Message::default();
    out.message(1, |of_resource| {
        of_resource.message(1, |resource| {
            resource.text(1, "service.name", "potok");
            resource.text(1, "service.version", env!("CARGO_PKG_VERSION"));
        });
        of_resource.message(2, |of_scope| {
            of_scope.message(1, |scope| scope.bytes(1, b"potok.http"));
            for span in spans {
                of_scope.message(2, |out| one(span, out));
            }
        });
    });
    out.0
}

fn one(span: &Span, out: &mut Message) {
    out.bytes(1, &span.trace_id);
    out.bytes(2, &span.span_id);
    if let Some(parent) = &span.parent_id {
        out.bytes(4, parent);
    }
    out.bytes(5, span.name.as_bytes());
    out.number(6, SERVER);
    out.fixed64(7, span.start_ns);
    out.fixed64(8, span.end_ns);
    out.text(9, "http.request.method", span.verb);
    out.integer(9, "http.response.status_code", u64::from(span.status));
    if let Some(client) = &span.client_id {
        out.text(9, "potok.client_id", client);
    }
    if let Some(box_id) = span.box_id {
        out.text(9, "potok.box_id", &box_id.guid());
    }
    // A refusal is the caller's mistake; a fault is the server's.
    if span.status >= 500 {
        out.message(15, |status| status.number(3, ERROR));
    }
}
