//! `POST /V2/ShelfUpload`, `POST /ShelfUploadPartInit`, `POST /ShelfUploadPart`, `GET /V2/ShelfDownload`: large files before a
//! message names them, under names that the server gives.

use http::HeaderValue;
use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG};
use potok_api::Text;
use potok_api::methods::{ShelfDownloadV2, ShelfUploadPart, ShelfUploadPartInit, ShelfUploadV2};
use potok_app::{StoredContent, WholeFile};

use super::decoded::Decoded;
use super::files::{PRIVATE, list, part_index};
use crate::answer::Answer;
use crate::call::Call;
use crate::range::{self, Part};
use crate::registry::Registry;
use crate::{ApiError, ErrorCode};

pub(super) fn register(all: &mut Registry) {
    all.on::<ShelfUploadV2, _>(whole);
    all.on::<ShelfUploadPartInit, _>(first_part);
    all.on::<ShelfUploadPart, _>(part);
    all.on::<ShelfDownloadV2, _>(download);
}

/// `POST /V2/ShelfUpload`.
async fn whole(mut call: Call<ShelfUploadV2>) -> Result<Answer, ApiError> {
    let source = Decoded::of(&mut call.incoming)?;
    let extension = call.query.file_extension.as_deref();
    let name = call.shelf().upload_whole(&call.permit, extension, source).await?;
    Ok(call.answer(&Text(name)))
}

/// `POST /ShelfUploadPartInit`.
async fn first_part(mut call: Call<ShelfUploadPartInit>) -> Result<Answer, ApiError> {
    let source = Decoded::of(&mut call.incoming)?;
    let (extension, is_last) =
        (call.query.file_extension.as_deref(), call.query.is_last_part.unwrap_or(false));
    let name = call.shelf().begin(&call.permit, extension, is_last, source).await?;
    Ok(call.answer(&Text(name)))
}

/// `POST /ShelfUploadPart`. The answer lists the parts that are still missing, once the last one was announced.
async fn part(mut call: Call<ShelfUploadPart>) -> Result<Answer, ApiError> {
    let upload = potok_app::ShelfUpload {
        name: own_name(&call.query.file_name).to_owned(),
        part_index: part_index(Some(call.query.part_index))?,
        is_last: call.query.is_last_part.unwrap_or(false),
    };
    let source = Decoded::of(&mut call.incoming)?;
    let missing = call.shelf().add_part(&call.permit, &upload, source).await?;
    Ok(call.answer(&list(&missing)))
}

/// `GET /V2/ShelfDownload`, also of a range of bytes.
async fn download(call: Call<ShelfDownloadV2>) -> Result<Answer, ApiError> {
    let name = own_name(&call.query.file_name);
    let file = call.shelf().find(&call.permit, name).await?;
    let tag = format!("\"{}\"", file.version);
    let asked = range::part(&call.incoming.parts.headers, file.length, &tag);
    let range = match &asked {
        Part::Whole => 0..file.length,
        Part::Bytes(range) => range.clone(),
        Part::Nothing => return Ok(not_satisfiable(&file)),
    };
    let pieces = call.shelf().pieces(&call.permit, &file, range);
    let answer = call.content(StoredContent::InPieces(Box::new(pieces))).await?;
    Ok(described(answer, &asked, &file, &tag, name))
}

/// The name of a file of the caller: those that the server gives have no prefix, and those of older methods may have it.
fn own_name(given: &str) -> &str {
    given.strip_prefix(PRIVATE).unwrap_or(given)
}

fn not_satisfiable(file: &WholeFile) -> Answer {
    let text = format!("The file has {} bytes, and none of those that Range names", file.length);
    let refused = Answer::from(ApiError::new(ErrorCode::RangeNotSatisfiable, text));
    with_text(refused, CONTENT_RANGE, &format!("bytes */{}", file.length))
}

/// The answer with what a client has to know to go on from where it was cut off.
fn described(answer: Answer, asked: &Part, file: &WholeFile, tag: &str, name: &str) -> Answer {
    let answer = with_text(answer, ETAG, tag).with(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let is_plain = name.chars().all(|char| char.is_ascii_alphanumeric() || "._-".contains(char));
    let answer = match is_plain {
        true => with_text(answer, CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\"")),
        false => answer,
    };
    let Part::Bytes(range) = asked else { return answer };
    let place = format!("bytes {}-{}/{}", range.start, range.end - 1, file.length);
    with_text(answer, CONTENT_RANGE, &place).with_status(http::StatusCode::PARTIAL_CONTENT)
}

fn with_text(answer: Answer, name: http::HeaderName, value: &str) -> Answer {
    match HeaderValue::try_from(value) {
        Ok(value) => answer.with(name, value),
        Err(_) => answer,
    }
}
