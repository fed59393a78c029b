//! `POST /V{2–5}/GetDocflowsByPacketId`: the documents of a packet.

use bytes::Bytes;
use potok_api::Endpoint;
use potok_api::methods::BoxQuery;
use potok_domain::query::PacketPlace;
use potok_translate::docflow::DocflowVersion;
use potok_types::access::FilteredDocuments;
use potok_types::{PacketId, limits};
use potok_wire::proto::docflow::GetDocflowsByPacketIdRequest;

use super::super::with_contents;
use super::{budget, shown};
use crate::ApiError;
use crate::answer::Answer;
use crate::call::Call;

/// Any version of it.
pub(super) async fn answer<E, V>(call: Call<E>) -> Result<Answer, ApiError>
where
    E: Endpoint<
            Query = BoxQuery,
            Request = GetDocflowsByPacketIdRequest,
            Access = FilteredDocuments,
            Response = V::Packet,
        >,
    V: DocflowVersion,
{
    let body = &call.body;
    let (packet, after) = place(body)?;
    let count = body.count.unwrap_or(limits::PAGE as i32);
    let inject_content = body.inject_entity_content();
    let found = call.app().docflows_by_packet(&call.permit, packet, after, count).await?;
    let documents = with_contents(call.app(), &call.permit, budget(inject_content), |contents| {
        let documents = found.documents.iter().filter_map(|(found, place)| {
            Some((shown::<V>(found, inject_content, contents)?, Bytes::from(place.to_bytes())))
        });
        documents.collect()
    });
    let next = found.next.map(|next| Bytes::from(next.to_bytes()));
    Ok(call.answer(&V::packet(documents.await?, next)))
}

/// Which packet, and from where on.
fn place(body: &GetDocflowsByPacketIdRequest) -> Result<(PacketId, Option<PacketPlace>), ApiError> {
    let packet = body
        .packet_id
        .parse()
        .map_err(|error| ApiError::bad_request(format!("GetDocflowsByPacketIdRequest.PacketId: {error}")))?;
    let after = body.after_index_key.as_deref().filter(|key| !key.is_empty()).map(|key| {
        PacketPlace::from_bytes(key).ok_or_else(|| {
            ApiError::bad_request(
                "GetDocflowsByPacketIdRequest.AfterIndexKey is not a key of a packet: give the IndexKey of a document \
                 or the NextPageIndexKey of the page before",
            )
        })
    });
    Ok((packet, after.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let body = |packet: &str, key: &'static [u8]| GetDocflowsByPacketIdRequest {
            packet_id: packet.to_owned(),
            after_index_key: Some(Bytes::from_static(key)),
            ..GetDocflowsByPacketIdRequest::default()
        };
        let packet = "9a000000-0000-4000-8000-000000000001";
        assert_eq!(place(&body(packet, b"")).unwrap().1, None);
        assert!(place(&body(packet, &[0; 40])).unwrap().1.is_some());
        for (body, words) in [(body("x", b""), "PacketId"), (body(packet, b"x"), "AfterIndexKey")] {
            let refused = place(&body).unwrap_err();
            assert!(refused.text.contains(words), "{}", refused.text);
        }
    }
}
