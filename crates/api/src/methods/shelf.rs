//! The shelf: large files before they are sent.

use potok_types::access::{Owner, User};

use crate::endpoint::endpoints;
use crate::params::queries;
use crate::{Deprecation, Empty, Example, FILE_BODY_LIMIT_BYTES, Raw, SHELF_FILE_BODY_LIMIT_BYTES, Text};

queries! {
    /// The query of `ShelfUpload`.
    ShelfUploadQuery {
        ;
        /// The extension of the file name.
        file_extension: Option<String> = "fileExtension",
    }

    /// The query of `ShelfUploadPartInit`.
    ShelfUploadPartInitQuery {
        ;
        /// The extension of the file name.
        file_extension: Option<String> = "fileExtension",
        /// Whether this is the last part; false when absent.
        is_last_part: Option<bool> = "isLastPart",
    }

    /// The query of `ShelfUploadPart`.
    ShelfUploadPartQuery {
        /// The file, as the upload named it.
        file_name: String = "fileName",
        /// The number of the part.
        part_index: i64 = "partIndex";
        /// Whether this is the last part; false when absent.
        is_last_part: Option<bool> = "isLastPart",
    }

    /// The query of `ShelfDownload`.
    ShelfDownloadQuery {
        /// The file, as the upload named it.
        file_name: String = "fileName";
    }

    /// The query of `ShelfUpload`.
    ShelfUploadV1Query {
        /// The name on the shelf.
        name_on_shelf: String = "nameOnShelf";
        /// The number of the part.
        part_index: Option<i64> = "partIndex",
        /// Whether this is the last part; false when absent.
        is_last_part: Option<bool> = "isLastPart",
    }

    /// The query of `ShelfDownload`.
    ShelfDownloadV1Query {
        /// The name on the shelf.
        name_on_shelf: String = "nameOnShelf";
    }
}

endpoints! {
    $ Shelf for_each_shelf_endpoint;

    /// Puts a file on the shelf.
    ShelfUploadV2 shelf_upload_v2 = "ShelfUpload" 2, Post "/V2/ShelfUpload",
    ShelfUploadQuery, Raw => Text {
        access: User,
        status_codes: &[200, 400, 401, 402, 403, 413, 415, 429, 500],
        example: Some(Example::new("fileExtension=.txt", "Договор")),
        body_limit_bytes: SHELF_FILE_BODY_LIMIT_BYTES,
        is_streamed: true,
    }

    /// Puts the first part of a file on the shelf.
    ShelfUploadPartInit shelf_upload_part_init = "ShelfUploadPartInit" 1, Post "/ShelfUploadPartInit",
    ShelfUploadPartInitQuery, Raw => Text {
        access: User,
        status_codes: &[200, 400, 401, 402, 403, 413, 415, 429, 500],
        example: Some(Example::new("fileExtension=.txt&isLastPart=False", "Договор")),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        is_streamed: true,
    }

    /// Puts a further part of a file on the shelf.
    ShelfUploadPart shelf_upload_part = "ShelfUploadPart" 1, Post "/ShelfUploadPart",
    ShelfUploadPartQuery, Raw => Text {
        access: User,
        status_codes: &[200, 400, 401, 402, 403, 413, 415, 429, 500],
        // Everybody has a whole file with this name, and sends its only part once more.
        example: Some(Example::new("fileName={shelf}&partIndex=0&isLastPart=True", "file")),
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        is_streamed: true,
    }

    /// Takes a file from the shelf.
    ShelfDownloadV2 shelf_download_v2 = "ShelfDownload" 2, Get "/V2/ShelfDownload",
    ShelfDownloadQuery, Empty => Raw {
        access: Owner,
        status_codes: &[200, 206, 400, 401, 403, 404, 416, 429, 500],
        example: Some(Example::query("fileName={own_shelf}")),
        note: "206 and 416 answer a Range of bytes, which the API does not document",
    }

    /// Puts a file on the shelf.
    ShelfUpload shelf_upload = "ShelfUpload" 1, Post "/ShelfUpload",
    ShelfUploadV1Query, Raw => Text {
        access: User,
        status_codes: &[200, 400, 401, 403, 415, 429, 500],
        example: Some(Example::new("nameOnShelf=__userId__/contract.txt&isLastPart=1", "Договор")),
        deprecation: Deprecation::Obsolete,
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
        is_streamed: true,
    }

    /// Takes a file from the shelf.
    ShelfDownload shelf_download = "ShelfDownload" 1, Get "/ShelfDownload",
    ShelfDownloadV1Query, Empty => Raw {
        access: Owner,
        status_codes: &[200, 400, 401, 403, 404, 429, 500],
        example: Some(Example::query("nameOnShelf=__userId__/{own_shelf}")),
        deprecation: Deprecation::Obsolete,
    }
}
