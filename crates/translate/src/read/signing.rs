//! What is asked of keys that the server holds.

use bytes::Bytes;
use potok_api::methods::CloudSignConfirmQuery;
use potok_domain::command::{KeyChoice, NewFileToSign, Source, ToSign};
use potok_types::{Invalid, box_at, id_at};
use potok_wire::proto::dss::{DssSignDataSource, DssSignFile, DssSignRequestV2};
use potok_wire::proto::{CloudSignFile, DocumentId, DocumentIdEx};

use crate::BadRequest;

/// The key whose certificate the query names, if it names one.
pub fn by_certificate(path: &'static str, thumbprint: Option<String>) -> KeyChoice {
    match thumbprint.filter(|text| !text.is_empty()) {
        Some(thumbprint) => KeyChoice::Certificate { path, thumbprint },
        None => KeyChoice::Longest { path },
    }
}

/// The key that the body names.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn key_choice(body: &DssSignRequestV2) -> Result<KeyChoice, BadRequest> {
    const THUMBPRINT: &str = "DssSignRequestV2.CertificateData.Thumbprint";
    const SNILS: &str = "DssSignRequestV2.GosKeyData.Snils";
    const OID: &str = "DssSignRequestV2.GosKeyData.Oid";
    match body.sign_data_source() {
        DssSignDataSource::CertificateSign => match &body.certificate_data {
            Some(data) if data.thumbprint.is_empty() => Err(Invalid::required(THUMBPRINT).into()),
            Some(data) => Ok(by_certificate(THUMBPRINT, Some(data.thumbprint.clone()))),
            None => Ok(KeyChoice::Longest { path: THUMBPRINT }),
        },
        DssSignDataSource::GosKeySign => {
            let data = body.gos_key_data.as_ref();
            if data.is_some_and(|data| !data.oid().is_empty()) {
                // It might name somebody else, and no certificate says whose it is.
                let reason =
                    "certificates name no Oid, so nobody is found by it: leave it out and give Snils";
                return Err(BadRequest::invalid(OID, reason));
            }
            let snils = data.and_then(|data| data.snils.clone());
            let snils = snils.filter(|snils| !snils.is_empty()).ok_or_else(|| Invalid::required(SNILS))?;
            Ok(KeyChoice::Holder { path: SNILS, snils })
        }
    }
}

/// The files of `DssSign`; `structure` is that of the request.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn dss_files(structure: &str, files: Vec<DssSignFile>) -> Result<Vec<NewFileToSign>, BadRequest> {
    let read = |path: String, file: DssSignFile| {
        let place = format!("{path}.Content");
        let given = file.content;
        let named = format!("{place}.EntityId");
        let entity = given.entity_id.map(|id| of_call(&named, &id)).transpose()?;
        let content = content(&place, given.content, given.name_on_shelf, entity, given.patched_content_id)?;
        Ok(NewFileToSign { path, name: file.file_name, content })
    };
    all(structure, files, read)
}

/// The files of `CloudSign`.
///
/// # Errors
/// [`BadRequest`] names the field.
pub fn cloud_files(files: Vec<CloudSignFile>) -> Result<Vec<NewFileToSign>, BadRequest> {
    let read = |path: String, file: CloudSignFile| {
        let place = format!("{path}.Content");
        let given = file.content.ok_or_else(|| Invalid::required(&place))?;
        let named = format!("{place}.DocumentId");
        let entity = given.document_id.map(|id| of_box(&named, &id)).transpose()?;
        let content = content(&place, given.content, given.name_on_shelf, entity, given.patched_content_id)?;
        Ok(NewFileToSign { path, name: file.file_name, content })
    };
    all("CloudSignRequest", files, read)
}

fn of_call(path: &str, id: &DocumentId) -> Result<ToSign, BadRequest> {
    Ok(ToSign::Entity {
        box_id: None,
        message: id_at(format!("{path}.MessageId"), &id.message_id)?,
        entity: id_at(format!("{path}.EntityId"), &id.entity_id)?,
    })
}

fn of_box(path: &str, id: &DocumentIdEx) -> Result<ToSign, BadRequest> {
    Ok(ToSign::Entity {
        box_id: Some(box_at(format!("{path}.BoxId"), &id.box_id)?),
        message: id_at(format!("{path}.MessageId"), &id.message_id)?,
        entity: id_at(format!("{path}.EntityId"), &id.entity_id)?,
    })
}

fn all<F>(
    structure: &str,
    files: Vec<F>,
    read: impl Fn(String, F) -> Result<NewFileToSign, BadRequest>,
) -> Result<Vec<NewFileToSign>, BadRequest> {
    if files.is_empty() {
        return Err(BadRequest::invalid(
            format!("{structure}.Files"),
            "nothing is to be signed; give a file",
        ));
    }
    let files = files.into_iter().enumerate();
    files.map(|(nth, file)| read(format!("{structure}.Files[{nth}]"), file)).collect()
}

/// Exactly one of the ways to give bytes. Clients that set every field send empty ones where they mean none.
fn content(
    path: &str,
    inline: Option<Bytes>,
    on_shelf: Option<String>,
    entity: Option<ToSign>,
    patched: Option<String>,
) -> Result<ToSign, BadRequest> {
    let inline = inline.filter(|bytes| !bytes.is_empty()).map(|bytes| ToSign::Given(Source::Inline(bytes)));
    let on_shelf = on_shelf.filter(|name| !name.is_empty()).map(|name| ToSign::Given(Source::OnShelf(name)));
    let patched = patched.filter(|id| !id.is_empty()).map(|id| ToSign::Given(Source::Prepared(id)));
    let mut given = [inline, on_shelf, entity, patched].into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(BadRequest::invalid(
            path,
            "exactly one of Content, NameOnShelf, PatchedContentId and the ids of an entity has to be given",
        )),
    }
}

/// Whether the signatures are wanted on the shelf: `Reference`, or `false` for «return the bytes»; under either name of the
/// parameter.
///
/// # Errors
/// [`BadRequest`] names the parameter.
pub fn wants_shelf(query: &CloudSignConfirmQuery) -> Result<bool, BadRequest> {
    for (name, given) in [("return", &query.returned), ("locationPreference", &query.location_preference)] {
        match given.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None | Some("") => {}
            Some("content" | "true") => return Ok(false),
            Some("reference" | "false") => return Ok(true),
            Some(_) => {
                return Err(BadRequest::unreadable_parameter(name, given.as_deref().unwrap_or_default()));
            }
        }
    }
    Ok(false)
}
