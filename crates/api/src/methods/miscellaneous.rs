//! What fits nowhere else.

use potok_types::access::{BoxEmployee, User};
use potok_wire::proto;

use crate::endpoint::endpoints;
use crate::methods::common::{BOX, BoxQuery};
use crate::params::queries;
use crate::{Deprecation, Empty, Example, FILE_BODY_LIMIT_BYTES, NoQuery, Raw, Text};

queries! {
    /// The query of `Recognize`.
    RecognizeQuery {
        /// The file, as the upload named it.
        file_name: String = "fileName";
    }

    /// The query of `GetRecognized`.
    GetRecognizedQuery {
        /// The recognition task.
        recognition_id: String = "recognitionId";
    }
}

endpoints! {
    $ Miscellaneous for_each_miscellaneous_endpoint;

    /// Values of an integrator's own by their keys.
    KeyValueStorageGetV2 key_value_storage_get_v2 = "KeyValueStorageGet" 2, Post "/V2/KeyValueStorageGet",
    BoxQuery, proto::key_value_storage::KeyValueStorageApiGetRequest
    => proto::key_value_storage::KeyValueStorageApiGetResponse {
        access: BoxEmployee,
        box_in: BOX,
        example: Some(Example::new("boxId={box}", r#"{"Keys":["counter"]}"#)),
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        documented: false,
    }

    /// Stores values of an integrator's own.
    KeyValueStoragePutV2 key_value_storage_put_v2 = "KeyValueStoragePut" 2, Post "/V2/KeyValueStoragePut",
    BoxQuery, proto::key_value_storage::KeyValueStorageApiPutRequest => Empty {
        access: BoxEmployee,
        box_in: BOX,
        example: Some(Example::new("boxId={box}", r#"{"Entries":[{"Key":"counter","Value":"1"}]}"#)),
        status_codes: &[200, 400, 401, 402, 403, 405, 415, 429, 500],
        documented: false,
    }

    /// Started recognizing a file.
    Recognize recognize = "Recognize" 1, Post "/Recognize",
    RecognizeQuery, Raw => Text {
        access: User,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        body_limit_bytes: FILE_BODY_LIMIT_BYTES,
    }

    /// What a file was recognized as.
    GetRecognized get_recognized = "GetRecognized" 1, Get "/GetRecognized",
    GetRecognizedQuery, Empty => Raw {
        access: User,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
        note: "Recognized: the structure is not in the published schema, so the bytes are handed on as they \
               are",
    }

    /// Mobile devices of the user.
    Devices devices = "Devices" 1, Get "/Devices",
    NoQuery, Empty => Empty {
        access: User,
        status_codes: &[410],
        deprecation: Deprecation::Gone,
    }
}
