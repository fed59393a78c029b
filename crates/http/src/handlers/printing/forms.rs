//! Print forms: of documents, and of bytes that are in no message yet.

use std::fmt::Write as _;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, RETRY_AFTER};
use potok_api::methods::{
    DetectCustomPrintForms, GeneratePrintForm, GeneratePrintFormFromAttachment, GetGeneratedPrintForm,
};
use potok_api::{Endpoint, Raw, Text};
use potok_app::{Held, Made};
use potok_translate::answers::custom_print_forms;

use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

const PDF: &str = "application/pdf";

pub(super) fn register(all: &mut Registry) {
    all.on::<GeneratePrintForm, _>(of_document);
    all.on::<GeneratePrintFormFromAttachment, _>(of_bytes);
    all.on::<GetGeneratedPrintForm, _>(generated);
    all.on::<DetectCustomPrintForms, _>(detect);
}

async fn of_document(call: Call<GeneratePrintForm>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let made = call.printing().print_form(&call.permit, query.message_id, query.document_id).await?;
    Ok(match made {
        Made::Ready(form) => pdf(&call, &form.name, form.content),
        Made::Working => working(call.ready(Bytes::new())),
    })
}

async fn of_bytes(call: Call<GeneratePrintFormFromAttachment>) -> Result<Answer, ApiError> {
    let kind = call.query.document_type.as_deref().filter(|kind| !kind.is_empty());
    let id = call.printing().print_attachment(&call.permit, kind, call.body.0.clone()).await?;
    Ok(call.answer(&Text(id)))
}

async fn generated(call: Call<GetGeneratedPrintForm>) -> Result<Answer, ApiError> {
    let made = call.printing().printed_attachment(&call.permit, &call.query.print_form_id).await?;
    Ok(match made {
        Made::Ready(form) => pdf(&call, "print-form.pdf", form),
        Made::Working => working(call.ready(Bytes::new())),
    })
}

async fn detect(call: Call<DetectCustomPrintForms>) -> Result<Answer, ApiError> {
    let documents = custom_print_forms::documents(&call.body)?;
    call.printing().check_custom_forms(&call.permit, &documents).await?;
    Ok(call.answer(&custom_print_forms::answer(&call.body)))
}

/// 200 all the same, and nothing in it: clients look at the header, and take nothing else than 200.
pub(super) fn working(answer: Answer) -> Answer {
    answer.with(RETRY_AFTER, HeaderValue::from_static("1"))
}

/// A form with its name, in the two spellings that clients read: one for those who know letters beyond ASCII.
pub(super) fn pdf<E: Endpoint<Response = Raw, Access: Held>>(
    call: &Call<E>,
    name: &str,
    content: Bytes,
) -> Answer {
    let mut answer = call.ready(content);
    answer.content_type = Some(PDF);
    let named = format!("attachment; filename=\"print-form.pdf\"; filename*=UTF-8''{}", encoded(name));
    match HeaderValue::try_from(named) {
        Ok(named) => answer.with(CONTENT_DISPOSITION, named),
        Err(_) => answer,
    }
}

/// A name of a file as RFC 8187 writes it, without what Windows does not take.
fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for letter in name.chars() {
        let taken =
            !letter.is_control() && !matches!(letter, '\\' | '/' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
        let mut bytes = [0; 4];
        for byte in (if taken { letter } else { '_' }).encode_utf8(&mut bytes).bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
                encoded.push(char::from(byte));
            } else {
                let _never_fails = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_written_as_headers_take_them() {
        assert_eq!(encoded("Акт № 1/7.pdf"), "%D0%90%D0%BA%D1%82%20%E2%84%96%201_7.pdf");
        assert_eq!(encoded("a\"b\r\n.pdf"), "a_b__.pdf");
    }
}
