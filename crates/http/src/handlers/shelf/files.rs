//! `POST /ShelfUpload`, `GET /ShelfDownload`: large files before a message names them, under names that the client chooses.

use potok_api::Text;
use potok_api::methods::{ShelfDownload, ShelfUpload};
pub(in crate::handlers) use potok_app::PRIVATE_SPACE as PRIVATE;
use potok_app::StoredContent;
use potok_types::limits;

use super::decoded::Decoded;
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;
use crate::registry::Registry;

pub(super) fn register(all: &mut Registry) {
    all.on::<ShelfDownload, _>(download);
    all.on::<ShelfUpload, _>(upload);
}

/// One part. The answer lists the parts that are still missing, once the last one was announced.
async fn upload(mut call: Call<ShelfUpload>) -> Result<Answer, ApiError> {
    let upload = potok_app::ShelfUpload {
        name: private_name(&call.query.name_on_shelf)?.to_owned(),
        part_index: part_index(call.query.part_index)?,
        is_last: call.query.is_last_part.unwrap_or(false),
    };
    let source = Decoded::of(&mut call.incoming)?;
    let missing = call.shelf().upload(&call.permit, &upload, source).await?;
    Ok(call.answer(&list(&missing)))
}

/// Numbers of parts, as a list.
pub(super) fn list(parts: &[u32]) -> Text {
    let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
    Text(format!("[{}]", parts.join(",")))
}

/// The whole file.
async fn download(call: Call<ShelfDownload>) -> Result<Answer, ApiError> {
    let name = private_name(&call.query.name_on_shelf)?;
    let pieces = call.shelf().download(&call.permit, name).await?;
    call.content(StoredContent::InPieces(Box::new(pieces))).await
}

fn private_name(given: &str) -> Result<&str, ApiError> {
    given.strip_prefix(PRIVATE).filter(|name| !name.is_empty()).ok_or_else(|| {
        ApiError::bad_request(format!(
            "query parameter nameOnShelf has the wrong value {given:?}: {PRIVATE} and a name of your choice is expected"
        ))
    })
}

pub(super) fn part_index(given: Option<i64>) -> Result<u32, ApiError> {
    let index = given.unwrap_or(0);
    u32::try_from(index).ok().filter(|index| *index < limits::SHELF_PARTS).ok_or_else(|| {
        ApiError::bad_request(format!(
            "query parameter partIndex has the wrong value {index}: a number from 0 to {} is expected",
            limits::SHELF_PARTS - 1
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_names_are_taken() {
        assert_eq!(private_name("__userId__/a/b.pdf").unwrap(), "a/b.pdf");
        for wrong in ["", "a.pdf", "__userId__/", "__userid__/a"] {
            assert!(private_name(wrong).unwrap_err().text.contains("__userId__/"), "{wrong}");
        }
    }

    #[test]
    fn parts_are_counted_from_zero() {
        assert_eq!(part_index(None).unwrap(), 0);
        assert_eq!(part_index(Some(7)).unwrap(), 7);
        assert_eq!(part_index(Some(9_999)).unwrap(), 9_999);
        for wrong in [-1, 10_000, i64::from(u32::MAX), i64::MAX] {
            let refused = part_index(Some(wrong)).unwrap_err();
            assert!(refused.text.contains("from 0 to 9999"), "{refused}");
        }
    }
}
